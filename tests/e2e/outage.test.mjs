// While people could not reach the bot nothing is decided against them, and afterwards they get the time back.
import { TestFailure, messageText, run, startAll, test, waitFor } from './lib.mjs';
import { Trade, assertAuditClean, assertFinalCards, errorLines, hasButton, quiet, row, rows } from './trade.mjs';

const HOUR_S = 3600;
const SHIP_H = 72;
const GRACE_S = 2 * HOUR_S;
const TIMER_SHIP = 6;

let w;
let sara;
const processes = [];

function same(is, shouldBe, what) {
	if (JSON.stringify(is) !== JSON.stringify(shouldBe)) throw new TestFailure(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);
}

const now = async () => (await w.sandbox.call('/sim/clock')).now_ms;

async function shipClock(t) {
	return row(w, `SELECT * FROM deal_timer WHERE kind = ${TIMER_SHIP} AND deal_id = (SELECT id FROM deal WHERE code = '${t.code}')`);
}

/** Stops the bot, lets time pass, and starts it again. */
async function downFor(s, { signal = 'SIGTERM', meanwhile = async () => {} } = {}) {
	await w.bot.kill(signal);
	await w.clock(s);
	await meanwhile();
	await w.bot.start();
	processes.push(w.bot.process);
}

/** Waits until the bot has answered something said now: whatever was due before is decided. */
async function caughtUp() {
	await sara.says('/help');
	await sara.sees(/./);
	await quiet(w, { but: 'kind = 2' });
}

for (const signal of ['SIGTERM', 'SIGKILL'])
	test(`down (${signal}) across a deadline: the deal stands, its clock is longer by the outage, its cards are drawn again`, async () => {
		const t = new Trade(w);
		await t.funded();
		await quiet(w, { but: 'kind = 2' });
		const before = await shipClock(t);
		const cards = [await t.card(t.seller, 2), await t.card(t.buyer, 1)];
		const outage_s = (SHIP_H + 1) * HOUR_S;
		await downFor(outage_s, { signal });
		await caughtUp();
		same((await t.look()).state, 'FUNDED', 'state after the start');
		const after = await shipClock(t);
		const stretched = (after.due_ms - before.due_ms) / 1000;
		if (stretched < outage_s - 60 || stretched > outage_s + 60) throw new TestFailure(`stretched by ${stretched} s, the outage was ${outage_s} s`);
		if (after.due_ms < (await now()) + GRACE_S * 1000 - 60_000) throw new TestFailure('the deadline is within the grace');
		for (const [who, place, old] of [[t.seller, 2, cards[0]], [t.buyer, 1, cards[1]]])
			await waitFor(async () => messageText(await t.card(who, place)) !== messageText(old), { what: `${who.name}'s card to show the new deadline` });
		await assertFinalCards(t);

		await w.clock(Math.round((after.due_ms - (await now())) / 1000) - 120); // just before its end
		await caughtUp();
		same((await t.look()).state, 'FUNDED', 'state before the end');
		await w.clock(180);
		await t.is('REFUND_DUE', 'REFUNDED');
		await assertAuditClean();
	});

test('a deadline that was near at the end of an outage gives two hours at least', async () => {
	const t = new Trade(w);
	await t.funded();
	const set = await shipClock(t);
	await w.clock(Math.round((set.due_ms - (await now())) / 1000) - 90); // a minute and a half are left
	await caughtUp();
	await downFor(200);
	await caughtUp();
	const { due_ms } = await shipClock(t);
	const left_s = (due_ms - (await now())) / 1000;
	if (left_s < GRACE_S - 60) throw new TestFailure(`only ${left_s} s are left`);
	await w.clock(GRACE_S - 120);
	await caughtUp();
	same((await t.look()).state, 'FUNDED', 'state within two hours');
	await w.clock(Math.round(left_s));
	await t.is('REFUND_DUE', 'REFUNDED');
});

test('a short pause is no outage: no deadline moves', async () => {
	const t = new Trade(w);
	await t.funded();
	await caughtUp();
	const before = await shipClock(t);
	await downFor(60);
	await caughtUp();
	same((await shipClock(t)).due_ms, before.due_ms, 'the deadline');
	await t.press(t.seller, 'cancel');
	await t.press(t.seller, 'cancel.yes');
	await t.is('REFUND_DUE', 'REFUNDED');
});

test('a clock that is moved while the bot runs is no outage: the deadline passes', async () => {
	const t = new Trade(w);
	await t.funded();
	await caughtUp();
	const noticed = w.bot.process.output().split('nothing was heard').length;
	await w.clock((SHIP_H + 1) * HOUR_S);
	await t.is('REFUND_DUE', 'REFUNDED');
	same(w.bot.process.output().split('nothing was heard').length, noticed, 'outages in the log');
});

