// What end-to-end and browser tests share: the sandbox and the bot as processes, and the people who speak, press and see.
//
//	const w = await startAll();                      // sandbox + bot, each on a free port, store in a temporary folder
//	const sara = person('sara');
//	await sara.says('/sell iPhone 13 25m');          // in her private chat; { chat: 'bazaar' } for another
//	await sara.sees(/25/);                           // waits at most 20 s, then fails and prints the chat
//	await sara.presses('…');  await bank('newest', 'pay');  await clock(3600);
//	await w.stop();
//
// Every wait is for a condition. The functions outside of a world (person, bank, clock, …) act on the world started last.
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const BUILD = resolve(ROOT, process.env.BUILD || 'build');
export const TOKEN = '4242:sandbox-token-for-tests';
export const PATIENCE_MS = 20_000;

const STARTUP_MS = 30_000; // a build under sanitizers on a busy machine
const STOP_MS = 15_000;
const LOG_TAIL_LINES = 40;
const MAX_EVENTS_SHOWN = 6;

let world = null;
let counter = 0;
const running = new Set();

// A test that is stopped leaves nothing behind.
process.on('exit', () => running.forEach((p) => p.child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export class TestFailure extends Error {}

/** A TCP port of 127.0.0.1 that was free a moment ago. */
export function freePort() {
	return new Promise((done, fail) => {
		const server = createServer();
		server.once('error', fail);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => done(port));
		});
	});
}

/** Calls `probe` until it gives something true and returns that. Fails after `ms`, naming `what`. */
export async function waitFor(probe, { ms = PATIENCE_MS, every = 25, what = 'the condition' } = {}) {
	const end = Date.now() + ms;
	let last = null;
	for (;;) {
		try {
			const value = await probe();
			if (value) return value;
			last = null;
		} catch (e) {
			last = e;
		}
		if (Date.now() >= end) throw new TestFailure(`waited ${ms} ms for ${what}${last ? `; last error: ${last.message}` : ''}`);
		await new Promise((r) => setTimeout(r, every));
	}
}

/* ---- processes ---- */

/** A program whose output goes to a log file in BUILD/logs. */
class Process {
	constructor(name, file, args, env) {
		mkdirSync(join(BUILD, 'logs'), { recursive: true });
		this.name = name;
		this.log = join(BUILD, 'logs', `${name}-${process.pid}-${++counter}.log`);
		const out = openSync(this.log, 'w');
		this.child = spawn(file, args, { cwd: ROOT, env, stdio: ['ignore', out, out] });
		closeSync(out);
		this.exit = null;
		running.add(this);
		this.ended = new Promise((done) => {
			const end = (exit) => {
				running.delete(this);
				done((this.exit = exit));
			};
			this.child.once('error', (error) => end({ code: null, signal: null, error }));
			this.child.once('exit', (code, signal) => end({ code, signal, error: null }));
		});
	}

	get pid() {
		return this.child.pid;
	}

	output() {
		return readFileSync(this.log, 'utf8');
	}

	tail() {
		return this.output().split('\n').slice(-LOG_TAIL_LINES).join('\n');
	}

	/** Throws when the process has ended. */
	check() {
		if (!this.exit) return;
		const { code, signal, error } = this.exit;
		const how = error ? error.message : signal ? `signal ${signal}` : `code ${code}`;
		throw new TestFailure(`${this.name} ended early (${how}), log ${this.log}:\n${this.tail()}`);
	}

	async waitUntil(probe, what) {
		try {
			return await waitFor(async () => (this.exit ? 'ended' : await probe()), { ms: STARTUP_MS, what });
		} catch (e) {
			throw new TestFailure(`${e.message}; log ${this.log}:\n${this.tail()}`);
		} finally {
			this.check();
		}
	}

	/** Ends the process and waits for it. SIGTERM must be obeyed within 15 s. */
	async kill(signal = 'SIGTERM') {
		if (this.exit) return this.exit;
		this.child.kill(signal);
		const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
		await this.ended;
		clearTimeout(timer);
		return this.exit;
	}

