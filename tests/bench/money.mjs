// What `make bench` measures of money: callbacks of a bank with verify and settle against the stub, the time from a callback
// to "paid" in both chats, and the audit of a million deals. Deals are copies of one that was really played, made in the
// stopped bot's store, so that the audit finds nothing. ONLY=callbacks,audit a part; DEALS=10000 a smaller audit.
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, ROOT, messageText, person, waitFor } from '../e2e/lib.mjs';
import { HOUR, closeHouse, closed, draft, hasIban, idle, later, openHouse } from '../e2e/deals.mjs';
import { goesTo, part, realBanks } from '../e2e/banks.mjs';

const ONLY = (process.env.ONLY || 'callbacks,audit').split(',');
const DEALS = Number(process.env.DEALS || 1_000_000);
const BURST = 400; // callbacks at once
const CONNECTIONS = 16;
const PACED = 200; // callbacks one after the other
const PACE_MS = 80;
const FIRST_ID = 1000; // of the deal that is copied: no number that stands for something else
const FOLDER = join(BUILD, 'bench');
const SETTLED = 4;
const APART_MS = 2_592_000_000; // a copied deal begins when the one before it is over: the books never go back in time

const n0 = (x) => Math.round(x).toString().replace(/\B(?=(\d{3})+$)/g, ',');
const say = (text) => process.stderr.write(`${text}\n`);
const sql = (file, text) => execFileSync('sqlite3', ['-bail', file, text], { encoding: 'utf8', maxBuffer: 1 << 26 });

let house;

/** The next deal gets this id. */
const idsFrom = (file) => sql(file, `PRAGMA foreign_keys = OFF; INSERT INTO deal SELECT * FROM deal LIMIT 0; INSERT OR REPLACE INTO deal (id, code, version, state, creator, title, origin_chat, price, fee, fee_payer, inspection_h, ship_h, terms_hash, held, suspense, payable, refund, inflight, rest, carrier, tracking, created_ms, changed_ms, closed_ms) VALUES (${FIRST_ID - 1}, 'dummy', 1, 24, 2, 'x', 0, 10, 0, 3, 48, 72, 'x', 0, 0, 0, 0, 0, '{}', 0, '', 1, 1, 1)`);
const dummyGone = (file) => sql(file, `PRAGMA foreign_keys = OFF; DELETE FROM deal WHERE id = ${FIRST_ID - 1}`);

async function stopped(act) {
	await house.bot.stop();
	const result = act(house.bot.store);
	await house.bot.start();
	return result;
}

const columns = (file, table) => sql(file, `SELECT name FROM pragma_table_info('${table}')`).trim().split('\n');

/** Copies of all rows of a table that belong to the deal; `change` gives for a column what stands there in copy n.i. */
function copies(file, table, where, change) {
	const names = columns(file, table);
	return `INSERT INTO ${table} (${names}) SELECT ${names.map((c) => change[c] ?? `${table}.${c}`)} FROM n CROSS JOIN ${table} WHERE ${where};`;
}