test('started while Telegram fails: no deadline passes until people are heard again, and then they have their time', async () => {
	const t = new Trade(w);
	await t.funded();
	await caughtUp();
	await w.bot.kill('SIGTERM');
	await w.fault('getUpdates', '500', 4);
	await w.clock((SHIP_H + 1) * HOUR_S);
	await w.bot.start();
	processes.push(w.bot.process);
	for (let met = -1, left = 4; left; left = (await w.state()).faults[0]?.times ?? 0) {
		same((await t.look()).state, 'FUNDED', 'state while nobody is heard');
		if (left === met) continue;
		met = left;
		await w.clock(SHIP_H * HOUR_S); // whatever the clock says
	}
	await caughtUp();
	same((await t.look()).state, 'FUNDED', 'state after it');
	const left_s = ((await shipClock(t)).due_ms - (await now())) / 1000;
	if (left_s < GRACE_S - 60) throw new TestFailure(`only ${left_s} s are left`);
	await t.press(t.seller, 'cancel');
	await t.press(t.seller, 'cancel.yes');
	await t.is('REFUND_DUE', 'REFUNDED');
});

test('what was written while the bot was down is answered in order; presses that are lost are no harm', async () => {
	const t = new Trade(w);
	await t.delivered();
	await quiet(w, { but: 'kind = 2' });
	await downFor(300, {
		meanwhile: async () => {
			await t.press(t.buyer, 'accept');
			await t.seller.says('/help');
			await w.clock(200); // the press is older than Telegram keeps it, the words are not
		},
	});
	await sara.sees(/./);
	await caughtUp();
	const card = await t.card(t.buyer, 1);
	same(hasButton(card, `d:${t.code}:accept`), true, 'the button is there to be pressed again');
	await t.press(t.buyer, 'accept');
	await t.press(t.buyer, 'accept.yes');
	await t.is('PAYOUT_DUE');
	await t.iban();
	await t.paidOut();
	await assertAuditClean();
});

test('the bank out of order: what was paid is found and booked once when it works again', async () => {
	for (const kind of ['busy', 'reset', 'badjson', 'empty', '500']) {
		const t = new Trade(w);
		const order = await t.agreed();
		await w.fault('bank.*', kind, 4);
		await w.bank(order, 'vanish');
		const d = await waitFor(
			async () => {
				const x = await t.look();
				if (x.state !== 'FUNDED') await w.clock(31);
				return x.state === 'FUNDED' ? x : null;
			},
			{ every: 100, what: `the payment to be found after ${kind}` },
		);
		same((await rows(w, `SELECT 1 FROM ledger_set WHERE deal_id = ${d.id} AND natural_key LIKE 'in:%'`)).length, 1, 'bookings');
		await waitFor(async () => (await w.state()).faults.length === 0 || (await w.clock(31), false), { every: 100, what: 'the faults to be met' });
		await t.press(t.seller, 'cancel');
		await t.press(t.seller, 'cancel.yes');
		await waitFor(async () => (await t.look()).state === 'REFUNDED' || (await w.clock(61), false), { every: 100, what: 'the refund' });
	}
	await assertAuditClean();
});

test('drawing many cards again does not hold up an answer', async () => {
	const trades = [];
	for (let i = 0; i < 8; i++) {
		trades.push(new Trade(w));
		await trades[i].offered();
	}
	await quiet(w, { but: 'kind = 2' });
	Object.assign(w.bot.env, { SEPAREX_TELEGRAM_RATE_LIMITS: 'on' });
	await downFor(1000, { meanwhile: () => trades[0].buyer.says('/help') }); // somebody is heard as soon as it is up again
	await waitFor(() => row(w, 'SELECT 1 AS yes FROM work WHERE lane = 3 AND kind = 1'), { what: 'cards that wait to be drawn' });
	await sara.says('/help');
	await sara.sees(/./, { ms: 5000 });
	const { n } = await row(w, 'SELECT COUNT(*) AS n FROM work WHERE lane = 3 AND kind = 1');
	if (n < 2) throw new TestFailure(`only ${n} cards still waited when the answer came`);
	await w.restartBot({ SEPAREX_TELEGRAM_RATE_LIMITS: 'off' });
	processes.push(w.bot.process);
	await quiet(w, { but: 'kind = 2' });
});

test('no error was logged', async () => {
	const bad = errorLines(...processes);
	if (bad.length) throw new TestFailure(bad.slice(0, 5).join('\n'));
});

await run({
	before: async () => {
		w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
		processes.push(w.bot.process);
		sara = w.person('sara');
		await sara.says('/start');
		await sara.sees(/./);
	},
	after: () => w.stop(),
});
