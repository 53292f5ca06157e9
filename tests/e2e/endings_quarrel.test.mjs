// A problem: both sides tell their story, settle it or have an operator rule; appeals; goods that go back.
import { buttonsOf, messageText, person, restartBot, run, test, waitFor } from './lib.mjs';
import {
	DAY, HOUR, IDS, LEFT_ALONE, MINUTE, REMINDED, asks, closeHouse, closed, draft,
	expect, idle, later, nothingWrong, one, openHouse, postCode, remindersOf, same, settled,
} from './deals.mjs';

const STAFF = { chat: 'staff' };
const PRICE = 20_000_000;
const DUE = 20_100_000;

let sara, reza, mina, omid;

const at = async (wanted, options) => (await draft(options)).goes(wanted);
const step = (who) => one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`);
const staffSees = (pattern) => omid.sees(pattern, { ...STAFF, any: true });
const staffPhotos = async () => (await omid.view('staff')).messages.filter((m) => m.photo).length;

async function disputed(options) {
	const d = await at('DELIVERED', options);
	await d.reports();
	await d.escalates();
	return d;
}

async function rules(d, what) {
	await d.press(omid, `rule.${what}`, STAFF);
	await d.reaches('RULED');
}

async function moneyWent(d, { back = 0, out = 0, fee = 0 }) {
	const { payments, refunds, payouts } = await d.atBank();
	const reversed = payments.filter((p) => p.state === 'reversed').reduce((n, p) => n + p.amount, 0);
	const sum = (list) => list.filter((x) => x.state === 'done').reduce((n, x) => n + x.amount, 0);
	same([reversed + sum(refunds), sum(payouts), (await d.row()).rest.fee_taken ?? 0], [back, out, fee], 'back to the buyer, to the seller, fee');
}

test('a problem needs a photo; words and photo reach the operators, and survive a restart', async () => {
	const d = await at('DELIVERED');
	await d.press(reza, 'report');
	await reza.sees(/[^]/);
	await asks(reza, 'The zebra button is missing');
	await d.refuses(reza, 'report_done');
	await restartBot();
	same(await step(reza), 'report', 'the step after a restart');
	const photos = await staffPhotos();
	await reza.says('here <b>you</b> see it', { photo: true });
	await reza.sends({ document: true });
	await settled();
	await d.press(reza, 'report_done');
	await d.reaches('ISSUE');
	/* The other side reads what is said against them, and sees the photo; a stranger's file does not reach them. */
	await sara.sees(/zebra button is missing/);
	await sara.waits('private', 20_000, 'sees the photo with its words', (v) => v.messages.some((m) => m.photo && /here <b>you[^]*see it/.test(messageText(m))));
	await sara.sees(/فایل است و نزد داور می‌ماند/);
	expect(!(await sara.view()).messages.some((m) => m.document), 'the file reached the seller');
	await staffSees(/zebra button[^]*here <b>you<\/b> see it/);
	await waitFor(async () => (await staffPhotos()) === photos + 1, { what: 'the photo in the operators’ group' });
	await omid.waits('staff', 20_000, 'sees the document', (v) => v.messages.some((m) => m.document));
	await d.refuses(reza, 'report_done');
	await d.refuses(reza, 'answer');
	await d.press(sara, 'answer');
	await sara.sees(/[^]/);
	await restartBot();
	await sara.says('It was whole when I sent it', { photo: true });
	await d.press(sara, 'answer_done');
	await reza.sees(/whole when I sent it/);
	await staffSees(/zebra button[^]*whole when I sent it/);
	await waitFor(async () => (await staffPhotos()) === photos + 2, { what: 'the seller’s photo in the operators’ group' });
	expect((await d.row()).rest.seller_answered, 'the answer is not noted');
	await d.press(reza, 'withdraw');
	await d.press(reza, 'withdraw.yes');
	await d.reaches('DELIVERED');
	await d.goes('COMPLETED');
	await moneyWent(d, { out: PRICE - 100_000, fee: 200_000 });
});

test('leaving the story leaves the deal as it was; nothing old counts as evidence', async () => {
	const d = await at('DELIVERED');
	await d.press(reza, 'report');
	await reza.sees(/[^]/);
	await reza.says('a photo', { photo: true });
	await reza.sees(/[^]/);
	await asks(reza, '/cancel');
	await d.refuses(reza, 'report_done');
	await later(MINUTE);
	await d.press(reza, 'report');
	await reza.sees(/[^]/);
	await asks(reza, 'now without a photo');
	await d.refuses(reza, 'report_done');
	await asks(reza, '/cancel');
	await d.goes('COMPLETED');
});

test('a problem that is taken back: the rest of the time runs, and silence releases', async () => {
	const d = await at('DELIVERED');
	await later(40 * HOUR);
	await d.reports();
	await later(2 * DAY);
	await d.is('ISSUE');
	await d.refuses(sara, 'withdraw');
	await d.press(reza, 'withdraw');
	await d.press(reza, 'withdraw.yes');
	await d.reaches('DELIVERED');
	await later(11 * HOUR);
	await d.is('DELIVERED');
	await later(HOUR + MINUTE);
	await d.is('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
});

test('a mediator can be asked for after a day, not before, by either side', async () => {
	for (const who of [reza, sara]) {
		const d = await at('DELIVERED');
		await d.reports();
		await d.refuses(who, 'escalate');
		await later(DAY - MINUTE);
		await d.refuses(who, 'escalate');
		await later(2 * MINUTE);
		await d.press(who, 'escalate');
		await d.reaches('DISPUTED');
		await d.accepts();
		await closed(d, 'COMPLETED');
	}
});

test('the seller is silent for three days: the operators decide', async () => {
	const d = await at('DELIVERED');
	await d.reports();
	same(await remindersOf(3 * DAY, [reza, sara]), [LEFT_ALONE, REMINDED], 'messages to buyer and seller');
	await d.is('ISSUE');
	await later(HOUR);
	await d.is('DISPUTED');
	await d.press(sara, 'return_fine');
	await d.press(sara, 'return_fine.yes');
	await closed(d, 'REFUNDED');
	await moneyWent(d, { back: DUE });
});

test('the two talk for a week without an end: the operators decide', async () => {
	const d = await at('DELIVERED');
	await d.reports();
	await d.tells(sara, 'answer', 'Not my fault');
	await later(7 * DAY - HOUR);
	await d.is('ISSUE');
	await later(2 * HOUR);
	await d.is('DISPUTED');
	await rules(d, 'release');
	await later(2 * DAY + MINUTE);
	await closed(d, 'COMPLETED');
});

test('ruling: release, after two days to appeal', async () => {
	const d = await disputed();
	for (const who of [sara, reza, mina]) await d.refuses(who, 'rule.release');
	await d.refuses(omid, 'rule.release');
	await d.refuses(omid, 'rule.nonsense', STAFF);
	await rules(d, 'release');
	await later(2 * DAY - MINUTE);
	await d.is('RULED');
	await later(2 * MINUTE);
	await d.is('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
	await moneyWent(d, { out: PRICE - 100_000, fee: 200_000 });
});

test('ruling: refund', async () => {
	const d = await disputed();
	await rules(d, 'refund');
	await later(2 * DAY + MINUTE);
	await closed(d, 'REFUNDED');
	await moneyWent(d, { back: DUE });
});

test('ruling: split, with the amount asked for, over a restart', async () => {
	const d = await disputed();
	await d.press(omid, 'rule.split', STAFF);
	await omid.sees(/[^]/, STAFF);
	await restartBot();
	for (const text of ['a half', '0', '3 million', '2 million']) {
		await asks(omid, text, STAFF);
		same([await step(omid), await d.state()], ['split', 'DISPUTED'], `after ${text}`);
	}
	await asks(omid, '/fee 500000');
	same(await step(omid), 'split', 'the step in the staff chat after a command in private');
	await asks(omid, '/fee 500000', STAFF);
	same(await step(omid), undefined, 'the step after a command in the staff chat');
	await d.press(omid, 'rule.split', STAFF);
	await omid.sees(/[^]/, STAFF);
	await asks(omid, '500,000 toman'); // in private it is not the operator's step
	await d.is('DISPUTED');
	await asks(omid, '500,000 toman', STAFF);
	await d.is('DISPUTED'); // only the press on what was read back is the ruling
	await d.reasons(omid, 'rule.split-5000000', STAFF.chat);
	await d.reaches('RULED');
	same((await d.row()).rest.ruling_to_buyer, 5_000_000, 'the part for the buyer');
	await later(2 * DAY + MINUTE);
	await closed(d, 'SPLIT_CLOSED');
	await moneyWent(d, { back: 5_025_000, out: 14_925_000, fee: 150_000 });
});

test('ruling: goods back first; they come back fine, and the buyer is refunded', async () => {
	const d = await disputed();
	await d.refuses(reza, 'ship_back');
	await rules(d, 'return');
	await later(2 * DAY + MINUTE);
	await d.is('RETURN_DUE');
	await d.refuses(sara, 'ship_back');
	await d.press(reza, 'ship_back');
	await reza.sees(/[^]/);
	await restartBot();
	const used = await one(`SELECT code FROM tracking_code WHERE deal_id <> ${d.id}`);
	for (const text of ['12', '09121234567', (await d.row()).tracking.slice(1), used]) {
		await asks(reza, text);
		same([await step(reza), await d.state()], ['ship_back', 'RETURN_DUE'], `after ${text}`);
	}
	await reza.says(postCode());
	await d.reaches('RETURN_SENT');
	await d.refuses(reza, 'got_back');
	await d.press(sara, 'got_back');
	await d.reaches('RETURN_CHECK');
	await d.press(sara, 'return_fine');
	await d.press(sara, 'return_fine.yes');
	await d.reaches('REFUND_DUE');
	await closed(d, 'REFUNDED');
	await moneyWent(d, { back: DUE });
});

async function goodsOnTheirWayBack() {
	const d = await disputed();
	await rules(d, 'return');
	await later(2 * DAY + MINUTE);
	await d.press(reza, 'ship_back');
	await reza.sees(/[^]/);
	await reza.says(postCode());
	await d.reaches('RETURN_SENT');
	return d;
}

test('goods back: something is wrong with them, shown with a photo, and an operator rules', async () => {
	const d = await goodsOnTheirWayBack();
	await d.press(sara, 'got_back');
	await d.reaches('RETURN_CHECK');
	await d.press(sara, 'return_bad');
	await sara.sees(/[^]/);
	await asks(sara, 'A brick came back');
	await d.refuses(sara, 'return_bad_done');
	await sara.says('this brick', { photo: true });
	await d.press(sara, 'return_bad_done');
	await d.reaches('DISPUTED');
	await staffSees(/brick/);
	await rules(d, 'release');
	await later(2 * DAY + MINUTE);
	await closed(d, 'COMPLETED');
});

test('goods back: nothing is sent in five days, and the seller is paid', async () => {
	const d = await disputed();
	await rules(d, 'return');
	await later(2 * DAY + MINUTE);
	await d.is('RETURN_DUE');
	same(await remindersOf(5 * DAY, [reza, sara]), [REMINDED, LEFT_ALONE], 'messages to buyer and seller');
	await d.is('RETURN_DUE');
	await later(2 * HOUR);
	await d.is('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
});

test('goods back: lost on the way, and silent sellers', async () => {
	const d = await goodsOnTheirWayBack();
	await later(10 * DAY + MINUTE);
	await d.is('DISPUTED');
	await rules(d, 'refund');
	await later(2 * DAY + MINUTE);
	await closed(d, 'REFUNDED');
	const silent = await goodsOnTheirWayBack();
	await silent.press(sara, 'got_back');
	await silent.reaches('RETURN_CHECK');
	same(await remindersOf(3 * DAY, [reza, sara]), [LEFT_ALONE, REMINDED], 'messages to buyer and seller');
	await later(HOUR);
	await silent.is('REFUND_DUE');
	await closed(silent, 'REFUNDED');
});

test('an operator asks a side for more; the answer reaches the group, silence is counted', async () => {
	const d = await disputed();
	await d.press(omid, 'ask_info.seller', STAFF);
	await d.tells(sara, 'answer', 'Here is the invoice');
	await staffSees(/invoice/);
	same((await d.row()).rest.info_wanted_from ?? 0, 0, 'who is still asked');
	await d.press(omid, 'ask_info.buyer', STAFF);
	await settled();
	await later(2 * DAY + MINUTE);
	same((await d.row()).rest.silences, 1, 'silences');
	await omid.mark('staff');
	await later(3 * DAY); // five days without a ruling: the group hears of it again
	await omid.sees(new RegExp(d.code), STAFF);
	await rules(d, 'refund');
	await later(2 * DAY + MINUTE);
	await closed(d, 'REFUNDED');
});

test('the parties settle a dispute themselves', async () => {
	const d = await disputed();
	await d.press(sara, 'return_fine');
	await d.press(sara, 'back');
	await settled();
	await d.is('DISPUTED');
	await d.refuses(reza, 'return_fine.yes');
	await d.refuses(sara, 'accept.yes');
	await d.accepts();
	await closed(d, 'COMPLETED');
});

test('a closed deal shows the operators no buttons for it any more', async () => {
	const d = await at('COMPLETED');
	await asks(omid, `/deal ${d.code}`, STAFF);
	await idle();
	const card = (await omid.view('staff')).messages.filter((m) => messageText(m).includes(d.code)).at(-1);
	same(buttonsOf(card), [], 'buttons');
	await d.refuses(omid, 'rule.refund', STAFF);
	await d.refuses(omid, 'freeze.on', STAFF);
});

test('audit, books, calls and log are clean', nothingWrong);

await run({
	before: async () => {
		await openHouse();
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
	},
	after: closeHouse,
});
