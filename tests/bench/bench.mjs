// What `make bench` measures: the bot against one local sandbox, beside a bare loop (floor.c) under the same conditions.
// Runs of both sides take turns; the table shows medians. ROUNDS=1 is a quick look, ONLY=speed,delay,start,cost a part.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, fdatasyncSync, mkdirSync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { BUILD, ROOT, TOKEN, freePort, startBot, startSandbox, waitFor } from '../e2e/lib.mjs';

const ROUNDS = Number(process.env.ROUNDS || 5);
const ONLY = (process.env.ONLY || 'speed,delay,start,cost').split(',');
const FOLDER = join(BUILD, 'bench');
const CONNECTIONS = 8; // as many as send.workers has by default
const BURST = 20000; // updates of one throughput run
const RATE = 200;
const RATE_SECONDS = 8;
const PRESSES = 600;
const LISTS = 2000;
const BENCH_PEOPLE = 1000; // of fill.sql
const SMALL = 10_000;
const LARGE = 1_000_000;
const BOT_SETTINGS = { SEPAREX_TELEGRAM_RATE_LIMITS: 'off', SEPAREX_APP_LOG_LEVEL: 'warn' };

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const say = (text) => process.stderr.write(`${text}\n`);
const wanted = (part) => ONLY.includes(part);

/** CPU time of a process so far, in µs (its first thread; both sides have one). */
const cpuUs = (pid) => Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;

function memoryMb(pid) {
	const text = readFileSync(`/proc/${pid}/status`, 'utf8');
	const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]) / 1024;
	return { now: field('VmRSS'), most: field('VmHWM'), own: field('RssAnon'), shared: field('RssFile') + field('RssShmem') };
}

function removeStore(file) {
	for (const end of ['', '-wal', '-shm', '.lock']) rmSync(file + end, { force: true });
}

/* ---- the two sides: something that polls a sandbox, with a pid and stop() ---- */

async function bot(sandbox, file) {
	const b = await startBot({ sandbox, env: { ...BOT_SETTINGS, SEPAREX_STORE_URL: `sqlite:${file}` } });
	return {
		pid: b.process.pid,
		stop: async () => {
			await b.stop();
			rmSync(b.folder, { recursive: true, force: true });
		},
	};
}

/** The words and buttons of the bot's answer to /start, so that both sides send the same bytes. */
function welcome() {
	const fa = JSON.parse(readFileSync(join(ROOT, 'locales/fa.json'), 'utf8'));
	const button = (name) => fa.button[name].text ?? fa.button[name];
	const label = (name, data, style) => ({ text: button(name), callback_data: data, ...(style && { style }) });
	return JSON.stringify({
		text: fa.start.welcome,
		parse_mode: 'HTML',
		link_preview_options: { is_disabled: true },
		reply_markup: {
			inline_keyboard: [
				[label('sell', 'sell', 'success'), label('buy', 'buy', 'success')],
				[label('my_deals', 'deals'), label('other_language', 'lang:en')],
			],
		},
	});
}

async function floor(sandbox, file) {
	const child = spawn(join(FOLDER, 'floor'), [sandbox.apiBase, file, String(CONNECTIONS), welcome()], { stdio: ['ignore', 'ignore', 'inherit'] });
	const ended = new Promise((done) => child.once('exit', done));
	await waitFor(async () => (await sandbox.state()).polling, { what: 'the first poll of the floor' });
	return {
		pid: child.pid,
		stop: async () => {
			child.kill();
			await ended;
		},
	};
}

/** Starts a side with an empty store, gives it to `measure`, stops it. */
async function withSide(side, name, measure) {
	const file = join(FOLDER, `${name}.db`);
	const sandbox = await startSandbox();
	removeStore(file);
	const s = await side(sandbox, file);
	try {
		return await measure(sandbox, s);
	} finally {
		await s.stop();
		await sandbox.stop();
		removeStore(file);
	}
}

/** Orders a load and waits until each of its updates was answered. */
async function load(sandbox, order, seconds = 120) {
	await sandbox.call('/sim/bench', order);
	return waitFor(
		async () => {
			const b = await sandbox.call('/sim/bench');
			return b.answered >= order.updates ? b : null;
		},
		{ ms: seconds * 1000, every: 100, what: `${order.updates} answers` },
	);
}