	/** Throws when a sanitizer spoke, or when SIGTERM did not end the program cleanly. */
	assertClean() {
		const text = this.output();
		if (/ERROR: (Address|Leak)Sanitizer|runtime error:|Assertion .* failed/.test(text))
			throw new TestFailure(`${this.name}: a sanitizer or an assertion spoke, log ${this.log}:\n${text.slice(-6000)}`);
		if (this.exit && this.exit.code !== 0 && this.exit.signal !== 'SIGKILL')
			throw new TestFailure(`${this.name}: SIGTERM gave code ${this.exit.code} signal ${this.exit.signal}, log ${this.log}:\n${this.tail()}`);
	}
}

/** The environment without any SEPAREX_ setting of whoever runs the tests. */
function cleanEnvironment(extra) {
	const env = {};
	for (const [k, v] of Object.entries(process.env)) if (!k.startsWith('SEPAREX_')) env[k] = v;
	return { ...env, TZ: 'UTC', LSAN_OPTIONS: `suppressions=${join(ROOT, 'tests/lsan.txt')}:print_suppressions=0`, ...extra };
}

export class Sandbox {
	constructor(process, url) {
		this.process = process;
		this.url = url;
		this.apiBase = url;
		this.fileBase = `${url}/file`;
	}

	/** One call of the control interface or of the Bot API; answers the JSON. Throws on HTTP errors unless `raw`. */
	async call(path, body, { raw = false, signal } = {}) {
		this.process?.check();
		const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
		const answer = await fetch(this.url + path, { ...post, signal });
		const text = await answer.text();
		if (raw) return { status: answer.status, text };
		if (!answer.ok) throw new TestFailure(`${path} ${JSON.stringify(body ?? '')}: HTTP ${answer.status} ${text}`);
		return JSON.parse(text);
	}

	/** A Bot API call as a bot would make it; answers `result`. */
	async api(method, parameters = {}) {
		return (await this.call(`/bot${TOKEN}/${method}`, parameters)).result;
	}

	state() {
		return this.call('/sim/state');
	}

	chat(as, chat = 'private') {
		return this.call(`/sim/chat?as=${encodeURIComponent(as)}&chat=${encodeURIComponent(chat)}`);
	}

	/** Returns when anything changed after `version`, or after `ms`. */
	wait(version, ms) {
		return this.call(`/sim/wait?version=${version}&timeout_ms=${Math.max(1, Math.round(ms))}`);
	}

	bank(payment, what) {
		return this.call('/sim/bank', { payment, do: what });
	}

	clock(advance_s) {
		return this.call('/sim/clock', { advance_s });
	}

	fault(method, kind, times = 1, extra = {}) {
		return this.call('/sim/fault', { method, kind, times, ...extra });
	}

	async stop() {
		await this.process.kill();
		this.process.assertClean();
	}
}

/** Starts BUILD/separex-sandbox on a free port. */
export async function startSandbox({ args = [] } = {}) {
	const p = new Process('sandbox', join(BUILD, 'separex-sandbox'), ['--port', '0', ...args], cleanEnvironment());
	const found = await p.waitUntil(() => /^sandbox: (http:\/\/\S+?)\/?$/m.exec(p.output()), 'the line "sandbox: http://…"');
	return new Sandbox(p, found[1]);
}

/** Number of getUpdates calls that the sandbox has had. */
async function polls(sandbox) {
	const { calls } = await sandbox.state();
	return calls?.getUpdates ?? 0;
}

export class Bot {
	constructor(sandbox, env) {
		this.sandbox = sandbox;
		this.env = env;
		this.process = null;
	}

	/** Starts the program and waits for its first poll. */
	async start() {
		const before = await polls(this.sandbox);
		this.process = new Process('separex', join(BUILD, 'separex'), ['run'], cleanEnvironment(this.env));
		await this.process.waitUntil(async () => (await polls(this.sandbox)) > before, 'the first getUpdates');
		return this;
	}

