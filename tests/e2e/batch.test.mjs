// Payouts in files for the bank: two treasurers approve, the file is written once, results come back row by row.
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { person, run, separexCli, test, waitFor } from './lib.mjs';
import { HOUR, MINUTE, asks, closeHouse, closed, draft, expect, idle, later, one, openHouse, same, settled, sql } from './deals.mjs';
import { newestBatch as batch, paysPart, pressesBatch as presses, realBanks } from './banks.mjs';

const STAFF = { chat: 'bazaar' };
const IBAN = 'IR062960000000100324200001';
const OURS = 'IR580540105180021273113007';

let house, sara, mina, omid, folder;

async function dueTo(seller, price = '2,000,000 toman') {
	const d = await draft({ seller, price });
	await d.goes('DELIVERED');
	await d.accepts();
	if (!(await one('SELECT iban FROM person WHERE outside_id = 1001'))) {
		await asks(seller, '/iban');
		await asks(seller, IBAN);
	}
	// One that takes the place of another, which a bank has refused, waits a day.
	const changed = await one('SELECT iban_changed_ms FROM person WHERE outside_id = 1001');
	await later(changed ? 25 * HOUR : HOUR + MINUTE);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the payout to be queued' });
	return d;
}

const files = () => (existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith('.ccti')) : []);
const track = (d) => one(`SELECT '' || track_id FROM settlement WHERE deal_id = ${d.id} AND kind = 1 ORDER BY id DESC LIMIT 1`);

async function writtenFile() {
	await presses(omid, 'ok');
	await waitFor(async () => (await one(`SELECT COUNT(*) FROM staff_act WHERE act = 'FIRST_WORD'`)) > 0, { what: 'the first word' });
	await presses(mina, 'ok');
	await waitFor(async () => (await batch()).state === 3, { what: 'the file to be written' });
	return readFileSync(join(folder, (await batch()).file_name), 'utf8');
}

const COLUMNS = 'track,state,reason,amount,iban';

/** What the bank says of an order, in COLUMNS. */
async function says(trackId, state, reason = '') {
	return `${trackId},${state},${reason},${await one(`SELECT amount FROM settlement WHERE track_id = '${trackId}'`)},`;
}

const told = async (...order) => results(`${COLUMNS}\n${await says(...order)}\n`);

/** Hands a result file in and answers the report. */
async function results(text, name = `r${Math.random()}.csv`) {
	const path = join(folder, name);
	writeFileSync(path, text);
	const { code, out, err } = await separexCli(['import-results', path]);
	expect(code === 0, `import-results: ${out}${err}`);
	const report = /^(\S+\.report) what came/m.exec(out)[1];
	await waitFor(async () => existsSync(report), { what: 'the report' });
	return readFileSync(report, 'utf8');
}

async function booksAgree() {
	const { code, out, err } = await separexCli(['audit']);
	expect(code === 0, `audit: ${out}${err}`);
}

test('two treasurers, one file, sums and counts proven, results row by row', async () => {
	const first = await dueTo(sara);
	const second = await dueTo(sara, '3,000,000 toman');
	await asks(omid, '/batch', STAFF);
	await settled();
	same([(await batch()).rows, (await batch()).state], [2, 1], 'the batch');
	await presses(sara, 'ok');
	await settled();
	same((await batch()).state, 1, 'after the word of a party');
	await presses(omid, 'ok');
	await settled();
	await presses(omid, 'ok');
	await settled();
	same([(await batch()).state, files()], [1, []], 'after one treasurer’s two words');
	const text = await writtenFile();
	const sum = (await batch()).sum;
	expect(text.includes(`<NbOfTxs>2</NbOfTxs><CtrlSum>${sum}</CtrlSum>`), text);
	expect(text.split(`<IBAN>${IBAN}</IBAN>`).length === 3, 'both orders go to the seller');
	expect((await batch()).file_name === `${OURS}000000001.ccti`, (await batch()).file_name);
	same(await one(`SELECT COUNT(*) FROM settlement WHERE rail = 'file' AND state = 2`), 0, 'sent before the treasurer said so');
	await presses(omid, 'sent');
	await waitFor(async () => (await batch()).state === 4, { what: 'the batch to be sent' });
	const [a, b] = [await track(first), await track(second)];
	const paid = `${await says(a, 'done')}${IBAN}`;
	const report = await results(
		`${COLUMNS}\n${paid}\n${b},returned,account closed,,\n${paid}\n999,done,,1,\n${b},odd,,,\n` +
			`${b},done,,5,\n${b},done,,,\n${b},done,,"1,000 rial",\n${a},done,,,${IBAN}\n${await says(a, 'done')}${OURS}\n`,
	);
	expect(/line 2, .*: paid/.test(report) && /line 3, .*: sent back/.test(report), report);
	expect(/line 4, .*: taken before/.test(report) && /line 5, 999: no payout/.test(report), report);
	expect(/line 6, .*in neither/.test(report) && /line 7, .*another amount/.test(report), report);
	expect(/line 8, .*says no sum/.test(report) && /line 9, .*cannot be read/.test(report) && /line 10, .*says no sum/.test(report), report);
	expect(/line 11, .*another IBAN/.test(report), report);
	await closed(first, 'COMPLETED');
	same((await second.row()).payable > 0, true, 'what came back is owed again');
	await booksAgree();
});

