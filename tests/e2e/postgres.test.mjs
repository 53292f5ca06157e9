// A store that is a PostgreSQL database: deals go their whole way, the commands work, and neither a server that dies in the
// middle nor one that never comes back with its primary loses or doubles anything. Needs a server: tests/with_postgres.sh.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestFailure, run, separexCli, startAll, test, waitFor } from './lib.mjs';
import { assertWorldIsWhole, play } from './patient.mjs';
import { Trade, assertAuditClean, quiet, row, trackingCode } from './trade.mjs';

const RESTARTS = 6;
const PEOPLE = [['sara', 'reza'], ['omid', 'mina']];
const LOST = /transaction .* failed|cannot be started|nobody says what became|stays started|could not be recorded|store/; // what the log may say of an outage

let w = null;
const processes = [];
const played = [];

function same(is, wanted, what) {
	if (JSON.stringify(is) !== JSON.stringify(wanted)) throw new TestFailure(`${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(wanted)}`);
}

async function begin(env = {}) {
	w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off', ...env } });
	processes.splice(0, processes.length, w.bot.process);
	played.length = 0;
	for (const name of PEOPLE.flat()) await w.person(name).says('/start');
	await quiet(w);
}

async function end() {
	await w?.stop();
	w = null;
}

/** Two pairs play deal after deal until `over` is true; gives a promise of their end. */
function load(over) {
	return Promise.all(
		PEOPLE.map(async ([seller, buyer]) => {
			while (!over()) {
				const t = new Trade(w, { seller, buyer });
				t.tracking = trackingCode();
				played.push(t);
				await play(w, t);
			}
		}),
	);
}

/** Waits until so many more steps of deals are in the books. */
async function steps(n) {
	const count = async () => (await row(w, 'SELECT COUNT(*) AS n FROM deal_history')).n;
	const from = await count();
	await waitFor(async () => (await count().catch(() => 0)) >= from + n, { ms: 60_000, what: `${n} more steps` });
}

