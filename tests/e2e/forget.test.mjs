// `separex forget`: nobody is forgotten whose money or records are still needed; whoever is leaves no trace but the books.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { person, run, separexCli, test } from './lib.mjs';
import { HOUR, asks, closeHouse, closed, draft, expect, hasIban, later, one, openHouse, same, settled, sql } from './deals.mjs';

const IBAN = 'IR820540102680020817909002';
const NOW = { env: { SEPAREX_STORE_RETENTION_YEARS: '0' } };

let house, sara, deal;

/** The bytes of the store and what lies beside it, but for the keys and the log. */
const store = () => readdirSync(house.bot.folder).filter((f) => f.startsWith('separex.db')).map((f) => readFileSync(join(house.bot.folder, f)).toString('utf8')).join('');

async function stopped(act) {
	await house.bot.stop();
	const answer = await act();
	await house.bot.start();
	await settled();
	return answer;
}

test('not while a deal of theirs is unfinished, not before its records may go, not while the bot runs', async () => {
	deal = await draft();
	await deal.goes('FUNDED');
	same((await separexCli(['forget', '1001'], NOW)).code, 1, 'beside a running bot');
	const live = await stopped(() => separexCli(['forget', '1001'], NOW));
	expect(live.code === 1 && /unfinished/.test(live.err), live.err);
	await deal.goes('DELIVERED');
	await deal.accepts();
	await hasIban(sara);
	await later(2 * HOUR);
	await closed(deal, 'COMPLETED');
	const kept = await stopped(() => separexCli(['forget', '1001']));
	expect(kept.code === 1 && /until \d{4}-\d\d-\d\d/.test(kept.err), kept.err);
	const nobody = await stopped(() => separexCli(['forget', '777'], NOW));
	expect(nobody.code === 1 && /known/.test(nobody.err), nobody.err);
	expect((await one('SELECT name FROM person WHERE outside_id = 1001')) !== undefined, 'she is still known');
});

test('who is forgotten cannot be found in the store; the books and the other side stay', async () => {
	const mina = person('mina');
	const omid = person('omid');
	const d = await draft({ seller: mina, buyer: omid, title: 'Lamp' });
	await d.goes('DELIVERED');
	await d.press(omid, 'report');
	await settled();
	await d.accepts();
	await hasIban(mina, IBAN);
	await later(2 * HOUR);
	await closed(d, 'COMPLETED');
	const [her] = await sql('SELECT id, name, username FROM person WHERE outside_id = 1003');
	const hers = [her.name, her.username].filter((w) => w.length > 3);
	for (const word of hers) expect(store().includes(word), `${word} is not in the store before`);
	let left = '';
	const gone = await stopped(async () => {
		const answer = await separexCli(['forget', '1003'], NOW);
		left = store();
		return answer;
	});
	for (const word of hers) expect(!left.includes(word), `${word} is still in the store`);
	expect(gone.code === 0, gone.err);
	same(await one(`SELECT COUNT(*) FROM person WHERE outside_id = 1003 AND id = ${her.id}`), 0, 'under her own id');
	same(Object.values((await sql(`SELECT name, username, iban, mobile FROM person WHERE id = ${her.id}`))[0]), ['-', '', '', ''], 'what is left of her');
	same(await one(`SELECT iban FROM settlement WHERE person_id = ${her.id} AND kind = 1`), '', 'the IBAN of her payout');
	same(await one('SELECT COUNT(*) FROM person WHERE outside_id IN (1001, 1002)'), 2, 'the others');
	const audit = await separexCli(['audit']);
	expect(audit.code === 0, audit.out);
	await asks(mina, '/start');
	same(await one('SELECT COUNT(*) FROM deal, person WHERE person.outside_id = 1003 AND seller_id = person.id'), 0, 'deals of the newcomer that she is now');
});

await run({
	before: async () => {
		house = await openHouse();
		sara = person('sara');
	},
	after: closeHouse,
});
