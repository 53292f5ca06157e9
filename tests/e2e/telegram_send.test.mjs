// Sending: what is lost is sent again, in order, when Telegram allows it; nobody waits for somebody else's chat.
import { readFileSync } from 'node:fs';
import { TestFailure, buttonsOf, run, separexCli, startAll, test, waitFor } from './lib.mjs';
import { Trade, assertAuditClean, assertFinalCards, quiet, row, rows } from './trade.mjs';

let w;
let sara;
let reza;

function same(is, shouldBe, what) {
	if (JSON.stringify(is) !== JSON.stringify(shouldBe)) throw new TestFailure(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);
}

/** The bot's messages that came to this person after `mark`, oldest first. */
async function since(who, mark, chat = 'private') {
	const { messages } = await who.view(chat);
	return messages.filter((m) => m.from?.is_bot && m.message_id > mark);
}

async function newest(who, chat = 'private') {
	const { messages } = await who.view(chat);
	return messages.at(-1)?.message_id ?? 0;
}

// Three commands whose answers are known by their buttons.
const script = [
	['/help', (m) => buttonsOf(m).some((b) => b.callback_data === 'new:sell')],
	['/language', (m) => buttonsOf(m).some((b) => b.callback_data === 'lang:fa') && !buttonsOf(m).some((b) => b.callback_data === 'new:sell')],
	['/iban', (m) => buttonsOf(m).length === 0],
];
const kindOf = (m) => script.findIndex(([, is]) => is(m));

async function speaksAll(who) {
	const mark = await newest(who);
	for (const [command] of script) await who.says(command);
	await who.says('/cancel'); // leaves the question for the IBAN
	return mark;
}

/** CPU seconds that the bot has used. */
function cpuSeconds() {
	const fields = readFileSync(`/proc/${w.bot.process.pid}/stat`, 'utf8').split(') ')[1].split(' ');
	return (Number(fields[11]) + Number(fields[12])) / 100;
}

for (const kind of ['500', '502html', 'reset', '429', 'hang'])
	test(`a message that meets ${kind} comes once, and the chat's order is kept`, async () => {
		await w.fault('sendMessage', kind, 2, { retry_after: 1, delay_ms: 300 });
		const mark = await speaksAll(sara);
		await quiet(w);
		const kinds = (await since(sara, mark)).map(kindOf);
		same(kinds.slice(0, 3), [0, 1, 2], 'order');
		same(kinds.length, 4, 'messages');
	});

for (const kind of ['lost', 'cut', 'empty', 'badjson'])
	test(`a message whose answer is ${kind} may come twice, never not at all, and in order`, async () => {
		await w.fault('sendMessage', kind, 1);
		const mark = await speaksAll(sara);
		await quiet(w);
		const kinds = (await since(sara, mark)).map(kindOf);
		same(kinds, [0, 0, 1, 2, kinds.at(-1)], 'messages');
	});

test('429 holds that chat for as long as it says, and no other; waiting costs nothing', async () => {
	const mark = { sara: await newest(sara), reza: await newest(reza) };
	await w.fault('sendMessage', '429', 1, { retry_after: 3 });
	const asked = Date.now();
	await sara.says('/help');
	await waitFor(async () => (await w.state()).faults.length === 0, { what: 'the refusal' });
	await sara.says('/language');
	await reza.says('/help');
	const cpu = cpuSeconds();
	await waitFor(async () => (await since(reza, mark.reza)).length === 1, { ms: 2000, what: 'the answer to reza' });
	same((await since(sara, mark.sara)).length, 0, 'messages into the chat that waits');
	await waitFor(async () => (await since(sara, mark.sara)).length === 2, { what: 'both answers to sara' });
	if (Date.now() - asked < 3000) throw new TestFailure(`it waited only ${Date.now() - asked} ms`);
	if (cpuSeconds() - cpu > 1) throw new TestFailure(`waiting took ${cpuSeconds() - cpu} s of the processor`);
	same((await since(sara, mark.sara)).map(kindOf), [0, 1], 'order');
});

test('a chat that may be written to again is not kept waiting by a request that hangs for another', async () => {
	const mark = { sara: await newest(sara), reza: await newest(reza) };
	await w.fault('sendMessage', '429', 1, { retry_after: 1 });
	await sara.says('/help');
	await waitFor(async () => (await w.state()).faults.length === 0, { what: 'the refusal' });
	await w.fault('sendMessage', 'hang', 1, { delay_ms: 6000 });
	await reza.says('/help');
	await waitFor(async () => (await since(sara, mark.sara)).length === 1, { ms: 4000, what: 'the answer to sara' });
	same((await since(reza, mark.reza)).length, 0, 'reza still waits');
	await waitFor(async () => (await since(reza, mark.reza)).length === 1, { what: 'the answer to reza' });
});

test('presses are answered at once while the chat itself has to wait', async () => {
	const t = new Trade(w);
	await t.drafted();
	await quiet(w);
	await w.fault('editMessageText', '429', 1, { retry_after: 3 });
	await t.press(sara, 'fee');
	await waitFor(async () => (await w.state()).faults.length === 0, { what: 'the refusal' });
	const began = Date.now();
	await t.press(sara, 'fee');
	await sara.seesToast(/^/);
	if (Date.now() - began > 2000) throw new TestFailure(`the answer took ${Date.now() - began} ms`);
	await quiet(w);
});

test('edits of a card that wait become one, the newest', async () => {
	const t = new Trade(w);
	const edits = async () => (await w.state()).calls.editMessageText ?? 0;
	await t.drafted();
	await quiet(w);
	const before = await edits();
	await w.fault('editMessageText', '429', 1, { retry_after: 3 });
	for (let i = 0; i < 8; i++) {
		await t.press(sara, 'fee');
		await waitFor(async () => (await t.look()).fee_payer === [3, 1, 2][(i + 1) % 3], { what: `press ${i + 1} to be counted` });
	}
	await quiet(w);
	same((await edits()) - before, 2, 'edits, the refused one among them');
	await assertFinalCards(t, [sara]);
});

