// Backup beside a running bot, and what a restored store does with money that may have left since.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUILD, ROOT, person, run, separexCli, test, waitFor } from './lib.mjs';
import { HOUR, MINUTE, asks, closeHouse, closed, draft, expect, hasIban, idle, later, nothingWrong, one, openHouse, same, settled, sql } from './deals.mjs';
import { Trade } from './trade.mjs';

const STAFF = { chat: 'bazaar' };
const BALLAST_ROWS = 4000;

const folder = mkdtempSync(join(tmpdir(), 'separex-backup-'));
let house, sara, reza, mina, omid;
let serial = 0;

const newName = () => join(folder, `b${++serial}`);
const inFile = (file, text) => execFileSync('sqlite3', [file, text], { encoding: 'utf8' }).trim();
const parts = () => [folder, house.bot.folder].flatMap((f) => readdirSync(f)).filter((f) => /\.part|restoring/.test(f));

async function backup(file = newName()) {
	const { code, out, err } = await separexCli(['backup', file]);
	expect(code === 0, `backup: ${out}${err}`);
	return { file, out };
}

async function restore(file, ...more) {
	await house.killBot('SIGTERM');
	const { code, out, err } = await separexCli(['restore', file, ...more]);
	expect(code === 0, `restore: ${out}${err}`);
	await house.restartBot();
	await settled();
	return out;
}

/** The command refuses with all of `words`, and leaves the store as it is. */
async function refused(args, words, env = {}) {
	const before = existsSync(house.bot.store) && statSync(house.bot.store).ino;
	const { code, out, err } = await separexCli(args, { env });
	expect(code === 1, `${args}: code ${code}: ${out}${err}`);
	for (const word of words) expect((out + err).includes(word), `"${word}" is not in: ${out}${err}`);
	same(existsSync(house.bot.store) && statSync(house.bot.store).ino, before, 'the store');
	same(parts(), [], 'what is left beside');
}

async function auditOf(file) {
	const { code, out, err } = await separexCli(['audit'], { env: { SEPAREX_STORE_URL: `sqlite:${file}` } });
	expect(code === 0, `audit of ${file}: ${out}${err}`);
}

async function booksAgree() {
	const { code, out, err } = await separexCli(['audit']);
	expect(code === 0, `audit: ${out}${err}`);
}

const payoutsOf = async (d) => (await d.atBank()).payouts.length;
const allPayouts = async () => (await house.state()).payouts.length;

/* ---- the copy ---- */

test('taken while deals are played: whole, proven, for its owner alone, and the deals go on', async () => {
	/** Time passes for both at once: while one waits for money the other must not let an hour go by. */
	const round = async () => {
		const pair = [['sara', 'reza'], ['omid', 'mina']].map(([seller, buyer]) => new Trade(house, { seller, buyer }));
		await Promise.all(pair.map((t) => t.accepted().then(() => t.iban())));
		for (const t of pair) await t.paidOut();
	};
	let over = false;
	const all = round().then(round).then(round).finally(() => (over = true));
	const copies = [];
	do copies.push(await backup());
	while (!over);
	await all;
	copies.push(await backup());
	for (const { file, out } of copies) {
		same(statSync(file).mode & 0o777, 0o600, 'mode');
		same(inFile(file, 'PRAGMA integrity_check; PRAGMA foreign_key_check'), 'ok', 'integrity');
		same([existsSync(`${file}-wal`), existsSync(`${file}.part`)], [false, false], 'beside it');
		await auditOf(file);
		expect(/version 0\d{3}_\w+\.sql/.test(out) && /deals, /.test(out) && /in the banks/.test(out), out);
		expect(out.includes(join(house.bot.folder, 'separex.key')) && out.includes(join(house.bot.folder, 'files')), out);
	}
	same(inFile(copies.at(-1).file, 'SELECT COUNT(*) FROM deal'), String(await one('SELECT COUNT(*) FROM deal')), 'deals');
	console.log(`# ${copies.length} backups beside six deals`);
	await booksAgree();
});

test('a backup overwrites nothing and needs a place', async () => {
	const { file } = await backup();
	const bytes = readFileSync(file);
	await refused(['backup', file], [file, 'never overwritten']);
	expect(bytes.equals(readFileSync(file)), 'the first backup was changed');
	await refused(['backup', join(folder, 'no', 'where')], ['no/where']);
	await refused(['backup', newName()], ['there is no file'], { SEPAREX_STORE_URL: `sqlite:${join(folder, 'none.db')}` });
	const { code } = await separexCli(['backup']);
	same(code, 2, 'without a file');
});