test('a payout that comes back after it was done is owed again, and paid to the next account', async () => {
	const d = await dueTo(sara, '4,000,000 toman');
	await asks(omid, '/batch', STAFF);
	await settled();
	await writtenFile();
	await presses(omid, 'sent');
	await waitFor(async () => (await batch()).state === 4, { what: 'the batch to be sent' });
	const t = await track(d);
	await told(t, 'done');
	await closed(d, 'COMPLETED');
	const soon = await told(t, 'returned');
	expect(/contrary/.test(soon), soon);
	await d.is('COMPLETED');
	await later(7 * HOUR);
	const back = await told(t, 'returned', 'account closed');
	expect(/sent back after it had been done/.test(back), back);
	await d.is('PAYOUT_DUE');
	same((await d.row()).payable > 0, true, 'owed again');
	const again = await told(t, 'returned', 'account closed');
	expect(/taken before/.test(again), again);
	await booksAgree();
	await asks(sara, '/iban');
	await asks(sara, 'IR820540102680020817909002');
	await later(2 * HOUR);
	await idle();
	same((await d.row()).inflight, 0, 'an IBAN that takes the place of one waits a day');
	await later(23 * HOUR);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the payout to be queued again' });
	await asks(omid, '/batch', STAFF);
	await settled();
	await writtenFile();
	await presses(omid, 'sent');
	await waitFor(async () => (await batch()).state === 4, { what: 'the second batch to be sent' });
	await told(await track(d), 'done');
	await closed(d, 'COMPLETED');
	await booksAgree();
});

test('the same file twice changes nothing', async () => {
	const before = JSON.stringify(await sql('SELECT id, state FROM settlement ORDER BY id'));
	const a = await one(`SELECT '' || track_id FROM settlement WHERE state = 3 AND rail = 'file' LIMIT 1`);
	for (let i = 0; i < 2; i++) await results(`${COLUMNS}\n${await says(a, 'done')}\n`, 'same.csv');
	same(JSON.stringify(await sql('SELECT id, state FROM settlement ORDER BY id')), before, 'settlements');
});

test('a file that is none is refused before the bot sees it', async () => {
	for (const text of ['', 'a,b\n1,2\n', 'track,state\n1,done\n', 'track,state,amount\n1,done,5\n', `${COLUMNS}\n"1`]) {
		const path = join(folder, 'bad.csv');
		writeFileSync(path, text);
		const { code, err } = await separexCli(['import-results', path]);
		if (text.startsWith(COLUMNS)) continue; // its rows are told in the report
		same(code, 1, `the exit code for ${JSON.stringify(text)}`);
		expect(err.includes('bad.csv'), err);
	}
});

