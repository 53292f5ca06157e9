// How money comes in: paid, refused, forged, twice, late, after the end; and how long the buyer has.
import { bank, fault, person, run, state, test, waitFor } from './lib.mjs';
import {
	DAY, HOUR, LEFT_ALONE, MINUTE, REMINDED, closeHouse, draft, expect,
	idle, later, nothingWrong, one, openHouse, remindersOf, same, settled, sql,
} from './deals.mjs';

const PAYMENT = { FAILED: 7 - 1, REFUSED: 5 };

let house, sara, reza, mina;

const awaiting = async (options) => (await draft(options)).goes('AWAIT_PAY');

/** Opens the payment page of the deal and presses its button, as a browser does. */
async function goesToBank(d) {
	const page = await one(`SELECT page FROM payment WHERE deal_id = ${d.id} ORDER BY id DESC LIMIT 1`);
	const answer = await fetch(`${house.bot.url}/p/${page}/go`, { method: 'POST', redirect: 'manual' });
	expect(answer.status === 303, `the page's button: HTTP ${answer.status}`);
}

const paymentState = (d, n) => one(`SELECT state FROM payment WHERE deal_id = ${d.id} ORDER BY id LIMIT 1 OFFSET ${n - 1}`);

/** Funded once: the sum that is due is held, and the bank has given it to us for good. */
async function fundedOnce(d) {
	await d.reaches('FUNDED');
	await idle();
	const row = await d.row();
	const due = row.price + row.fee / 2;
	same([row.held, row.rest.paid_in, row.refund, row.suspense], [due, due, 0, 0], 'the money of a deal that was paid once');
	same((await d.atBank()).payments.filter((p) => p.state === 'settled').length, 1, 'settled payments');
}

/** Everything that was paid went back the way it came. */
async function allBack(d) {
	await idle();
	const { payments, payouts } = await d.atBank();
	same(payouts, [], 'payouts');
	for (const p of payments.filter((x) => x.paid_ms)) {
		const back = p.state === 'reversed' || p.refunded === p.amount;
		expect(back, `payment ${p.order_id} of ${p.amount} is ${p.state}, ${p.refunded} refunded`);
	}
}

const completes = (d) => d.goes('COMPLETED');

test('paid: the buyer gets link and QR picture, the deal is funded', async () => {
	const d = await awaiting();
	await reza.waits('private', 20_000, 'gets a picture', (v) => v.messages.find((m) => m.photo && m.message_id > 0));
	await d.pays();
	await fundedOnce(d);
	await completes(d);
});

test('a forged callback never funds', async () => {
	const d = await awaiting();
	await d.pays('forge');
	await d.pays('forge');
	const { order_id } = await d.payment();
	const form = new URLSearchParams({ order_id, token: 'x', status: '0', ref: '123456789012', card: '6037991234567890' });
	await fetch(`${house.bot.url}/bank/sandbox/return`, { method: 'POST', body: form, redirect: 'manual' });
	const unknown = await fetch(`${house.bot.url}/bank/sandbox/return`, { method: 'POST', body: new URLSearchParams({ order_id: '1', status: '0' }) });
	same(unknown.status, 404, 'a callback for no payment of ours');
	await idle();
	await d.is('AWAIT_PAY');
	same((await d.row()).rest.paid_in ?? 0, 0, 'paid in');
	await later(3 * MINUTE);
	await d.is('AWAIT_PAY');
	await d.pays();
	await fundedOnce(d);
	await completes(d);
});

test('refused at the bank: the buyer hears of it, pays again, and the deal is funded', async () => {
	const d = await awaiting();
	await reza.mark();
	await d.pays('refuse');
	await reza.sees(/[^]/);
	await waitFor(async () => (await paymentState(d, 1)) === PAYMENT.REFUSED, { what: 'the refused payment' });
	await d.is('AWAIT_PAY');
	await goesToBank(d);
	await d.pays('pay', 2);
	await fundedOnce(d);
	await completes(d);
});

test('the browser never comes back: the payment is found by looking it up', async () => {
	const d = await awaiting();
	await d.pays('vanish');
	await settled();
	await d.is('AWAIT_PAY');
	await later(2 * MINUTE + 5);
	await fundedOnce(d);
	await completes(d);
});

test('the browser comes back twice: funded once', async () => {
	const d = await awaiting();
	await d.pays('twice');
	await fundedOnce(d);
	await completes(d);
});

test('the callback comes late: funded once', async () => {
	const d = await awaiting();
	await d.pays('late');
	await later(5 * MINUTE);
	await fundedOnce(d);
	await later(6 * MINUTE);
	await fundedOnce(d);
	await completes(d);
});

test('the callback comes while the bank is being asked and does not answer', async () => {
	const d = await awaiting();
	await d.payment();
	await fault('bank.inquiry', 'hang', 1, { delay_ms: 1500 });
	await later(2 * MINUTE + 5);
	await waitFor(async () => (await state()).faults.length === 0, { what: 'the bank to be asked' });
	const began = Date.now();
	await d.pays();
	await fundedOnce(d);
	expect(Date.now() - began < 10_000, 'the payment waited for the clock instead of being looked up');
	await completes(d);
});