	async kill(signal = 'SIGKILL') {
		const exit = await this.process.kill(signal);
		if (signal !== 'SIGKILL') this.process.assertClean();
		return exit;
	}

	async stop() {
		if (!this.process || this.process.exit) return;
		await this.process.kill();
		this.process.assertClean();
	}
}

/* ---- the store ---- */

/** With SEPAREX_TEST_POSTGRES = postgres:///DB?host=…, stores are databases of that server, each with a name of its own. */
const POSTGRES = process.env.SEPAREX_TEST_POSTGRES;
const SQL_BYTES_MAX = 64 << 20;

function program(file, args) {
	return new Promise((done, fail) =>
		execFile(file, args, { maxBuffer: SQL_BYTES_MAX }, (error, out, err) => (error ? fail(new TestFailure(`${args.at(-1)}: ${err || error}`)) : done(out))),
	);
}

/** The settings of a store that is not there yet: a database of the server, or a file in the folder. */
export async function newStore(folder, server = POSTGRES) {
	if (!server) return { SEPAREX_STORE_URL: `sqlite:${join(folder, 'separex.db')}` };
	const name = `t${process.pid}_${Date.now().toString(36)}`;
	await program('psql', ['-X', '-q', server.replace('/DB?', '/postgres?'), '-c', `CREATE DATABASE ${name}`]);
	return {
		SEPAREX_STORE_URL: server.replace('/DB?', `/${name}?`),
		SEPAREX_STORE_FILES: join(folder, 'files'),
		SEPAREX_STORE_KEY_FILE: join(folder, 'separex.key'),
		SEPAREX_PAYOUT_FOLDER: join(folder, 'payouts'),
	};
}

/** A server that a test has just killed is waited for; all else is told at once. */
async function fromPostgres(url, query) {
	for (const end = Date.now() + PATIENCE_MS; ; await new Promise((r) => setTimeout(r, 100)))
		try {
			return await program('psql', ['-X', '-qAt', url, '-c', query]);
		} catch (e) {
			if (!/connection to server|terminating connection|starting up|shutting down|in recovery/.test(e.message) || Date.now() >= end) throw e;
		}
}

/** Asks the store by another program, for reading only: what is committed, as objects. [] while there is no store yet. */
export async function storeRows(bot, query) {
	const url = bot.env.SEPAREX_STORE_URL;
	if (url.startsWith('sqlite:')) {
		const file = url.slice('sqlite:'.length);
		if (!existsSync(file)) return [];
		const out = await program('sqlite3', ['-json', '-cmd', '.timeout 5000', '-cmd', 'PRAGMA query_only = 1', file, query]);
		return out.trim() ? JSON.parse(out) : [];
	}
	const out = await fromPostgres(url, `SELECT COALESCE(json_agg(t), '[]') FROM (${query}) AS t`);
	return JSON.parse(out, (_, v) => (typeof v === 'boolean' ? Number(v) : v)); // as SQLite has them
}

/** Starts BUILD/separex against the sandbox with a store in a new temporary folder. `env` adds or overrides settings. */
export async function startBot({ sandbox, env = {} }) {
	const folder = mkdtempSync(join(tmpdir(), 'separex-test-'));
	const port = await freePort();
	const bot = new Bot(sandbox, {
		SEPAREX_TELEGRAM_TOKEN: TOKEN,
		SEPAREX_TELEGRAM_API_BASE: sandbox.apiBase,
		SEPAREX_TELEGRAM_FILE_BASE: sandbox.fileBase,
		...(await newStore(folder)),
		SEPAREX_HTTP_LISTEN: `127.0.0.1:${port}`,
		SEPAREX_HTTP_PUBLIC_URL: `http://127.0.0.1:${port}`,
		SEPAREX_GATEWAY_ASK_CARD: 'off', // the tests that are about these two turn them on
		SEPAREX_BOOKS_PROOF_HOUR: '-1',
		...env,
	});
	bot.folder = folder;
	bot.store = join(folder, 'separex.db');
	bot.url = bot.env.SEPAREX_HTTP_PUBLIC_URL;
	try {
		return await bot.start();
	} catch (e) {
		await bot.process?.kill('SIGKILL');
		rmSync(folder, { recursive: true, force: true });
		throw e;
	}
}

