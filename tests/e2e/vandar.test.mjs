// Payouts through Vandar's stub, and who a payee is: nothing is paid to an account in another name.
import { person, run, separexCli, test, waitFor } from './lib.mjs';
import { DAY, HOUR, MINUTE, asks, closeHouse, closed, draft, expect, idle, later, one, openHouse, same, settled, sql } from './deals.mjs';
import { paysPart, realBanks, vandarPays } from './banks.mjs';

const OWN_ID = '0499370899';
const IBAN = 'IR062960000000100324200001';
const OTHER_IBAN = 'IR820540102680020817909002';

let house, sara, reza, mina, omid;

const awaiting = async (options) => (await draft({ price: '2,000,000 toman', ...options })).goes('AWAIT_PAY');
const vandar = (order) => house.sandbox.call('/sim/vandar', order);
const fault = (call, kind, times = 1) => house.sandbox.fault(`vandar.${call}`, kind, times);
const settlements = async () => (await house.sandbox.state()).vandar.settlements;

/** To the buyer's yes; the hour after it is not over. */
async function accepted(options) {
	const d = await awaiting(options);
	await paysPart(house, d, 'parsian');
	await d.goes('DELIVERED');
	await d.accepts();
	return d;
}

async function tells(who, id, mobile, iban) {
	await asks(who, '/iban');
	for (const word of [id, mobile, iban]) if (word) await asks(who, word);
	await idle();
}

const track = (d) => one(`SELECT '' || track_id FROM settlement WHERE deal_id = ${d.id} AND kind = 1 ORDER BY id DESC LIMIT 1`);

async function booksAgree() {
	const { code, out, err } = await separexCli(['audit']);
	expect(code === 0, `audit: ${out}${err}`);
}

test('nobody is paid before mobile, national id and account are known to be theirs', async () => {
	const d = await accepted();
	await later(2 * HOUR);
	same(await settlements(), [], 'payouts before the seller said who they are');
	await asks(sara, '/iban');
	for (const wrong of ['0499370898', '12', 'علی']) {
		await asks(sara, wrong);
		same(await one(`SELECT national_id FROM person WHERE outside_id = 1001`), '', `after ${wrong}`);
	}
	await asks(sara, '۰۴۹۹۳۷۰۸۹۹');
	await asks(sara, '02188776655');
	await asks(sara, '+98 912 123 4567');
	await asks(sara, IBAN);
	await idle();
	await d.reaches('PAYOUT_DUE');
	await waitFor(async () => (await settlements()).length === 1, { what: 'the payout to reach Vandar' });
	const [s] = await settlements();
	same([s.amount, s.iban_id], [(await d.row()).price - (await d.row()).fee / 2, IBAN], 'what was sent');
	await later(6 * MINUTE);
	await closed(d, 'COMPLETED');
	await booksAgree();
});

test('an account in another name gets nothing; one’s own does', async () => {
	await vandar({ stranger: OTHER_IBAN });
	const d = await accepted({ seller: mina });
	await tells(mina, OWN_ID, '09351112233', OTHER_IBAN);
	await later(2 * HOUR);
	await d.is('PAYOUT_DUE');
	same((await settlements()).filter((s) => s.iban_id === OTHER_IBAN), [], 'payouts to a stranger');
	expect((await mina.view()).messages.some((m) => /شبا|IBAN/.test(m.text ?? '')), 'the seller is not told why');
	await asks(mina, '/iban');
	await asks(mina, IBAN);
	await idle();
	// Another account than the first: it waits a day, whoever gave it.
	await later(DAY + HOUR);
	await later(6 * MINUTE);
	await closed(d, 'COMPLETED');
	await booksAgree();
});

test('an answer that is lost after the payout was taken: looked up, never sent again', async () => {
	for (const kind of ['lost', '500', 'cut', 'hang']) {
		const before = (await settlements()).length;
		const d = await accepted();
		await fault('store', kind);
		await later(HOUR + MINUTE);
		for (let i = 0; i < 10 && (await d.state()) !== 'COMPLETED'; i++) await later(2 * MINUTE);
		await closed(d, 'COMPLETED');
		same((await settlements()).length, before + 1, `payouts after ${kind}`);
	}
	await booksAgree();
});

/** Dies while a call is out or just before it, and goes on; then minutes pass until the deal has ended. */
async function dies(d, wanted) {
	await house.killBot('SIGKILL');
	await house.restartBot();
	for (let i = 0; i < 12 && (await d.state()) !== wanted; i++) await later(2 * MINUTE);
	await closed(d, wanted);
}

