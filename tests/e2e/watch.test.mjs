// Looking after the house: the pages for a watcher, one id from an update to its reply, what the operators' group is told
// when something is wrong, and an end in good order.
import { execFileSync } from 'node:child_process';
import { bank, fault, person, run, test, waitFor } from './lib.mjs';
import { HOUR, MINUTE, asks, closeHouse, draft, expect, later, nothingWrong, one, openHouse, same, settled, sql } from './deals.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';
const STAFF = { chat: 'staff' };
const ROOMY_MB = 1_000_000_000; // no disk has so much room

let house;
let sara;
let omid; // an operator

const page = (path, headers = {}) => fetch(`${house.bot.url}${path}`, { headers });

/** The figures as a map from a name with its labels to a number. */
async function figures() {
	const r = await page('/metrics', { authorization: `Bearer ${TOKEN}` });
	same(r.status, 200, 'the page of figures');
	const text = await r.text();
	for (const line of text.trimEnd().split('\n'))
		expect(/^(# (HELP|TYPE) separex_\w+ .+|separex_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[0-9.e+]+)$/.test(line), `no line of Prometheus: ${line}`);
	return new Map(text.split('\n').filter((l) => l && l[0] !== '#').map((l) => [l.slice(0, l.lastIndexOf(' ')), Number(l.slice(l.lastIndexOf(' ') + 1))]));
}

const staffSaid = async () => (await omid.view('staff')).messages.map((m) => m.text ?? '');

/** Lets time pass until `probe` is true. */
const goesOnUntil = (probe, what) =>
	waitFor(
		async () => {
			if (await probe()) return true;
			await later(2 * MINUTE);
			return false;
		},
		{ what, every: 50 },
	);

const staffHears = (pattern) => omid.sees(pattern, STAFF);

async function rewrites(query) {
	execFileSync('sqlite3', ['-cmd', '.timeout 5000', house.bot.store, query]);
}

test('the figures are for who knows the token', async () => {
	for (const headers of [{}, { authorization: TOKEN }, { authorization: 'Bearer ' }, { authorization: `Bearer ${TOKEN}0` }, { authorization: `Bearer ${'f'.repeat(32)}` }]) {
		const r = await page('/metrics', headers);
		same([r.status, r.headers.get('www-authenticate')], [401, 'Bearer'], JSON.stringify(headers));
		expect(!(await r.text()).includes('separex_'), 'figures without the token');
	}
	same((await fetch(`${house.bot.url}/metrics`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } })).status, 404, 'POST');
});

test('the figures count what happens, and know the money', async () => {
	const before = await figures();
	await asks(sara, '/help');
	const d = await draft({ title: 'Phone' });
	await d.goes('FUNDED');
	await settled();
	const after = await figures();
	const grew = (name) => after.get(name) - before.get(name);
	for (const name of ['separex_updates_total', 'separex_sends_total{verdict="done"}', 'separex_reply_seconds_count', 'separex_polls_total{verdict="updates"}',
		'separex_bank_answers_total{gateway="sandbox",verdict="yes"}', 'separex_call_seconds_count{to="chat"}', 'separex_call_seconds_bucket{to="banks",le="+Inf"}'])
		expect(grew(name) > 0, `${name} did not grow: ${after.get(name)}`);
	const held = await one('SELECT SUM(balance) FROM ledger_balance WHERE kind = 1');
	same([after.get('separex_money_held_rial'), after.get('separex_books_agree'), after.get('separex_work_dead')], [held, 1, 0], 'money');
	expect(held > 0 && after.get('separex_money_owed_rial') > 0, 'nothing is held');
});

test('ready is said while it is so, and why not when it is not', async () => {
	same([(await page('/readyz')).status, await (await page('/readyz')).text()], [200, 'ready\n'], 'a bot at work');
	const api = house.bot.env.SEPAREX_TELEGRAM_API_BASE;
	await house.killBot('SIGTERM');
	house.bot.env.SEPAREX_TELEGRAM_API_BASE = 'http://127.0.0.1:9'; // nobody is there
	house.bot.start().catch(() => {}); // it waits for a poll
	const r = await waitFor(() => page('/readyz').catch(() => null), { what: 'the page' });
	const text = await r.text();
	await house.killBot('SIGTERM');
	house.bot.env.SEPAREX_TELEGRAM_API_BASE = api;
	await house.restartBot();
	same(r.status, 503, 'a bot that reaches nobody');
	expect(/no poll was answered/.test(text), text);
	await asks(sara, '/help'); // a poll that brings nothing waits long
	await waitFor(async () => (await page('/readyz')).status === 200, { what: 'the bot to be ready again' });
});