/** Runs BUILD/separex with `args` and the running bot's settings; answers {code, out, err}. */
export function separexCli(args, { env = {}, input = '' } = {}) {
	return new Promise((done, fail) => {
		const settings = { ...(world?.bot?.env ?? {}), ...env };
		const child = spawn(join(BUILD, 'separex'), args, { cwd: ROOT, env: cleanEnvironment(settings) });
		let out = '';
		let err = '';
		child.stdout.on('data', (d) => (out += d));
		child.stderr.on('data', (d) => (err += d));
		child.once('error', fail);
		child.once('close', (code) => done({ code, out, err }));
		child.stdin.on('error', () => {}).end(input);
	});
}

/* ---- people ---- */

/** A message as a test compares it: without the invisible marks that steer the writing direction or keep words from being links. */
export function plain(text) {
	return text.replace(/[\u2060\u2066-\u2069\u200e\u200f\u061c]/g, '');
}

export function messageText(m) {
	return m.text ?? m.caption ?? '';
}

/** All buttons under a message, flat. */
export function buttonsOf(m) {
	return (m.reply_markup?.inline_keyboard ?? m.reply_markup?.keyboard ?? []).flat();
}

const fingerprint = (m) => JSON.stringify([messageText(m), m.edit_date ?? 0, m.reply_markup ?? null]);

function showMessage(m) {
	const buttons = buttonsOf(m).map((b) => `[${b.text}]`);
	const kind = m.photo ? ' (photo)' : m.document ? ' (document)' : '';
	return `  #${m.message_id} ${m.from?.first_name ?? '?'}${kind}: ${messageText(m)} ${buttons.join(' ')}`;
}

class Person {
	constructor(owner, name) {
		this.world = owner;
		this.name = name;
		this.seen = new Map(); // chat -> Map(message id -> fingerprint), as it was before this person's last action
		this.answered = new Map(); // chat -> Set(ids of the answers before the last action)
	}

	get sandbox() {
		return this.world.sandbox;
	}

	view(chat = 'private') {
		return this.sandbox.chat(this.name, chat);
	}

	/** From here on sees() counts only what is new or changed. Every action does it by itself. */
	async mark(chat = 'private') {
		const view = await this.view(chat).catch(() => ({ messages: [] }));
		this.seen.set(chat, new Map(view.messages.map((m) => [m.message_id, fingerprint(m)])));
		this.answered.set(chat, new Set((view.answers ?? []).map((a) => a.callback_query_id)));
	}

	/** Sends a text; `more` may hold reply_to, photo, document, location, contact, forward_from. */
	async says(text, { chat = 'private', ...more } = {}) {
		await this.mark(chat);
		return this.sandbox.call('/sim/message', { as: this.name, chat, ...(text === undefined || text === null ? {} : { text }), ...more });
	}

	/** Sends something else than text, for example {photo: true} or {location: {latitude, longitude}}. */
	sends(what, options = {}) {
		return this.says(undefined, { ...options, ...what });
	}

	/** Presses the newest button whose label or data contains `button`; waits for it to be there. */
	async presses(button, { chat = 'private', ms = PATIENCE_MS } = {}) {
		const end = Date.now() + ms;
		for (;;) {
			const { version } = await this.view(chat);
			await this.mark(chat);
			const r = await this.sandbox.call('/sim/press', { as: this.name, chat, button }, { raw: true });
			if (r.status === 200) return JSON.parse(r.text);
			if (Date.now() >= end) throw new TestFailure(`${this.name} cannot press "${button}": ${r.text}\n${await this.transcript(chat)}`);
			await this.sandbox.wait(version, Math.min(1000, end - Date.now()));
		}
	}