test('a card that is sent anew while an older edit waits still shows the newest in the end', async () => {
	const t = new Trade(w);
	await t.drafted();
	await quiet(w);
	await w.fault('editMessageText', '429', 1, { retry_after: 3 });
	await t.press(sara, 'fee');
	await waitFor(async () => (await w.state()).faults.length === 0, { what: 'the refusal' });
	// All of this waits in sara's chat behind the edit: the invitation, two fresh cards, and edits before and after them.
	await t.press(sara, 'publish');
	await t.is('OFFERED');
	await reza.opens(`d_${t.code}`);
	await waitFor(async () => (await t.look()).buyer_id, { what: 'reza in the seat' });
	await t.press(reza, 'agree');
	await t.is('AWAIT_PAY');
	await t.press(reza, 'more_time');
	await waitFor(() => row(w, `SELECT 1 AS yes FROM deal_history WHERE event = 10 AND deal_id = (SELECT id FROM deal WHERE code = '${t.code}')`), { what: 'more time' });
	await quiet(w, { but: 'kind = 2' });
	await assertFinalCards(t);
	for (const [who, place] of [[sara, 2], [reza, 1]]) {
		const card = await t.card(who, place);
		const { messages } = await who.view();
		const before = messages.filter((m) => m.from?.is_bot && m.message_id !== card.message_id && buttonsOf(m).some((b) => b.callback_data?.startsWith(`d:${t.code}:`)));
		same(before.length > 0, true, `old cards of ${who.name} lead to the newest`);
		for (const m of before) same(buttonsOf(m).map((b) => b.callback_data), [`d:${t.code}:show`], `what an old card of ${who.name} still offers`);
	}
});

test('what Telegram refuses for good is set aside with its reason, listed, and does not hold up the chat', async () => {
	await w.restartBot({ SEPAREX_SEND_MAX_ATTEMPTS: '2' });
	const mark = await newest(sara);
	await w.fault('sendMessage', '500', 2);
	await sara.says('/help');
	await waitFor(async () => (await rows(w, 'SELECT 1 FROM work WHERE state = 3')).length === 1, { what: 'the dead letter' });
	await sara.says('/language');
	await waitFor(async () => (await since(sara, mark)).length === 1, { what: 'the next answer' });
	const { code, out } = await separexCli(['work', '--dead']);
	if (code !== 0 || !/\b500\b/.test(out) || !out.includes(':1001') || !/^1 given up$/m.test(out)) throw new TestFailure(`code ${code}: ${out}`);
	const waiting = await separexCli(['work']);
	if (waiting.code !== 0 || !/^\d+ waiting$/m.test(waiting.out)) throw new TestFailure(waiting.out);
	await w.restartBot({ SEPAREX_SEND_MAX_ATTEMPTS: '8' });
});

/** The most messages in any span of `span` seconds of the clock. */
function densest(dates, span) {
	return Math.max(...dates.map((from) => dates.filter((d) => d >= from && d < from + span).length));
}

test('with limits on no chat gets more than it may, and all of it arrives in order', async () => {
	await w.restartBot({ SEPAREX_TELEGRAM_RATE_LIMITS: 'on', SEPAREX_SEND_CHAT_PER_S: '1', SEPAREX_SEND_CHAT_BURST: '3', SEPAREX_SEND_GROUP_PER_MINUTE: '6' });
	const mark = await newest(sara);
	const rounds = 2;
	for (let i = 0; i < rounds; i++) await speaksAll(sara);
	await waitFor(async () => (await since(sara, mark)).length === 4 * rounds, { what: 'all answers' });
	const got = await since(sara, mark);
	const dates = got.map((m) => m.date);
	for (const span of [1, 2, 3, 5]) {
		// a date is cut to whole seconds, so one second more may fall into a span
		const most = 3 + span + 1;
		if (densest(dates, span) > most) throw new TestFailure(`${densest(dates, span)} messages in ${span} s: ${dates}`);
	}
	if (dates.at(-1) - dates[0] < 4 * rounds - 3 - 2) throw new TestFailure(`too quick: ${dates}`);
	same(got.map(kindOf).filter((k) => k >= 0).slice(0, 3), [0, 1, 2], 'order');
});

test('a group gets no more in a minute than it may', async () => {
	const omid = w.person('omid');
	const mark = await newest(omid, 'staff');
	const asked = 15;
	for (let i = 0; i < asked; i++) await omid.says('/help', { chat: 'staff' });
	await waitFor(
		async () => {
			const n = (await since(omid, mark, 'staff')).length;
			if (n < asked) await w.clock(4);
			return n === asked;
		},
		{ every: 60, what: 'all answers in the group' },
	);
	const dates = (await since(omid, mark, 'staff')).map((m) => m.date);
	// A message on its way while the clock moves is dated up to two steps (4 s each) later than the bot sent it.
	if (densest(dates, 51) > 6) throw new TestFailure(`${densest(dates, 51)} in a minute: ${dates.map((d) => d - dates[0])}`);
	if (dates.at(-1) - dates[0] < 60) throw new TestFailure(`nothing had to wait: ${dates}`);
	await assertAuditClean();
});

await run({
	before: async () => {
		w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
		sara = w.person('sara');
		reza = w.person('reza');
		for (const who of [sara, reza]) {
			await who.says('/start');
			await who.sees(/./);
		}
		await quiet(w);
	},
	after: () => w.stop(),
});
