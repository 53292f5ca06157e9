// What strangers can do to the payment pages' server with bytes of their own: drip, swell, come in crowds, and write into
// paths, headers and lengths what another program might believe. docs/security.md says which line each test stands for.
import { connect } from 'node:net';
import { TestFailure, run, startAll, test, waitFor } from './lib.mjs';
import { Trade, quiet, row, rows } from './trade.mjs';

const DRIPPING = 400; // more than the server has room for
const CROWD = 1000;
const DRIP_MS = 50;

let w, trade, page;

/** A socket of ours: what it got so far, and whether the other side has ended it. */
class Peer {
	constructor(bytes = '') {
		const { hostname, port } = new URL(w.bot.url);
		this.got = '';
		this.closed = false;
		this.socket = connect(port, hostname, () => this.say(bytes));
		this.socket.on('data', (d) => (this.got += d.toString('latin1')));
		this.socket.on('error', () => (this.closed = true));
		for (const end of ['end', 'close']) this.socket.on(end, () => (this.closed = true));
	}

	say(bytes) {
		if (bytes && !this.socket.destroyed) this.socket.write(bytes, 'latin1');
	}

	/** One byte now and then, until the end. */
	drips(byte = 'y') {
		this.timer = setInterval(() => this.say(byte), DRIP_MS);
		return this;
	}

	untilClosed(what) {
		return waitFor(() => this.closed, { what: `${what}: the server to close it` });
	}

	end() {
		clearInterval(this.timer);
		this.socket.destroy();
	}
}

/** All that comes until the server closes. */
async function whole(bytes, what = bytes.slice(0, 80)) {
	const peer = new Peer(bytes);
	try {
		await peer.untilClosed(what);
		return peer.got;
	} finally {
		peer.end();
	}
}

const request = (path, { method = 'GET', head = '', body = '' } = {}) =>
	`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${head}${body ? `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n` : ''}\r\n${body}`;

const status = (answer) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const headOf = (answer) => answer.slice(0, answer.indexOf('\r\n\r\n'));
const count = (answer) => (answer.match(/HTTP\/1\.[01] \d\d\d/g) ?? []).length;

function expect(fine, what) {
	if (!fine) throw new TestFailure(what);
}

async function healthy() {
	const answer = await whole(request('/healthz'));
	expect(status(answer) === 200, `health: ${answer.slice(0, 200)}`);
}

const payments = async () => JSON.stringify([await rows(w, 'SELECT id, deal_id, state, order_id FROM payment ORDER BY id'), await rows(w, 'SELECT id, state, version FROM deal ORDER BY id')]);

async function changesNothing(body) {
	await quiet(w);
	const before = await payments();
	await body();
	await quiet(w);
	expect((await payments()) === before, 'something changed');
}

test('hundreds of connections that drip keep nobody out', async () => {
	const peers = Array.from({ length: DRIPPING }, (_, i) => new Peer(i % 2 ? 'GET / HTTP/1.1\r\nX: ' : 'POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n').drips());
	try {
		await waitFor(() => peers.some((p) => p.closed), { what: 'one to make room' });
		await healthy();
		expect(status(await whole(request(`/p/${page}`))) === 200, 'the page');
		expect(!peers.at(-1).closed, 'the newest was closed: all of them seem to be');
	} finally {
		peers.forEach((p) => p.end());
	}
});

test('crowds from one address are answered, or closed when they are too many', async () => {
	for (let round = 0; round < 10; round++) {
		const answers = await Promise.all(Array.from({ length: 100 }, () => whole(request('/healthz'))));
		expect(answers.every((a) => status(a) === 200), 'one of a hundred at once was not answered');
	}
	const answers = await Promise.all(Array.from({ length: CROWD }, () => whole(request('/healthz'))));
	expect(answers.every((a) => [0, 200].includes(status(a))), 'of a thousand: another answer');
	expect(answers.filter((a) => status(a) === 200).length >= 100, 'hardly any of a thousand was answered');
	await healthy();
});

