// Bank Mellat, Bank Parsian and Zarinpal against their stubs: payments in parts, every fault, lost and forged returns.
import { person, run, separexCli, test, waitFor } from './lib.mjs';
import {
	DAY, MINUTE, asks, closeHouse, closed, draft, expect,
	idle, later, nothingWrong, openHouse, same, settled, sql,
} from './deals.mjs';
import { atStub, decides, goesTo, part, paysPart, realBanks } from './banks.mjs';

const BANKS = ['mellat', 'parsian', 'zarinpal'];
const STATE = { OPEN: 2, CREDITED: 3, SETTLED: 4, REFUSED: 5, FAILED: 6, GIVEN_UP: 7, PLANNED: 8 };
const DUE = 20_100_000; // 2,000,000 toman and half of the fee, in rial

let house, sara, reza;
let first = true;

const awaiting = async (options) => (await draft({ price: '2,000,000 toman', ...options })).goes('AWAIT_PAY');
const callOf = { mellat: ['bpPayRequest', 'bpVerifyRequest'], parsian: ['SalePaymentRequest', 'ConfirmPaymentWithAmount'], zarinpal: ['request', 'verify'] };
const fault = (bank, call, kind, times = 1) => house.sandbox.fault(`${bank}.${call}`, kind, times);

async function fundedOnce(d, sum = DUE) {
	await d.reaches('FUNDED');
	await idle();
	const row = await d.row();
	same([row.held, row.suspense, row.refund], [sum, 0, 0], 'the money of a deal that was paid once');
}

/** Nobody may have deals without end: the seller gives this one up, and the money goes back. */
async function givenUp(d) {
	await d.press(d.seller, 'cancel');
	await d.press(d.seller, 'cancel.yes');
	for (let i = 0; i < 8 && (await d.state()) !== 'REFUNDED'; i++) await later(MINUTE);
	await closed(d, 'REFUNDED');
}

async function booksAgree() {
	const { code, out, err } = await separexCli(['audit']);
	expect(code === 0, `audit: ${out}${err}`);
}

test('each bank: link, page, payment, verified and settled, then to the payout', async () => {
	for (const bank of BANKS) {
		const d = await awaiting();
		same((await part(d)).state, STATE.PLANNED, 'nothing is asked of a bank before the buyer chooses');
		const p = await paysPart(house, d, bank);
		same([p.paid, p.card_mask], [DUE, bank === 'mellat' ? '603770******5443' : p.card_mask], bank);
		await fundedOnce(d);
		const stub = await atStub(house, p.order_id);
		same(stub.state, bank === 'mellat' ? 'SETTLED' : 'VERIFIED', `${bank}'s own books`);
		await d.goes('COMPLETED');
	}
	await booksAgree();
});

test('120,000,000 toman in three parts through two banks, in any order', async () => {
	const d = await draft({ price: '120,000,000 toman' });
	await d.goes('AWAIT_PAY');
	const due = (await d.row()).price + (await d.row()).fee / 2;
	const parts = await sql(`SELECT part, parts, amount FROM payment WHERE deal_id = ${d.id} ORDER BY part`);
	same(parts.map((p) => [p.part, p.parts]), [[1, 3], [2, 3], [3, 3]], 'the plan');
	same(parts.reduce((n, p) => n + p.amount, 0), due, 'the sum of the parts');
	expect(parts.every((p) => p.amount <= 500_000_000), 'a part is above the cap');
	await paysPart(house, d, 'parsian', 3);
	await d.reaches('PART_PAID');
	await paysPart(house, d, 'mellat', 1);
	await d.is('PART_PAID');
	await settled();
	expect(!(await sara.view()).messages.some((m) => m.reply_markup?.inline_keyboard?.flat().some((b) => b.callback_data === `d:${d.code}:ship`)), 'the seller may ship too early');
	await paysPart(house, d, 'parsian', 2);
	await fundedOnce(d, due);
	await booksAgree();
});

test('parts that are not complete in a day go back', async () => {
	const d = await draft({ price: '120,000,000 toman' });
	await d.goes('AWAIT_PAY');
	await paysPart(house, d, 'parsian', 1);
	await paysPart(house, d, 'zarinpal', 2);
	await later(DAY + MINUTE);
	await d.reaches('REFUND_DUE');
	// Too late to reverse: the money waits for the buyer's own IBAN, and goes there.
	await givesIban(reza);
	for (let i = 0; i < 8 && (await d.state()) !== 'REFUNDED'; i++) await later(MINUTE);
	await closed(d, 'REFUNDED');
	await booksAgree();
});

