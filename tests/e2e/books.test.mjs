// The books and the banks' statements: rows are taken once, what only a bank can tell is booked, what nobody knows is named,
// and the proof is posted every day.
import { existsSync, mkdtempSync, readFileSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { person, run, separexCli, test, waitFor } from './lib.mjs';
import { DAY, HOUR, asks, closeHouse, closed, draft, expect, hasIban, idle, later, one, openHouse, same, settled, sql } from './deals.mjs';
import { part, paysPart, realBanks } from './banks.mjs';

const STAFF = { chat: 'bazaar' };
const COLUMNS = 'Date,Number,Credit,Debit,Description';

let house, sara, mina, folder, deal;

const statement = (...rows) => [COLUMNS, ...rows].join('\r\n') + '\r\n';
const state = (key) => one(`SELECT state FROM statement_row WHERE row_key LIKE '%${key}%'`);

/** Hands a statement in and answers what the report says of each row. */
async function imports(account, text, name = `s${Math.random()}.csv`) {
	const path = join(folder, name);
	writeFileSync(path, text);
	const { code, out, err } = await separexCli(['import-statement', account, path]);
	expect(code === 0, `import-statement: ${out}${err}`);
	const report = /^(\S+\.report) what came/m.exec(out)[1];
	await waitFor(async () => existsSync(report), { what: 'the report' });
	return readFileSync(report, 'utf8').trim().split('\n').map((l) => l.replace(/^line \d+(, -?\d+ rial)?: /, ''));
}

const PAYMENT = 'a payment of ours', OUT = 'a payout or refund of ours', CLEARED = 'handed over by a gateway; booked';
const HANDED = 'handed over to our account, where it is booked';
const FEE = 'a fee of the bank; booked', UNKNOWN = 'NOTHING OF OURS IS LIKE IT; kept open', AGAIN = 'taken before';

async function audited() {
	const { code, out, err } = await separexCli(['audit']);
	expect(code === 0, `audit: ${out}${err}`);
}

/** Today of the virtual clock as a bank writes it: 1405/09/05 in Persian digits. */
const today = async () => {
	const { now_ms } = await house.sandbox.call('/sim/clock');
	return new Date(now_ms).toLocaleDateString('fa-IR-u-ca-persian-nu-arabext', { timeZone: 'Asia/Tehran', year: 'numeric', month: '2-digit', day: '2-digit' });
};
const persian = (n) => `"${n.toLocaleString('fa-IR').replaceAll('٬', ',')}"`;

test('a gateway’s sale, its hand-over, a payout and a fee are known; a stranger’s money is named', async () => {
	deal = await draft({ price: '20,000,000 toman' });
	await deal.goes('AWAIT_PAY');
	const p = await paysPart(house, deal, 'mellat');
	await deal.goes('DELIVERED');
	await deal.accepts();
	await hasIban(sara);
	await later(2 * HOUR);
	await closed(deal, 'COMPLETED');
	const out = (await sql(`SELECT amount, '' || track_id AS track, gateway FROM settlement WHERE deal_id = ${deal.id}`))[0];
	const day = await today();
	same(await imports('mellat', statement(`${day},1,${persian(p.amount)},,فروش ${p.order_id}`, `${day},2,5000000,,واریز نقدی`)), [PAYMENT, UNKNOWN], 'the gateway’s');
	same(await imports(out.gateway, statement(`${day},7,,${out.amount},انتقال ${out.track}`, `${day},8,,"12,500",کارمزد انتقال`)), [OUT, FEE], 'of the account that pays out');
	same(await imports('bank', statement(`${day},11,${p.amount},,واریز شاپرک درگاه ملت`, `${day},12,,9000,آبونمان`)), [CLEARED, UNKNOWN], 'our bank’s');
	same(await imports('mellat', statement(`${day},3,,${p.amount},تسویه`, `${day},4,,${p.amount},تسویه`)), [HANDED, UNKNOWN], 'the gateway’s side of it');
	same(await one(`SELECT balance FROM ledger_balance WHERE kind = 1 AND id = 2`), 0, 'left at the gateway');
	same(await one(`SELECT balance FROM ledger_balance WHERE kind = 8`), 12500, 'costs');
	await audited();
});

test('words alone book little: a fee is small, and a gateway hands over no more than it holds', async () => {
	const day = await today();
	const before = await sql('SELECT kind, id, balance FROM ledger_balance ORDER BY kind, id');
	same(await imports('bank', statement(`${day},41,,1000010,کارمزد خدمات`, `${day},42,20000000,,درگاه ملت`)), [UNKNOWN, UNKNOWN], 'rows');
	same(await sql('SELECT kind, id, balance FROM ledger_balance ORDER BY kind, id'), before, 'the books');
	await audited();
});

test('files of the bank are removed when their days are over; what came of their rows stays', async () => {
	const done = join(folder, 'bank', 'done');
	const [old, young] = readdirSync(done).filter((f) => f.endsWith('.csv'));
	utimesSync(join(done, old), 1, 1);
	await later(2 * HOUR);
	await waitFor(async () => !existsSync(join(done, old)), { what: 'the old file to go' });
	expect(existsSync(join(done, young)) && existsSync(join(done, `${old}.report`)), 'what should stay');
});

test('a statement is taken once, whatever the file is called; a row that comes with another sum changes nothing', async () => {
	const day = await today();
	const before = await sql('SELECT * FROM ledger_balance');
	const rows = statement(`${day},11,${(await part(deal)).amount},,واریز شاپرک درگاه ملت`, `${day},13,,1000,کارمزد پیامک`);
	same(await imports('bank', rows), [AGAIN, FEE], 'a statement that overlaps');
	same(await imports('bank', rows, 'again.csv'), [AGAIN, AGAIN], 'the same again');
	same((await imports('bank', statement(`${day},13,,2000,کارمزد پیامک`)))[0].startsWith('TAKEN BEFORE WITH ANOTHER SUM'), true, 'another sum');
	same(await one('SELECT COUNT(*) FROM ledger_set WHERE deal_id IS NULL'), 3, 'sets of the house');
	expect(JSON.stringify(before) !== JSON.stringify(await sql('SELECT * FROM ledger_balance')), 'the fee was not booked');
	await audited();
});

test('files that are no statement are refused with what to do', async () => {
	for (const [account, text, wanted] of [
		['bank', 'a,b\r\n1,2\r\n', /must name the column/],
		['nobody', statement('1405/09/05,1,5,,x'), /there is no account/],
		['bank', '', /./],
	]) {
		const path = join(folder, 'bad.csv');
		writeFileSync(path, text);
		const { code, err } = await separexCli(['import-statement', account, path]);
		expect(code === 1 && wanted.test(err), `${account}: ${code} ${err}`);
	}
	const day = await today();
	const said = await imports('bank', statement(`${day},,5,,x`, `${day},21,abc,,x`, `${day},22,0,0,x`, `روزی,23,700,,بی‌تاریخ`));
	expect(/statement.key/.test(said[0]) && /cannot be read/.test(said[1]) && /moves nothing/.test(said[2]) && said[3] === UNKNOWN, said.join('\n'));
});

test('reconcile names what each side has alone, and the age of money without an owner', async () => {
	const other = await draft();
	await other.goes('AWAIT_PAY');
	const p = await paysPart(house, other, 'mellat');
	await settled();
	const { code, out } = await separexCli(['reconcile']);
	same(code, 1, 'the exit code');
	expect(/the bank has, we have not:[^]*\+5000000 rial {2}row .*2/.test(out), out);
	expect(out.includes(`payment ${p.order_id} of deal ${other.id}`), out);
	expect(/held \d+ = owed \d+ \+ ours -?\d+ rial: equal/.test(out), out);
});

test('what was unknown is known a day later, and the proof comes into the group', async () => {
	const late = await draft();
	await late.goes('AWAIT_PAY');
	// The bank's file is there before its browser comes back: unknown today.
	const { order_id, amount } = (await sql(`SELECT '' || order_id AS order_id, amount FROM payment WHERE deal_id = ${late.id}`))[0];
	same(await imports('mellat', statement(`${await today()},${order_id},${amount},,فروش`)), [UNKNOWN], 'too early');
	await paysPart(house, late, 'mellat');
	await later(DAY + HOUR);
	await idle();
	same(await state(order_id), 2, 'the row');
	const proof = await mina.waits('bazaar', 20_000, 'gets the proof', ({ messages }) => messages.findLast((m) => m.photo && /🧾/.test(m.caption ?? '')));
	expect(proof.caption.includes('mellat'), proof.caption);
	await asks(mina, '/books', STAFF);
	await audited();
});

test('tables for the accountant', async () => {
	const table = async (kind, ...more) => {
		const { code, out, err } = await separexCli(['report', kind, ...more]);
		expect(code === 0, `${kind}: ${err}`);
		const [head, ...rows] = out.trim().split('\r\n').map((l) => l.split(','));
		return rows.map((r) => Object.fromEntries(head.map((h, i) => [h, r[i]])));
	};
	const row = (await table('deals')).find((r) => r.code === deal.code);
	same([row.state, row.price, row.fee_taken], ['COMPLETED', '200000000', String((await deal.row()).fee)], 'the deal');
	const fees = await table('fees');
	const [vat] = await table('vat');
	same(Number(vat.fee), fees.reduce((n, f) => n + Number(f.fee), 0), 'the sum of the fees');
	same(Number(vat.vat) + Number(vat.net), Number(vat.fee), 'tax and rest');
	same((await table('payouts')).filter((r) => r.deal === deal.code).map((r) => [r.kind, r.state]), [['payout', 'done']], 'payouts');
	same((await table('deals', '--from', '2099-01-01')).length, 0, 'deals of another time');
	same((await separexCli(['report', 'deals', '--from', 'soon'])).code, 1, 'no date');
	same((await separexCli(['report', 'horses'])).code, 1, 'no report');
});

test('money that comes in under the number of a payout that is done reopens nothing: anybody can write that number', async () => {
	const out = (await sql(`SELECT amount, '' || track_id AS track, gateway FROM settlement WHERE deal_id = ${deal.id}`))[0];
	const before = await deal.print();
	same(await imports(out.gateway, statement(`${await today()},31,${out.amount},,برگشت ${out.track}`)), [UNKNOWN], 'the row');
	await later(DAY);
	await idle();
	same(await deal.print(), before, 'the deal');
	const { code, out: text } = await separexCli(['reconcile']);
	expect(code === 1 && text.includes(`+${out.amount} rial`), text);
	await audited();
});

await run({
	before: async () => {
		folder = mkdtempSync(join(tmpdir(), 'separex-books-'));
		house = await openHouse({
			env: realBanks('mellat parsian', {
				SEPAREX_TELEGRAM_OPERATORS_CHAT: '-1001000000001',
				SEPAREX_STAFF_OPERATORS: '1003',
				SEPAREX_PAYOUT_FOLDER: join(folder, 'bank'),
				SEPAREX_STATEMENT_KEY: 'date number',
				SEPAREX_STATEMENT_REFERENCE: 'number',
				SEPAREX_BOOKS_PROOF_HOUR: '9',
				SEPAREX_STATEMENT_COST: 'کارمزد',
				SEPAREX_STATEMENT_CLEARING: 'درگاه_ملت:mellat درگاه_پارسیان:parsian',
			}),
		});
		[sara, mina] = ['sara', 'mina'].map(person);
	},
	after: closeHouse,
});