test('killed between any two steps of a payout: paid once, and the books agree', async () => {
	for (const kind of ['none', 'lost', 'hang', 'reset']) {
		const before = (await settlements()).length;
		const d = await accepted();
		if (kind !== 'none') await fault('store', kind);
		await house.sandbox.call('/sim/clock', { advance_s: HOUR + MINUTE });
		if (kind === 'lost') await waitFor(async () => (await settlements()).length > before, { what: 'the payout to be taken' });
		await dies(d, 'COMPLETED');
		same((await settlements()).length, before + 1, `payouts after ${kind}`);
	}
	await booksAgree();
});

test('killed between any two steps of a refund: given back once, to the buyer’s own account', async () => {
	await closeHouse();
	await begin({ SEPAREX_GATEWAY_ORDER: 'mellat' });
	await tells(reza, OWN_ID, '09121234567', IBAN);
	for (const kind of ['none', 'lost', 'hang']) {
		const before = (await settlements()).length;
		const d = await awaiting();
		await paysPart(house, d, 'mellat');
		await d.reaches('FUNDED');
		if (kind !== 'none') await fault('store', kind);
		await d.press(d.seller, 'cancel');
		await d.press(d.seller, 'cancel.yes');
		await settled();
		await house.sandbox.call('/sim/clock', { advance_s: HOUR });
		await dies(d, 'REFUNDED');
		const due = (await one(`SELECT SUM(paid) FROM payment WHERE deal_id = ${d.id}`));
		same((await settlements()).slice(before).map((s) => s.amount), [due], `refunds after ${kind}`);
	}
	await booksAgree();
});

/** The seller gives the money back, and the bank that brought it cannot. */
async function refunded() {
	const d = await awaiting();
	await paysPart(house, d, 'mellat');
	await d.reaches('FUNDED');
	await idle(); // handed over by Mellat: too late to be undone there
	await d.press(d.seller, 'cancel');
	await d.press(d.seller, 'cancel.yes');
	await settled();
	return d;
}

test('a refund to an account that was changed waits a day, and goes to the one that stands there then', async () => {
	const before = (await settlements()).length;
	await asks(reza, '/iban');
	await asks(reza, OTHER_IBAN); // by a thief who has the chat
	const d = await refunded();
	await later(3 * HOUR);
	await asks(reza, '/iban');
	await asks(reza, IBAN); // by its owner
	await later(22 * HOUR);
	await idle();
	same((await settlements()).length, before, 'refunds before the day is over');
	await later(3 * HOUR);
	await dies(d, 'REFUNDED');
	same((await settlements()).slice(before).map((s) => s.iban_id), [IBAN], 'where the money went');
	await booksAgree();
});

test('nothing of a frozen deal leaves until it is thawed', async () => {
	const before = (await settlements()).length;
	await asks(reza, '/iban');
	await asks(reza, OTHER_IBAN);
	const d = await refunded();
	await omid.says(`/deal ${d.code}`, { chat: 'bazaar' });
	await omid.sees(new RegExp(d.code), { chat: 'bazaar' });
	for (const who of [omid, mina]) await d.press(who, 'freeze.on', { chat: 'bazaar' });
	await waitFor(async () => (await d.row()).rest.frozen, { what: 'the freeze' });
	await later(2 * DAY);
	await idle();
	same((await settlements()).length, before, 'refunds of a frozen deal');
	for (const who of [omid, mina]) await d.press(who, 'freeze.off', { chat: 'bazaar' });
	await waitFor(async () => !(await d.row()).rest.frozen, { what: 'the thaw' });
	await later(20 * MINUTE);
	await dies(d, 'REFUNDED');
	same((await settlements()).slice(before).map((s) => s.iban_id), [OTHER_IBAN], 'where the money went');
	await booksAgree();
	await closeHouse();
	await begin();
	await tells(sara, OWN_ID, '09121234567', IBAN);
});

test('a payout that comes back is owed again and goes to the next account', async () => {
	const d = await accepted();
	await later(HOUR + MINUTE);
	await waitFor(async () => (await settlements()).some((s) => s.payment_number === undefined || s.status === 'INIT'), { what: 'the payout' });
	await vandar({ track: await track(d), status: 'FAILED' });
	await later(2 * MINUTE);
	await waitFor(async () => (await d.row()).payable > 0, { what: 'the money to be owed again' });
	await asks(sara, '/iban');
	await asks(sara, IBAN);
	await later(2 * HOUR);
	await idle();
	same((await d.row()).inflight, 0, 'an IBAN that takes the place of one waits a day');
	await later(23 * HOUR);
	await later(7 * MINUTE);
	await closed(d, 'COMPLETED');
	await booksAgree();
});