test('what was erased in the store is not in the copy', async () => {
	const word = 'erasedwordofnobody';
	await asks(sara, `/sell ${word} 2,000,000 toman`);
	await house.killBot('SIGTERM');
	inFile(house.bot.store, `UPDATE deal SET title = 'x' WHERE title LIKE '%${word}%'; DELETE FROM inbox; DELETE FROM work; UPDATE conversation SET data = '{}'`);
	const { file } = await backup();
	expect(!readFileSync(file).includes(word), 'an erased title is in the backup');
	await house.restartBot();
});

/* ---- refusals of restore ---- */

test('nothing is restored beside a running bot', async () => {
	const { file } = await backup();
	await refused(['restore', file], ['another separex process', 'stop it first']);
});

test('what is no whole and known backup is refused, and the store stays', async () => {
	const { file } = await backup();
	await house.killBot('SIGTERM');
	const changed = (name, text) => {
		const copy = join(folder, name);
		copyFileSync(file, copy);
		if (text) inFile(copy, text);
		return copy;
	};
	await refused(['restore', join(folder, 'none')], ['cannot be read']);
	await refused(['restore', house.bot.store], ['is the store itself']);
	const junk = join(folder, 'junk');
	writeFileSync(junk, 'no database, only words '.repeat(500));
	await refused(['restore', junk], ['not a database']);
	await refused(['restore', changed('foreign', 'PRAGMA application_id = 7')], ['another program']);
	await refused(['restore', changed('newer', "INSERT INTO migration VALUES (999, '0999_future.sql', printf('%064d', 0), 1)")], ['newer version', '0999_future.sql']);
	await refused(['restore', changed('books', 'UPDATE deal SET held = held + 1')], ['wrong:', 'do not agree']);
	const damaged = changed('damaged');
	const bytes = readFileSync(damaged);
	for (let at = 16384; at < bytes.length; at += 8192) bytes.fill(0xa5, at + 100, at + 3000);
	writeFileSync(damaged, bytes);
	await refused(['restore', damaged], []);
	writeFileSync(join(folder, 'cut'), readFileSync(file).subarray(0, 3 * 4096));
	await refused(['restore', join(folder, 'cut')], []);
	await refused(['restore', file], ['no-key'], { SEPAREX_STORE_KEY_FILE: join(folder, 'no-key') });
	await house.restartBot();
	await booksAgree();
});

test('a store that is damaged or gone is replaced, and what was left of it is kept as it was', async () => {
	const { file } = await backup();
	await house.killBot('SIGTERM');
	const deals = inFile(file, 'SELECT COUNT(*) FROM deal');
	const junk = Buffer.alloc(50_000, 'what a broken disk left ');
	writeFileSync(house.bot.store, junk);
	writeFileSync(`${house.bot.store}-wal`, 'and its log');
	const { code, out, err } = await separexCli(['restore', file]);
	same(code, 0, out + err);
	const aside = /the store that was there is (\S+);/.exec(out)[1];
	expect(readFileSync(aside).equals(junk), 'the old file was changed');
	same(readFileSync(`${aside}-wal`, 'utf8'), 'and its log', 'the old log');
	same(statSync(house.bot.store).mode & 0o777, 0o600, 'mode');
	same(inFile(house.bot.store, 'SELECT COUNT(*) FROM deal'), deals, 'deals');
	rmSync(house.bot.store);
	const again = await separexCli(['restore', file]);
	same([again.code, /the store that was there/.test(again.out)], [0, false], again.out + again.err);
	await house.restartBot();
	await booksAgree();
});

test('a store that was killed with its log, moved aside, is restored with the log', async () => {
	await asks(sara, '/sell aside 2,000,000 toman');
	await house.killBot('SIGKILL');
	const aside = newName();
	expect(statSync(`${house.bot.store}-wal`).size > 0, 'no log');
	for (const suffix of ['', '-wal']) copyFileSync(house.bot.store + suffix, aside + suffix);
	const deals = await one('SELECT COUNT(*) FROM deal');
	const { code, out, err } = await separexCli(['restore', aside, '--nothing-since']);
	same(code, 0, out + err);
	same(await one('SELECT COUNT(*) FROM deal'), deals, 'deals');
	await house.restartBot();
	await booksAgree();
});

/* ---- killed in the middle ---- */