/** Ends the server as a crash does, and starts it again. */
function crashServer() {
	const { status, stderr } = spawnSync('sh', ['-c', `cd / && exec ${process.env.SEPAREX_TEST_POSTGRES_RESTART}`], { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
	if (status !== 0) throw new TestFailure(`the server did not come back: ${stderr}`);
}

test('a deal goes its whole way, and the commands read the store', async () => {
	const t = new Trade(w);
	await t.completed();
	await quiet(w);
	await assertAuditClean();
	for (const [args, wanted] of [
		[['work'], /waiting/],
		[['reconcile'], /./],
		[['report', 'deals'], new RegExp(t.code)],
		[['report', 'payouts'], /./],
	]) {
		const { out, err } = await separexCli(args);
		if (!wanted.test(out)) throw new TestFailure(`${args}: ${out}${err}`);
	}
	const { code, err } = await separexCli(['backup', join(w.bot.folder, 'b.db')]);
	same([code, /pg_dump/.test(err)], [1, true], `backup: ${err}`);
	same((await row(w, "SELECT COUNT(*) AS n FROM person WHERE iban LIKE 'IR%'")).n, 0, 'IBANs in the clear');
});

test('a second bot on the same database is refused', async () => {
	const { code, err } = await separexCli(['run'], { env: { SEPAREX_HTTP_LISTEN: '127.0.0.1:0', SEPAREX_HTTP_PUBLIC_URL: 'http://127.0.0.1' } });
	same([code, /another separex process uses this store/.test(err)], [1, true], err);
});

test('a server that crashes again and again in the middle of deals: the bot lives on, and each sum moves once', async () => {
	played.length = 0;
	await end();
	await begin();
	let over = false;
	const all = load(() => over);
	all.catch(() => {});
	for (let i = 0; i < RESTARTS; i++) {
		await Promise.race([steps(4), all]);
		crashServer();
	}
	over = true;
	await all;
	w.bot.process.check();
	await assertWorldIsWhole(w, played, processes, LOST);
	console.log(`# ${RESTARTS} crashes of the server during ${played.length} deals`);
});

/* ---- a primary and its standby ---- */

/** A server of our own in a folder; `as` runs its programs, which refuse to be root. */
class Server {
	constructor(home, name) {
		Object.assign(this, { home, data: join(home, name), socket: join(home, `s${name}`) });
		this.bin = execFileSync('sh', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1'], { encoding: 'utf8' }).trim();
		this.root = process.getuid() === 0;
		this.user = this.root ? 'postgres' : execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
		this.as('mkdir', this.socket);
	}

	as(program, ...args) {
		const all = [...(this.root ? ['runuser', '-u', 'postgres', '--'] : []), program, ...args];
		return execFileSync(all[0], all.slice(1), { cwd: '/', encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	}

	configure(lines) {
		appendFileSync(join(this.data, 'postgresql.conf'), `\n${lines.join('\n')}\n`);
	}

	control(...args) {
		// its output goes to its log: a pipe of ours would stay open as long as the server lives
		execFileSync('sh', ['-c', `cd / && ${this.root ? 'runuser -u postgres -- ' : ''}${this.bin}/pg_ctl -D ${this.data} -l ${this.socket}/log -w ${args.join(' ')} >/dev/null 2>&1`]);
	}

	/** kill -9 of all its processes, as when its machine is gone. */
	kill() {
		const pid = execFileSync('head', ['-1', join(this.data, 'postmaster.pid')], { encoding: 'utf8' }).trim();
		execFileSync('sh', ['-c', `pids="${pid} $(ps -o pid= --ppid ${pid})"; kill -9 $pids 2>/dev/null; true`]);
		rmSync(join(this.data, 'postmaster.pid'));
	}
}

/** Both, with each commit waiting for the standby's disk. */
function pair(home) {
	const primary = new Server(home, 'a');
	primary.as(join(primary.bin, 'initdb'), '-D', primary.data, '-U', primary.user, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
	primary.configure([`unix_socket_directories = '${primary.socket}'`, "listen_addresses = ''", 'port = 5432', 'max_wal_senders = 4', 'shared_buffers = 32MB']);
	primary.control('start');
	const standby = new Server(home, 'b');
	standby.as(join(standby.bin, 'pg_basebackup'), '-h', primary.socket, '-U', primary.user, '-D', standby.data, '-R', '-C', '-S', 'b', '--checkpoint=fast');
	standby.configure([`unix_socket_directories = '${standby.socket}'`]);
	standby.control('start');
	primary.configure(["synchronous_standby_names = '*'"]);
	primary.control('reload');
	return { primary, standby };
}

test('the primary is killed in the middle of deals and its synchronous standby takes its place: nothing that was said is lost', async () => {
	const home = mkdtempSync(join(tmpdir(), 'separex-pair-'));
	execFileSync('chmod', ['755', home]);
	if (process.getuid() === 0) execFileSync('chown', ['postgres', home]);
	let servers;
	try {
		await end();
		servers = pair(home);
		const { primary, standby } = servers;
		primary.as('psql', '-X', '-q', '-h', primary.socket, '-d', 'postgres', '-c', 'CREATE DATABASE separex');
		const url = `postgres:///separex?host=${primary.socket},${standby.socket}&port=5432,5432&user=${primary.user}&target_session_attrs=read-write`;
		await begin({ SEPAREX_STORE_URL: url });
		let over = false;
		const all = load(() => over);
		all.catch(() => {});
		await Promise.race([steps(12), all]);
		primary.kill();
		standby.control('promote');
		await Promise.race([steps(8), all]);
		over = true;
		await all;
		await assertWorldIsWhole(w, played, processes, LOST);
		console.log(`# ${played.length} deals over the change of servers`);
	} finally {
		await end();
		for (const s of Object.values(servers ?? {})) if (existsSync(join(s.data, 'postmaster.pid'))) s.control('-m immediate', 'stop');
		rmSync(home, { recursive: true, force: true });
	}
});

if (process.env.SEPAREX_TEST_POSTGRES) await run({ before: () => begin(), after: end });
else console.log('1..0 # SKIP no server: sh tests/with_postgres.sh starts one');