test('tokens that run out are renewed by themselves, and both are new', async () => {
	const before = (await house.sandbox.state()).vandar.token;
	await vandar({ expire: true });
	const d = await accepted();
	await later(HOUR + MINUTE);
	for (let i = 0; i < 10 && (await d.state()) !== 'COMPLETED'; i++) await later(2 * MINUTE);
	await closed(d, 'COMPLETED');
	expect((await house.sandbox.state()).vandar.token > before, 'no new tokens');
	await house.killBot('SIGKILL');
	await house.restartBot();
	const next = await accepted();
	await later(HOUR + MINUTE);
	await later(7 * MINUTE);
	await closed(next, 'COMPLETED');
});

test('a payout that Vandar does not take for hours is named in the group, tried on, and paid in the end', async () => {
	const told = async () => (await omid.view('bazaar')).messages.some((m) => (m.text ?? '').startsWith('⏳'));
	await vandar({ least: 100_000_000 });
	const d = await accepted();
	await later(HOUR + MINUTE);
	for (let i = 0; i < 60 && !(await told()); i++) await later(6 * MINUTE);
	expect(await told(), 'nobody is told');
	await d.is('PAYOUT_DUE');
	await vandar({ least: 5000 });
	for (let i = 0; i < 10 && (await d.state()) !== 'COMPLETED'; i++) await later(6 * MINUTE);
	await closed(d, 'COMPLETED');
	await booksAgree();
});

test('a notice from anywhere only makes us ask', async () => {
	const d = await accepted();
	await later(HOUR + MINUTE);
	await waitFor(async () => (await one(`SELECT state FROM settlement WHERE deal_id = ${d.id} AND kind = 1`)) === 2, { what: 'the payout to be on its way' });
	const notify = (number) =>
		fetch(`${house.bot.url}/bank/vandar/notify`, { method: 'POST', body: new URLSearchParams({ payment_number: number, status: 'DONE', amount: '1' }) });
	for (const number of [await track(d), '123', "1' OR 1=1", '']) same((await notify(number)).status, 200, 'a notice');
	await settled();
	await d.is('PAYOUT_DUE');
	await later(7 * MINUTE);
	await closed(d, 'COMPLETED');
});

test('above the limit two treasurers must say yes, and no party is one of them', async () => {
	await closeHouse();
	await begin({ SEPAREX_PAYOUT_TWO_PERSON_TOMAN: '1000000' });
	const STAFF = { chat: 'bazaar' };
	const d = await accepted();
	await tells(sara, OWN_ID, '09121234567', IBAN);
	await later(2 * HOUR);
	await idle();
	same(await settlements(), [], 'payouts before the treasurers spoke');
	await d.refuses(sara, 'payout_ok', STAFF);
	await d.press(omid, 'payout_ok', STAFF);
	await settled();
	await d.refuses(omid, 'payout_ok', STAFF);
	same(await settlements(), [], 'payouts after one word');
	await d.press(mina, 'payout_ok', STAFF);
	await later(7 * MINUTE);
	await closed(d, 'COMPLETED');
	same(await one(`SELECT COUNT(*) FROM staff_act WHERE act = 'PAYOUT_APPROVED' AND deal_id = ${d.id} AND second_id <> person_id`), 1, 'the log of the staff');
});

test('no number of a person is in the log', async () => {
	const log = house.bot.process.output();
	for (const secret of [OWN_ID, '09121234567', IBAN, 'access-', 'refresh-']) expect(!log.includes(secret), `the log says ${secret}`);
	same(await sql('SELECT id, reason FROM work WHERE state = 3'), [], 'dead work');
});

async function begin(more = {}) {
	house = await openHouse({
		env: (urls) => ({
			...realBanks('parsian')(urls),
			...vandarPays(urls),
			SEPAREX_TELEGRAM_OPERATORS_CHAT: '-1001000000001',
			SEPAREX_STAFF_OPERATORS: '1003 5000000004',
			...more,
		}),
	});
	[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
}

await run({ before: begin, after: closeHouse });
