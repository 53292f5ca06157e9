// A paid deal that ends before anything was sent: the seller does not send, cannot, or the two call it off.
import { person, run, test, waitFor } from './lib.mjs';
import {
	DAY, HOUR, IDS, LEFT_ALONE, MINUTE, REMINDED, closeHouse, closed,
	draft, expect, later, nothingWrong, one, openHouse, remindersOf, same, settled,
} from './deals.mjs';

let sara, reza, mina;

const funded = async (options) => (await draft(options)).goes('FUNDED');
const strikes = (who) => one(`SELECT strikes FROM person WHERE outside_id = ${IDS[who.name]}`);
const cancelAsked = async (d) => (await d.row()).rest.cancel_asked ?? 0;

/** All of it is back on the buyer's card, and nobody was charged. */
async function refunded(d) {
	await closed(d, 'REFUNDED');
	const { payments, refunds, payouts } = await d.atBank();
	const { price, fee, rest } = await d.row();
	same([rest.fee_taken ?? 0, payouts], [0, []], 'fee and payouts of a refunded deal');
	same(payments.map((p) => p.amount), [price + fee / 2], 'payments');
	const back = payments[0].state === 'reversed' ? payments[0].amount : refunds.filter((r) => r.state === 'done').reduce((n, r) => n + r.amount, 0);
	same(back, price + fee / 2, 'what went back');
}

async function asksToCancel(d) {
	await d.press(reza, 'cancel');
	await d.press(reza, 'cancel.yes');
	await waitFor(async () => (await cancelAsked(d)) === 1, { what: 'the request to cancel' });
}

test('nothing is sent in three days: refund and a mark, after two reminders to the seller', async () => {
	const before = await strikes(sara);
	const d = await funded();
	same(await remindersOf(3 * DAY, [reza, sara]), [LEFT_ALONE, REMINDED], 'messages to buyer and seller');
	await d.is('FUNDED');
	await later(HOUR + MINUTE);
	await refunded(d);
	same(await strikes(sara), before + 1, 'marks of the seller');
	await d.refuses(sara, 'ship');
});

test('the buyer grants more time, once; then the deadline is two days later', async () => {
	const d = await funded();
	await d.refuses(reza, 'grant_time');
	await d.refuses(reza, 'ask_time');
	await later(70 * HOUR);
	await d.press(sara, 'ask_time');
	await settled();
	await d.refuses(sara, 'ask_time');
	await d.refuses(sara, 'grant_time');
	await d.press(reza, 'grant_time');
	await settled();
	await d.refuses(sara, 'ask_time');
	await later(49 * HOUR);
	await d.is('FUNDED');
	await later(2 * HOUR);
	await refunded(d);
});

test('the seller cannot deliver: asked whether that is sure, then refund and a mark', async () => {
	const before = await strikes(sara);
	const d = await funded();
	await d.press(sara, 'cancel');
	await d.press(sara, 'back');
	await settled();
	await d.is('FUNDED');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('REFUND_DUE');
	await refunded(d);
	same(await strikes(sara), before + 1, 'marks of the seller');
});

test('the buyer asks to cancel and the seller agrees: refund without a mark', async () => {
	const before = await strikes(sara);
	const d = await funded();
	await d.refuses(sara, 'refuse_cancel');
	await asksToCancel(d);
	await d.refuses(reza, 'cancel.yes');
	await d.refuses(reza, 'refuse_cancel');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('REFUND_DUE');
	await refunded(d);
	same(await strikes(sara), before, 'marks of the seller');
});

test('the seller refuses to cancel: the deal goes on, and the buyer may ask again', async () => {
	const d = await funded();
	await asksToCancel(d);
	await d.press(sara, 'refuse_cancel');
	await waitFor(async () => (await cancelAsked(d)) === 0, { what: 'the refusal' });
	await later(DAY + HOUR);
	await d.is('FUNDED');
	await asksToCancel(d);
	await d.ships();
	await d.reaches('SHIPPED');
	await later(DAY + HOUR);
	await d.is('SHIPPED');
	await d.refuses(reza, 'cancel.yes');
	await d.goes('COMPLETED');
});

test('the buyer asks to cancel and the seller says nothing for a day: refund without a mark', async () => {
	const before = await strikes(sara);
	const d = await funded();
	await asksToCancel(d);
	same(await remindersOf(DAY, [reza, sara]), [LEFT_ALONE, REMINDED], 'messages to buyer and seller');
	await d.is('FUNDED');
	await later(20 * MINUTE);
	await refunded(d);
	same(await strikes(sara), before, 'marks of the seller');
});

test('granting more time takes the request to cancel back', async () => {
	const d = await funded();
	await asksToCancel(d);
	await d.press(sara, 'ask_time');
	await d.press(reza, 'grant_time');
	await waitFor(async () => (await cancelAsked(d)) === 0, { what: 'the request to be gone' });
	await later(DAY + HOUR);
	await d.is('FUNDED');
	await d.goes('COMPLETED');
});

test('before payment either side cancels freely', async () => {
	for (const who of [sara, reza]) {
		const before = [await strikes(sara), await strikes(reza)];
		const d = await (await draft()).goes('AWAIT_PAY');
		await d.refuses(mina, 'cancel.yes');
		await d.press(who, 'cancel');
		await d.press(who, 'cancel.yes');
		await d.reaches('CANCELLED');
		same([await strikes(sara), await strikes(reza)], before, 'marks');
		const { payments } = await d.atBank();
		expect(payments.every((p) => p.state === 'created'), `payments of a cancelled deal: ${JSON.stringify(payments)}`);
	}
});

test('audit, books, calls and log are clean', nothingWrong);

await run({
	before: async () => {
		await openHouse();
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
	},
	after: closeHouse,
});