	/** Opens a t.me deep link (or its bare payload). */
	async opens(link) {
		await this.mark('private');
		return this.sandbox.call('/sim/open', { as: this.name, link });
	}

	/**
	 * Waits until a message of the bot that is new or edited since this person's last action (with any: true: any
	 * message) matches, and gives that message. `text` is matched against the text or caption without direction marks.
	 */
	sees(pattern, { chat = 'private', any = false, ms = PATIENCE_MS } = {}) {
		const wanted = (m) => m.from?.is_bot !== false && pattern.test(plain(messageText(m)));
		return this.waits(chat, ms, `sees ${pattern}`, (view) => {
			const before = (!any && this.seen.get(chat)) || new Map();
			return view.messages.filter((m) => before.get(m.message_id) !== fingerprint(m) && wanted(m)).at(-1);
		});
	}

	/** Waits until a button whose label matches (RegExp) or contains (string) `label` is there; gives {message, button}. */
	seesButton(label, { chat = 'private', ms = PATIENCE_MS } = {}) {
		const fits = (b) => (label instanceof RegExp ? label.test(plain(b.text)) : plain(b.text).includes(label));
		return this.waits(chat, ms, `sees the button ${label}`, (view) => {
			for (const message of [...view.messages].reverse()) {
				const button = buttonsOf(message).find(fits);
				if (button) return { message, button };
			}
			return null;
		});
	}

	/** Waits until a toast or alert since the last action matches; gives the answer object. */
	seesToast(pattern, { chat = 'private', ms = PATIENCE_MS } = {}) {
		return this.waits(chat, ms, `sees the toast ${pattern}`, (view) =>
			(view.answers ?? []).find((a) => !this.answered.get(chat)?.has(a.callback_query_id) && pattern.test(plain(a.text))),
		);
	}

	async waits(chat, ms, what, find) {
		const end = Date.now() + ms;
		for (;;) {
			const view = await this.view(chat);
			const found = find(view);
			if (found) return found;
			this.world.bot?.process.check();
			if (Date.now() >= end) throw new TestFailure(`${this.name} ${what} in ${chat}: not within ${ms} ms\n${await this.transcript(chat)}`);
			await this.sandbox.wait(view.version, Math.min(1000, end - Date.now()));
		}
	}

	/** This person's last messages of a chat, as text. */
	async transcript(chat = 'private') {
		const view = await this.view(chat);
		const lines = view.messages.slice(-MAX_EVENTS_SHOWN).map(showMessage);
		const toasts = (view.answers ?? []).slice(-2).map((a) => `  toast: ${a.text ?? ''}`);
		return [`the last of ${this.name}'s chat "${chat}":`, ...lines, ...toasts].join('\n');
	}

	/** Waits for a deep link of the bot in a text or a button and gives it. */
	async link({ chat = 'private', ms = PATIENCE_MS } = {}) {
		const deep = /https?:\/\/t\.me\/\w+\?start=[A-Za-z0-9_-]+/;
		return this.waits(chat, ms, 'finds a deal link', (view) => {
			for (const m of [...view.messages].reverse()) {
				const places = [messageText(m), ...(m.entities ?? []).map((e) => e.url ?? ''), ...buttonsOf(m).map((b) => b.url ?? b.copy_text?.text ?? '')];
				for (const place of places) if (deep.test(place)) return deep.exec(place)[0];
			}
			return null;
		});
	}
}

/* ---- worlds ---- */

export class World {
	constructor() {
		this.sandbox = null;
		this.bot = null;
		this.people = new Map();
	}

	person(name) {
		if (!this.people.has(name)) this.people.set(name, new Person(this, name));
		return this.people.get(name);
	}

	bank(payment, what) {
		return this.sandbox.bank(payment, what);
	}

	clock(advance_s) {
		return this.sandbox.clock(advance_s);
	}

	fault(method, kind, times, extra) {
		return this.sandbox.fault(method, kind, times, extra);
	}