/* ---- speed, memory, delay ---- */

async function speedOnce(side, name) {
	return withSide(side, name, async (sandbox, s) => {
		await load(sandbox, { updates: 1000 });
		await pause(300);
		const idle = memoryMb(s.pid);
		const before = cpuUs(s.pid);
		const b = await load(sandbox, { updates: BURST, users: 2000 });
		return { perSecond: b.answered_per_s, cpu: (cpuUs(s.pid) - before) / BURST, idle, busy: memoryMb(s.pid) };
	});
}

async function freshMemory() {
	return withSide(bot, 'idle', async (sandbox, s) => {
		await pause(500);
		return memoryMb(s.pid);
	});
}

async function delayOnce(side, name) {
	return withSide(side, name, async (sandbox) => {
		await load(sandbox, { updates: 200, rate: RATE });
		const b = await load(sandbox, { updates: RATE * RATE_SECONDS, users: RATE * RATE_SECONDS, rate: RATE });
		return { p50: b.p50_us / 1000, p99: b.p99_us / 1000 };
	});
}

/* ---- stores with many deals ---- */

const sql = (file, text, ...more) => execFileSync('sqlite3', ['-bail', ...more, file, text], { encoding: 'utf8' });

/** Since the cache was filled time has passed, and sandboxes number their updates alike: no outage, nothing known. */
function freshen(file) {
	sql(file, `UPDATE fact SET number = ${Date.now()} WHERE name = 'heard'; DELETE FROM cursor; DELETE FROM work; DELETE FROM inbox WHERE outside_id > 0`);
}

/** A store with so many deals, made once and kept in the build folder until the schema or fill.sql changes. */
async function filledStore(deals) {
	const fill = readFileSync(join(ROOT, 'tests/bench/fill.sql'), 'utf8');
	const hash = createHash('sha256').update(fill).update(execFileSync('sh', ['-c', 'cat storage/migrations/*.sql'], { cwd: ROOT }));
	const file = join(FOLDER, `deals-${deals}-${hash.digest('hex').slice(0, 12)}.db`);
	if (existsSync(file)) return file;
	say(`filling a store with ${deals} deals, once`);
	for (const old of readdirSync(FOLDER)) if (old.startsWith(`deals-${deals}-`)) rmSync(join(FOLDER, old));
	const making = join(FOLDER, 'making.db');
	removeStore(making);
	const sandbox = await startSandbox();
	const b = await bot(sandbox, making);
	await waitFor(async () => sql(making, "SELECT 1 FROM fact WHERE name = 'setup'"), { what: 'the menus' });
	await b.stop();
	await sandbox.stop();
	sql(making, '.read tests/bench/fill.sql', '-cmd', `.param set :deals ${deals}`);
	execFileSync('sync', [making]);
	removeStore(file);
	renameSync(making, file);
	removeStore(making);
	return file;
}