test('a part that is paid at two banks counts once, the other goes back; a part that is paid too late goes back too', async () => {
	const d = await draft({ price: '120,000,000 toman' });
	await d.goes('AWAIT_PAY');
	const at = await goesTo(house, d, 'mellat', 1);
	await decides(house, 'mellat', at.order_id, 'vanish'); // paid, and the browser does not come back
	const again = await goesTo(house, d, 'parsian', 1);
	expect(again.order_id !== at.order_id, 'the second try has the order number of the first');
	await decides(house, 'parsian', again.order_id, 'pay');
	await paysPart(house, d, 'parsian', 2);
	const due = (await d.row()).price + (await d.row()).fee / 2;
	await paysPart(house, d, 'zarinpal', 3);
	for (let i = 0; i < 10 && !(await sql(`SELECT 1 FROM payment WHERE order_id = '${at.order_id}' AND paid > 0`)).length; i++) await later(2 * MINUTE);
	await d.reaches('FUNDED');
	await givesIban(reza);
	for (let i = 0; i < 8; i++) await later(2 * MINUTE);
	await idle();
	const row = await d.row();
	same([row.held, row.suspense, row.refund], [due, 0, 0], 'held, once; nothing is kept of the second');
	const back = await sql(`SELECT SUM(amount) AS sum FROM settlement WHERE deal_id = ${d.id} AND kind = 2 AND state = 3`);
	const paid = await sql(`SELECT SUM(paid) AS sum FROM payment WHERE deal_id = ${d.id}`);
	same((paid[0].sum ?? 0) - (back[0].sum ?? 0), due, 'what came, less what went back');
	await booksAgree();
	await givenUp(d);

	const late = await draft({ price: '60,000,000 toman' });
	await late.goes('AWAIT_PAY');
	await paysPart(house, late, 'parsian', 1);
	const slow = await goesTo(house, late, 'mellat', 2);
	await later(DAY + MINUTE);
	for (let i = 0; i < 8 && (await late.state()) !== 'REFUNDED'; i++) await later(MINUTE);
	await closed(late, 'REFUNDED');
	await decides(house, 'mellat', slow.order_id, 'pay').catch(() => {}); // the bank's page may have died by then
	for (let i = 0; i < 6; i++) await later(5 * MINUTE);
	await booksAgree();
});

test('a payment that is refunded at once is reversed at its bank, once, also when the answer to that is lost', async () => {
	for (const [bank, kind] of ['parsian', 'zarinpal'].flatMap((b) => [null, 'lost', 'cut'].map((k) => [b, k]))) {
		const d = await awaiting();
		const p = await paysPart(house, d, bank);
		await d.reaches('FUNDED');
		if (kind) await house.sandbox.fault(`${bank}.reverse`, kind, 1);
		await d.press(d.seller, 'cancel');
		await d.press(d.seller, 'cancel.yes');
		for (let i = 0; i < 6 && (await d.state()) !== 'REFUNDED'; i++) await later(MINUTE);
		await closed(d, 'REFUNDED');
		same((await atStub(house, p.order_id)).state, 'REVERSED', `${bank}'s own books (${kind})`);
		same(await sql(`SELECT rail, state FROM settlement WHERE deal_id = ${d.id}`), [{ rail: 'along', state: 3 }], `ways back (${bank}, ${kind})`);
	}
	await booksAgree();
});

test('the payer gives up, or the card has no money: said, and paid again', async () => {
	for (const [bank, act, said] of [['mellat', 'cancel', 'cancelled'], ['mellat', 'fail', 'no_funds'], ['parsian', 'cancel', 'cancelled'], ['zarinpal', 'cancel', 'not_paid']]) {
		const d = await awaiting();
		const first = await goesTo(house, d, bank);
		await decides(house, bank, first.order_id, act, { code: 12 });
		await waitFor(async () => (await part(d)).state === STATE.REFUSED, { what: `${bank} ${act} to be noted` });
		same((await part(d)).said, said, `${bank} ${act}`);
		const again = await paysPart(house, d, bank);
		expect(again.order_id !== first.order_id, 'an order number was used twice');
		await fundedOnce(d);
		await givenUp(d);
	}
});