/** Starts the program and kills it as soon as `begun` is true; false when it had ended before. */
async function killedWhen(args, begun, env = {}) {
	const clean = Object.fromEntries(Object.entries(process.env).filter(([k]) => !k.startsWith('SEPAREX_')));
	const child = spawn(join(BUILD, 'separex'), args, { cwd: ROOT, env: { ...clean, ...house.bot.env, ...env }, stdio: 'ignore' });
	const ended = new Promise((done) => child.once('exit', (code, signal) => done(signal === 'SIGKILL')));
	while (!begun() && child.exitCode === null) await new Promise((go) => setImmediate(go));
	child.kill('SIGKILL');
	return ended;
}

test('kill -9 in the middle of a backup leaves no half file, and the next one is whole', async () => {
	await house.killBot('SIGTERM');
	inFile(
		house.bot.store,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${BALLAST_ROWS})
		INSERT INTO picture SELECT 'ballast ' || i, hex(randomblob(4000)), 1 FROM n`,
	);
	const file = newName();
	let killed = 0;
	for (const least of [0, 1, 1_000_000, 8_000_000]) {
		const size = () => statSync(`${file}.part`, { throwIfNoEntry: false })?.size ?? -1;
		killed += await killedWhen(['backup', file], () => size() >= least);
		if (existsSync(file)) {
			await auditOf(file);
			rmSync(file);
		}
	}
	expect(killed >= 2, `only ${killed} were killed in time`);
	await backup(file);
	await auditOf(file);
	same(parts(), [], 'parts');
	await house.restartBot();
});

test('kill -9 in the middle of a restore leaves the old store or the new one, and it can be repeated', async () => {
	const { file } = await backup();
	await house.killBot('SIGTERM');
	inFile(house.bot.store, "INSERT INTO fact VALUES ('after the backup', 1, '')");
	const isOld = () => inFile(house.bot.store, "SELECT COUNT(*) FROM fact WHERE name = 'after the backup'") === '1';
	const asides = () => readdirSync(house.bot.folder).filter((f) => /before-restore-\d{8}T\d{6}Z(-\d+)?$/.test(f));
	const earlier = asides();
	const fresh = `${house.bot.store}.restoring`;
	const size = (file) => statSync(file, { throwIfNoEntry: false })?.size ?? -1;
	let killed = 0;
	for (const begun of [
		() => existsSync(fresh),
		() => size(fresh) > 8_000_000,
		() => size(`${fresh}-wal`) > 0,
		() => asides().length > earlier.length,
	]) {
		killed += await killedWhen(['restore', file], begun);
		await booksAgree();
	}
	expect(killed >= 2, `only ${killed} were killed in time`);
	const { code, out, err } = await separexCli(['restore', file]);
	same(code, 0, out + err);
	same(isOld(), false, 'the old store is still there');
	const aside = asides().filter((f) => !earlier.includes(f));
	expect(aside.length >= 1, 'nothing was moved aside');
	const kept = aside.map((f) => inFile(join(house.bot.folder, f), "SELECT COUNT(*) FROM fact WHERE name = 'after the backup'"));
	expect(kept.includes('1'), `the old store is in none of ${aside}`);
	same(parts(), [], 'parts');
	await house.restartBot();
	await booksAgree();
});

/* ---- another place, and no time between ---- */

test('restored at a new place, a paid deal goes on to its payout', async () => {
	await begin();
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('FUNDED');
	await hasIban(sara);
	await idle();
	const { file } = await backup();
	await house.killBot('SIGTERM');
	const place = mkdtempSync(join(folder, 'new-'));
	const env = { SEPAREX_STORE_URL: `sqlite:${join(place, 'separex.db')}` };
	const { code, out, err } = await separexCli(['restore', file, '--nothing-since'], { env });
	expect(code === 1 && (out + err).includes('separex.key'), `without its keys: ${out}${err}`);
	same(readdirSync(place).filter((f) => !f.endsWith('.lock')), [], 'the new place');
	copyFileSync(join(house.bot.folder, 'separex.key'), join(place, 'separex.key'));
	chmodSync(join(place, 'separex.key'), 0o600);
	const again = await separexCli(['restore', file, '--nothing-since'], { env });
	same(again.code, 0, again.out + again.err);
	renameSync(house.bot.store, `${house.bot.store}.left`);
	house.bot.store = join(place, 'separex.db');
	await house.restartBot(env);
	await booksAgree();
	await d.goes('DELIVERED');
	await d.accepts();
	await closed(d, 'COMPLETED');
	same(await payoutsOf(d), 1, 'payouts');
	await nothingWrong();
});

/* ---- an old backup ---- */

async function accepted() {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('DELIVERED');
	await d.accepts();
	await hasIban(sara);
	return d;
}

for (const kind of ['hang', 'busy'])
	test(`a payout that ${kind === 'hang' ? 'was under way' : 'waited'} at the backup and was sent after it is not sent again`, async () => {
		await begin();
		const d = await accepted();
		await house.fault('bank.payout', kind, 1, { delay_ms: 600_000 });
		await house.clock(HOUR + MINUTE);
		const state = kind === 'hang' ? 'state = 2' : "state = 1 AND reason <> ''";
		await waitFor(async () => (await one(`SELECT COUNT(*) FROM work WHERE kind = 2 AND ${state} AND chain LIKE 'settlement:%'`)) === 1, {
			what: 'the payout to be under way',
		});
		const { file } = await backup();
		same(await payoutsOf(d), 0, 'payouts before the backup');
		await house.killBot('SIGKILL');
		await house.restartBot();
		await closed(d, 'COMPLETED');
		same(await payoutsOf(d), 1, 'payouts after it');
		const out = await restore(file);
		expect(/\b1 payouts and refunds that waited are looked up/.test(out), out);
		await closed(d, 'COMPLETED');
		same(await allPayouts(), 1, 'payouts after the restore');
		await nothingWrong();
	});

test('a payout that waited at the backup and was never sent is sent once after the restore', async () => {
	await begin();
	const d = await accepted();
	await house.fault('bank.payout', 'busy', 1);
	await house.clock(HOUR + MINUTE);
	await waitFor(async () => (await one("SELECT COUNT(*) FROM work WHERE kind = 2 AND state = 1 AND reason <> '' AND chain LIKE 'settlement:%'")) === 1, {
		what: 'the payout to wait',
	});
	const { file } = await backup();
	await restore(file);
	await closed(d, 'COMPLETED');
	same(await allPayouts(), 1, 'payouts');
	await nothingWrong();
});

async function release(d) {
	await asks(omid, `/deal ${d.code}`, STAFF);
	await d.refuses(sara, 'payout_ok', STAFF);
	await d.press(omid, 'payout_ok', STAFF);
	await settled();
	await d.refuses(omid, 'payout_ok', STAFF);
	await d.press(mina, 'payout_ok', STAFF);
	await settled();
}

test('a payout that was decided after the backup is held until two treasurers have looked at the bank', async () => {
	await begin();
	const gone = await draft({ price: '2,000,000 toman' });
	await gone.goes('DELIVERED');
	const due = await draft({ price: '3,000,000 toman' });
	await due.goes('DELIVERED');
	await hasIban(sara);
	await idle();
	const { file } = await backup();
	await gone.accepts();
	await closed(gone, 'COMPLETED');
	same(await payoutsOf(gone), 1, 'payouts before the restore');
	const tracks = (await house.state()).payouts.map((p) => p.track_id);
	const out = await restore(file);
	expect(/the money of every deal in the backup is held/.test(out), out);
	await gone.is('DELIVERED');
	await gone.accepts();
	await due.accepts();
	await later(HOUR + MINUTE);
	await later(5 * HOUR);
	await idle();
	same((await house.state()).payouts.map((p) => p.track_id), tracks, 'payouts while held');
	await gone.is('PAYOUT_DUE');
	const said = await omid.sees(/restored from a backup|نسخهٔ پشتیبان/, { ...STAFF, any: true });
	expect(said, 'the operators are told why');
	await release(due);
	await closed(due, 'COMPLETED');
	same(await payoutsOf(due), 1, 'payouts of the released one');
	same(await allPayouts(), 2, 'all payouts');
	await booksAgree();
	/* The one that had left is found at the bank by the number that the treasurers read there; a wrong one books nothing. */
	const left = async (number, code = gone.code) => {
		for (const who of [omid, mina]) await asks(who, `/left ${code} ${number}`, STAFF);
		await settled();
	};
	await asks(sara, `/left ${gone.code} ${tracks[0]}`, STAFF);
	await left('x');
	await left(await one(`SELECT '' || track_id FROM settlement WHERE deal_id = ${due.id}`));
	same(await one(`SELECT COUNT(*) FROM settlement WHERE deal_id = ${gone.id}`), 0, 'settlements by numbers of something else');
	await left('123456789');
	await waitFor(async () => (await one(`SELECT state FROM settlement WHERE deal_id = ${gone.id}`)) === 4, { what: 'the wrong number to be unknown' });
	await gone.is('PAYOUT_DUE');
	await later(5 * HOUR);
	same(await allPayouts(), 2, 'payouts after a wrong number');
	await left(tracks[0]);
	await closed(gone, 'COMPLETED');
	same([await payoutsOf(gone), await allPayouts()], [1, 2], 'payouts after the right number');
	await booksAgree();
	const next = await draft({ price: '1,000,000 toman' });
	await next.goes('COMPLETED');
	same(await payoutsOf(next), 1, 'a deal that began after the restore needs nobody');
	await nothingWrong();
});

test('a refund that was decided after the backup is held too, and goes once when it is released', async () => {
	await begin();
	const gone = await draft({ price: '2,000,000 toman' });
	await gone.goes('FUNDED');
	const due = await draft({ price: '3,000,000 toman' });
	await due.goes('FUNDED');
	await idle();
	await later(4 * HOUR); /* no reversal any more */
	const { file } = await backup();
	const cancel = async (d) => {
		await d.press(d.seller, 'cancel');
		await d.press(d.seller, 'cancel.yes');
	};
	await cancel(gone);
	await closed(gone, 'REFUNDED');
	const back = async () => (await house.state()).refunds.length;
	same(await back(), 1, 'refunds before the restore');
	await restore(file);
	await gone.is('FUNDED');
	await cancel(gone);
	await cancel(due);
	await settled();
	await later(5 * HOUR);
	same(await back(), 1, 'refunds while held');
	await gone.is('REFUND_DUE');
	await release(due);
	await closed(due, 'REFUNDED');
	same([await back(), await allPayouts()], [2, 0], 'refunds when released');
	await booksAgree();
});

/* ---- files for the bank ---- */

const newestBatch = async () => (await sql('SELECT * FROM payout_batch ORDER BY id DESC LIMIT 1'))[0];

async function bringBatch() {
	await asks(omid, '/batch', STAFF);
	await settled();
	const { id } = await newestBatch();
	for (const who of [omid, mina]) {
		await who.presses(`batch:ok.${id}`, STAFF);
		await settled();
	}
	await waitFor(async () => (await newestBatch()).state === 3, { what: 'the file to be written' });
	await omid.presses(`batch:sent.${id}`, STAFF);
	await waitFor(async () => (await newestBatch()).state === 4, { what: 'the batch to be sent' });
	return newestBatch();
}

test('a batch that went to the bank after the backup is in no second file; its results are booked all the same', async () => {
	const money = join(folder, 'payouts');
	await begin({
		SEPAREX_PAYOUT_RAIL: 'file',
		SEPAREX_PAYOUT_FOLDER: money,
		SEPAREX_CCTI_IBAN: 'IR580540105180021273113007',
		SEPAREX_CCTI_NAME: 'Separex',
		SEPAREX_PAYOUT_COUNTS_CYCLES: 'off',
	});
	const d = await accepted();
	await later(HOUR + MINUTE);
	await waitFor(async () => (await d.row()).inflight > 0, { what: 'the payout to be queued' });
	await asks(omid, '/batch', STAFF);
	await settled();
	same((await newestBatch()).state, 1, 'the batch at the backup');
	const { file } = await backup();
	const lost = await bringBatch();
	const out = await restore(file);
	expect(/1 batches that were not written yet are cancelled/.test(out), out);
	same((await newestBatch()).state, 5, 'the batch after the restore');
	await asks(omid, '/batch', STAFF);
	await settled();
	same(await one('SELECT COUNT(*) FROM payout_batch WHERE state = 1'), 0, 'batches of what is held');
	const track = await one(`SELECT '' || track_id FROM settlement WHERE deal_id = ${d.id}`);
	expect(readFileSync(join(money, lost.file_name), 'utf8').includes(track), 'the lost file holds the payout');
	const path = join(folder, 'results.csv');
	const amount = await one(`SELECT amount FROM settlement WHERE deal_id = ${d.id}`);
	writeFileSync(path, `track,state,amount,iban\n${track},done,${amount},\n`);
	const told = await separexCli(['import-results', path]);
	same(told.code, 0, told.err);
	await closed(d, 'COMPLETED');
	const next = await draft({ price: '1,000,000 toman' });
	await next.goes('DELIVERED');
	await next.accepts();
	await later(HOUR + MINUTE);
	await waitFor(async () => (await next.row()).inflight > 0, { what: 'the next payout to be queued' });
	const b = await bringBatch();
	expect(b.id > lost.id + 100 && b.file_name !== lost.file_name, `batch ${b.id} after ${lost.id}`);
	await booksAgree();
});

async function begin(more = {}) {
	await closeHouse();
	house = await openHouse({
		env: {
			SEPAREX_TELEGRAM_OPERATORS_CHAT: '-1001000000001',
			SEPAREX_STAFF_OPERATORS: '1003 5000000004',
			...more,
		},
	});
	[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
}

await run({
	before: begin,
	after: async () => {
		await closeHouse();
		rmSync(folder, { recursive: true, force: true });
	},
});
