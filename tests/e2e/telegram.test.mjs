// Telegram as it fails: each row of the table of errors for polling, a wrong token, a second program, proxies, menus.
import { createServer, connect } from 'node:net';
import { createServer as createHttpServer, request } from 'node:http';
import { TOKEN, TestFailure, buttonsOf, freePort, run, separexCli, startAll, test, waitFor } from './lib.mjs';
import { Trade, assertAuditClean, errorLines, quiet, row, rows } from './trade.mjs';

let w;
let sara;
let reza;

const env = { SEPAREX_TELEGRAM_RATE_LIMITS: 'off', SEPAREX_TELEGRAM_POLL_TIMEOUT_S: '1' };

function same(is, shouldBe, what) {
	if (JSON.stringify(is) !== JSON.stringify(shouldBe)) throw new TestFailure(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);
}

/** How many messages of the bot this person sees. */
async function told(who) {
	const { messages } = await who.view();
	return messages.filter((m) => m.from?.is_bot).length;
}

/** Speaks and counts the answers. */
async function answersTo(who, text) {
	const before = await told(who);
	await who.says(text);
	await waitFor(async () => (await told(who)) > before, { what: `an answer to ${text}` });
	await quiet(w);
	return (await told(who)) - before;
}

const calls = async (method) => (await w.state()).calls[method] ?? 0;

for (const kind of ['409', '429', '500', '502html', 'cut', 'empty', 'badjson', 'lost', 'reset'])
	test(`a poll that ends with ${kind} loses and doubles nothing`, async () => {
		await w.fault('getUpdates', kind, 1, { retry_after: 1 });
		same(await answersTo(sara, '/help'), 1, 'answers');
		same((await w.state()).faults, [], 'faults left');
		w.bot.process.check();
	});

test('a poll that hangs is given up after the time-out, and the next one is made with a new connection', async () => {
	await w.fault('getUpdates', 'hang', 1, { delay_ms: 600_000 });
	same(await answersTo(sara, '/help'), 1, 'answers');
});

test('a batch with many broken polls in a row comes through in the end', async () => {
	await w.fault('getUpdates', 'cut', 3);
	same(await answersTo(sara, '/help'), 1, 'answers');
});

test('updates and presses that come twice count once', async () => {
	const t = new Trade(w, { seller: 'omid', buyer: 'mina' });
	await w.fault('getUpdates', 'double', 6);
	await t.drafted();
	await t.press(t.seller, 'publish');
	const d = await t.is('OFFERED');
	await quiet(w);
	same((await rows(w, `SELECT 1 FROM deal WHERE title = '${t.title}'`)).length, 1, 'deals');
	same((await rows(w, `SELECT 1 FROM deal_history WHERE deal_id = ${d.id} AND event = 3`)).length, 1, 'publications');
	while ((await w.state()).faults.length) await answersTo(sara, '/help');
});

test('it asks for just the kinds it knows, and confirms what it has taken', async () => {
	const s = await w.state();
	same(s.allowed_updates, ['message', 'edited_message', 'callback_query', 'my_chat_member', 'inline_query', 'chosen_inline_result'], 'allowed_updates');
	await w.reaches((x) => x.pending_updates === 0, 'no pending updates');
});

test('menus and descriptions are set once, and not again at the next start', async () => {
	const before = await w.state();
	const set = Object.entries(before.calls).filter(([m]) => m.startsWith('set'));
	if (!set.length) throw new TestFailure(`nothing was set: ${JSON.stringify(before.calls)}`);
	if (!JSON.stringify(before.profile).includes('"sell"')) throw new TestFailure(JSON.stringify(before.profile));
	await w.restartBot();
	same(await answersTo(sara, '/help'), 1, 'answers');
	const after = await w.state();
	same(Object.entries(after.calls).filter(([m]) => m.startsWith('set')), set, 'calls that set something');
});

test('a second program on the same store is refused and the first goes on', async () => {
	const other = await separexCli(['run'], { env: { SEPAREX_HTTP_LISTEN: `127.0.0.1:${await freePort()}` } });
	if (other.code === 0 || !/store|database|process/i.test(other.err)) throw new TestFailure(`code ${other.code}: ${other.out}${other.err}`);
	same(await answersTo(sara, '/help'), 1, 'answers');
});