test('a line, a head, a body that is too large is refused with its status', async () => {
	const long = 'a'.repeat(20_000);
	const cases = [
		[request(`/${long}`), 414],
		[request(`/?x=${long}`), 414],
		[request('/', { head: `X: ${long}\r\n` }), 431],
		[request('/', { head: Array.from({ length: 3000 }, (_, i) => `X${i}: y\r\n`).join('') }), 431],
		[request('/bank/sandbox/return', { method: 'POST', body: `a=${'x'.repeat(70_000)}` }), 413],
		['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n', 413],
	];
	for (const [bytes, wanted] of cases) {
		const answer = await whole(bytes);
		expect(status(answer) === wanted, `${bytes.slice(0, 60)}: ${wanted} wanted, ${answer.slice(0, 200)}`);
	}
	await healthy();
});

test('no spelling of a path leads to a file or to another host', async () => {
	const paths = ['/..%2f..%2fetc%2fpasswd', '/p/..%2f..%2fseparex.db', '/p/..\\..\\separex.db', '/p/%2e%2e%5cseparex.db', '/p/....//separex.db', '/%252e%252e/separex.db', '/..;/p/x', '//evil.example/', '///evil.example',
		'/\\evil.example', `/p/${page}/../../separex.db`, `/p/${page}%2fgo`, `/p/${page};/go`, `/p/${page}%20`, 'http://evil.example/p/x', 'https://evil.example', '*', 'evil.example:443'];
	await changesNothing(async () => {
		for (const path of paths) {
			const answer = await whole(request(path));
			expect([0, 400, 404].includes(status(answer)), `${path}: ${answer.slice(0, 300)}`);
			expect(!/root:|SQLite format|evil\.example/.test(answer), `${path} gives ${answer.slice(0, 300)}`);
		}
	});
});

test('what a Host or a forwarding header says is nowhere repeated', async () => {
	const evil = ['Host: evil.example', 'X-Forwarded-Host: evil.example', 'X-Forwarded-Proto: javascript', 'Forwarded: host=evil.example', 'X-Original-URL: /healthz', 'X-Rewrite-URL: /healthz', 'Origin: https://evil.example', 'Referer: https://evil.example/']
		.map((line) => `${line}\r\n`).join('');
	for (const path of ['/', `/p/${page}`, `/p/${page}/bank`, `/p/${page}/now`, '/nowhere', '/bank/sandbox/return?order_id=1']) {
		const bytes = `GET ${path} HTTP/1.1\r\nConnection: close\r\n${evil}\r\n`;
		const answer = await whole(bytes);
		expect(status(answer) > 0 && status(answer) < 500, `${path}: ${answer.slice(0, 200)}`);
		expect(!/evil\.example|javascript:/.test(answer), `${path} repeats it: ${answer.slice(0, 400)}`);
		if (path === '/nowhere') expect(status(answer) === 404, 'another path was taken from a header');
	}
});

test('CR and LF in a path, a query, a form make no header', async () => {
	const line = '%0d%0aSet-Cookie:%20evil=1%0d%0aX-Evil:%201%0d%0a%0d%0aevil';
	await changesNothing(async () => {
		for (const path of [`/${line}`, `/p/${line}`, `/p/${page}${line}`, `/p/${page}?lang=fa${line}`, `/p/${page}/now?lang=${line}`, `/bank/sandbox/return?order_id=${line}&status=0`, `/bank/${line}/return`, `/p/${page}?back=${line}`]) {
			for (const bytes of [request(path), request(path.split('?')[0], { method: 'POST', body: path.split('?')[1] ?? line })]) {
				const answer = await whole(bytes);
				expect(status(answer) < 500 && count(answer) <= 1, `${path}: ${answer.slice(0, 300)}`);
				expect(!/^(set-cookie|x-evil):/im.test(headOf(answer)), `${path} makes a header: ${headOf(answer)}`);
			}
		}
	});
	const accepted = await whole(request(`/p/${page}`, { head: 'Accept-Language: fa\r\n X-Evil: 1\r\n' }));
	expect(!/^x-evil:/im.test(headOf(accepted)), 'a folded line makes a header');
});