test('cancelled, its payouts wait for the next batch; killed at any moment, each is in one file', async () => {
	const d = await dueTo(sara);
	await asks(omid, '/batch', STAFF);
	await presses(omid, 'no');
	await waitFor(async () => (await batch()).state === 5, { what: 'the batch to be cancelled' });
	await asks(omid, '/batch', STAFF);
	await presses(omid, 'ok');
	await settled();
	const { id } = await batch();
	await mina.presses(`batch:ok.${id}`, STAFF);
	await house.killBot('SIGKILL');
	await house.restartBot();
	await waitFor(async () => [3, 1].includes((await batch()).state), { what: 'a state after the kill' });
	if ((await batch()).state === 1) await mina.presses(`batch:ok.${id}`, STAFF);
	await waitFor(async () => (await batch()).state === 3, { what: 'the file to be written' });
	const name = (await batch()).file_name;
	const bytes = readFileSync(join(folder, name), 'utf8');
	await house.killBot('SIGKILL');
	await house.restartBot();
	await settled();
	same(readFileSync(join(folder, name), 'utf8'), bytes, 'the file after a restart');
	const tracks = files().flatMap((f) => [...readFileSync(join(folder, f), 'utf8').matchAll(/<EndToEndId>(\d+)/g)].map((m) => m[1]));
	same(new Set(tracks).size, tracks.length, 'orders in two files');
	await presses(omid, 'sent');
	await waitFor(async () => (await batch()).state === 4, { what: 'the batch to be sent' });
	await results(`${COLUMNS}\n${await says(await track(d), 'done')}\n`.replaceAll(',', ';').replaceAll('\n', '\r\n'));
	await closed(d, 'COMPLETED');
	await booksAgree();
	same(await sql('SELECT id, reason FROM work WHERE state = 3'), [], 'dead work');
});

test('a batch that nobody makes, and results that nobody brings, are said in the group', async () => {
	const d = await dueTo(sara);
	const said = async (mark) => (await omid.view('bazaar')).messages.filter((m) => (m.text ?? '').startsWith(mark)).length;
	same(await said('⏰'), 0, 'reminders at once');
	await later(4 * HOUR);
	await omid.waits('bazaar', 20_000, 'is reminded of the batch', ({ messages }) => messages.some((m) => (m.text ?? '').startsWith('⏰')));
	await asks(omid, '/batch', STAFF);
	await settled();
	await writtenFile();
	await presses(omid, 'sent');
	await waitFor(async () => (await batch()).state === 4, { what: 'the batch to be sent' });
	for (let i = 0; i < 6 && !(await said('🔴')); i++) await later(24 * HOUR);
	same(await said('🔴') > 0, true, 'told that the bank said nothing');
	await told(await track(d), 'done');
	await closed(d, 'COMPLETED');
	await booksAgree();
});

test('120,000,000 toman in three parts through two banks, paid out in a file for the bank', async () => {
	await closeHouse();
	await begin(realBanks('mellat parsian'));
	const d = await draft({ price: '120,000,000 toman' });
	await d.goes('AWAIT_PAY');
	for (const [n, bank] of [[2, 'parsian'], [1, 'mellat'], [3, 'mellat']]) await paysPart(house, d, bank, n);
	await d.reaches('FUNDED');
	await d.goes('DELIVERED');
	await d.accepts();
	await asks(sara, '/iban');
	await asks(sara, IBAN);
	await later(HOUR + MINUTE);
	await d.press(omid, 'payout_ok', STAFF);
	await settled();
	await d.press(mina, 'payout_ok', STAFF);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the payout to be queued' });
	await asks(omid, '/batch', STAFF);
	await settled();
	const out = (await d.row()).inflight;
	expect((await writtenFile()).includes(`<InstdAmt Ccy="IRR">${out}</InstdAmt>`), 'the order of the file');
	await presses(omid, 'sent');
	await waitFor(async () => (await batch()).state === 4, { what: 'the batch to be sent' });
	await told(await track(d), 'done');
	await closed(d, 'COMPLETED');
	await booksAgree();
});

async function begin(banks = () => ({})) {
	folder = mkdtempSync(join(tmpdir(), 'separex-payouts-'));
	house = await openHouse({
		env: (urls) => ({
			...banks(urls),
			SEPAREX_PAYOUT_RAIL: 'file',
			SEPAREX_PAYOUT_FOLDER: folder,
			SEPAREX_CCTI_NAME: 'Separex',
			SEPAREX_CCTI_IBAN: OURS,
			SEPAREX_TELEGRAM_OPERATORS_CHAT: '-1001000000001',
			SEPAREX_STAFF_TREASURERS: '1001 1003 5000000004',
		}),
	});
	[sara, mina, omid] = ['sara', 'mina', 'omid'].map(person);
}

await run({ before: () => begin(), after: closeHouse });
