// The store and the configuration when something is wrong with them, and what the log never holds.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, TOKEN, TestFailure, freePort, run, separexCli, startAll, test, waitFor } from './lib.mjs';
import { IBAN, Trade, assertAuditClean, errorLines, quiet, rows } from './trade.mjs';

const folder = mkdtempSync(join(tmpdir(), 'separex-store-'));
const isRoot = process.getuid() === 0;

let w;

function same(is, shouldBe, what) {
	if (JSON.stringify(is) !== JSON.stringify(shouldBe)) throw new TestFailure(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);
}

/** The program refuses with all of `words` and without a crash. */
function refused({ code, out, err }, ...words) {
	const said = out + err;
	if (code === 0 || code === null || code > 2) throw new TestFailure(`code ${code}: ${said}`);
	for (const word of words) if (!said.includes(word)) throw new TestFailure(`"${word}" is not in: ${said}`);
	return said;
}

/* ---- configuration: before any world, so that no setting comes from one ---- */

function config(text) {
	const file = join(folder, 'test.conf');
	writeFileSync(file, text);
	return file;
}

const check = (file, env = {}) => separexCli(['check-config', ...(file ? ['--config', file] : [])], { env });

test('config.example is right as it is, and each key in it', async () => {
	const text = readFileSync(join(ROOT, 'config.example'), 'utf8');
	const r = await check(config(text.replace(/^token =$/m, `token = ${TOKEN}`)));
	if (r.code !== 0) throw new TestFailure(r.out + r.err);
});

const mistakes = [
	['a number out of range', '[telegram]\ntoken = 1:abcdefgh\npoll_timeout_s = 999\n', 3, 'telegram.poll_timeout_s'],
	['a word for a number', '[send]\n\nworkers = many\n', 3, 'send.workers'],
	['an unknown key', '[telegram]\ntokne = 1:x\n', 2, 'tokne'],
	['an unknown section', '; x\n[telegramm]\ntoken = 1:x\n', 3, 'telegramm'],
	['a key twice', '[send]\nworkers = 3\nworkers = 4\n', 3, 'send.workers'],
	['a bad address', '[http]\nlisten = here\n', 2, 'http.listen'],
	['a bad URL', '[telegram]\napi_base = telegram.org\n', 2, 'telegram.api_base'],
	['a fee above one percent', '[fee]\ntiers = 0:101\n', 2, 'fee.tiers'],
	['a bad proxy', '[telegram]\nproxy = ftp://x\n', 2, 'telegram.proxy'],
	['another kind of store', '[store]\nurl = mysql:x\n', 2, 'store.url'],
	['a line without sense', '[app]\nwhat is this\n', 2, ''],
	['no section', 'token = 1:x\n', 1, 'token'],
	['bytes', '[app]\nname = \xff\xfe\u0000\n', 2, ''],
	['a long line', `[app]\nname = ${'x'.repeat(100_000)}\n`, 2, ''],
];
for (const [what, text, line, key] of mistakes)
	test(`check-config names file, line and key: ${what}`, async () => {
		const file = config(text);
		const said = refused(await check(file), `${file}:${line}`, key);
		if (/1:abcdefgh/.test(said)) throw new TestFailure('it tells the token');
	});

test('the environment wins over the file and is named when it is wrong', async () => {
	const file = config('[send]\nworkers = 99\n');
	refused(await check(file, { SEPAREX_TELEGRAM_TOKEN: TOKEN }), 'send.workers');
	refused(await check(config(''), { SEPAREX_SEND_WORKERS: '99' }), 'SEPAREX_SEND_WORKERS');
	refused(await check(config(''), { SEPAREX_SEND_WORKRES: '9' }), 'SEPAREX_SEND_WORKRES');
	refused(await check(join(folder, 'missing.conf')), 'missing.conf');
	refused(await check(folder), folder);
});

