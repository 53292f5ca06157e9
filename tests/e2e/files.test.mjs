// What people show of a problem is fetched at once and kept, whatever Telegram, the disk or a power cut does in between.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOKEN, fault, killBot, person, restartBot, run, separexCli, test, waitFor } from './lib.mjs';
import { asks, closeHouse, draft, expect, later, nothingWrong, one, openHouse, same, settled, sql } from './deals.mjs';

const MOST = 20 * 1024 * 1024; // bytes that a bot may download
const DEAD = 3;
const FETCH = 3; // enum work_kind

let house, sara, reza;
const bots = [];

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const folder = () => join(house.bot.folder, 'files');
const kept = () => readdirSync(folder()).sort();
const fetches = () => one(`SELECT COUNT(*) FROM work WHERE kind = ${FETCH} AND state <> ${DEAD}`);
const faults = async () => (await house.state()).faults.length;
const notes = () => bots.map((b) => readFileSync(b.log, 'utf8')).join('\n');

/** A deal whose buyer has begun to tell of a problem. */
async function story() {
	const d = await (await draft()).goes('DELIVERED');
	await d.press(reza, 'report');
	await reza.sees(/[^]/);
	return d;
}

/** Shows something and gives the evidence's row once it is in the store; `bytes` are sent as a document. */
async function shows(what) {
	const before = (await one('SELECT COALESCE(MAX(id), 0) FROM evidence')) ?? 0;
	await reza.sends(Buffer.isBuffer(what) ? { document: { name: '../../etc/$(evil) "x".sh', data: what.toString('base64') } } : what);
	return waitFor(async () => (await sql(`SELECT * FROM evidence WHERE id > ${before} ORDER BY id LIMIT 1`))[0], { what: 'the evidence' });
}

/** Waits until the piece's file is kept, moving the clock over the pauses between the tries, and checks it. */
async function keeps(evidence, { seconds = 10 } = {}) {
	const row = await waitFor(
		async () => {
			const now = (await sql(`SELECT * FROM evidence WHERE id = ${evidence.id}`))[0];
			if (now.file_sha256) return now;
			if (await one(`SELECT COUNT(*) FROM work WHERE subject_id = ${evidence.id} AND kind = ${FETCH} AND reason <> ''`))
				await house.clock(seconds);
			return null;
		},
		{ every: 150, what: `the file of evidence ${evidence.id}` },
	);
	const shown = Buffer.from(await (await fetch(`${house.sandbox.url}/sim/file?file_id=${row.file_id}`)).arrayBuffer());
	const onDisk = readFileSync(join(folder(), row.file_sha256));
	same([row.file_sha256, row.file_bytes], [sha256(shown), shown.length], 'what the store says of the file');
	expect(onDisk.equals(shown), 'the file on the disk is not what was shown');
	await waitFor(async () => (await fetches()) === 0, { what: 'the row to go' });
	return row;
}

test('a photo and a document are kept under their SHA-256, for the owner alone', async () => {
	const bytes = randomBytes(300_000);
	const d = await story();
	const photo = await keeps(await shows({ photo: true }));
	const document = await keeps(await shows(bytes));
	same([photo.file_kind, document.file_kind, document.file_sha256], ['photo', 'document', sha256(bytes)], 'the two');
	same(kept(), [photo.file_sha256, document.file_sha256].sort(), 'the folder');
	same([statSync(folder()).mode & 0o777, ...kept().map((f) => statSync(join(folder(), f)).mode & 0o777)], [0o700, 0o600, 0o600], 'modes');
	const words = await asks(reza, 'only words').then(() => sql('SELECT * FROM evidence ORDER BY id DESC LIMIT 1'));
	same([words[0].file_id, words[0].file_sha256, await fetches()], ['', '', 0], 'words have no file');
	await d.press(reza, 'report_done');
	await d.reaches('ISSUE');
	const inode = statSync(join(folder(), document.file_sha256)).ino;
	await d.press(sara, 'answer');
	await sara.sees(/[^]/);
	await sara.sends({ document: document.file_id }); // the same bytes, shown by the other side
	await waitFor(async () => (await one(`SELECT COUNT(*) FROM evidence WHERE file_sha256 = '${document.file_sha256}'`)) === 2, {
		what: 'the same file for the other side',
	});
	same([kept().length, statSync(join(folder(), document.file_sha256)).ino], [2, inode], 'the file that was there');
});

test('the largest file that a bot may download', async () => {
	await story();
	await keeps(await shows(randomBytes(MOST)));
});

for (const [method, kinds] of [
	['getFile', ['500', '429', '502html', 'empty', 'cut', 'badjson', 'lost', 'reset']],
	['file', ['500', '429', '502html', '401', 'notfound', 'empty', 'cut', 'badjson', 'lost', 'reset']],
])
	test(`trouble with ${method} is tried again`, async () => {
		await story();
		for (const kind of kinds) {
			const calls = (await house.state()).calls.getFile ?? 0;
			await fault(method, kind, 2);
			const row = await keeps(await shows(randomBytes(5000)));
			const asked = (await house.state()).calls.getFile - calls;
			same(await faults(), 0, `${kind}: faults left`);
			// A connection that breaks is tried once more by libcurl itself, with the same path.
			expect(asked === 3 || (asked === 2 && ['lost', 'reset'].includes(kind)), `${kind}: ${asked} calls of getFile`);
			expect(row.file_bytes === 5000, kind);
		}
	});

