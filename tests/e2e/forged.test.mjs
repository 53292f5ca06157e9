// Data that no button of ours carries: buttons outside deals with every kind of nonsense, and every act of a deal in every
// state by everybody. What then happens to a deal is held against the deal table, read from its source.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, ROOT, person, run, test, waitFor } from './lib.mjs';
import { IDS, asks, closeHouse, draft, expect, forges, idle, nothingWrong, one, openHouse, same, settled, sql } from './deals.mjs';
import { assertShort } from './hands.mjs';

const source = (path) => readFileSync(join(ROOT, path), 'utf8');
const numbers = (enumeration, prefix) => {
	const names = [...enumeration.matchAll(new RegExp(`\\b${prefix}_(\\w+)\\b(?: = (\\d+))?,`, 'g'))];
	return Object.fromEntries(names.map((m, i) => [m[1], m[2] === undefined ? i : Number(m[2])]));
};
const between = (text, from, to) => text.slice(text.indexOf(from), text.indexOf(to, text.indexOf(from)));
const HEADER = source('bot/escrow/deal.h');
const STATE = numbers(between(HEADER, 'enum deal_state {', '};'), 'DEAL');
const EVENT = numbers(between(HEADER, 'enum event_kind {', '};'), 'EVENT');
const ROLE = { B: 1, S: 2, M: 3, A: 4, T: 5, K: 6, C: 7, 'BY(SYSTEM)': 8 };
const MACHINES = [5, 6, 8]; // a clock, the bank and the program itself go on from where a person's step led
const ACTS = [...between(source('handlers/routes.c'), '} acts[] = {', '\n};').matchAll(/\{"(\w+)"/g)].map((m) => m[1]);

/** The deal table as it is written: {states, event, roles, next} for each row. */
function dealTable() {
	const text = source('bot/escrow/deal_table.c').replace(/\/\*[^]*?\*\//g, '').replace(/\\\n/g, ' ');
	const sets = Object.fromEntries([...text.matchAll(/#define (\w+)\s+(\(?IN\([^\n]*|\([^\n]*)/g)].map((m) => [m[1], m[2]]));
	const states = (s) => {
		for (let i = 0; i < 4; i++) s = s.replace(/\b[A-Z_]+\b/g, (w) => sets[w] ?? w);
		return new Set([...s.matchAll(/IN\((\w+)\)/g)].map((m) => STATE[m[1]]));
	};
	const rows = [...between(text, 'deal_rows[] = {', '\n};').matchAll(/\{\d+,\s*([^{}]*?),\s*EVENT_(\w+),\s*([^{},]*?),\s*(\w+),\s*(DEAL_\w+|SAME),/g)];
	return rows.map(([, from, event, by, , next]) => ({
		states: states(from),
		event: EVENT[event],
		roles: new Set(by.split('|').map((r) => ROLE[r.trim()])),
		next: next === 'SAME' ? null : STATE[next.slice(5)],
	}));
}

const TABLE = dealTable();
const nonsense = ['', '.', '..', 'x', '0', '-1', '1.5', '99999999999999999999', '٣', '۳', ' ', '\u202e', '%s%n', '{{x}}', "';DROP", '🎁'.repeat(10), 'x'.repeat(55), 'NULL', 'yes', ':', '::', 'd:', '\t'];

const AT_ONCE = 16;

let house, sara, reza, mina, omid, base;

const call = (path, body) => house.sandbox.call(path, body);

/** Sends many presses, as many phones would, and waits until all of them are answered. */
async function pressed(who, datas, chat = 'private') {
	const press = (data) => call('/sim/press', { as: who.name, chat, data: [...data].slice(0, 64).join('') });
	for (let i = 0; i < datas.length; i += AT_ONCE) await Promise.all(datas.slice(i, i + AT_ONCE).map(press));
	await waitFor(async () => (await house.state()).pending_updates === 0, { what: 'the presses to be taken' });
	await settled();
	house.bot.process.check();
}

const everything = async () =>
	JSON.stringify(await Promise.all(['deal', 'deal_history', 'payment', 'settlement', 'ledger_set', 'terms_accepted', 'blocked', 'evidence'].map((t) => sql(`SELECT * FROM ${t}`))));

async function changesNothing(what, body) {
	await idle();
	const before = await everything();
	await body();
	await idle();
	expect((await everything()) === before, `${what} changed something`);
}

test('the table is read whole', () => {
	const rows = source('bot/escrow/deal_table.c').match(/^\t\{\d+, /gm).length;
	same(TABLE.length, rows, 'rows');
	expect(TABLE.every((r) => r.states.size && r.event && [...r.roles].every(Boolean) && r.next !== undefined), () => JSON.stringify(TABLE.find((r) => !r.states.size)));
	expect(ACTS.length > 50 && ACTS.includes('review'), `acts: ${ACTS}`);
	same(Object.keys(STATE).length, 25, 'states');
});

test('buttons outside deals: nonsense behind every word is answered and changes nothing, in private and in a group', async () => {
	await draft({ title: 'Draft of Sara' });
	const heads = ['new:', 'new:price.', 'new:join.', 'set:', 'set:quiet.', 'set:notices.', 'set:lang.', 'set:pictures.', 'list:', 'list:needs.', 'list:done.', 'list:drop.', 'list:drop_yes.',
		'emblem:', 'block:', 'block:list.', 'block:un:', 'check:', 'help:', 'terms:', 'terms:page.', 'lang:', 'd:', 'd:AAAAAAAA:', `d:${base.code}:`, '', 'D:', 'new', 'set', 'd'];
	const steps = () => sql("SELECT person_id, step FROM conversation WHERE step <> '' AND step <> 'check'");
	for (const [who, chat] of [[mina, 'private'], [mina, 'bazaar'], [sara, 'private'], [omid, 'staff']])
		await changesNothing(`nonsense of ${who.name} in ${chat}`, async () => {
			for (const some of [heads.filter((h) => h !== 'check:'), ['check:']]) {
				await pressed(who, some.flatMap((head) => nonsense.map((n) => head + n)).filter(Boolean), chat);
				same(await steps(), [], `steps that began in ${chat}`);
			}
		});
	same(await sql('SELECT few_notices, quiet_from_h, quiet_to_h, dark_pictures FROM person WHERE few_notices + quiet_from_h + quiet_to_h + dark_pictures <> 0'), [], 'wishes');
	await asks(mina, '/start');
	await assertShort(house);
});

test('whatever belongs to private is not done by a press in a group', async () => {
	const last = async () => (await mina.view('bazaar')).messages.length;
	const before = await last();
	for (const data of ['new:sell', 'new:buy', 'emblem:choose', 'emblem:3', 'check:', 'terms:accept', 'block:list', 'help:main', 'list:needs', 'set:show', 'lang:en']) {
		const answer = await forges(mina, data, { chat: 'bazaar' });
		expect(answer.text, `${data} is not answered`);
	}
	await idle();
	same([await last(), await one(`SELECT COUNT(*) FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS.mina} AND step <> ''`)], [before, 0], 'messages and steps');
});

/* ---- every act in every state ---- */

const EXTRAS = {
	'': ACTS,
	'.yes': ['cancel', 'accept', 'return_fine', 'block', 'freeze'],
	'.x': ['agree', 'amend_ok', 'counter', 'carrier', 'ship', 'rule', 'ask_info', 'review', 'timeline', 'receipt', 'publish'],
	'.99999999999999999999': ['agree', 'amend_ok', 'carrier', 'ship', 'timeline', 'rule', 'cancel', 'accept'],
	'.swap': ['publish'], '.00000000': ['amend_ok', 'agree'],
	'.price18000000': ['counter'], '.price0': ['counter'], '.look72': ['counter'], '.fee1': ['counter'], '.carriage1': ['counter'], '.ask': ['counter'],
	'.release': ['rule'], '.refund': ['rule'], '.return': ['rule'], '.split': ['rule'], '.split-5000000': ['rule'], '.split--5': ['rule'], '.split-99999999999999999999': ['rule'],
	'.buyer': ['ask_info'], '.seller': ['ask_info'], '.take': ['review'], '.back': ['review'], '.off': ['freeze'], '.1': ['carrier'], '.pdf': ['receipt'], '.2': ['timeline'],
	'.1.205880004412345678901234': ['ship', 'ship_back'], '.9.abc': ['ship'],
};

/** Every act with everything that may stand behind it, for a deal in this state. */
function forgeries(state, hash) {
	const all = Object.entries(EXTRAS).flatMap(([extra, acts]) => acts.map((act) => act + extra));
	const counters = ['price18000000', 'fee1', 'look24', 'carriage1', 'ask', 'price1', 'x'].map((choice) => `counter.${hash.slice(0, 16)}.${choice}`);
	return [...all, `agree.${hash.slice(0, 32)}`, ...counters, ...['cancel', 'accept', 'return_fine', 'block'].map((act) => `${act}.yes.${state}`)];
}

/** Where the money of a deal in this state is: columns of the row; and the accounts of the books. */
const ACCOUNT = numbers(between(source('bot/escrow/ledger.h'), 'enum account_kind {', '};'), 'ACCOUNT');
function moneyIn(state, row) {
	const money = { held: 0, suspense: 0, payable: 0, refund: 0, inflight: 0 };
	const name = Object.keys(STATE).find((k) => STATE[k] === state);
	const due = row.held;
	if (['FUNDED', 'SHIPPED', 'DELIVERED', 'ISSUE', 'RETURN_DUE', 'RETURN_SENT', 'RETURN_CHECK', 'DISPUTED', 'RULED'].includes(name)) money.held = due;
	if (name === 'PART_PAID') money.held = due / 2;
	if (name === 'PAY_REVIEW') money.suspense = due;
	if (name === 'PAYOUT_DUE') money.payable = row.price;
	if (name === 'REFUND_DUE') money.refund = due;
	if (name === 'SPLIT_DUE') Object.assign(money, { payable: row.price / 2, refund: row.price / 2 });
	return money;
}

let copied = 0;
const columns = async (table, but) => (await sql(`SELECT name FROM pragma_table_info('${table}') WHERE name NOT IN (${but})`)).map((r) => r.name).join(', ');

/** Copies of the base deal, one for each line of `wanted` (state, seated by whom), put into the store while the bot is down. */
async function inStore(wanted) {
	const row = await base.row();
	const rest = await columns('deal', "'id', 'code', 'state', 'held', 'suspense', 'payable', 'refund', 'inflight'");
	const paid = await columns('payment', "'id', 'deal_id', 'page', 'order_id'");
	const first = (await one('SELECT MAX(id) FROM deal')) + 1;
	const codes = wanted.map(() => `F${String(++copied).padStart(7, '0').replace(/[01]/g, (c) => 'AB'[c])}`);
	const script = wanted.map((state, i) => {
		const m = moneyIn(state, row);
		const accounts = Object.entries({ HOLD: m.held, PAYABLE: m.payable, REFUND: m.refund, SUSPENSE: m.suspense }).filter(([, n]) => n);
		return [
			`INSERT INTO deal (id, code, state, held, suspense, payable, refund, inflight, ${rest})
				SELECT ${first + i}, '${codes[i]}', ${state}, ${m.held}, ${m.suspense}, ${m.payable}, ${m.refund}, 0, ${rest} FROM deal WHERE id = ${base.id};`,
			accounts.length ? `INSERT INTO payment (deal_id, page, order_id, ${paid}) SELECT ${first + i}, 'p${first + i}', '9${first + i}', ${paid} FROM payment WHERE deal_id = ${base.id};` : '',
			...accounts.map(([kind, n]) => `INSERT INTO ledger_balance (kind, id, balance) VALUES (${ACCOUNT[kind]}, ${first + i}, ${n});`),
		].join('\n');
	});
	await house.killBot('SIGTERM');
	execFileSync('sqlite3', [house.bot.store], { input: `BEGIN;\n${script.join('\n')}\nCOMMIT;` });
	await house.bot.start();
	return codes.map((code, i) => ({ id: first + i, code }));
}

/** Throws unless what happened to the deal is what rows of the table allow to these roles. */
function allowed(deal, before, after, steps, roles, what) {
	if (!steps.length) {
		same(after, before, `${what} without a step`);
		return;
	}
	let state = before.state;
	for (const h of steps) {
		const row = TABLE.find((r) => r.states.has(state) && r.event === h.event && r.roles.has(h.role) && (r.next ?? state) === h.state_after);
		expect(row && (roles.includes(h.role) || (h !== steps[0] && MACHINES.includes(h.role))), () => `${what}: no row for ${JSON.stringify(h)}`);
		state = h.state_after;
		if (h.event === EVENT.SWAP_SEATS) roles = roles.map((r) => 3 - r); // the same person sits on the other side now
	}
	same(after.state, state, `${what}: the state`);
}

const byId = (rows, key = 'id') => Map.groupBy?.(rows, (r) => r[key]) ?? rows.reduce((m, r) => m.set(r[key], [...(m.get(r[key]) ?? []), r]), new Map());

/** Everybody's forgeries on copies in this state; answers how many of them were steps. */
async function forgeAll(copies, state, hash, seats) {
	const lines = forgeries(state, hash);
	const range = `BETWEEN ${copies[0].id} AND ${copies.at(-1).id}`;
	const rows = () => sql(`SELECT * FROM deal WHERE id ${range} ORDER BY id`);
	const before = await rows();
	const plan = seats.flatMap(({ who, chat, roles, shared }, s) => (shared ? ACTS : lines).map((act, i) => ({ who, chat, roles, act, deal: copies[shared ?? s * lines.length + i] })));
	for (const { who, chat } of seats) await pressed(who, plan.filter((p) => p.who === who && p.chat === chat).map((p) => `d:${p.deal.code}:${p.act}`), chat);
	const after = byId(await rows());
	const history = byId(await sql(`SELECT deal_id, event, role, state_after FROM deal_history WHERE deal_id ${range} ORDER BY deal_id, version`), 'deal_id');
	let steps = 0;
	for (const { deal, act, who, roles } of plan) {
		const name = Object.keys(STATE).find((k) => STATE[k] === state);
		const of = history.get(deal.id) ?? [];
		allowed(deal, before.find((r) => r.id === deal.id), after.get(deal.id)[0], of, roles, `${who.name}'s ${act} in ${name}`);
		steps += of.length;
	}
	return steps;
}

test('every act in every state by seller, buyer, a stranger and an operator: only what the table allows', async () => {
	const { terms_hash } = await base.row();
	const states = Object.values(STATE).filter((s) => s !== STATE.NONE);
	const n = forgeries(0, terms_hash).length;
	const copies = await inStore(states.flatMap((state) => Array(3 * n + 1).fill(state)));
	let steps = 0;
	for (const [i, state] of states.entries()) {
		const mine = copies.slice(i * (3 * n + 1), (i + 1) * (3 * n + 1));
		steps += await forgeAll(mine, state, terms_hash, [
			{ who: sara, chat: 'private', roles: [2] },
			{ who: reza, chat: 'private', roles: [1] },
			{ who: omid, chat: 'staff', roles: [3] },
			{ who: mina, chat: 'private', roles: [], shared: 3 * n },
			{ who: omid, chat: 'private', roles: [], shared: 3 * n },
			{ who: mina, chat: 'bazaar', roles: [], shared: 3 * n },
		]);
	}
	console.log(`# ${copies.length} deals, ${states.length} states, ${3 * n + 3 * ACTS.length} forged presses in each, ${steps} steps of deals`);
	expect(steps > 60, 'hardly anything was allowed: the test looks at nothing');
	const log = readFileSync(house.bot.process.log, 'utf8');
	const undone = log.split('\n').filter((l) => /could not be handled/.test(l));
	same(undone, [], 'presses that the bot could not handle');
	same((await house.state()).violations, [], 'calls that the sandbox refused');
	await asks(mina, '/start');
});

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
		base = await (await draft({ title: 'Base' })).goes('FUNDED');
		await nothingWrong();
	},
	after: closeHouse,
});
