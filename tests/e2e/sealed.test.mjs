// What is private is sealed in the store: raw bytes, a missing key, a new key, an older store.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { person, run, separexCli, test } from './lib.mjs';
import { asks, closeHouse, draft, expect, idle, one, openHouse, same, settled } from './deals.mjs';

const IBAN = 'IR062960000000100324200001';

let house, sara;

const bytes = () => ['', '-wal'].map((x) => house.bot.store + x).filter(existsSync).map((f) => readFileSync(f).toString('latin1')).join('');
const keyFile = () => join(house.bot.folder, 'separex.key');

async function works() {
	await asks(sara, '/profile');
	expect((await sara.view()).messages.at(-1).text.includes('0001'), 'the IBAN’s end is not shown');
}

test('an IBAN is shown masked, and stands nowhere in the store', async () => {
	const d = await draft();
	await d.goes('PAYOUT_DUE');
	await asks(sara, '/iban');
	await asks(sara, IBAN);
	await d.goes('COMPLETED');
	await idle();
	await works();
	expect(!bytes().includes('62960000000100324200001'), 'the IBAN is in the file');
	expect((await one('SELECT iban FROM settlement WHERE kind = 1')).startsWith('s1:'), 'the payout’s IBAN is not sealed');
	same(statSync(keyFile()).mode & 0o777, 0o600, 'the mode of the key file');
});

test('without its key the store is not opened, and with it again it is', async () => {
	await house.bot.stop();
	renameSync(keyFile(), `${keyFile()}.away`);
	const { code, err } = await separexCli(['run']);
	same(code, 1, 'the exit code');
	expect(/separex\.key/.test(err), err);
	renameSync(`${keyFile()}.away`, keyFile());
	await house.bot.start();
	await works();
});

test('a new key, with the bot stopped; the old one may go', async () => {
	const running = await separexCli(['rotate-key']);
	same(running.code, 1, 'while the bot runs');
	await house.bot.stop();
	const before = await one('SELECT iban FROM person WHERE outside_id = 1001');
	const { code, out, err } = await separexCli(['rotate-key', '--drop-old']);
	expect(code === 0, out + err);
	const after = await one('SELECT iban FROM person WHERE outside_id = 1001');
	expect(before !== after && after.startsWith('s1:'), 'not sealed anew');
	await house.bot.start();
	await works();
});

test('an older store’s plain texts are sealed at the start', async () => {
	await house.bot.stop();
	execFileSync('sqlite3', [house.bot.store, `UPDATE person SET iban = '${IBAN}' WHERE outside_id = 1001`]);
	await house.bot.start();
	await settled();
	expect((await one('SELECT iban FROM person WHERE outside_id = 1001')).startsWith('s1:'), 'still plain');
	await works();
});

async function begin() {
	house = await openHouse();
	sara = person('sara');
}

await run({ before: begin, after: closeHouse });