test('a secret comes from a file, and is not told when it is wrong', async () => {
	const secret = join(folder, 'token');
	writeFileSync(secret, `${TOKEN}\n`);
	const good = await check(config(`[telegram]\ntoken_file = ${secret}\n`));
	same(good.code, 0, good.out + good.err);
	same((await check(config(''), { SEPAREX_TELEGRAM_TOKEN_FILE: secret })).code, 0, 'from the environment');
	refused(await check(config(`[telegram]\ntoken_file = ${secret}.gone\n`)), 'telegram.token_file', `${secret}.gone`);
	writeFileSync(secret, 'no-token-but-a-secret');
	const said = refused(await check(config(`[telegram]\ntoken_file = ${secret}\n`)), 'telegram.token');
	if (said.includes('no-token-but-a-secret')) throw new TestFailure(said);
});

/* ---- the store ---- */

test('a running bot takes its token from a file', async () => {
	const secret = join(folder, 'token');
	writeFileSync(secret, TOKEN);
	w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
	await w.bot.kill('SIGTERM');
	delete w.bot.env.SEPAREX_TELEGRAM_TOKEN;
	w.bot.env.SEPAREX_TELEGRAM_TOKEN_FILE = secret;
	await w.bot.start();
});

test('after a whole deal the log holds no token, no IBAN, no card, no tracking code, no password', async () => {
	const t = new Trade(w);
	await t.completed();
	await quiet(w);
	const log = w.bot.process.output();
	const [{ tracking }] = await rows(w, `SELECT tracking FROM deal WHERE code = '${t.code}'`);
	const [{ card_mask, page, pay_url }] = await rows(w, 'SELECT * FROM payment');
	const { payments } = await w.state();
	for (const [what, secret] of Object.entries({ token: TOKEN, half: TOKEN.split(':')[1], IBAN, digits: IBAN.slice(2), card: card_mask, tracking, page, pay_url, atBank: payments[0].token, password: 'sandbox_password' }))
		if (!secret || log.includes(secret)) throw new TestFailure(`the ${what} (${secret}) is in the log or empty`);
	if (/\b\d{16}\b/.test(log.replace(/order|\b\d{19}\b/g, ''))) throw new TestFailure('16 digits are in the log');
	if (/سارا|رضا/.test(log)) throw new TestFailure('a name is in the log');
	same(errorLines(w.bot.process), [], 'errors');
	await assertAuditClean();
});

const other = (name) => ({ SEPAREX_STORE_URL: `sqlite:${name}` });

/** A copy of the store as it is on the disk after a clean stop. */
async function copyOfStore(name) {
	const copy = join(folder, name);
	await w.bot.kill('SIGTERM');
	copyFileSync(w.bot.store, copy);
	await w.bot.start();
	return copy;
}

const sql = (file, text) => execFileSync('sqlite3', [file, text], { encoding: 'utf8' });
const runs = async (file) => separexCli(['run'], { env: { ...other(file), SEPAREX_HTTP_LISTEN: `127.0.0.1:${await freePort()}` } });

test('a store of a newer version is refused and left as it is', async () => {
	const file = await copyOfStore('newer.db');
	sql(file, "INSERT INTO migration (number, name, sha256, at_ms) VALUES (999, '0999_future.sql', printf('%064d', 0), 1)");
	refused(await runs(file), 'newer version', '0999_future.sql');
	refused(await separexCli(['audit'], { env: other(file) }), 'newer version');
	same(sql(file, 'SELECT COUNT(*) FROM deal').trim(), '1', 'deals');
});

test('a store whose migration was another one is refused', async () => {
	const file = await copyOfStore('changed.db');
	sql(file, "UPDATE migration SET sha256 = printf('%064d', 0)");
	refused(await runs(file), '0001_house.sql');
});