/** From the start of the program to its first getUpdates, in ms. The server here only takes the time. */
async function startOnce(file) {
	freshen(file);
	let polled;
	const first = new Promise((done) => (polled = done));
	const server = createServer((request, answer) => {
		if (request.url.endsWith('/getUpdates')) polled(performance.now());
		else answer.end('{"ok":true,"result":{"id":4242,"is_bot":true,"first_name":"x","username":"separex_sandbox_bot"}}');
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const began = performance.now();
	const child = spawn(join(BUILD, 'separex'), ['run'], {
		cwd: ROOT,
		stdio: ['ignore', 'ignore', 'inherit'],
		env: {
			PATH: process.env.PATH,
			...BOT_SETTINGS,
			SEPAREX_APP_LOG_LEVEL: 'error', // the server below goes away first
			SEPAREX_TELEGRAM_TOKEN: TOKEN,
			SEPAREX_TELEGRAM_API_BASE: `http://127.0.0.1:${server.address().port}`,
			SEPAREX_STORE_URL: `sqlite:${file}`,
			SEPAREX_HTTP_LISTEN: `127.0.0.1:${await freePort()}`,
		},
	});
	const ended = new Promise((done) => child.once('exit', done));
	const ms = (await first) - began;
	child.kill();
	server.closeAllConnections();
	await ended;
	server.close();
	return ms;
}

/** Queues presses while the bot is stopped, lets it go, and takes the time until the last card was edited. */
async function presses(sandbox, pid, codes) {
	const edits = async () => (await sandbox.state()).calls.editMessageText ?? 0;
	const already = await edits();
	process.kill(pid, 'SIGSTOP');
	try {
		for (let i = 0; i < PRESSES; i++) {
			const chat = 1_000_000 + (i % codes.length);
			const person = { id: chat, is_bot: false, first_name: 'Bench' };
			const message = { message_id: 5, date: 1700000000, chat: { id: chat, type: 'private', first_name: 'Bench' }, text: 'x' };
			const press = { id: String(i), from: person, message, chat_instance: '1', data: `d:${codes[i % codes.length]}:fee` };
			const raw = JSON.stringify({ update_id: 0, callback_query: press }).replace('"update_id":0', '"update_id":@ID@');
			await sandbox.call('/sim/update', { raw });
		}
	} finally {
		process.kill(pid, 'SIGCONT');
	}
	const began = performance.now();
	const cpu = cpuUs(pid);
	await waitFor(async () => (await edits()) >= already + PRESSES, { every: 20, ms: 60_000, what: 'the edited cards' });
	const ms = performance.now() - began;
	await pause(100); // the last outcomes are recorded
	return { wall: (ms * 1000) / PRESSES, cpu: (cpuUs(pid) - cpu) / PRESSES };
}

/** What one update costs with this store, in µs: /deals of a person with a few, and a press that moves a card. */
async function costOnce(file) {
	freshen(file);
	const codes = sql(file, `SELECT code FROM deal WHERE id <= ${PRESSES} ORDER BY id`).trim().split('\n');
	const sandbox = await startSandbox();
	const s = await bot(sandbox, file);
	try {
		await load(sandbox, { updates: 200, users: BENCH_PEOPLE, text: '/deals' });
		const cpu = cpuUs(s.pid);
		const b = await load(sandbox, { updates: LISTS, users: BENCH_PEOPLE, text: '/deals' });
		const list = { wall: 1e6 / b.answered_per_s, cpu: (cpuUs(s.pid) - cpu) / LISTS };
		const press = await presses(sandbox, s.pid, codes);
		return { list, press, memory: memoryMb(s.pid) };
	} finally {
		await s.stop();
		await sandbox.stop();
	}
}

/* ---- the table ---- */

/** What one durable 4 KiB append costs in this folder, in ms. */
function syncMs() {
	const file = join(FOLDER, 'sync');
	const fd = openSync(file, 'w');
	const page = Buffer.alloc(4096, 1);
	const times = [];
	for (let i = 0; i < 100; i++) {
		const began = performance.now();
		writeSync(fd, page);
		fdatasyncSync(fd);
		times.push(performance.now() - began);
	}
	closeSync(fd);
	rmSync(file);
	return median(times);
}

const rows = [];
const row = (what, value, goal = '') => rows.push([what, value, goal]);
const n0 = (x) => Math.round(x).toString().replace(/\B(?=(\d{3})+$)/g, ',');
const n1 = (x) => x.toFixed(1);
const mb = (m) => `${n1(m.now)} MB now, ${n1(m.most)} at most (private ${n1(m.own)}, files ${n1(m.shared)})`;
const of = (list, field) => median(list.map(field));

function machine() {
	const os = /^PRETTY_NAME="(.*)"/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Linux';
	const loadNow = readFileSync('/proc/loadavg', 'utf8').split(' ')[0];
	row('machine', `${cpus().length} × ${cpus()[0].model.trim()}, ${os}`);
	row('kernel', `${release()}, load ${loadNow} at the start`);
	row('disk', `${n1(syncMs())} ms for one durable 4 KiB append`);
	row('command', `make bench (ROUNDS=${ROUNDS}, rate limits off, ${CONNECTIONS} connections)`);
}

async function speed() {
	const ours = [];
	const bare = [];
	const fresh = await freshMemory();
	for (let i = 0; i < ROUNDS; i++) {
		bare.push(await speedOnce(floor, 'floor'));
		ours.push(await speedOnce(bot, 'bot'));
		say(`speed ${i + 1}/${ROUNDS}: bot ${n0(ours[i].perSecond)}/s ${n0(ours[i].cpu)} µs, floor ${n0(bare[i].perSecond)}/s ${n0(bare[i].cpu)} µs`);
	}
	const a = of(ours, (r) => r.perSecond);
	const b = of(bare, (r) => r.perSecond);
	row('durable /start → reply', `${n0(a)} a second; CPU ${n0(of(ours, (r) => r.cpu))} µs each`);
	row('bare loop, same server', `${n0(b)} a second; CPU ${n0(of(bare, (r) => r.cpu))} µs each`);
	const pairs = ours.map((r, i) => r.perSecond / bare[i].perSecond);
	row('ratio', `${median(pairs).toFixed(2)}, the median of ${ROUNDS} pairs (${Math.min(...pairs).toFixed(2)} to ${Math.max(...pairs).toFixed(2)})`, '≥ 0.75');
	row('memory, just started', mb(fresh), '≤ 32 MB');
	row('memory, idle after 1,000 updates', mb(ours.map((r) => r.idle).sort((x, y) => y.most - x.most)[0]), '≤ 32 MB');
	row('memory under load', mb(ours.map((r) => r.busy).sort((x, y) => y.most - x.most)[0]), '≤ 32 MB');
}

async function delay() {
	const ours = [];
	const bare = [];
	for (let i = 0; i < Math.min(ROUNDS, 3); i++) {
		ours.push(await delayOnce(bot, 'bot'));
		bare.push(await delayOnce(floor, 'floor'));
		say(`delay ${i + 1}: bot p50 ${n1(ours[i].p50)} p99 ${n1(ours[i].p99)} ms, floor p50 ${n1(bare[i].p50)} p99 ${n1(bare[i].p99)} ms`);
	}
	const both = (list) => `p50 ${n1(of(list, (r) => r.p50))} ms, p99 ${n1(of(list, (r) => r.p99))} ms`;
	row(`update → reply at ${RATE}/s`, both(ours), '≤ 5 ms');
	row('bare loop at the same rate', both(bare));
}

async function start() {
	const file = await filledStore(LARGE);
	const times = [];
	await startOnce(file); // reads the file's pages that every start reads
	for (let i = 0; i < ROUNDS; i++) times.push(await startOnce(file));
	row('start → first poll, 1,000,000 deals', `${n0(median(times))} ms (store of ${n0(statSync(file).size / 1e6)} MB)`, '≤ 200 ms');
	say(`start: ${times.map(n0).join(' ')} ms`);
}

async function cost() {
	const files = [await filledStore(SMALL), await filledStore(LARGE)];
	const found = [[], []];
	for (const file of files) await costOnce(file); // the pages of these people's deals come from the disk once
	for (let i = 0; i < Math.min(ROUNDS, 3); i++) {
		for (const k of [0, 1]) found[k].push(await costOnce(files[k]));
		const [a, b] = found.map((f) => f[i]);
		say(`cost ${i + 1}: /deals ${n0(a.list.wall)}/${n0(b.list.wall)} µs, press ${n0(a.press.wall)}/${n0(b.press.wall)} µs`);
	}
	for (const [what, field] of [['/deals', (r) => r.list], ['press that changes a deal', (r) => r.press]]) {
		const [a, b] = found.map((f) => ({ wall: of(f, (r) => field(r).wall), cpu: of(f, (r) => field(r).cpu) }));
		const grown = `${((b.wall / a.wall - 1) * 100).toFixed(0)} % (CPU ${((b.cpu / a.cpu - 1) * 100).toFixed(0)} %)`;
		row(what, `10,000 deals ${n0(a.wall)} µs, 1,000,000 deals ${n0(b.wall)} µs: ${grown}`, '± 30 %');
	}
	row('memory with 1,000,000 deals', mb(found[1].at(-1).memory), '≤ 32 MB');
}

mkdirSync(FOLDER, { recursive: true });
const began = Date.now();
machine();
for (const part of [speed, delay, start, cost]) if (wanted(part.name)) await part();
const wide = [0, 1].map((i) => Math.max(...rows.map((r) => r[i].length)));
console.log('');
for (const [a, b, c] of rows) console.log(`${a.padEnd(wide[0])}  ${b.padEnd(wide[1])}  ${c}`.trimEnd());
console.log(`\nmeasured in ${n0((Date.now() - began) / 1000)} s`);
process.exit(0);
