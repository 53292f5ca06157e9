// Sent, arrived, looked at, paid out: tracking codes, proven and unproven delivery, silence, the seller's IBAN.
import { person, restartBot, run, test, waitFor } from './lib.mjs';
import {
	DAY, GOOD_IBAN, HOUR, IDS, LEFT_ALONE, MINUTE, REMINDED, asks, closeHouse, closed, draft,
	expect, hasIban, iban, idle, later, nothingWrong, one, openHouse, postCode, remindersOf, same, settled,
} from './deals.mjs';

const CARD = '6037991234567893';

let sara, reza, mina, omid;

const at = async (wanted, options) => (await draft(options)).goes(wanted);
const step = (who) => one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`);

async function noPayoutYet(d) {
	await idle();
	same([await d.state(), (await d.atBank()).payouts], ['PAYOUT_DUE', []], 'before the payout');
}

/** The seller has exactly what was agreed, on that IBAN; nobody else has anything. */
async function paidOnce(d, to = GOOD_IBAN) {
	const row = await d.row();
	const bank = await d.atBank();
	same(
		bank.payouts.filter((p) => p.state === 'done').map((p) => [p.iban, p.amount]),
		[[to, row.price - row.fee / 2]],
		'payouts that were made',
	);
	same(bank.refunds, [], 'refunds');
	same(row.rest.fee_taken, row.fee, 'the fee');
}

test('accepted: an IBAN is asked for, bad ones get a word, and the payout comes after an hour, not before', async () => {
	const d = await at('PAYOUT_DUE');
	await d.press(sara, 'iban');
	await sara.sees(/[^]/);
	await restartBot();
	const bad = ['hello', 'DE89370400440532013000', CARD, 'IR06296', `${GOOD_IBAN}12`, GOOD_IBAN.replace('IR06', 'IR07'), '09121234567'];
	for (const text of bad) {
		await asks(sara, text);
		same([await step(sara), await one(`SELECT iban FROM person WHERE outside_id = ${IDS.sara}`)], ['iban', ''], `after ${text}`);
	}
	await sara.sends({ photo: true });
	await sara.sees(/[^]/);
	same(await step(sara), 'iban', 'the step after a photo');
	await asks(sara, GOOD_IBAN.toLowerCase().replace(/(.{4})/g, '$1 '));
	expect((await one(`SELECT iban FROM person WHERE outside_id = ${IDS.sara}`)).startsWith('s1:'), 'no sealed IBAN');
	await later(58 * MINUTE);
	await noPayoutYet(d);
	await later(3 * MINUTE);
	await closed(d, 'COMPLETED');
	await paidOnce(d);
});

test('no IBAN when the payout is due: it is asked for, and paid as soon as it is there', async () => {
	const d = await draft({ seller: reza, buyer: sara });
	await d.goes('PAYOUT_DUE');
	await later(2 * HOUR);
	await noPayoutYet(d);
	expect(await d.offers(reza, 'iban'), 'no button for the IBAN');
	await hasIban(reza, iban(77));
	await waitFor(async () => (await d.atBank()).payouts.length === 1, { what: 'the payout' });
	await closed(d, 'COMPLETED');
	await paidOnce(d, iban(77));
});

test('a payout that the bank returns: the seller is asked again, and paid to the new IBAN after a day, like any that takes the place of one', async () => {
	const d = await draft({ seller: omid, buyer: reza });
	await d.goes('PAYOUT_DUE');
	await hasIban(omid, iban('4000'));
	await later(HOUR + MINUTE);
	await idle();
	await later(2 * MINUTE);
	await idle();
	await later(2 * MINUTE);
	await waitFor(async () => (await d.row()).payable > 0, { what: 'the returned payout' });
	same(await one(`SELECT iban FROM person WHERE outside_id = ${IDS.omid}`), '', 'the IBAN that did not work');
	await d.press(omid, 'iban');
	await omid.sees(/[^]/);
	await asks(omid, iban('4002'));
	await later(23 * HOUR);
	await idle();
	same((await d.row()).inflight, 0, 'sent before the day is over');
	await later(2 * HOUR);
	await closed(d, 'COMPLETED');
	await paidOnce(d, iban('4002'));
	same((await d.atBank()).payouts.map((p) => p.state).sort(), ['done', 'returned'], 'payouts');
});

test('a changed IBAN is paid to after a day, not before', async () => {
	const d = await draft({ seller: reza, buyer: sara });
	await d.goes('PAYOUT_DUE');
	await asks(reza, '/iban');
	await asks(reza, iban(78));
	await later(23 * HOUR);
	await noPayoutYet(d);
	await later(HOUR + MINUTE);
	await closed(d, 'COMPLETED');
	await paidOnce(d, iban(78));
});

test('bad tracking codes of each kind get a word, and the deal waits', async () => {
	const d = await at('FUNDED');
	await d.press(sara, 'ship');
	await sara.sees(/[^]/);
	await restartBot();
	const bad = ['09123456789', '2.05880404401E+23', '205880404401234000000000', '20588000441000000000012', '12345', '1'.repeat(24), '7'.repeat(40), 'sent it!', '???'];
	for (const text of bad) {
		await asks(sara, text);
		same([await step(sara), await d.state()], ['ship', 'FUNDED'], `after ${text}`);
	}
	await sara.sends({ photo: true });
	await sara.sees(/[^]/);
	same([await step(sara), await d.state()], ['ship', 'FUNDED'], 'after a photo');
	const code = postCode();
	await sara.says(code.replace(/(.{6})/g, '$1 ').replace(/[0-9]/g, (c) => '۰۱۲۳۴۵۶۷۸۹'[c]));
	await d.reaches('SHIPPED');
	same((await d.row()).tracking, code, 'the tracking code');
	await d.goes('COMPLETED');
	const next = await at('FUNDED');
	await next.press(sara, 'ship');
	await sara.sees(/[^]/);
	await asks(sara, code);
	same([await step(sara), await next.state(), (await next.row()).tracking], ['ship', 'FUNDED', ''], 'after a code of another deal');
	await sara.says(postCode());
	await next.goes('COMPLETED');
});

test('a code of another carrier: a button says whose it is, also after a restart', async () => {
	const d = await at('FUNDED');
	await d.press(sara, 'ship');
	await sara.sees(/[^]/);
	await asks(sara, 'TX-90817263');
	await d.refuses(sara, 'carrier.77');
	await d.refuses(reza, 'carrier.2');
	await restartBot();
	await d.press(sara, 'carrier.2');
	await d.reaches('SHIPPED');
	same([(await d.row()).carrier, (await d.row()).tracking], [2, 'TX-90817263'], 'carrier and code');
	await d.refuses(sara, 'carrier.2');
	await d.goes('COMPLETED');
});

test('a code that is sent without pressing anything is taken when only one deal waits for one', async () => {
	const d = await at('FUNDED');
	const second = await at('FUNDED', { title: 'Second' });
	await asks(sara, postCode());
	same([await d.state(), await second.state()], ['FUNDED', 'FUNDED'], 'two deals that wait');
	await second.goes('COMPLETED');
	await sara.says(postCode());
	await d.reaches('SHIPPED');
	await d.goes('COMPLETED');
});

test('a tracking code can be corrected twice', async () => {
	const d = await at('SHIPPED');
	for (let i = 0; i < 2; i++) {
		const code = postCode();
		await d.ships(code);
		await waitFor(async () => (await d.row()).tracking === code, { what: 'the corrected code' });
	}
	await d.refuses(sara, 'ship');
	await d.refuses(reza, 'ship');
	await d.goes('COMPLETED');
});

test('silence after a proven delivery releases the money when the time to look ends, with two reminders', async () => {
	const d = await at('DELIVERED');
	same(await remindersOf(2 * DAY, [reza, sara]), [REMINDED, LEFT_ALONE], 'messages to buyer and seller');
	await d.is('DELIVERED');
	await later(HOUR);
	await d.is('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
	await paidOnce(d);
});

test('an unproven delivery is asked about and never released by silence', async () => {
	const d = await at('SHIPPED');
	await d.press(sara, 'say_delivered');
	await d.reaches('DELIVERED');
	expect(!(await d.row()).rest.delivery_proven, 'the seller’s word proved the delivery');
	await d.refuses(sara, 'say_delivered');
	for (const hours of [48, 24]) {
		await later(hours * HOUR - MINUTE);
		await reza.mark();
		await later(2 * MINUTE);
		await reza.sees(/[^]/);
		await d.is('DELIVERED');
	}
	await later(DAY + MINUTE);
	await d.is('DISPUTED');
	same((await d.row()).payable, 0, 'released');
	await d.accepts();
	await closed(d, 'COMPLETED');
	await paidOnce(d);
});

test('the buyer says that it has not arrived: the deal goes back on its way, and a lost parcel is a problem', async () => {
	const d = await at('SHIPPED');
	await d.press(sara, 'say_delivered');
	await d.reaches('DELIVERED');
	await d.press(reza, 'not_yet');
	await d.reaches('SHIPPED');
	await later(10 * DAY - HOUR);
	await d.is('SHIPPED');
	await later(2 * HOUR);
	await d.is('ISSUE');
	await later(3 * DAY + MINUTE);
	await d.is('DISPUTED');
	await d.press(sara, 'return_fine');
	await d.press(sara, 'return_fine.yes');
	await closed(d, 'REFUNDED');
});

test('nobody says anything about a parcel: the buyer is asked, then an operator looks', async () => {
	const d = await at('SHIPPED');
	await later(5 * DAY - MINUTE);
	await reza.mark();
	await later(2 * MINUTE);
	await reza.sees(/[^]/);
	await d.is('SHIPPED');
	await later(3 * DAY);
	await d.is('DISPUTED');
	await omid.seesButton(/[^]/, { chat: 'staff' });
	await omid.says(`/delivered ${d.code}`, { chat: 'staff' });
	await settled();
	await d.is('DISPUTED');
	await d.accepts();
	await closed(d, 'COMPLETED');
});

test('“not yet” stops the question, and the longest transit ends it', async () => {
	const d = await at('SHIPPED');
	await later(5 * DAY + MINUTE);
	await d.press(reza, 'not_yet');
	await settled();
	await later(3 * DAY + HOUR);
	await d.is('SHIPPED');
	await d.press(reza, 'received');
	await d.goes('COMPLETED');
});

test('an operator who saw the carrier’s page confirms the delivery; nobody else can', async () => {
	const d = await at('SHIPPED');
	for (const [who, chat] of [[reza, 'private'], [omid, 'private'], [mina, 'bazaar'], [sara, 'private']]) {
		await who.says(`/delivered ${d.code}`, { chat });
		await settled();
		await d.is('SHIPPED');
	}
	await asks(omid, '/delivered NOSUCH', { chat: 'staff' });
	await asks(omid, '/delivered', { chat: 'staff' });
	await omid.says(`/delivered ${d.code.toLowerCase()}`, { chat: 'staff' });
	await d.reaches('DELIVERED');
	expect((await d.row()).rest.delivery_proven, 'not proven');
	await later(2 * DAY + MINUTE);
	await d.is('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
	await paidOnce(d);
});

test('the fee of each payer is taken from the right side', async () => {
	for (const turns of [1, 2]) {
		const d = await draft({ price: '3 million' });
		for (let i = 0; i < turns; i++) {
			const { version } = await d.row();
			await d.press(sara, 'fee');
			await waitFor(async () => (await d.row()).version === version + 1, { what: 'the change' });
		}
		const { fee_payer } = await d.row();
		await d.goes('COMPLETED');
		const bank = await d.atBank();
		const wanted = fee_payer === 1 ? [30_300_000, 30_000_000] : [30_000_000, 29_700_000];
		same([bank.payments[0].amount, bank.payouts[0].amount], wanted, `paid in and out with payer ${fee_payer}`);
	}
});

test('audit, books, calls and log are clean', nothingWrong);

await run({
	before: async () => {
		await openHouse();
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
	},
	after: closeHouse,
});