test('killed while a file is on its way: it is fetched after the restart, and meanwhile the bot answers', async () => {
	await story();
	for (const method of ['getFile', 'file']) {
		await fault(method, 'hang', 2, { delay_ms: 600_000 });
		const all = [];
		for (let i = 0; i < 4; i++) all.push(await shows(randomBytes(1000 + i)));
		await waitFor(async () => (await faults()) === 0, { what: `two calls of ${method} that hang` });
		await asks(reza, '/fee 1000000'); // two files are never in everybody's way
		same(await fetches(), 4, 'rows that wait');
		await killBot('SIGKILL');
		await restartBot();
		bots.push(house.bot.process);
		for (const e of all) await keeps(e);
		await story();
	}
});

test('stopped while a file is on its way: the stop is clean, and it is fetched after the start', async () => {
	await story();
	await fault('file', 'hang', 1, { delay_ms: 600_000 });
	const e = await shows(randomBytes(1000));
	await waitFor(async () => (await faults()) === 0, { what: 'the download that hangs' });
	await restartBot();
	bots.push(house.bot.process);
	await keeps(e);
});

test('a folder that takes nothing: a clear line in the log, and the file is fetched when it does again', async () => {
	const away = `${folder()}.away`;
	await story();
	renameSync(folder(), away);
	writeFileSync(folder(), 'in the way');
	const e = await shows(randomBytes(1000));
	await waitFor(() => notes().includes(`evidence ${e.id}: its file cannot be kept (${folder()}: Not a directory); tried again in a minute`), {
		what: 'the line in the log',
	});
	await settled();
	await house.clock(61);
	await waitFor(() => notes().split(`evidence ${e.id}: its file cannot be kept`).length === 3, { what: 'the second try' });
	const second = await shows(randomBytes(1001));
	await waitFor(async () => (await one(`SELECT reason FROM work WHERE subject_id = ${second.id} AND kind = ${FETCH}`)) === 'waits its turn', {
		what: 'the second file to wait without being tried',
	});
	same(notes().includes(`evidence ${second.id}: its file`), false, 'a download for nothing');
	renameSync(folder(), `${folder()}.rubbish`);
	renameSync(away, folder());
	await keeps(e, { seconds: 61 });
	await keeps(second, { seconds: 61 });
});

test('nothing is wrong, and no log line holds an address', async () => {
	await nothingWrong({ errors: /its file cannot be kept/ });
	same(kept().filter((f) => !/^[0-9a-f]{64}$/.test(f)), [], 'other names in the folder');
	expect(!notes().includes(TOKEN) && !/\/file\/|(photos|documents)\/file_/.test(notes()), 'an address in the log');
});

test('too big, or gone: given up at once, with the reason', async () => {
	await story();
	const big = await shows(randomBytes(MOST + 1));
	await waitFor(async () => (await one(`SELECT state FROM work WHERE subject_id = ${big.id} AND kind = ${FETCH}`)) === DEAD, {
		what: 'the dead letter',
	});
	await fault('getFile', 'notfound');
	const gone = await shows(randomBytes(1000));
	await waitFor(async () => (await one(`SELECT state FROM work WHERE subject_id = ${gone.id} AND kind = ${FETCH}`)) === DEAD, {
		what: 'the second dead letter',
	});
	const { code, out } = await separexCli(['work', '--dead']);
	same(code, 0, 'exit code');
	expect(new RegExp(`fetch\\tfile:${big.id}\\ttries 0\\t400 Bad Request: file is too big`).test(out), out);
	expect(new RegExp(`fetch\\tfile:${gone.id}\\ttries 0\\t400 Bad Request: `).test(out), out);
	await keeps(await shows(randomBytes(1000))); // the next one is fetched as ever
});

test('trouble without end: set aside after as many tries as a message gets', async () => {
	await story();
	await fault('file', '500', 100);
	const e = await shows(randomBytes(1000));
	await waitFor(
		async () => {
			await later(135); // more than the longest pause, less than what counts as an outage, in which no try counts
			return (await one(`SELECT state FROM work WHERE subject_id = ${e.id} AND kind = ${FETCH}`)) === DEAD;
		},
		{ every: 150, what: 'the dead letter' },
	);
	same(100 - (await house.state()).faults[0].times, 8, 'tries');
});

test('a folder that cannot be made is refused at the start', async () => {
	const { code, err } = await separexCli(['run'], {
		env: { SEPAREX_STORE_URL: `sqlite:${join(house.bot.folder, 'other.db')}`, SEPAREX_STORE_FILES: join(house.bot.folder, 'no/such') },
	});
	same(code, 1, 'exit code');
	expect(/the folder for files, \S+no\/such, cannot be made \(No such file or directory\); correct store\.files/.test(err), err);
});

await run({
	before: async () => {
		house = await openHouse();
		bots.push(house.bot.process);
		[sara, reza] = ['sara', 'reza'].map(person);
	},
	after: closeHouse,
});
