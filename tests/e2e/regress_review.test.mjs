// What a hostile reader found in the way of money: each was a flaw once.
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { person, run, separexCli, test, waitFor } from './lib.mjs';
import { DAY, HOUR, MINUTE, asks, closeHouse, closed, draft, expect, hasIban, idle, later, one, openHouse, same, settled, sql } from './deals.mjs';
import { decides, goesTo, newestBatch as batch, part, paysPart, pressesBatch, realBanks, vandarPays } from './banks.mjs';

const STAFF = { chat: 'bazaar' };
const ID = '0499370899';
const OWN = 'IR062960000000100324200001', STRANGE = 'IR820540102680020817909002', OURS = 'IR580540105180021273113007';
let house, sara, reza, mina, omid, folder;

async function begin(more = () => ({})) {
	await closeHouse();
	folder = mkdtempSync(join(tmpdir(), 'separex-review-'));
	house = await openHouse({
		env: (urls) => ({
			SEPAREX_TELEGRAM_OPERATORS_CHAT: '-1001000000001',
			SEPAREX_STAFF_OPERATORS: '1003 5000000004',
			SEPAREX_PAYOUT_FOLDER: folder,
			SEPAREX_CCTI_NAME: 'Separex',
			SEPAREX_CCTI_IBAN: OURS,
			...more(urls),
		}),
	});
	[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
}

const vandarEnv = (urls) => ({ ...realBanks('mellat parsian')(urls), ...vandarPays(urls) });

async function tells(who, id, mobile, iban) {
	await asks(who, '/iban');
	for (const word of [id, mobile, iban]) if (word) await asks(who, word);
	await idle();
}

async function presses(who, act) {
	await pressesBatch(who, act);
	await settled();
}

test('a file for the bank pays nobody else’s account', async () => {
	await begin((urls) => ({ ...vandarEnv(urls), SEPAREX_PAYOUT_RAIL: 'file' }));
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('AWAIT_PAY');
	await paysPart(house, d, 'parsian');
	await d.goes('DELIVERED');
	await d.accepts();
	await tells(sara, ID, '09121234567', OWN);
	await later(HOUR + MINUTE);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the payout to be queued' });
	await house.sandbox.call('/sim/vandar', { stranger: STRANGE });
	await asks(sara, '/iban');
	await asks(sara, STRANGE);
	await idle();
	same(await one('SELECT iban_state FROM person WHERE outside_id = 1001'), 3, 'what the provider said of the account');
	await later(DAY + HOUR);
	await asks(omid, '/batch', STAFF);
	await settled();
	if (await batch()) {
		await presses(omid, 'ok');
		await presses(mina, 'ok');
		await waitFor(async () => (await batch()).state === 3, { what: 'the file' });
		expect(!readFileSync(join(folder, (await batch()).file_name), 'utf8').includes(STRANGE), 'the file pays the stranger’s account');
	}
});

test('money of a stranger’s card that is rejected does not go to the buyer’s account', async () => {
	await begin((urls) => ({ ...vandarEnv(urls), SEPAREX_GATEWAY_ASK_CARD: 'on' }));
	await tells(reza, ID, '09121234567', OWN);
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('AWAIT_PAY');
	await asks(reza, '5443');
	await settled();
	const p = await goesTo(house, d, 'mellat');
	await decides(house, 'mellat', p.order_id, 'pay', { card: '6219861034529007' });
	await d.reaches('PAY_REVIEW');
	await idle();
	await d.press(omid, 'review.back', STAFF);
	await later(10 * MINUTE);
	await later(10 * MINUTE);
	const out = (await house.sandbox.state()).vandar.settlements.map((s) => [s.iban_id, s.amount]);
	same(out, [], 'money of the stolen card at the buyer’s own account');
});

test('a ruling gives nobody less than the rail carries', async () => {
	await begin(vandarEnv);
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('AWAIT_PAY');
	await paysPart(house, d, 'mellat');
	await d.goes('DELIVERED');
	await d.reports();
	await d.escalates();
	await d.press(omid, 'rule.split', STAFF);
	for (const sum of ['2,000 toman', '1,990,000 toman']) {
		await asks(omid, sum, STAFF);
		await omid.sees(/۵٬۰۰۰ تومان/, STAFF);
		same(await d.state(), 'DISPUTED', sum);
	}
	await asks(omid, '5,000 toman', STAFF);
	await d.reasons(omid, 'rule.split-50000', STAFF.chat);
	await d.reaches('RULED');
});

async function restored(file) {
	await house.killBot('SIGTERM');
	const { code, out, err } = await separexCli(['restore', file]);
	expect(code === 0, `restore: ${out}${err}`);
	await house.restartBot();
	await settled();
}
async function backup() {
	const file = join(folder, `b${Date.now()}`);
	const { code, out, err } = await separexCli(['backup', file]);
	expect(code === 0, `backup: ${out}${err}`);
	return file;
}

test('the bank’s result for a payout that was told with /left is taken, also after the deal was released', async () => {
	await begin(() => ({ SEPAREX_PAYOUT_RAIL: 'file' }));
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('DELIVERED');
	await hasIban(sara);
	await idle();
	const file = await backup();
	await restored(file);
	await d.accepts();
	await later(HOUR + MINUTE);
	await idle();
	for (const who of [omid, mina]) await asks(who, `/left ${d.code} 1700000000000123456`, STAFF);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the told payout' });
	await asks(omid, `/deal ${d.code}`, STAFF);
	await d.press(omid, 'payout_ok', STAFF); // the card still has the button
	await settled();
	await d.press(mina, 'payout_ok', STAFF);
	await settled();
	const path = join(folder, 'r.csv');
	writeFileSync(path, `track,state,reason,amount,iban\n1700000000000123456,done,,${(await d.row()).inflight},\n`);
	const { out } = await separexCli(['import-results', path]);
	const report = /^(\S+\.report) what came/m.exec(out)[1];
	await waitFor(async () => existsSync(report), { what: 'the report' });
	await d.reaches('COMPLETED');
});

test('a wrong number told with /left that is another payout at the bank leaves a way out', async () => {
	await begin(vandarEnv);
	await tells(sara, ID, '09121234567', OWN);
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('AWAIT_PAY');
	await paysPart(house, d, 'parsian');
	await d.goes('DELIVERED');
	const file = await backup();
	const lost = await draft({ price: '3,000,000 toman' }); // begins after the backup, is paid out, and lost
	await lost.goes('AWAIT_PAY');
	await paysPart(house, lost, 'parsian');
	await lost.goes('DELIVERED');
	await lost.accepts();
	await later(HOUR + MINUTE);
	await later(7 * MINUTE);
	await closed(lost, 'COMPLETED');
	const wrong = (await house.sandbox.state()).vandar.settlements.at(-1).payment_number;
	await restored(file);
	await d.accepts();
	await later(HOUR + MINUTE);
	for (const who of [omid, mina]) await asks(who, `/left ${d.code} ${wrong}`, STAFF);
	await waitFor(async () => (await d.row()).inflight === 0, { what: 'the payout to be owed again' });
	for (const who of [omid, mina]) await asks(who, `/left ${d.code} 123456789`, STAFF); // the right number now
	await settled();
	same((await sql(`SELECT 1 FROM settlement WHERE deal_id = ${d.id}`)).length, 2, 'the right number is taken after the wrong one');
});

test('operators hear of money that Mellat does not hand over', async () => {
	await begin((urls) => realBanks('mellat')(urls));
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('AWAIT_PAY');
	const p = await goesTo(house, d, 'mellat');
	await house.sandbox.fault('mellat.bpSettleRequest', 'soap', 100000);
	await decides(house, 'mellat', p.order_id, 'pay');
	await d.reaches('FUNDED');
	const said = async () => (await omid.view('bazaar')).messages.filter((m) => (m.text ?? '').startsWith('⏳') || (m.text ?? '').includes('⚠') || (m.text ?? '').includes('🚨')).map((m) => m.text);
	for (let i = 0; i < 60; i++) await later(6 * MINUTE);
	expect((await said()).length > 0, 'nobody is told');
});

test('a file that holds a frozen deal’s payout is not said to be at the bank, and can be withdrawn', async () => {
	await begin(() => ({ SEPAREX_PAYOUT_RAIL: 'file' }));
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('DELIVERED');
	await d.accepts();
	await hasIban(sara);
	await later(HOUR + MINUTE);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the payout to be queued' });
	await asks(omid, '/batch', STAFF);
	await settled();
	await presses(omid, 'ok');
	await presses(mina, 'ok');
	await waitFor(async () => (await batch()).state === 3, { what: 'the file' });
	await asks(omid, `/deal ${d.code}`, STAFF);
	for (const who of [omid, mina]) await d.press(who, 'freeze.on', STAFF);
	await waitFor(async () => (await d.row()).rest.frozen, { what: 'the freeze' });
	const heard = (await omid.view('bazaar')).messages.slice(-3).map((m) => (m.text ?? '').split('\n')[0]);
	await presses(omid, 'sent');
	await settled();
	same((await batch()).state, 3, 'the batch with a frozen deal after “it is at the bank”');
});

await run({ after: closeHouse });