test('a port that is taken is named', async () => {
	const other = await separexCli(['run'], { env: { SEPAREX_STORE_URL: `sqlite:${w.bot.folder}/other.db` } });
	if (other.code === 0 || !other.err.includes(w.bot.env.SEPAREX_HTTP_LISTEN)) throw new TestFailure(`code ${other.code}: ${other.err}`);
});

test('another program that polls with this token is named in the log; afterwards all goes on', async () => {
	const other = w.sandbox.api('getUpdates', { timeout: 5 }).catch((e) => e);
	await waitFor(() => w.bot.process.output().includes('another program polls'), { what: 'the warning' });
	await other;
	same((await answersTo(sara, '/help')) >= 1, true, 'answered');
});

for (const method of ['getUpdates', 'sendMessage'])
	test(`a token that ${method} finds revoked ends the program with a clear word; what waited is sent after a new start`, async () => {
		const before = await told(sara);
		await w.fault(method, '401');
		await sara.says('/help');
		await waitFor(() => w.bot.process.exit, { what: 'the end of the program' });
		const log = w.bot.process.output();
		if (w.bot.process.exit.code !== 1 || !/error .*token/.test(log)) throw new TestFailure(`${JSON.stringify(w.bot.process.exit)}\n${log}`);
		if (log.includes(TOKEN)) throw new TestFailure('the token is in the log');
		await w.bot.start();
		await waitFor(async () => (await told(sara)) === before + 1, { what: 'the answer' });
	});

test('a wrong token at the start ends the program with a clear word', async () => {
	const store = `sqlite:${w.bot.folder}/fresh.db`;
	for (const token of ['4243:another-bots-token-here', '1:x']) {
		await w.fault('getMe', '401');
		const r = await separexCli(['run'], { env: { SEPAREX_TELEGRAM_TOKEN: token, SEPAREX_STORE_URL: store, SEPAREX_HTTP_LISTEN: `127.0.0.1:${await freePort()}` } });
		const said = r.out + r.err;
		if (r.code === 0 || !/telegram\.token/.test(said)) throw new TestFailure(`code ${r.code}: ${said}`);
		if (token.length > 5 && said.includes(token)) throw new TestFailure(`it tells the token: ${said}`);
	}
	const none = await separexCli(['run'], { env: { SEPAREX_TELEGRAM_TOKEN: '' } });
	if (none.code === 0 || !/telegram\.token/.test(none.err)) throw new TestFailure(`code ${none.code}: ${none.err}`);
	await w.sandbox.call('/sim/fault', { method: 'getMe', kind: '500' });
});

test('getMe that fails is asked again before the first poll', async () => {
	const store = `${w.bot.folder}/late.db`;
	const kept = w.bot.env;
	await w.bot.kill('SIGTERM');
	w.bot.env = { ...kept, SEPAREX_STORE_URL: `sqlite:${store}` };
	await w.bot.start(); // one 500 waits since the test before
	await w.bot.kill('SIGTERM');
	w.bot.env = kept;
	await w.bot.start();
});

/* ---- proxies ---- */