test('what is no store, or another program’s, is refused', async () => {
	const junk = join(folder, 'junk.db');
	writeFileSync(junk, 'this is no database, only words'.repeat(500));
	refused(await runs(junk), 'store');
	const foreign = join(folder, 'foreign.db');
	sql(foreign, 'PRAGMA application_id = 7; CREATE TABLE x (y)');
	refused(await runs(foreign), 'store');
	refused(await runs(join(folder, 'no', 'such', 'folder.db')), 'folder');
	refused(await runs(folder), 'store');
	for (const command of ['audit', 'work']) refused(await separexCli([command], { env: other(join(folder, 'none.db')) }), 'store');
	if (existsSync(join(folder, 'none.db'))) throw new TestFailure('looking created a store');
});

test('a damaged store is refused or found out by the audit, without a crash', async () => {
	const file = await copyOfStore('damaged.db');
	const bytes = readFileSync(file);
	for (let at = 8192; at < bytes.length; at += 4096) bytes.fill(0xa5, at + 100, at + 3000);
	writeFileSync(file, bytes);
	const r = await separexCli(['audit'], { env: other(file) });
	if (r.code !== 1) throw new TestFailure(`audit: code ${r.code}: ${r.out}${r.err}`);
	refused(await runs(file), '');
});

test('a row of the books that was changed by hand is named by the audit', async () => {
	const file = await copyOfStore('books.db');
	sql(file, 'UPDATE deal SET fee = fee - 1');
	const r = await separexCli(['audit'], { env: other(file) });
	if (r.code !== 1 || !/deal/.test(r.out)) throw new TestFailure(`code ${r.code}: ${r.out}${r.err}`);
});

/* ---- disks ---- */

function mount(at, size) {
	if (!isRoot) return false;
	mkdirSync(at);
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', at], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
}

test('a read-only store is refused with a clear word', async () => {
	const at = join(folder, 'read-only');
	const copy = await copyOfStore('ro.db');
	if (!isRoot) {
		chmodSync(copy, 0o444);
		refused(await runs(copy), 'read-only');
		return '';
	}
	if (!mount(at, '8m')) return 'SKIP no mounts here';
	try {
		copyFileSync(copy, join(at, 'x.db'));
		execFileSync('mount', ['-o', 'remount,ro', at]);
		refused(await runs(join(at, 'x.db')), at);
	} finally {
		execFileSync('umount', [at]);
	}
	return '';
});

test('a full disk loses nothing: nothing is confirmed that is not written, and all goes on when there is room', async () => {
	const at = join(folder, 'small');
	if (!mount(at, '2m')) return 'SKIP no mounts here';
	const kept = { ...w.bot.env };
	const sara = w.person('sara');
	try {
		await w.bot.kill('SIGTERM');
		Object.assign(w.bot.env, { SEPAREX_STORE_URL: `sqlite:${join(at, 's.db')}` });
		await w.bot.start();
		await sara.says('/start');
		await sara.sees(/./);
		try {
			writeFileSync(join(at, 'filler'), Buffer.alloc(4_000_000));
		} catch {
			// full, as was wanted
		}
		const before = (await sara.view()).messages.length;
		for (let i = 0; i < 40; i++) await sara.says('/help');
		await waitFor(() => errorLines(w.bot.process).length > 0 || w.bot.process.exit, { what: 'a word in the log' });
		if (w.bot.process.exit) same(w.bot.process.exit.code, 1, 'exit code');
		rmSync(join(at, 'filler'));
		if (w.bot.process.exit) await w.bot.start();
		await waitFor(async () => (await sara.view()).messages.length >= before + 80, { what: 'every answer' });
		const audit = await separexCli(['audit']);
		same(audit.code, 0, audit.out + audit.err);
	} finally {
		await w.bot.kill('SIGTERM');
		Object.assign(w.bot.env, kept);
		execFileSync('umount', ['-l', at]);
		await w.bot.start();
	}
	return '';
});

await run({
	after: async () => {
		await w?.stop();
		rmSync(folder, { recursive: true, force: true });
	},
});