/** `count` copies of the deal `id`, the copy i with the id id + i. */
function copyDeal(file, id, count) {
	const moved = (c) => `${c} + n.i * ${APART_MS}`;
	const times = (...names) => Object.fromEntries(names.map((c) => [c, moved(c)]));
	const shift = { deal_id: `${id} + n.i` };
	const key = (c) => `replace(replace(${c}, 'deal:${id}:', 'deal:' || (${id} + n.i) || ':'), '!', '')`;
	const script = [
		'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -400000; BEGIN;',
		`CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count}) SELECT i FROM n;`,
		copies(file, 'deal', `deal.id = ${id}`, { id: `${id} + n.i`, code: "printf('B%07d', n.i)", tracking: "CASE WHEN tracking = '' THEN '' ELSE printf('%024d', n.i) END", ...times('created_ms', 'changed_ms', 'closed_ms') }),
		copies(file, 'deal_history', `deal_history.deal_id = ${id}`, { ...shift, ...times('at_ms') }),
		copies(file, 'deal_timer', `deal_timer.deal_id = ${id}`, shift),
		copies(file, 'payment', `payment.deal_id = ${id}`, { ...shift, id: 'payment.id + n.i * 1000', page: "printf('p%031d', n.i)", order_id: 'order_id + n.i', ref: "CASE WHEN ref = '' THEN '' ELSE printf('%d', 900000000000 + n.i) END" }),
		copies(file, 'settlement', `settlement.deal_id = ${id}`, { ...shift, id: 'settlement.id + n.i * 1000', track_id: 'track_id + n.i' }),
		copies(file, 'ledger_set', `ledger_set.deal_id = ${id}`, {
			...shift,
			...times('at_ms'),
			id: 'ledger_set.id + n.i * 1000',
			natural_key: `CASE WHEN natural_key LIKE 'deal:%' THEN ${key('natural_key')} ELSE (SELECT substr(natural_key, 1, instr(substr(natural_key, 5), ':') + 4) || (substr(natural_key, instr(substr(natural_key, 5), ':') + 5) + n.i)) END`,
			content: `replace(content, ':${id}', ':' || (${id} + n.i))`,
		}),
		copies(file, 'ledger_transfer', `ledger_transfer.set_id IN (SELECT id FROM ledger_set WHERE deal_id = ${id})`, {
			set_id: 'set_id + n.i * 1000',
			debit_id: `CASE WHEN debit_id = ${id} THEN ${id} + n.i ELSE debit_id END`,
			credit_id: `CASE WHEN credit_id = ${id} THEN ${id} + n.i ELSE credit_id END`,
		}),
		copies(file, 'ledger_balance', `ledger_balance.id = ${id} AND ledger_balance.kind BETWEEN 2 AND 6`, { id: `${id} + n.i` }),
		`UPDATE ledger_balance SET balance = balance * ${count + 1} WHERE kind IN (1, 7, 8);`,
		copies(file, 'tracking_code', `tracking_code.deal_id = ${id}`, { ...shift, code: "printf('%024d', n.i)" }),
		'COMMIT;',
	];
	execFileSync('sqlite3', ['-bail', file], { input: script.join('\n'), stdio: ['pipe', 'ignore', 'inherit'] });
}

/* ---- callbacks ---- */