test('answers that are lost after the work was done, faults, pages instead of answers: paid once', async () => {
	const kinds = { mellat: ['lost', 'soap', 'html200', 'cut', 'empty', 'prefix', 'blank'], parsian: ['lost', 'soap', 'html200', 'cut', 'prefix'], zarinpal: ['lost', '500', 'html200', 'cut', 'empty'] };
	for (const bank of BANKS)
		for (const kind of kinds[bank]) {
			const d = await awaiting();
			const p = await goesTo(house, d, bank);
			await fault(bank, callOf[bank][1], kind);
			await decides(house, bank, p.order_id, 'pay');
			for (let i = 0; i < 6 && (await d.state()) !== 'FUNDED'; i++) await later(20);
			await fundedOnce(d);
			await givenUp(d);
		}
	await booksAgree();
});

test('ten megabytes, and a document that defines entities, are refused and asked again', async () => {
	for (const bank of ['mellat', 'parsian'])
		for (const kind of ['huge', 'bomb']) {
			const d = await awaiting();
			const p = await goesTo(house, d, bank);
			await fault(bank, callOf[bank][1], kind);
			await decides(house, bank, p.order_id, 'pay');
			for (let i = 0; i < 6 && (await d.state()) !== 'FUNDED'; i++) await later(20);
			await fundedOnce(d);
			await givenUp(d);
		}
});

test('settle answers that are lost, and the settle that wants a verify first', async () => {
	const d = await awaiting();
	const p = await goesTo(house, d, 'mellat');
	await fault('mellat', 'bpSettleRequest', 'lost');
	await decides(house, 'mellat', p.order_id, 'pay');
	await d.reaches('FUNDED');
	for (let i = 0; i < 6 && (await part(d)).state !== STATE.SETTLED; i++) await later(20);
	same((await part(d)).state, STATE.SETTLED, 'settled in the end');
	await booksAgree();
});

test('a browser that never comes back is found', async () => {
	for (const bank of BANKS) {
		const d = await awaiting();
		const p = await goesTo(house, d, bank);
		await decides(house, bank, p.order_id, 'vanish');
		for (let i = 0; i < 4 && (await d.state()) !== 'FUNDED'; i++) await later(2 * MINUTE + 5);
		await fundedOnce(d);
	}
});

test('a bank that is not asked for lost sales gives the money back, and the buyer pays anew', async () => {
	await closeHouse();
	house = await openHouse({ env: realBanks('mellat', { SEPAREX_MELLAT_FIND_LOST: 'off' }) });
	[sara, reza] = ['sara', 'reza'].map(person);
	const d = await awaiting();
	const p = await goesTo(house, d, 'mellat');
	await decides(house, 'mellat', p.order_id, 'vanish');
	await later(35 * MINUTE);
	await waitFor(async () => (await part(d)).state === STATE.GIVEN_UP, { what: 'the lost payment to be given up' });
	same((await atStub(house, p.order_id)).state, 'REVERSED', 'the bank gave it back');
	await paysPart(house, d, 'mellat');
	await fundedOnce(d);
	await closeHouse();
	await begin();
});

test('returns that are forged, doubled, of another payment or of another sum prove nothing and lose nothing', async () => {
	for (const bank of BANKS)
		for (const act of ['forge', 'twice', 'wrong_token', 'other_ref', 'wrong_amount', 'commas']) {
			const d = await awaiting();
			const p = await goesTo(house, d, bank);
			await decides(house, bank, p.order_id, act);
			await settled();
			if (act === 'forge') {
				await d.is('AWAIT_PAY');
				await decides(house, bank, p.order_id, 'pay');
			}
			for (let i = 0; i < 5 && (await d.state()) !== 'FUNDED'; i++) await later(2 * MINUTE + 5);
			await fundedOnce(d);
			await givenUp(d);
		}
	await booksAgree();
});

test('a bank that is down is offered last, and its failed try costs nothing', async () => {
	const d = await awaiting();
	await fault('mellat', 'bpPayRequest', 'soap', 3);
	for (let i = 0; i < 3; i++) {
		const { page } = await part(d);
		await fetch(`${house.bot.url}/p/${page}/go`, { method: 'POST', body: new URLSearchParams({ bank: 'mellat' }), redirect: 'manual' });
		await waitFor(async () => (await part(d)).state === STATE.FAILED, { what: 'the failed try' });
		await settled();
	}
	const text = await (await fetch(`${house.bot.url}/p/${(await part(d)).page}`)).text();
	expect(text.indexOf('value="parsian"') < text.indexOf('value="mellat"'), 'the bank that is down is offered first');
	await paysPart(house, d, 'parsian');
	await fundedOnce(d);
	await later(11 * MINUTE);
});

