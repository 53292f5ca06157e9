// Who hears what, where and how loud: steps shown to one person of a group, quiet hours, few notices, people who want no
// deal with each other.
import { readFileSync } from 'node:fs';
import { buttonsOf, messageText, person, plain, run, test, waitFor } from './lib.mjs';
import { HOUR, IDS, MINUTE, asks, closeHouse, closed, draft, expect, forges, idle, lastDeal, later, newest, nothingWrong, one, openHouse, postCode, same, settled } from './deals.mjs';
import { text, words } from './hands.mjs';

const TEHRAN_MS = 3.5 * HOUR * 1000;
const DAY_MS = 24 * HOUR * 1000;

let house, sara, reza, mina, omid;

const call = (path, body) => house.sandbox.call(path, body);
const speak = (language) => Promise.all([sara, reza].map((who) => forges(who, `lang:${language}`)));

/** The bot's messages that this person got in this chat since `mark()`, oldest first. */
async function got(who, chat = 'private') {
	await idle();
	const before = who.seen.get(chat) ?? new Map();
	return (await who.view(chat)).messages.filter((m) => m.from.is_bot && !before.has(m.message_id));
}

/** Moves to the next time that Tehran's clocks say this hour and half. */
async function tehran(hour) {
	const { now_ms } = await call('/sim/clock');
	const wanted = (hour * HOUR + 30 * MINUTE) * 1000;
	await later(((((wanted - now_ms - TEHRAN_MS) % DAY_MS) + DAY_MS) % DAY_MS) / 1000);
	await idle();
}

/* ---- for one person's eyes ---- */

const whispers = async (who) => (await who.view('bazaar')).messages.filter((m) => m.ephemeral_for);

/** Somebody who never pressed Start sells in the group, and the deal goes on up to the buyer's payment. */
async function soldInGroup(title) {
	await call('/sim/person', { as: 'sara', blocked: true });
	await settled();
	const after = await lastDeal();
	await sara.says(`/sell ${title} 2,000,000 toman`, { chat: 'bazaar' });
	const d = await newest(sara, { after });
	await d.reaches('OFFERED');
	await d.joins();
	await d.goes('FUNDED');
	await idle();
	return d;
}

for (const language of ['fa', 'en'])
	test(`${language}: who never pressed Start sees each step in the group alone, with one way on; nobody else sees it`, async () => {
		await speak(language);
		const before = (await whispers(sara)).length;
		const d = await soldInGroup(language === 'fa' ? 'Samovar' : 'Kettle');
		const seen = (await whispers(sara)).slice(before);
		same(seen.map((m) => m.ephemeral_for), ['sara', 'sara', 'sara'], 'steps: joined, agreed, paid');
		for (const m of seen) same(plain(messageText(m)), plain(text(language, 'public.whisper')), 'it says that there is news, and nothing of the deal');
		for (const m of seen) same(buttonsOf(m).map((b) => [plain(b.text), b.url ?? b.callback_data]), [[plain(text(language, 'button.my_part')), d.link]], 'its buttons');
		for (const who of [reza, mina]) same(await whispers(who), [], `what ${who.name} sees`);
		same((await sara.view()).messages.filter((m) => messageText(m).includes(d.code) && m.from.is_bot), [], 'her private chat, where she cannot be written to');
		await sara.opens(d.link);
		await sara.sees(words(language, 'card.funded.seller'));
		await sara.says(postCode());
		await d.reaches('SHIPPED');
		await d.goes('PAYOUT_DUE');
		await closed(d, 'COMPLETED');
		same((await whispers(sara)).length, before + 3, 'steps in the group after she pressed Start');
		await nothingWrong();
	});

