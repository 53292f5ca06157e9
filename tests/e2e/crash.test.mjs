// kill -9 at any moment: nothing is lost, the books balance, each deal goes on and each sum leaves once.
// SEED=… plays the same moments again, KILLS=… changes how many; the work between two moments is never exactly the same.
import { PATIENCE_MS, TestFailure, run, startAll, test, waitFor } from './lib.mjs';
import { assertWorldIsWhole, play } from './patient.mjs';
import { Trade, assertAuditClean, assertFinalCards, quiet, row, rows, trackingCode } from './trade.mjs';

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000_007);
const KILLS = Number(process.env.KILLS ?? 50);
const LONGEST_LIFE_MS = 350;
const LONGEST_BIRTH_MS = 40;
const OFTEN_STILLBORN = 0.2;
const PEOPLE = [['sara', 'reza'], ['omid', 'mina']];

let w;
let random = SEED >>> 0;
const processes = [];

// mulberry32
function chance() {
	random = (random + 0x6d2b79f5) >>> 0;
	let t = Math.imul(random ^ (random >>> 15), random | 1);
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

async function born() {
	await w.bot.start();
	processes.push(w.bot.process);
}

/** A start that is killed before it has got far. */
async function stillborn() {
	const last = w.bot.process;
	const start = w.bot.start().catch(() => {});
	await waitFor(() => w.bot.process !== last, { every: 1, what: 'the new process' });
	await new Promise((r) => setTimeout(r, chance() * LONGEST_BIRTH_MS));
	await w.bot.kill('SIGKILL');
	await start;
	processes.push(w.bot.process);
}

const statesSeen = new Set();
const played = [];

test('killed at many moments of running deals, everything ends as if nothing had happened', async () => {
	let kills = 0;
	let failure = null;
	let current = null;

	const players = PEOPLE.map(async ([seller, buyer]) => {
		const t0 = new Trade(w, { seller, buyer });
		await w.person(buyer).says('/start');
		for (let t = t0; kills < KILLS && !failure; t = new Trade(w, { seller, buyer })) {
			t.tracking = trackingCode();
			current = t;
			played.push(t);
			await play(w, t, statesSeen);
		}
	});
	const all = Promise.all(players).catch((e) => (failure = e));

	while (kills < KILLS && !failure) {
		const life = chance() * LONGEST_LIFE_MS;
		await new Promise((r) => setTimeout(r, life)); // the moment is the point: it is drawn, not waited out
		w.bot.process.check();
		await w.bot.kill('SIGKILL');
		kills++;
		if (chance() < OFTEN_STILLBORN) {
			await stillborn();
			kills++;
		}
		await born();
	}
	await all;
	if (failure) throw failure;
	console.log(`# seed ${SEED}: ${kills} kills, ${played.length} deals, states met: ${[...statesSeen].join(' ')}`);
	if (!current || statesSeen.size < 8) throw new TestFailure(`too little was played: ${[...statesSeen]}`);
	await assertWorldIsWhole(w, played, processes);
	for (const t of played.slice(-2)) await assertFinalCards(t);
});

/** Plays a deal whose next call of `method` ends as `kind` says, and kills the bot while that call is under way. */
async function killedWithin(method, kind) {
	const t = new Trade(w);
	const calls = async () => (await w.state()).faults.filter((f) => f.method === method).length;

	t.tracking = trackingCode();
	played.push(t);
	await w.fault(method, kind, 1, { delay_ms: 600_000 });
	const end = play(w, t);
	await waitFor(async () => (await calls()) === 0, { ms: PATIENCE_MS, what: `the call of ${method}` });
	await w.bot.kill('SIGKILL');
	await born();
	await end;
	await assertWorldIsWhole(w, played, processes);
}

for (const call of ['token', 'verify', 'settle', 'payout', 'payout_inquiry'])
	for (const kind of ['hang', 'lost']) {
		const what = kind === 'hang' ? 'before the bank did it' : 'after the bank did it, before its answer';
		test(`killed during bank.${call}, ${what}`, () => killedWithin(`bank.${call}`, kind));
	}

for (const kind of ['hang', 'lost'])
	test(`killed during bank.refund (${kind}): the buyer gets the money back once`, async () => {
		const t = new Trade(w);
		const before = (await w.state()).refunds.length;

		await t.funded();
		await quiet(w, { but: 'kind = 2 AND due_ms > created_ms + 60000' });
		await waitFor(() => row(w, `SELECT 1 AS yes FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${t.code}') AND state = 4`));
		await w.fault('bank.refund', kind, 1, { delay_ms: 600_000 });
		await t.press(t.seller, 'cancel');
		await t.press(t.seller, 'cancel.yes');
		await waitFor(async () => (await w.state()).faults.length === 0, { what: 'the call of bank.refund' });
		await w.bot.kill('SIGKILL');
		await born();
		await waitFor(
			async () => {
				if ((await t.look()).state === 'REFUNDED') return true;
				await w.clock(61);
				return false;
			},
			{ every: 200, what: 'the refund' },
		);
		await quiet(w);
		await assertAuditClean();
		const { refunds } = await w.state();
		const [{ paid }] = await rows(w, `SELECT paid FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${t.code}')`);
		if (refunds.length !== before + 1 || refunds.at(-1).amount !== paid) throw new TestFailure(JSON.stringify({ refunds, paid }));
		await assertFinalCards(t);
	});

await run({
	before: async () => {
		w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
		processes.push(w.bot.process);
		console.log(`# SEED=${SEED}`);
	},
	after: () => w.stop(),
});