/** Opens an order at the stub as the bot would, pays it there, and gives what the browser carries back. */
async function paysAtStub(orderId, amount) {
	const { urls } = (await house.sandbox.state()).stubs;
	const fields = { terminalId: 1234, userName: 'separex', userPassword: 'm3llat-secret', orderId, amount, localDate: '20261126', localTime: '101010', additionalData: '', callBackUrl: `${house.bot.url}/bank/mellat/return`, payerId: 0 };
	const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:b="http://interfaces.core.sw.bps.com/"><soap:Body><b:bpPayRequest>${Object.entries(fields).map(([k, v]) => `<${k}>${v}</${k}>`).join('')}</b:bpPayRequest></soap:Body></soap:Envelope>`;
	const answer = await (await fetch(`${urls.mellat}/pgwchannel/services/pgw`, { method: 'POST', headers: { 'content-type': 'text/xml', SOAPAction: '""' }, body })).text();
	const token = /<return>0, ?([^<]+)</.exec(answer)[1];
	await house.sandbox.call('/sim/stub', { bank: 'mellat', payment: orderId, do: 'vanish' });
	return token;
}

/** `count` deals that wait for a payment which the bank has already; what each one's browser brings. */
async function paidAtBank(count) {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('AWAIT_PAY');
	await goesTo(house, d, 'mellat');
	const p = await part(d);
	await idle();
	const tokens = [];
	for (let i = 1; i <= count; i++) tokens.push(await paysAtStub(String(BigInt(p.order_id) + BigInt(i)), p.amount));
	const { payments } = (await house.sandbox.state()).stubs;
	await stopped((file) => {
		copyDeal(file, d.id, count);
		const base = `SELECT id FROM payment WHERE deal_id = ${d.id}`;
		for (let i = 1; i <= count; i++) sql(file, `UPDATE payment SET token = '${tokens[i - 1]}' WHERE id = (${base}) + ${i * 1000}`);
	});
	return tokens.map((token, i) => {
		const at = payments.find((x) => x.token === token);
		return { code: `B${String(i + 1).padStart(7, '0')}`, form: new URLSearchParams({ RefId: token, ResCode: '0', SaleOrderId: at.order, SaleReferenceId: at.ref, CardHolderPan: '603770******5443' }) };
	});
}

const callback = (one) => fetch(`${house.bot.url}/bank/mellat/return`, { method: 'POST', body: one.form, redirect: 'manual' });

async function burst() {
	const all = await paidAtBank(BURST);
	const began = performance.now();
	const left = [...all];
	await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
		while (left.length) await callback(left.pop());
	}));
	const taken = performance.now() - began;
	await waitFor(() => sql(house.bot.store, `SELECT COUNT(*) FROM payment WHERE state = ${SETTLED}`).trim() === String(BURST), { ms: 120_000, every: 20, what: 'the settled payments' });
	const ms = performance.now() - began;
	return `${n0((BURST * 1000) / taken)} callbacks/s taken, ${n0((BURST * 1000) / ms)} payments/s verified and settled (${BURST} at once)`;
}

/** One after the other, as buyers come; the time until each side's chat says that the money is there. */
async function paced() {
	const all = await paidAtBank(PACED);
	const [sara, reza] = ['sara', 'reza'].map(person);
	const open = new Map(all.map((one) => [one.code, { left: 2 }]));
	const times = [];
	const said = { sara: new Set(), reza: new Set() };
	const words = JSON.parse(readFileSync(join(ROOT, 'locales/fa.json'), 'utf8')).card.funded;
	const first = (text) => text.split('{{')[0].replace(/<[^>]*>/g, '').trim();
	const look = async (who, part) => {
		for (const m of (await who.view()).messages) {
			const text = messageText(m) ?? '';
			if (!text.includes(part)) continue;
			for (const [code, one] of open)
				if (one.began && text.includes(code) && !said[who.name].has(code)) {
					said[who.name].add(code);
					if (--one.left === 0) times.push(performance.now() - one.began);
				}
		}
	};
	for (const one of all) {
		open.get(one.code).began = performance.now();
		await callback(one);
		const until = performance.now() + PACE_MS;
		while (performance.now() < until) {
			await look(sara, first(words.seller));
			await look(reza, first(words.buyer));
		}
	}
	await waitFor(async () => {
		await look(sara, first(words.seller));
		await look(reza, first(words.buyer));
		return times.length === PACED;
	}, { ms: 30_000, every: 5, what: 'the last cards' });
	times.sort((a, b) => a - b);
	return `p50 ${n0(times[Math.floor(PACED / 2)])} ms, p99 ${n0(times[Math.floor(PACED * 0.99)])} ms of ${PACED}`;
}

async function callbacks() {
	const rows = [];
	for (const [what, run] of [['payment callbacks', burst], ['callback → paid in both chats', paced]]) {
		house = await openHouse({ env: realBanks('mellat', { SEPAREX_APP_LOG_LEVEL: 'warn' }) });
		await stopped(idsFrom);
		rows.push(`${what}  ${await run()}`);
		await closeHouse();
	}
	return rows;
}

/* ---- audit ---- */

/** Runs a command and gives its seconds and the most memory that it had, in MB. */
function measured(args) {
	return new Promise((done, fail) => {
		const began = performance.now();
		let most = 0;
		let out = '';
		const child = spawn(join(BUILD, 'separex'), args.argv, { env: { PATH: process.env.PATH, ...args.env } });
		const look = setInterval(() => {
			try {
				most = Math.max(most, Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
			} catch {
				/* it has just ended */
			}
		}, 50);
		child.stdout.on('data', (b) => (out += b));
		child.stderr.on('data', (b) => (out += b));
		child.on('exit', (code) => {
			clearInterval(look);
			if (code) fail(new Error(out));
			else done({ s: (performance.now() - began) / 1000, mb: most });
		});
	});
}

async function audit() {
	house = await openHouse();
	await stopped(idsFrom);
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('DELIVERED');
	await d.accepts();
	await hasIban(person('sara'));
	await later(2 * HOUR);
	await closed(d, 'COMPLETED');
	await idle();
	await house.bot.stop();
	const file = join(FOLDER, 'audit.db');
	copyFileSync(house.bot.store, file);
	copyFileSync(join(house.bot.folder, 'separex.key'), join(FOLDER, 'separex.key'));
	await house.bot.start();
	await closeHouse();
	dummyGone(file);
	say(`copying a deal ${DEALS} times`);
	copyDeal(file, d.id, DEALS);
	const size = statSync(file).size / 1e6;
	const { s, mb } = await measured({ argv: ['audit'], env: { SEPAREX_STORE_URL: `sqlite:${file}` } });
	for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });
	return [`audit of ${n0(DEALS)} deals  ${s.toFixed(1)} s, ${mb.toFixed(0)} MB at most (store of ${n0(size)} MB; goal 60 s, 64 MB)`];
}

mkdirSync(FOLDER, { recursive: true });
for (const [name, run] of Object.entries({ callbacks, audit })) if (ONLY.includes(name)) for (const row of await run()) console.log(row);
process.exit(0);