test('paid but not verified in time: the bank gives it back, and the buyer can pay again', async () => {
	const d = await awaiting();
	await d.payment();
	await fault('bank.*', 'busy', 2);
	await d.pays('vanish');
	await later(16 * MINUTE);
	for (let i = 0; i < 3; i++) {
		await idle();
		await later(MINUTE);
	}
	await waitFor(async () => (await paymentState(d, 1)) === PAYMENT.REFUSED, { what: 'the payment that was given back' });
	await d.is('AWAIT_PAY');
	await goesToBank(d);
	await d.pays('pay', 2);
	await d.reaches('FUNDED');
	await completes(d);
});

test('two payments for one deal: the second goes back', async () => {
	await fault('bank.token', 'lost');
	const d = await awaiting();
	await d.payment(2); // the first was made at the bank, but its answer was lost
	same(await paymentState(d, 1), PAYMENT.FAILED, 'the payment whose answer was lost');
	await d.pays('pay', 2);
	await d.reaches('FUNDED');
	await bank(await d.orderOf(1), 'pay');
	await waitFor(async () => (await d.row()).rest.paid_in === 2 * 20_100_000, { what: 'the second credit' });
	await idle();
	const row = await d.row();
	same([row.state, row.held, row.refund], ['FUNDED', 20_100_000, 0], 'the deal after the second payment');
	same((await d.atBank()).payments.map((p) => p.state).sort(), ['reversed', 'settled'], 'the payments at the bank');
	await completes(d);
});

test('the payment page that the bank could not make is made again', async () => {
	await fault('bank.token', 'busy');
	const d = await awaiting();
	await later(MINUTE);
	await d.payment();
	await d.pays();
	await fundedOnce(d);
	await completes(d);
});

test('nobody pays: the deal expires after an hour, not before', async () => {
	const d = await awaiting();
	await later(59 * MINUTE);
	await d.is('AWAIT_PAY');
	await later(2 * MINUTE);
	await d.is('EXPIRED');
});

test('the buyer takes more time, once', async () => {
	const d = await awaiting();
	await d.refuses(sara, 'more_time');
	await d.press(reza, 'more_time');
	await settled();
	expect((await d.row()).rest.payment_extended, 'not extended');
	await d.refuses(reza, 'more_time');
	await later(23 * HOUR);
	await d.is('AWAIT_PAY');
	await d.pays();
	await fundedOnce(d);
	await completes(d);
	const unpaid = await awaiting();
	await unpaid.press(reza, 'more_time');
	await later(DAY + MINUTE);
	await unpaid.is('EXPIRED');
});

test('money after the end waits a day for both, then goes back', async () => {
	const d = await awaiting();
	await d.payment();
	await later(HOUR + MINUTE);
	await d.is('EXPIRED');
	await d.pays();
	await waitFor(async () => (await d.row()).suspense === 20_100_000, { what: 'the late money' });
	await d.refuses(mina, 'keep');
	await d.press(reza, 'keep');
	await settled();
	await d.refuses(reza, 'keep');
	await later(23 * HOUR);
	same((await d.row()).suspense, 20_100_000, 'the late money before a day');
	await later(HOUR + MINUTE);
	await waitFor(async () => (await d.row()).suspense === 0, { what: 'the late money to go' });
	await idle();
	await later(2 * MINUTE);
	await idle();
	await later(2 * MINUTE);
	await idle();
	same([await d.state(), (await d.row()).refund], ['EXPIRED', 0], 'the deal after the late money went');
	await allBack(d);
	await d.refuses(sara, 'keep');
});

test('money after the end: both want the deal, and it goes on', async () => {
	const d = await awaiting();
	await d.payment();
	await later(HOUR + MINUTE);
	await d.pays();
	await d.press(sara, 'keep');
	await d.press(reza, 'keep');
	await fundedOnce(d);
	await completes(d);
});

test('money for a cancelled deal goes back after a day', async () => {
	const d = await awaiting();
	await d.pays('vanish');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('CANCELLED');
	await later(3 * MINUTE);
	await waitFor(async () => (await d.row()).suspense === 20_100_000, { what: 'the late money' });
	await later(DAY + MINUTE);
	for (let i = 0; i < 3; i++) {
		await idle();
		await later(2 * MINUTE);
	}
	await idle();
	same([await d.state(), (await d.row()).refund, (await d.row()).suspense], ['CANCELLED', 0, 0], 'the deal in the end');
	await allBack(d);
});

test('the reminders of the pay window come once each, to the buyer', async () => {
	const d = await awaiting();
	same(await remindersOf(HOUR, [reza, sara]), [REMINDED, LEFT_ALONE], 'messages to buyer and seller');
	await d.pays();
	await completes(d);
});

test('audit, books, calls and log are clean', async () => {
	await nothingWrong();
	same(await sql('SELECT id FROM deal WHERE state < 20 OR held + suspense + payable + refund + inflight > 0'), [], 'deals left open');
});

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
	},
	after: closeHouse,
});