test('one id leads from an update to its reply', async () => {
	await asks(sara, '/fee 1000000');
	await settled();
	const log = house.bot.process.output();
	const id = [...log.matchAll(/update (\d+): work \d+: verdict 0/g)].at(-1)?.[1];
	expect(id, 'no reply names its update');
	same(await one(`SELECT COUNT(*) FROM inbox WHERE outside_id = ${id}`), 1, 'the update of that id');
});

test('what is given up is told, once', async () => {
	await house.restartBot({ SEPAREX_SEND_MAX_ATTEMPTS: '1' });
	await fault('sendMessage', '500', 1);
	await sara.says('/help');
	await waitFor(() => one('SELECT COUNT(*) FROM work WHERE state = 3'), { what: 'a message that is given up' });
	await later(2 * MINUTE);
	await staffHears(/1 pieces of work were given up|۱ کار بی‌نتیجه/);
	await later(7 * HOUR);
	await settled();
	same((await staffSaid()).filter((text) => /pieces of work|بی‌نتیجه/.test(text)).length, 1, 'said');
	await rewrites('DELETE FROM work WHERE state = 3');
	await house.restartBot({ SEPAREX_SEND_MAX_ATTEMPTS: '8' });
});

test('a bank that does not answer is told when it begins and when it is over', async () => {
	const d = await draft({ title: 'Book' });
	await d.goes('AWAIT_PAY');
	const { order_id } = (await sql('SELECT order_id FROM payment WHERE state = 2 ORDER BY id DESC LIMIT 1'))[0];
	await fault('bank.verify', '500', 1);
	await fault('bank.inquiry', '500', 12);
	await bank(order_id, 'pay');
	await goesOnUntil(async () => (await staffSaid()).some((text) => /sandbox.*(has not answered|جواب نمی‌دهد)/s.test(text)), 'the alarm');
	await goesOnUntil(async () => (await staffSaid()).some((text) => /answers again|دوباره جواب می‌دهد/.test(text)), 'its end');
	same((await d.atBank()).payments.map((p) => p.state), ['reversed'], 'a payment that nobody verified in time'); // by the bank itself
});

test('books that do not agree, and what the nightly audit finds, are told', async () => {
	await rewrites('UPDATE ledger_balance SET balance = balance + 7 WHERE kind = 1');
	await later(2 * MINUTE);
	await staffHears(/two sides of the books differ|دو طرف دفتر برابر نیست/);
	await later(24 * HOUR);
	await goesOnUntil(async () => (await staffSaid()).some((text) => /nightly audit|بازبینی شبانه/.test(text)), 'the audit’s words');
	await rewrites('UPDATE ledger_balance SET balance = balance - 7 WHERE kind = 1');
	await later(2 * MINUTE);
	await staffHears(/equal again|دوباره برابر است/);
});

test('a disk with little room is told', async () => {
	await house.restartBot({ SEPAREX_WATCH_DISK_MB: String(ROOMY_MB) });
	await later(2 * MINUTE);
	await staffHears(/megabytes are left|مگابایت جا مانده/);
	await house.restartBot({ SEPAREX_WATCH_DISK_MB: '0' });
	await later(2 * MINUTE);
	await staffHears(/is room on the server|دوباره جا دارد/);
});

test('told to stop in the middle of work, it ends in good order: nothing is lost, nothing is said twice', async () => {
	const asked = 30;
	const bots = async () => (await sara.view()).messages.filter((m) => m.from.is_bot).length;
	await settled();
	const before = await bots();
	for (let i = 0; i < asked; i++) await sara.says(`/fee ${1_000_000 + i}`);
	await house.killBot('SIGTERM'); // fails when the code is not 0
	await house.restartBot();
	await waitFor(async () => (await bots()) - before >= asked, { what: 'every answer' });
	await settled();
	same((await bots()) - before, asked, 'answers');
});

await run({
	before: async () => {
		house = await openHouse({
			env: {
				SEPAREX_HTTP_METRICS_TOKEN: TOKEN,
				SEPAREX_APP_LOG_LEVEL: 'debug',
				SEPAREX_BOOKS_PROOF_HOUR: '9',
			},
		});
		[sara, omid] = [person('sara'), person('omid')];
	},
	after: async () => {
		await nothingWrong({ errors: /./ });
		await closeHouse();
	},
});