/** An HTTP proxy (absolute addresses and CONNECT). `before(req, res)` may answer by itself. */
async function httpProxy(before = () => false) {
	const seen = { requests: 0, tunnels: 0 };
	const server = createHttpServer((req, res) => {
		seen.requests++;
		if (before(req, res)) return;
		const out = request(req.url, { method: req.method, headers: req.headers }, (answer) => {
			res.writeHead(answer.statusCode, answer.headers);
			answer.pipe(res);
		});
		out.on('error', () => res.destroy());
		req.pipe(out);
	});
	server.on('connect', (req, socket, head) => {
		seen.tunnels++;
		const [host, port] = req.url.split(':');
		const out = connect(port, host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			out.write(head);
			out.pipe(socket).pipe(out);
		});
		for (const s of [out, socket]) s.on('error', () => [out, socket].forEach((x) => x.destroy()));
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const stop = () => {
		server.closeAllConnections();
		return new Promise((done) => server.close(done));
	};
	return { url: `http://127.0.0.1:${server.address().port}`, seen, stop };
}

/** SOCKS5 without a password; counts how often a name (not an address) was given. */
async function socksProxy() {
	const seen = { connections: 0, names: 0 };
	const server = createServer((socket) => {
		socket.on('error', () => socket.destroy());
		socket.once('data', () => {
			socket.write(Buffer.from([5, 0]));
			socket.once('data', (ask) => {
				const named = ask[3] === 3;
				const host = named ? ask.subarray(5, 5 + ask[4]).toString() : [...ask.subarray(4, 8)].join('.');
				const port = ask.readUInt16BE(named ? 5 + ask[4] : 8);
				seen.connections++;
				seen.names += named;
				const out = connect(port, host, () => {
					socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
					out.pipe(socket).pipe(out);
				});
				out.on('error', () => socket.destroy());
			});
		});
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	return { url: `socks5h://127.0.0.1:${server.address().port}`, seen, stop: () => server.close() };
}

test('a dead proxy is left for the next of the list, and that one for the next when it dies', async () => {
	const first = await httpProxy();
	const second = await socksProxy();
	const dead = `http://127.0.0.1:${await freePort()}`;
	await w.restartBot({ SEPAREX_TELEGRAM_PROXY: `${dead} ${first.url} ${second.url}` });
	same(await answersTo(sara, '/help'), 1, 'answers');
	if (!first.seen.requests && !first.seen.tunnels) throw new TestFailure('the first living proxy was not used');
	await first.stop();
	same(await answersTo(sara, '/help'), 1, 'answers through the other proxy');
	if (!second.seen.connections) throw new TestFailure('the second living proxy was not used');
	await w.restartBot({ SEPAREX_TELEGRAM_PROXY: '' });
	second.stop();
	await assertAuditClean();
});

test('a webhook that somebody set is removed, and polling goes on', async () => {
	let refusals = 1;
	const proxy = await httpProxy((req, res) => {
		if (!req.url.endsWith('/getUpdates') || refusals <= 0) return false;
		refusals--;
		res.writeHead(409, { 'content-type': 'application/json' });
		res.end('{"ok":false,"error_code":409,"description":"Conflict: can\'t use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}');
		return true;
	});
	const before = await calls('deleteWebhook');
	await w.bot.kill('SIGTERM');
	w.bot.env.SEPAREX_TELEGRAM_PROXY = proxy.url;
	await w.bot.start();
	same((await calls('deleteWebhook')) > before, true, 'deleteWebhook was called');
	same(await answersTo(sara, '/help'), 1, 'answers');
	await w.restartBot({ SEPAREX_TELEGRAM_PROXY: '' });
	await proxy.stop();
});

/* ---- chats that move, go and come back ---- */

test('a person who blocks the bot is left alone, the deal goes on, and unblocking brings all back', async () => {
	const t = new Trade(w);
	await t.funded();
	await quiet(w);
	await w.sandbox.call('/sim/person', { as: 'reza', blocked: true });
	await waitFor(() => row(w, 'SELECT 1 AS yes FROM person WHERE outside_id = 1002 AND reachable = 0'), { what: 'the word that reza is gone' });
	const refused = (await w.state()).refusals.total ?? (await w.state()).refusals.length;
	await t.press(t.seller, 'ship');
	await waitFor(() => row(w, "SELECT 1 AS yes FROM conversation WHERE step = 'ship'"), { what: 'the question' });
	await t.seller.says('123456789012345678905555');
	await t.is('SHIPPED');
	await quiet(w);
	const now = (await w.state()).refusals;
	same(now.total ?? now.length, refused, 'tries to write to somebody who blocked us');
	await reza.says(`/deal ${t.code}`); // writing unblocks
	await t.press(reza, 'received');
	await t.is('DELIVERED');
});

test('a block that shows only when something is sent does not stop the deal either', async () => {
	const t = new Trade(w, { seller: 'omid', buyer: 'mina' });
	await t.funded();
	await quiet(w);
	await w.fault('sendMessage', '403');
	await t.press(t.seller, 'cancel');
	await t.press(t.seller, 'cancel.yes');
	await t.is('REFUND_DUE');
	await waitFor(async () => (await w.state()).faults.length === 0, { what: 'the refusal' });
	await quiet(w, { but: 'kind = 2' });
	const gone = await row(w, 'SELECT outside_id FROM person WHERE reachable = 0 AND outside_id IN (1003, 5000000004)');
	same(!!gone, true, 'somebody is noted as unreachable');
	for (const who of [t.buyer, t.seller]) await who.says(`/deal ${t.code}`);
	await waitFor(async () => !(await row(w, 'SELECT 1 AS yes FROM person WHERE reachable = 0 AND outside_id IN (1003, 5000000004)')), { what: 'both back' });
});

test('a card whose message is gone is sent anew', async () => {
	const t = new Trade(w);
	await t.drafted();
	await quiet(w);
	const old = await t.card(sara, 2);
	await w.sandbox.api('deleteMessage', { chat_id: 1001, message_id: old.message_id });
	await sara.sandbox.call('/sim/press', { as: 'sara', chat: 'private', data: `d:${t.code}:fee` });
	await quiet(w);
	const fresh = await t.card(sara, 2);
	same(fresh && fresh.message_id !== old.message_id && buttonsOf(fresh).length > 0, true, 'a new card with buttons');
});

async function staffCardOf(t) {
	const view = await w.person('omid').view('staff');
	return view.messages.filter((m) => m.from?.is_bot && (m.text ?? '').includes(t.title)).length;
}

async function quarrel() {
	const t = new Trade(w);
	await t.delivered();
	await t.press(reza, 'report');
	await waitFor(() => row(w, "SELECT 1 AS yes FROM conversation WHERE step = 'report'"), { what: 'the story to begin' });
	await reza.sends({ photo: true });
	await t.press(reza, 'report_done');
	await t.is('ISSUE');
	return t;
}

test('kicked out of the operators’ group: the quarrel goes on, and what they missed comes when the bot is back inside', async () => {
	await w.sandbox.call('/sim/group', { chat: 'staff', bot_inside: false });
	const t = await quarrel();
	await quiet(w, { but: "chain LIKE '%:-100%'" });
	same(await staffCardOf(t), 0, 'cards in the group');
	if (!errorLines(w.bot.process).some((l) => l.includes('telegram.operators_chat'))) throw new TestFailure('the log does not say what is wrong');
	await w.sandbox.call('/sim/group', { chat: 'staff', bot_inside: true });
	await waitFor(async () => (await staffCardOf(t)) || (await w.clock(60), false), { every: 200, what: 'the card in the group' });
});

test('a group that moves is followed, told by the refusal or by the service message', async () => {
	await w.fault('sendMessage', 'migrate'); // the next call into a group finds it moved
	const t = await quarrel();
	await waitFor(() => staffCardOf(t), { what: 'the card in the moved group' });
	await quiet(w);
	same((await w.state()).faults, [], 'faults left');

	const before = (await w.state()).chats.staff.chat.id;
	await w.sandbox.call('/sim/group', { chat: 'staff', migrate: true });
	const after = (await w.state()).chats.staff.chat.id;
	same(before !== after, true, 'the group has a new id');
	const news = { message: { message_id: 7777, date: Math.floor(Date.now() / 1000), chat: { id: before, type: 'group', title: 'x' }, from: { id: 5000000004, is_bot: false, first_name: 'x' }, migrate_to_chat_id: after } };
	await w.sandbox.call('/sim/update', { update: news });
	await w.sandbox.call('/sim/update', { update: news }); // the two service messages say the same
	await waitFor(() => row(w, `SELECT 1 AS yes FROM fact WHERE name = 'moved:${before}'`), { what: 'the news to be taken' });
	const next = await quarrel();
	await waitFor(() => staffCardOf(next), { what: 'the card in the group that moved again' });
	await w.restartBot();
	const last = await quarrel();
	await waitFor(() => staffCardOf(last), { what: 'the card after a restart' });
	await w.person('omid').presses(`d:${last.code}:freeze`, { chat: 'staff' });
	await waitFor(async () => row(w, `SELECT 1 AS yes FROM fact WHERE name LIKE 'approval:%'`), { what: 'the operator’s press to be known as one' });
	await assertAuditClean();
});

test('no other error was logged', () => {
	const bad = errorLines(w.bot.process).filter((l) => !l.includes('telegram.operators_chat'));
	if (bad.length) throw new TestFailure(bad.join('\n'));
});

await run({
	before: async () => {
		w = await startAll({ env });
		sara = w.person('sara');
		reza = w.person('reza');
		await sara.says('/start');
		await sara.sees(/./);
		await quiet(w);
	},
	after: () => w.stop(),
});