	state() {
		return this.sandbox.state();
	}

	killBot(signal = 'SIGKILL') {
		return this.bot.kill(signal);
	}

	/** Starts the bot again on the same store, killing it first when it still runs. `env` changes settings. */
	async restartBot(env = {}) {
		if (!this.bot.process.exit) await this.bot.kill('SIGTERM');
		Object.assign(this.bot.env, env);
		return this.bot.start();
	}

	/** Waits until `probe(state)` of /sim/state is true and gives the state. */
	async reaches(probe, what = 'the state', ms = PATIENCE_MS) {
		return waitFor(
			async () => {
				const s = await this.state();
				return probe(s) ? s : null;
			},
			{ ms, what },
		);
	}

	/** Ends both programs; throws when one did not end cleanly or a sanitizer spoke. */
	async stop() {
		if (world === this) world = null;
		try {
			await this.bot?.stop();
		} finally {
			if (this.bot) rmSync(this.bot.folder, { recursive: true, force: true });
			await this.sandbox?.stop();
		}
	}
}

/** Starts the sandbox and (unless bot: false) the bot. `env` goes to the bot, `args` to the sandbox. */
/** A fresh sandbox and bot. `env` may be a function of the stub banks' addresses. */
export async function startAll({ env = {}, args = [], bot = true } = {}) {
	const w = new World();
	w.sandbox = await startSandbox({ args });
	try {
		const settings = typeof env === 'function' ? env({ main: w.sandbox.url, ...(await w.sandbox.state()).stubs.urls }) : env;
		if (bot) w.bot = await startBot({ sandbox: w.sandbox, env: settings });
	} catch (e) {
		await w.sandbox.process.kill('SIGKILL');
		throw e;
	}
	world = w;
	return w;
}

function current() {
	if (!world) throw new TestFailure('no world: call startAll() first');
	return world;
}

export const person = (name) => current().person(name);
export const bank = (payment, what) => current().bank(payment, what);
export const clock = (advance_s) => current().clock(advance_s);
export const fault = (...a) => current().fault(...a);
export const state = () => current().state();
export const reaches = (...a) => current().reaches(...a);
export const killBot = (signal) => current().killBot(signal);
export const restartBot = (env) => current().restartBot(env);

/** Throws when the sandbox refused a call of the bot that no test made it refuse. */
export async function assertNoViolations() {
	const { violations = [] } = await state();
	if (violations.length) throw new TestFailure(`the sandbox refused calls: ${JSON.stringify(violations, null, 1)}`);
}

/* ---- TAP ---- */

const tests = [];

/** Registers a test; run() runs them in order and prints TAP. */
export function test(name, body) {
	tests.push({ name, body });
}

/** `before` runs first and `after` last; a failure of either is a failed test. TESTS=word runs only matching names. */
export async function run({ before, after } = {}) {
	const chosen = tests.filter((t) => !process.env.TESTS || t.name.includes(process.env.TESTS));
	const steps = [...(before ? [{ name: 'start', body: before }] : []), ...chosen, ...(after ? [{ name: 'stop', body: after }] : [])];
	let failed = 0;
	let broken = false;
	console.log(`TAP version 13\n1..${steps.length}`);
	for (const [i, step] of steps.entries()) {
		if (broken && step.body !== after) {
			console.log(`not ok ${i + 1} - ${step.name} (not started)`);
			continue;
		}
		const began = Date.now();
		try {
			const said = await step.body();
			const skip = typeof said === 'string' && said.startsWith('SKIP') ? ` # ${said}` : '';
			console.log(`ok ${i + 1} - ${step.name}${skip || ` # time=${Date.now() - began}ms`}`);
		} catch (e) {
			failed++;
			if (step.body === before) broken = true;
			console.log(`not ok ${i + 1} - ${step.name}\n${String(e?.stack ?? e).replace(/^/gm, '# ')}`);
		}
	}
	process.exitCode = failed ? 1 : 0;
	setTimeout(() => process.exit(), 2000).unref();
}