test('a method is what the request line says, and only the right one moves anything', async () => {
	const overrides = 'X-HTTP-Method-Override: POST\r\nX-HTTP-Method: POST\r\nX-Method-Override: POST\r\n';
	await changesNothing(async () => {
		for (const bytes of [
			request(`/p/${page}/go`),
			request(`/p/${page}/go`, { head: overrides }),
			request(`/p/${page}/go?_method=POST`),
			request(`/p/${page}/go`, { method: 'HEAD', head: overrides }),
			request(`/p/${page}/go`, { method: 'post' }),
			request(`/p/${page}/go`, { method: 'PoSt' }),
			request(`/p/${page}/go`, { method: 'PUT' }),
			request(`/p/${page}`, { method: 'POST', body: '_method=GET' }),
			request('/bank/sandbox/notify'),
		]) {
			const answer = await whole(bytes);
			expect([404, 405].includes(status(answer)), `${bytes.slice(0, 60)}: ${answer.slice(0, 200)}`);
		}
	});
});

test('a field that is there twice is read once, the first', async () => {
	const order = (await row(w, `SELECT order_id FROM payment WHERE page = '${page}'`)).order_id;
	const lang = async (query) => /<html[^>]*lang="?(\w+)/.exec(await whole(request(`/p/${page}?${query}`)))?.[1];
	expect((await lang('lang=en&lang=fa')) === 'en' && (await lang('lang=fa&lang=en')) === 'fa', 'not the first language');
	const first = await whole(request('/bank/sandbox/return', { method: 'POST', body: `order_id=1&order_id=${order}&status=0` }));
	expect(status(first) === 404, `the second order was taken: ${first.slice(0, 200)}`);
	await whole(request(`/bank/sandbox/return?${Array.from({ length: 5000 }, (_, i) => `f${i % 40}=1`).join('&').slice(0, 8000)}`));
	await healthy();
});

test('a request hidden in the body of another is not believed', async () => {
	const hidden = request(`/p/${page}/go`, { method: 'POST' });
	await changesNothing(async () => {
		for (const lengths of [
			`Content-Length: ${hidden.length + 5}\r\nTransfer-Encoding: chunked\r\n`,
			`Transfer-Encoding: chunked\r\nContent-Length: 5\r\n`,
			`Content-Length: 5\r\nContent-Length: ${hidden.length + 5}\r\n`,
			`Content-Length: 5\r\nContent-Length: 5\r\n`,
		]) {
			const answer = await whole(`POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\n${lengths}\r\n0\r\n\r\n${hidden}`, lengths);
			expect(count(answer) <= 1 && [0, 400].includes(status(answer)), `${lengths}: ${answer.slice(0, 400)}`);
		}
	});
	await healthy();
});

test('whoever drips, is silent, keeps a connection or does not read is closed in the end', async () => {
	await w.bot.stop();
	w.bot.env.SEPAREX_HTTP_REQUEST_S = '1';
	await w.bot.start();
	const page200 = `GET /p/${page} HTTP/1.1\r\nHost: x\r\n\r\n`;
	const peers = {
		silent: new Peer(),
		'within the line': new Peer('GET /').drips('a'),
		'within the head': new Peer('GET / HTTP/1.1\r\nX: ').drips(),
		'head after head': new Peer('GET / HTTP/1.1\r\n').drips('X: y\r\n'),
		'within the body': new Peer('POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n').drips(),
		'in chunks': new Peer('POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n').drips('1\r\ny\r\n'),
		kept: new Peer(page200),
	};
	const deaf = new Peer();
	deaf.socket.pause();
	deaf.say(page200.repeat(2000)); // answers to all of these fill what the socket can hold
	try {
		for (const [what, peer] of Object.entries(peers)) await peer.untilClosed(what);
		expect(status(peers.kept.got) === 200, `the kept connection had no answer: ${peers.kept.got.slice(0, 200)}`);
		await healthy();
	} finally {
		[...Object.values(peers), deaf].forEach((p) => p.end());
	}
});

test('nothing of all this was an error of ours', () => {
	const bad = w.bot.process.output().split('\n').filter((l) => /\berror\b/i.test(l));
	expect(bad.length === 0, bad.join('\n'));
});

await run({
	before: async () => {
		w = await startAll({ env: { SEPAREX_HTTP_REQUEST_S: '300' } });
		for (const name of ['sara', 'reza']) {
			await w.person(name).says('/start');
			await w.person(name).sees(/./);
		}
		await quiet(w);
		trade = new Trade(w);
		await trade.agreed();
		({ page } = await row(w, `SELECT page FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${trade.code}')`));
	},
	after: () => w.stop(),
});