test('whose card: said in the chat before, compared after, looked at by a person when it differs', async () => {
	await closeHouse();
	house = await openHouse({ env: realBanks('mellat parsian', { SEPAREX_GATEWAY_ASK_CARD: 'on' }) });
	[sara, reza] = ['sara', 'reza'].map(person);
	const omid = person('omid');
	const first = await awaiting();
	const page = await (await fetch(`${house.bot.url}/p/${(await part(first)).page}`)).text();
	expect(!page.includes('/go"'), 'the page lets somebody pay before the card is known');
	await asks(reza, '۵۴۴۳');
	await settled();
	await paysPart(house, first, 'mellat');
	await fundedOnce(first);
	const second = await awaiting();
	const p = await goesTo(house, second, 'mellat');
	await decides(house, 'mellat', p.order_id, 'pay', { card: '6219861034529007' });
	await second.reaches('PAY_REVIEW');
	await second.press(omid, 'review.take', { chat: 'staff' });
	await second.reaches('FUNDED');
	// The IBAN of the account says of which bank the card must be: 016 is that of the stub's card, 054 is not.
	for (const [iban, wanted] of [['IR500160000000000000000001', 'FUNDED'], ['IR820540102680020817909002', 'PAY_REVIEW']]) {
		const d = await awaiting();
		await asks(reza, iban);
		await settled();
		const q = await goesTo(house, d, 'mellat');
		await decides(house, 'mellat', q.order_id, 'pay');
		await d.reaches(wanted);
		if (wanted === 'PAY_REVIEW') await d.press(omid, 'review.take', { chat: 'staff' });
		await d.reaches('FUNDED');
	}
	await booksAgree();
	await closeHouse();
	await begin();
});

test('killed between any two steps of a payment: paid once, and the books agree', async () => {
	for (const bank of BANKS)
		for (const [call, kind] of [[callOf[bank][1], 'lost'], [callOf[bank][1], 'hang']]) {
			const d = await awaiting();
			const p = await goesTo(house, d, bank);
			await fault(bank, call, kind);
			await decides(house, bank, p.order_id, 'pay');
			await house.killBot('SIGKILL');
			await house.restartBot();
			for (let i = 0; i < 6 && (await d.state()) !== 'FUNDED'; i++) await later(20);
			await fundedOnce(d);
			await givenUp(d);
		}
	await booksAgree();
});

test('no secret of a contract is in the log, and nothing of all this was an error of ours', async () => {
	const log = house.bot.process.output();
	for (const secret of ['m3llat-secret', 'p4rsian-secret', '11111111-2222-3333', '6037701689095443']) expect(!log.includes(secret), `the log says ${secret}`);
	await nothingWrong();
});

test('a refund at Mellat whose answer is lost is made by no other way: a person must look', async () => {
	await closeHouse();
	house = await openHouse({ env: realBanks('mellat', { SEPAREX_MELLAT_REFUND: 'on' }) });
	[sara, reza] = ['sara', 'reza'].map(person);
	await givesIban(reza);
	const d = await awaiting();
	const p = await paysPart(house, d, 'mellat');
	await d.reaches('FUNDED');
	await later(3 * 60 * MINUTE);
	await fault('mellat', 'bpRefundRequest', 'lost');
	await d.press(d.seller, 'cancel');
	await d.press(d.seller, 'cancel.yes');
	await waitFor(async () => (await sql(`SELECT 1 FROM work WHERE kind = 2 AND state = 3`)).length === 1, { what: 'the refund to be given up' });
	for (let i = 0; i < 4; i++) await later(10 * MINUTE);
	await d.is('REFUND_DUE');
	same((await atStub(house, p.order_id)).refunded, p.paid, 'what the bank gave back');
	same([(await house.state()).payouts.length, (await sql(`SELECT id FROM settlement WHERE deal_id = ${d.id}`)).length], [0, 1], 'ways that the money took');
	await booksAgree();
});

async function givesIban(who) {
	await asks(who, '/iban');
	await asks(who, 'IR062960000000100324200001');
}

async function begin() {
	house = await openHouse({ env: realBanks('mellat parsian zarinpal') });
	[sara, reza] = ['sara', 'reza'].map(person);
	if (!first) await givesIban(reza); // Mellat's refunds go there; the first house asks for it when it needs it
	first = false;
}

await run({ before: begin, after: closeHouse });
