// `separex copy`: a bot moves to another store in the middle of its deals and nobody notices; to PostgreSQL with a server
// (tests/with_postgres.sh), else to another file.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestFailure, newStore, run, separexCli, startAll, storeRows, test, waitFor } from './lib.mjs';
import { assertWorldIsWhole } from './patient.mjs';
import { Trade, quiet, row, rows, trackingCode } from './trade.mjs';

const PERSIAN = 'گل‌فروشیِ «سارا» ؛ یک دست';

const server = process.env.SEPAREX_TEST_POSTGRES;
let w = null;
let folder, old;
const processes = [];

function same(is, wanted, what) {
	if (JSON.stringify(is) !== JSON.stringify(wanted)) throw new TestFailure(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`);
}

const counts = (bot) =>
	storeRows(bot, `SELECT (SELECT COUNT(*) FROM deal_history) AS history, (SELECT COUNT(*) FROM ledger_transfer) AS transfers,
		(SELECT COUNT(*) FROM settlement) AS settlements, (SELECT COUNT(*) FROM work) AS work, (SELECT epoch FROM store_owner) AS epoch`);

async function begin() {
	folder = mkdtempSync(join(tmpdir(), 'separex-copy-'));
	const env = await newStore(folder, null);
	w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off', SEPAREX_STORE_KEY_FILE: join(folder, 'separex.key'), ...env } });
	processes.push(w.bot.process);
	for (const name of ['sara', 'reza']) await w.person(name).says('/start');
	await quiet(w);
}

async function end() {
	await w?.stop();
	rmSync(folder, { recursive: true, force: true });
}

const copy = (to) => separexCli(['copy', '--from', old.SEPAREX_STORE_URL, '--to', to]);

test('while the bot runs it is refused', async () => {
	old = { ...w.bot.env };
	const { code, err } = await copy(`sqlite:${join(folder, 'refused.db')}`);
	same([code, /another separex process \(pid \d+\) uses this store; stop it first/.test(err)], [1, true], err);
	same((await separexCli(['copy', '--from', old.SEPAREX_STORE_URL])).code, 2, 'without --to');
});

/** What is left to be done in a deal, state after state. */
const LEFT = {
	AWAIT_PAY: async (t) => w.bank(await t.payment(), 'pay'),
	FUNDED: async (t) => {
		await t.press(t.seller, 'ship');
		await waitFor(() => row(w, "SELECT 1 AS yes FROM conversation WHERE step = 'ship'"), { what: 'the question for the code' });
		await t.seller.says(trackingCode());
	},
	SHIPPED: (t) => t.press(t.buyer, 'received'),
	DELIVERED: async (t) => {
		await t.press(t.buyer, 'accept');
		await t.press(t.buyer, 'accept.yes');
	},
};

async function goOn(t) {
	const order = [...Object.keys(LEFT), 'PAYOUT_DUE'];
	const { state } = await t.look();
	if (state === 'COMPLETED') return;
	for (let at = order.indexOf(state); at < order.length - 1; at++) {
		await LEFT[order[at]](t);
		await t.is(order[at + 1]);
	}
	await t.paidOut();
}

/** Deals that stop at each stage; the one that is not paid comes last, and goes on first, before its time is over. */
async function begun() {
	const stages = [['completed'], ['accepted', 'iban'], ['delivered'], ['shipped'], ['funded'], ['agreed']];
	const all = [];
	for (const acts of stages) {
		const t = new Trade(w, all.length ? {} : { title: PERSIAN });
		for (const act of acts) await t[act]();
		all.unshift(t);
	}
	return all;
}

test('deals in the middle of everything go on in the other store, and each sum moves once', async () => {
	const trades = await begun();
	const early = new Trade(w);
	await early.drafted();
	await quiet(w);
	await w.bot.stop();
	const before = await counts(w.bot);
	const store = await newStore(folder, server);
	if (!server) store.SEPAREX_STORE_URL = `sqlite:${join(folder, 'new.db')}`;

	const { code, out, err } = await copy(store.SEPAREX_STORE_URL);
	same([code, /^ok: the copy is proven$/m.test(out), /all agree/.test(out)], [0, true, true], out + err);
	same(await counts(w.bot), before, 'the old store');
	const again = await copy(store.SEPAREX_STORE_URL);
	same([again.code, /copied to another one/.test(again.err)], [1, true], again.err);

	await w.restartBot(store);
	processes.push(w.bot.process);
	same(await rows(w, `SELECT title FROM deal WHERE title = '${PERSIAN}'`), [{ title: PERSIAN }], 'the Persian title');
	for (const t of trades) await goOn(t);
	await early.press(early.seller, 'publish');
	await early.is('OFFERED');
	await assertWorldIsWhole(w, trades, processes);
});

test('the old store is refused by a bot, and says which file to delete', async () => {
	await w.bot.stop();
	const { code, err } = await separexCli(['run'], { env: { SEPAREX_STORE_URL: old.SEPAREX_STORE_URL } });
	same([code, err.includes('would send money twice'), err.includes(`${folder}/separex.db.lock`)], [1, true, true], err);
	same(readFileSync(join(folder, 'separex.db.lock'), 'utf8'), 'copied to another store\n', 'the mark');
	await w.bot.start();
});

await run({ before: begin, after: end });