test('an older Telegram refuses that: nothing is dead or lost, and the link leads to the card all the same', async () => {
	await call('/sim/telegram', { ephemeral: false });
	const before = (await whispers(sara)).length;
	const d = await soldInGroup('Mirror');
	same((await whispers(sara)).length, before, 'what she sees of it');
	same(await one('SELECT COUNT(*) FROM work WHERE state = 3'), 0, 'dead letters');
	expect(/telegram\.ephemeral/.test(readFileSync(house.bot.process.log, 'utf8')), 'the log does not say which key to look at');
	const card = (await mina.view('bazaar')).messages.findLast((m) => m.from.is_bot && /Mirror/.test(messageText(m)));
	expect(words('en', 'public.funded').test(plain(messageText(card))), messageText(card));
	await sara.opens(d.link);
	await sara.sees(words('en', 'card.funded.seller'));
	await d.goes('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
	await nothingWrong();
	await call('/sim/telegram', { ephemeral: true });
});

/* ---- quiet hours, few notices ---- */

test('in quiet hours notices come without a sound to who wants that, to nobody else; answers to the own act sound', async () => {
	await forges(sara, 'set:quiet.1'); // 23 to 7
	await tehran(23);
	const d = await draft({ title: 'Night lamp' });
	await d.goes('OFFERED');
	await idle();
	for (const who of [sara, reza]) await who.mark();
	await d.joins();
	const heard = await got(sara);
	same(heard.map((m) => [Boolean(m.silent), messageText(m).includes(d.code)]), [[true, true]], 'the news that somebody joined');
	expect((await got(reza)).every((m) => !m.silent), 'who has no quiet hours hears');
	await sara.says(`/deal ${d.code}`);
	await sara.sees(new RegExp(d.code));
	expect(!(await got(sara)).some((m) => m.silent), 'what she asked for is silent');
	await idle();
	for (const who of [sara, reza]) await who.mark();
	await d.press(reza, 'agree');
	await d.reaches('AWAIT_PAY');
	await idle();
	await d.pays();
	await d.reaches('FUNDED');
	const paid = await got(sara);
	expect(paid.length >= 2 && paid.every((m) => m.silent), () => `her news at night: ${JSON.stringify(paid.map((m) => [m.silent, messageText(m)]))}`);
	await tehran(7);
	await sara.mark();
	await d.press(reza, 'cancel');
	await d.press(reza, 'cancel.yes');
	await waitFor(async () => (await d.row()).rest.cancel_asked, { what: 'the wish to cancel' });
	expect((await got(sara)).some((m) => !m.silent), 'at half past seven it sounds again');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await closed(d, 'REFUNDED');
});

test('a reminder at night is silent while there is time, and sounds when hardly any is left', async () => {
	await forges(reza, 'set:quiet.1');
	await tehran(20);
	const d = await draft({ title: 'Late lamp' });
	await d.goes('AWAIT_PAY');
	const reminders = async () => (await got(reza)).filter((m) => /⏰/.test(messageText(m)) && messageText(m).includes(d.code));
	/* The hour to pay is short: its reminders are urgent at any time of the night. */
	await tehran(23);
	await d.is('EXPIRED');
	const second = await draft({ title: 'Later lamp' });
	await second.goes('AWAIT_PAY');
	await reza.mark();
	await later(31 * MINUTE);
	const urgent = (await got(reza)).filter((m) => messageText(m).includes(second.code));
	same(urgent.map((m) => Boolean(m.silent)), [false], 'with half an hour left');
	await second.press(sara, 'cancel');
	await second.press(sara, 'cancel.yes');
	/* An offer lasts two days: at its half a night is a night. */
	await forges(sara, 'set:quiet.1');
	await tehran(23);
	const offer = await draft({ title: 'Slow lamp' });
	await offer.goes('OFFERED');
	await offer.joins();
	await idle();
	await reza.mark();
	await later(24 * HOUR + 5 * MINUTE);
	const slow = (await got(reza)).filter((m) => messageText(m).includes(offer.code));
	same(slow.map((m) => Boolean(m.silent)), [true], 'with a day left');
	same(await reminders(), [], 'of the deal that is over');
	await offer.press(reza, 'decline');
	for (const who of [sara, reza]) await forges(who, 'set:quiet.0');
});

test('few notices: a card changes in place unless it is the reader’s turn', async () => {
	await forges(sara, 'set:notices.few');
	const d = await draft({ title: 'Carpet' });
	await d.goes('OFFERED');
	await idle();
	const fresh = async (act) => {
		for (const who of [sara, reza]) await who.mark();
		await act();
		const of = async (who) => (await got(who)).filter((m) => messageText(m).includes(d.code) && buttonsOf(m).some((b) => b.callback_data?.startsWith('d:'))).length;
		return [await of(sara), await of(reza)];
	};
	const card = async () => (await sara.view()).messages.findLast((m) => m.from.is_bot && messageText(m).includes(d.code) && buttonsOf(m).length);
	const first = await card();
	same((await fresh(() => d.joins()))[0], 0, 'new messages to her when somebody joined');
	same((await card()).message_id, first.message_id, 'her card');
	expect(words('en', 'card.offered.waiting').test(plain(messageText(await card()))), messageText(await card()));
	same((await fresh(() => d.goes('AWAIT_PAY')))[0], 0, 'when it was agreed');
	same((await fresh(() => d.goes('FUNDED')))[0], 1, 'when it was paid: her turn');
	same((await fresh(() => d.goes('SHIPPED')))[1], 1, 'the buyer, who wants all');
	same((await fresh(() => d.goes('DELIVERED')))[0], 0, 'when it arrived');
	same((await fresh(() => d.reports()))[0], 1, 'a problem: her turn');
	await d.press(reza, 'withdraw');
	await d.press(reza, 'withdraw.yes');
	await d.reaches('DELIVERED');
	await d.goes('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
	await forges(sara, 'set:notices.all');
});

/* ---- blocked ---- */

test('two of whom one blocked the other begin no deal: by link, in a group, inline; others do, and it can be taken back', async () => {
	const old = await (await draft({ title: 'Old chair' })).goes('AWAIT_PAY');
	await old.forge(reza, 'block');
	await old.press(reza, 'block.yes');
	await waitFor(() => one('SELECT COUNT(*) FROM blocked'), { what: 'the block' });
	const free = async (d) => (await d.row()).buyer_id === null || (await d.row()).seller_id === null;
	const refusedTo = async (d, who, act) => {
		await idle();
		await who.mark();
		await act();
		await who.sees(words('en', 'join.closed'));
		expect(await free(d), `${who.name} has a seat`);
	};
	for (const [maker, other] of [[sara, reza], [reza, sara]]) {
		const made = async (begin) => {
			const after = await lastDeal();
			await begin();
			const d = await newest(maker, { after, seller: maker, buyer: other });
			await d.reaches('OFFERED');
			return d;
		};
		const byLink = await draft({ title: 'Chair', seller: maker, buyer: other });
		await byLink.goes('OFFERED');
		await refusedTo(byLink, other, () => other.opens(byLink.link));
		await refusedTo(byLink, other, () => other.says(`/deal ${byLink.code}`));
		await forges(other, `new:join.${byLink.code}`);
		expect(await free(byLink), 'a forged way in');
		const inGroup = await made(() => maker.says('/sell Bench 2,000,000 toman', { chat: 'bazaar' }));
		await refusedTo(inGroup, other, () => other.opens(inGroup.link));
		await idle();
		await other.mark();
		const { username } = (await house.state()).people[other.name].user;
		const named = await made(() => maker.says(`/sell @${username} Stool 2,000,000 toman`, { chat: 'bazaar' }));
		same((await got(other)).map(messageText), [], 'an invitation from who is blocked');
		await refusedTo(named, other, () => other.opens(named.link));
		const inline = await made(async () => {
			await call('/sim/inline', { as: maker.name, chat: 'direct', query: '2m toman shelf' });
			await call('/sim/choose', { as: maker.name, chat: 'direct', result: 0 });
		});
		await refusedTo(inline, other, () => other.opens(inline.link));
		const card = (await other.view('direct')).messages.findLast((m) => buttonsOf(m).some((b) => b.url));
		await refusedTo(inline, other, () => other.opens(buttonsOf(card)[0].url));
		await mina.opens(inGroup.link);
		await waitFor(async () => !(await free(inGroup)), { what: 'somebody else’s seat' });
		for (const d of [byLink, inGroup, named, inline]) {
			await d.press(maker, 'decline');
			await d.reaches('CANCELLED');
		}
	}
	await old.goes('FUNDED'); // what runs goes on
	await forges(reza, `block:un:${await one(`SELECT id FROM person WHERE outside_id = ${IDS.sara}`)}`);
	const again = await draft({ title: 'New chair' });
	await again.goes('OFFERED');
	await again.joins();
	await again.press(reza, 'decline');
	await old.goes('PAYOUT_DUE');
	await closed(old, 'COMPLETED');
});

test('audit, books, calls and log are clean', () => nothingWrong());

await run({
	before: async () => {
		house = await openHouse({ people: false, env: { SEPAREX_TELEGRAM_EPHEMERAL: 'on' } });
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
		for (const who of [reza, mina, omid]) await asks(who, '/start');
	},
	after: closeHouse,
});
