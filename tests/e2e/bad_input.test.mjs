// Whatever people, browsers and broken servers send: a clear word or silence, never a crash, never a changed deal.
import { connect } from 'node:net';
import { TestFailure, messageText, plain, run, startAll, test, waitFor } from './lib.mjs';
import { Trade, assertAuditClean, errorLines, quiet, row, rows } from './trade.mjs';

let w;
let sara;
let reza;
let mina;

const env = { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' };
const TEXT_MAX = 4096;

function same(is, shouldBe, what) {
	if (JSON.stringify(is) !== JSON.stringify(shouldBe)) throw new TestFailure(`${what}: ${JSON.stringify(is)}, not ${JSON.stringify(shouldBe)}`);
}

async function newest(who) {
	return (await who.view()).messages.at(-1)?.message_id ?? 0;
}

/** The bot's messages after `mark`. */
async function since(who, mark) {
	return (await who.view()).messages.filter((m) => m.from?.is_bot && m.message_id > mark);
}

/** Does something and gives what the bot said to `who` about it: at least one message, unless `silent`. */
async function answers(who, act, { silent = false } = {}) {
	const mark = await newest(who);
	await act();
	if (!silent) await waitFor(async () => (await since(who, mark)).length > 0, { what: 'a word about it' });
	await quiet(w, { but: 'kind = 2' });
	w.bot.process.check();
	return since(who, mark);
}

/** Everything that may not change by bad input. */
async function snapshot() {
	const tables = ['deal', 'deal_history', 'payment', 'settlement', 'ledger_set'];
	return JSON.stringify(await Promise.all(tables.map((t) => rows(w, `SELECT * FROM ${t}`))));
}

async function changesNothing(what, body) {
	const before = await snapshot();
	await body();
	await quiet(w, { but: 'kind = 2' });
	w.bot.process.check();
	if ((await snapshot()) !== before) throw new TestFailure(`${what} changed the store`);
}

/* ---- texts ---- */

const LRO = '\u202e';
const nasty = {
	'letters alone': 'abc',
	'zero': '0',
	'minus five million': '-5000000',
	'a huge amount': '9'.repeat(40),
	'above the limit': '50000000001',
	'half a rial': '0.00001',
	'an amount with letters': '12abc34',
	'two amounts': '5 million or 6 million',
	'4096 letters': 'x'.repeat(TEXT_MAX),
	'4096 Persian letters': 'ش'.repeat(TEXT_MAX),
	'4096 digits': '7'.repeat(TEXT_MAX),
	'2048 emoji': '🙂'.repeat(TEXT_MAX / 2),
	'bidi controls': `${LRO}5000000${LRO}\u2066\u2067\u2068\u200f`,
	'nothing but bidi controls': '\u202a\u202b\u202c\u202d\u202e\u2066\u2069',
	'nothing but zero width': '\u200b\u200c\u200d\ufeff',
	'HTML': '<b>1<a href="tg://user?id=1">x</a></i><script>&lt;&amp;&#0;',
	'template marks': '{{price}} %s %n $' + '{x} \\u0000',
	'a quote and SQL': `'; DROP TABLE deal; --`,
	'many combining marks': 'e' + '\u0301'.repeat(1000),
	'only spaces and line ends': ' \n\t\u00a0\u3000 \n',
	'control letters': '\u0001\u0002\u001b[31m\u007f',
	'a link of another bot': 'https://t.me/other_bot?start=d_ABCDEFGH',
};
const steps = {
	new_title: async () => sara.says('/sell'),
	new_price: async () => sara.says('/sell یک چیز خوب'),
	iban: async () => sara.says('/iban'),
};
const things = {
	'a photo': { photo: true },
	'a document': { document: true },
	'a place': { location: true },
	'a contact': { contact: true },
	'a photo with words': { photo: true },
};

async function stepOf(who) {
	const id = (await who.view()).person.user.id;
	return (await row(w, `SELECT step FROM conversation WHERE person_id = (SELECT id FROM person WHERE outside_id = ${id})`))?.step ?? '';
}

async function enters(step, begin) {
	await sara.says('/cancel');
	await quiet(w, { but: 'kind = 2' });
	await begin();
	await waitFor(async () => (await stepOf(sara)) === step, { what: `the step ${step}` });
	await quiet(w, { but: 'kind = 2' });
}

for (const [step, begin] of Object.entries(steps))
	test(`hostile words in the step ${step} get an answer, and the step is left by a command`, async () => {
		for (const [what, text] of Object.entries(nasty)) {
			if ((await stepOf(sara)) !== step) await enters(step, begin);
			const said = await answers(sara, () => sara.says(text).catch((e) => (/is empty/.test(e.message) ? sara.says('x') : Promise.reject(e))));
			for (const m of said)
				if (/\{\{|undefined|\bnull\b/.test(messageText(m).replaceAll('{{price}}', ''))) throw new TestFailure(`${what}: ${messageText(m)}`);
		}
		for (const [what, thing] of Object.entries(things)) {
			if ((await stepOf(sara)) !== step) await enters(step, begin);
			await answers(sara, () => (what.endsWith('words') ? sara.says('5 million', thing) : sara.sends(thing)));
		}
		await sara.says('/fee 1000000');
		await waitFor(async () => (await stepOf(sara)) === '', { what: 'the step to be left' });
		await assertAuditClean();
	});

test('hostile words outside any step, as commands and as their arguments', async () => {
	for (const [, text] of Object.entries(nasty)) {
		await answers(sara, () => sara.says(text).catch(() => sara.says('x')));
		for (const command of ['/sell', '/buy', '/deal', '/fee', '/start', '/start d_', '/delivered', '/cancel', '/language'])
			await sara.says(`${command} ${text}`.slice(0, TEXT_MAX)).catch(() => {});
	}
	for (const thing of Object.values(things)) await answers(sara, () => sara.sends(thing));
	for (const odd of ['/', '//', '/sell@', '/sell@other_bot 5', '/start start start', '/START', '/sell@separex_sandbox_bot', '/фыва', '/start=d_X'])
		await answers(sara, () => sara.says(odd), { silent: true });
	await sara.says('/cancel');
	await quiet(w, { but: 'kind = 2' });
	await assertAuditClean();
});

test('a hostile title and name are shown harmlessly to both', async () => {
	const title = `<b>x</b>${LRO}gpj.exe & "q" <a href="http://evil">`;
	await w.sandbox.call('/sim/person', { as: 'mina', name: `<i>&${LRO}مینا`, last_name: '</b>' });
	const t = new Trade(w, { seller: 'mina' });
	await mina.says(`/sell ${title} 250000 تومان`);
	const d = await waitFor(() => row(w, "SELECT * FROM deal WHERE title LIKE '%gpj.exe%'"), { what: 'the draft' });
	t.title = d.title.replaceAll("'", "''");
	t.code = d.code;
	if (d.title.includes(LRO)) throw new TestFailure(`a control is in the title: ${JSON.stringify(d.title)}`);
	await t.press(mina, 'publish');
	await reza.says('/start');
	await waitFor(async () => (await row(w, `SELECT state FROM deal WHERE id = ${d.id}`)).state === 2, { what: 'the offer' });
	await reza.opens(`d_${d.code}`);
	const seen = await reza.sees(/gpj\.exe/);
	if (!plain(messageText(seen)).includes('<b>x</b>') || messageText(seen).includes(LRO)) throw new TestFailure(messageText(seen));
	if ((seen.entities ?? []).some((e) => e.type === 'text_link')) throw new TestFailure('a link of somebody else is in the card');
	await t.press(reza, 'agree');
	await t.payment();
	const page = await row(w, `SELECT page FROM payment WHERE deal_id = ${d.id}`);
	const html = await (await fetch(`${w.bot.url}/p/${page.page}`)).text();
	if (html.includes('<b>x</b>') || html.includes('http://evil">') || html.includes(LRO)) throw new TestFailure('the payment page shows it raw');
	await t.press(reza, 'cancel');
	await t.press(reza, 'cancel.yes');
});

test('a tracking code is asked for: pictures, places and nonsense do not ship', async () => {
	const t = new Trade(w);
	await t.funded();
	await t.press(sara, 'ship');
	await waitFor(async () => (await stepOf(sara)) === 'ship', { what: 'the question' });
	await quiet(w, { but: 'kind = 2' });
	for (const thing of Object.values(things)) await answers(sara, () => sara.sends(thing));
	for (const [what, text] of Object.entries(nasty)) {
		if (what === '4096 digits') continue;
		await answers(sara, () => sara.says(text).catch(() => sara.says('x')));
	}
	same((await t.look()).state, 'FUNDED', 'state');
	await sara.says('123456789012345678907777');
	await t.is('SHIPPED');
	await t.press(reza, 'received');
	await t.is('DELIVERED');
	// A story takes words, pictures and files, and says what it wants of anything else.
	await t.press(reza, 'report');
	await waitFor(async () => (await stepOf(reza)) === 'report', { what: 'the question' });
	await quiet(w, { but: 'kind = 2' });
	await answers(reza, () => reza.sends({ location: true }));
	await answers(reza, () => reza.sends({ contact: true }));
	for (let i = 0; i < 3; i++) for (const text of Object.values(nasty)) await reza.says(text).catch(() => {}); // more than a story holds
	await changesNothing('a story without a picture', async () => {
		await waitFor(async () => (await w.state()).pending_updates === 0, { what: 'the words to be taken' });
		await w.sandbox.call('/sim/press', { as: 'reza', chat: 'private', data: `d:${t.code}:report_done` });
	});
	await reza.sends({ photo: true });
	await t.press(reza, 'report_done');
	await t.is('ISSUE');
	await assertAuditClean();
});

/* ---- buttons and links ---- */

function pressesData(who, data, message_id) {
	return w.sandbox.call('/sim/press', { as: who, chat: 'private', data, ...(message_id ? { message_id } : {}) }, { raw: true });
}

test('forged and foreign button data change nothing and are answered', async () => {
	const t = new Trade(w);
	await t.agreed();
	await quiet(w, { but: 'kind = 2' });
	const acts = ['publish', 'fee', 'price', 'title', 'cancel', 'cancel.yes', 'cancel.yes.5', 'cancel.yes.8', 'decline', 'agree', 'more_time', 'ask_back', 'ask_time', 'grant_time', 'refuse_cancel', 'ship',
		'carrier.2', 'received', 'say_delivered', 'not_yet', 'accept', 'accept.yes', 'accept.yes.10', 'report', 'report_done', 'answer', 'answer_done', 'withdraw', 'escalate', 'appeal', 'keep', 'iban',
		'ship_back', 'got_back', 'return_fine.yes', 'return_bad', 'return_bad_done', 'rule.release', 'rule.refund', 'rule.split', 'freeze', 'freeze.off', 'ask_info.buyer'];
	await changesNothing('a stranger’s press', async () => {
		for (const act of acts) await pressesData('mina', `d:${t.code}:${act}`);
	});
	await changesNothing('an operator’s press outside their group', async () => {
		for (const act of ['rule.release', 'rule.refund', 'freeze', 'ask_info.seller']) await pressesData('omid', `d:${t.code}:${act}`);
	});
	await changesNothing('a press too early or by the wrong side', async () => {
		for (const act of ['ship', 'received', 'accept.yes.10', 'cancel.yes', 'cancel.yes.8', 'carrier.2', 'report_done', 'publish', 'agree.00000000', 'keep', 'decline'])
			for (const who of ['sara', 'reza']) await pressesData(who, `d:${t.code}:${act}`);
	});
	const odd = ['', ':', 'd', 'd:', 'd::', 'd:::', `d:${t.code}`, `d:${t.code}:`, `d:${t.code}:.`, `d:${t.code}:cancel.`, `d:${t.code}:cancel.yes.yes`, `d:${t.code}:${'x'.repeat(40)}`,
		`d:${t.code.toLowerCase()}:cancel.yes`, 'd:AAAAAAAA:cancel.yes', `d:${'A'.repeat(50)}:x`, 'lang:', 'lang:xx', 'lang:../../etc/passwd', `lang:${'f'.repeat(50)}`, 'carrier', '\u202e', '💣'.repeat(16), "d:' OR 1=1 --:cancel"];
	await changesNothing('odd data', async () => {
		for (const data of odd) await pressesData('reza', data);
	});
	const { answers: given } = await reza.view();
	if (!given.length) throw new TestFailure('no press was answered');
	await t.press(sara, 'cancel');
	await t.press(sara, 'cancel.yes');
	await t.is('CANCELLED');
	await changesNothing('a late press', async () => {
		for (const act of acts) for (const who of ['sara', 'reza']) await pressesData(who, `d:${t.code}:${act}`);
	});
	await assertAuditClean();
});

test('a button pressed many times at once counts once', async () => {
	const t = new Trade(w);
	await t.delivered();
	await Promise.all(Array.from({ length: 12 }, () => pressesData('reza', `d:${t.code}:accept.yes.10`)));
	const d = await t.is('PAYOUT_DUE');
	await quiet(w, { but: 'kind = 2' });
	same((await rows(w, `SELECT 1 FROM deal_history WHERE deal_id = ${d.id} AND event = 36`)).length, 1, 'acceptances');
	await assertAuditClean();
});

test('foreign, unknown, old and taken links are explained and open nothing', async () => {
	const t = new Trade(w);
	await t.offered();
	await changesNothing('a bad link', async () => {
		for (const payload of ['d_', 'd_AAAAAAAA', 'x', 'd_' + 'A'.repeat(62), 'd_-_-_-_', 'D_' + t.code, '0', '-1']) await answers(mina, () => mina.opens(payload));
		await answers(sara, () => sara.opens(`d_${t.code}`)); // one's own
	});
	await reza.opens(`d_${t.code}`);
	await waitFor(async () => (await t.look()).buyer_id, { what: 'the seat taken' });
	await changesNothing('a taken link', () => answers(mina, () => mina.opens(`d_${t.code}`)));
	await t.press(reza, 'decline');
	await t.is('CANCELLED');
	await changesNothing('an old link', () => answers(mina, () => mina.opens(`d_${t.code}`)));
});

/* ---- what no honest server would send ---- */

test('broken and strange updates are skipped, and the next one is handled', async () => {
	const huge = 2 ** 31 + 12345;
	const chat = { id: 1001, type: 'private', first_name: 'x' };
	const from = { id: 1001, is_bot: false, first_name: 'x' };
	const message = (more) => ({ message: { message_id: 900000, date: 1, chat, from, ...more } });
	const objects = [
		{},
		{ poll: {} },
		{ brand_new_kind: { a: [1, 2, { b: null }] } },
		{ message: null },
		{ message: [] },
		{ message: 'text' },
		{ message: {} },
		message({ text: null }),
		message({ text: 5 }),
		message({ text: { a: 1 } }),
		message({ photo: [] }),
		message({ photo: [{ file_id: 5 }] }),
		message({ photo: 'x' }),
		message({ document: { file_id: 'x'.repeat(5000) } }),
		message({ location: { latitude: 1e308, longitude: -1e308 } }),
		message({ location: { latitude: 'x' } }),
		message({ contact: { phone_number: '9'.repeat(5000) } }),
		message({ text: '/sell', entities: [{ type: 'bot_command', offset: -1, length: 1e9 }] }),
		message({ dice: { value: 9 } }),
		{ message: { message_id: 1, date: 1, chat: { id: 2 ** 60, type: 'private' }, from: { id: 2 ** 60, is_bot: false, first_name: 'x' }, text: '/sell x 250000 تومان' } },
		{ message: { message_id: 1, date: 1, chat: { id: -5, type: 'private' }, from: { id: -5, is_bot: false, first_name: 'x' }, text: '/start' } },
		{ message: { message_id: 1, date: 1, chat: { id: 'x', type: 7 }, from: 'me', text: '/start' } },
		{ message: { message_id: 1, date: 1, chat, text: '/start' } },
		{ message: { message_id: 1, date: -1e18, chat, from: { ...from, id: 1087968824 }, text: '/start' } },
		{ message: { message_id: 1, date: 1, chat, from: { ...from, is_bot: true }, text: '/start' } },
		{ message: { message_id: 1, date: 1, chat: { id: -1001000000002, type: 'supergroup', title: 'x' }, from, sender_chat: { id: -1001000000002, type: 'supergroup' }, text: '/help' } },
		{ channel_post: { message_id: 1, date: 1, chat: { id: -100999, type: 'channel' }, text: '/sell' } },
		{ callback_query: {} },
		{ callback_query: { id: '1', from, data: 'd:X:y' } },
		{ callback_query: { id: 'x'.repeat(3000), from, data: 'y' } },
		{ callback_query: { id: '2', from, data: 'x'.repeat(3000), message: { message_id: 1, date: 0, chat } } },
		{ callback_query: { id: '3', from, data: 5 } },
		{ callback_query: { id: '4', from: { ...from, id: 0 }, data: 'deals' } },
		{ callback_query: { id: '5', from, inline_message_id: 'abc', data: 'deals' } },
		{ callback_query: { id: '6', from, game_short_name: 'x' } },
		{ my_chat_member: { chat, from, date: 1, new_chat_member: { status: 'unheard-of' } } },
		{ my_chat_member: { chat: { id: -7, type: 'group' }, new_chat_member: null } },
		message({ migrate_to_chat_id: 'x' }),
		{ message: { message_id: 1, date: 1, chat: { id: -42, type: 'group', title: 'x' }, from, migrate_to_chat_id: -42 } },
	];
	const raws = [
		'{"update_id":@ID@,"message":{"text":"\\ud800"}}',
		'{"update_id":@ID@,"message":{"message_id":5,"date":1,"chat":{"id":1001,"type":"private"},"from":{"id":1001,"is_bot":false,"first_name":"\\ud800\\udbff"},"text":"\\udc00 \\ud800 x \\u0000 y"}}',
		'{"update_id":@ID@,"message":{"message_id":5,"date":1,"chat":{"id":1001,"type":"private"},"from":{"id":1001,"is_bot":false,"first_name":"x"},"text":"/sell \\ud800\\u202e 250000 تومان"}}',
		'{"update_id":@ID@,"message":{"message_id":5,"date":1,"chat":{"id":99999999999999999999999999,"type":"private"},"text":"x"}}',
		'{"update_id":@ID@,"message":{"message_id":1e400,"date":1,"chat":{"id":1001,"type":"private"},"text":"x"}}',
		'{"update_id":@ID@,"message":' + '['.repeat(3000) + ']'.repeat(3000) + '}',
		'{"update_id":@ID@,"update_id":5,"message":{}}',
		'{"update_id":"@ID@"}',
		'"just a text @ID@"',
		'null',
		'[]',
		'12345',
		'{"update_id":-@ID@}',
		'{"update_id":@ID@,"message":{"message_id":5,"date":1,"chat":{"id":1001,"type":"private"},"from":{"id":1001,"is_bot":false,"first_name":"x"},"text":"\x01\x02"}}',
	];
	for (const update of objects) await w.sandbox.call('/sim/update', { update });
	for (const raw of raws) await w.sandbox.call('/sim/update', { raw }, { raw: true });
	const mark = await newest(reza);
	await reza.says('/help');
	await waitFor(async () => (await since(reza, mark)).length === 1, { what: 'the answer to what came behind all this' });

	// People with ids beyond 32 bits are people like all others.
	await w.sandbox.call('/sim/update', { update: { message: { message_id: 1, date: 1, chat: { id: huge, type: 'private', first_name: 'h' }, from: { id: huge, is_bot: false, first_name: 'h' }, text: '/sell ids 250000 تومان' } } });
	await waitFor(() => row(w, `SELECT 1 AS yes FROM deal JOIN person ON person.id = seller_id WHERE outside_id = ${huge}`), { what: 'the draft of somebody with a long id' });
	await assertAuditClean();
});

test('a hundred updates in one batch, good and bad mixed, all have their effect once', async () => {
	const mark = await newest(reza);
	for (let i = 0; i < 40; i++) {
		await w.sandbox.call('/sim/update', { update: { nonsense: i } });
		if (i % 4 === 0) await reza.says('/help');
	}
	await waitFor(async () => (await since(reza, mark)).length === 10, { what: 'ten answers' });
});

/* ---- the web ---- */

/** Sends bytes as they are and gives what comes back, or '' when the connection is closed without a word. */
function raw(bytes, { ms = 4000 } = {}) {
	const { hostname, port } = new URL(w.bot.url);
	return new Promise((done) => {
		let got = '';
		const s = connect(port, hostname, () => s.write(bytes));
		const end = () => {
			s.destroy();
			done(got);
		};
		s.setTimeout(ms, end);
		s.on('data', (d) => {
			got += d;
			if (got.includes('\r\n\r\n') && /connection: close/i.test(got)) return;
			if (got.includes('\r\n\r\n')) end();
		});
		s.on('error', end);
		s.on('close', end);
	});
}

const get = (path) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

test('garbage paths are not found, tell nothing, and change nothing', async () => {
	const t = new Trade(w);
	await t.agreed();
	const { page } = await row(w, `SELECT page FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${t.code}')`);
	await changesNothing('a strange path', async () => {
		for (const path of ['/../../etc/passwd', '/p/../../etc/passwd', '/p/%2e%2e/%2e%2e/etc/passwd', '/p/', '/p', '//', '/p//go', '/%00', `/p/${page}%00`, `/p/${page}/`, `/p/${page}/../${page}`,
			`/p/${page}x`, `/p/${page.slice(1)}`, `/${'a'.repeat(5000)}`, '/bank/', '/bank/sandbox', '/bank/nobody/return', '/bank//return', '/bank/sandbox/return/', '/.git/config', '/separex.db',
			'/p/<script>alert(1)</script>', `/p/${page}?lang=<script>`, `/p/${page}?lang=${'x'.repeat(3000)}`, '/?x=%', '/p/%ff%fe', "/p/' OR 1=1 --".replaceAll(' ', '%20')]) {
			const answer = await raw(get(path));
			const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
			if (![0, 200, 303, 400, 404, 405, 414, 431].includes(status)) throw new TestFailure(`${path}: ${answer.slice(0, 300)}`);
			if (/root:|<script>alert/.test(answer)) throw new TestFailure(`${path} gives ${answer.slice(0, 500)}`);
			const real = path.startsWith(`/p/${page}?`) || path === '/?x=%' || path.startsWith('/bank/sandbox/return') || path.includes('%00'); // a C string ends there
			if (status === 200 && !real) throw new TestFailure(`${path} exists: ${answer.slice(0, 300)}`);
		}
	});
});

test('wrong methods, headers and bodies are refused', async () => {
	const t = new Trade(w);
	await t.agreed();
	const { page } = await row(w, `SELECT page FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${t.code}')`);
	await changesNothing('a strange request', async () => {
		for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'CONNECT', 'BREW', 'get', 'X'.repeat(300)])
			for (const path of ['/', `/p/${page}`, `/p/${page}/go`, '/bank/sandbox/return']) {
				const answer = await raw(get(path).replace('GET', method));
				if (/^HTTP\/1\.1 (2|3|5)/.test(answer) && !/^HTTP\/1\.1 501/.test(answer)) throw new TestFailure(`${method} ${path}: ${answer.slice(0, 300)}`);
			}
		const heads = [
			'GET / HTTP/1.1\r\n\r\n',
			'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
			'GET /\r\n\r\n',
			'\r\n\r\n\r\n',
			'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
			`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`,
			`GET / HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 2000 }, (_, i) => `X-${i}: y\r\n`).join('')}\r\n`,
			'GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: ' + '\xff\xfe,;q=;;,fa;q=99999999999999999999'.repeat(20) + '\r\nConnection: close\r\n\r\n',
			'POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n',
			'POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\nabc',
			'POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nabc\r\n0\r\n\r\n',
			'POST /bank/sandbox/return HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
		];
		for (const bytes of heads) {
			const answer = await raw(bytes, { ms: 500 });
			if (/^HTTP\/1\.1 500/.test(answer)) throw new TestFailure(`${bytes.slice(0, 80)}: ${answer.slice(0, 300)}`);
		}
		for (const size of [100_000, 5_000_000]) {
			const r = await fetch(`${w.bot.url}/bank/sandbox/return`, { method: 'POST', body: 'a='.padEnd(size, 'x'), redirect: 'manual' }).catch((e) => e);
			if (r.status && (r.status < 300 || r.status >= 500)) throw new TestFailure(`a body of ${size} bytes: ${r.status}`);
		}
	});
	same((await fetch(`${w.bot.url}/healthz`)).status, 200, 'health');
});

test('forged returns from the bank are hints and nothing more', async () => {
	const t = new Trade(w);
	const order = await t.agreed();
	const { token } = (await w.state()).payments.find((p) => p.order_id === order);
	const claims = [
		{ order_id: order, token, status: '0', ref: '1', card: '603799******1234' },
		{ order_id: order, token, status: '17' },
		{ order_id: order, token: 'x', status: '0' },
		{ order_id: '1', token, status: '0' },
		{ order_id: `${order}'`, status: '0' },
		{ order_id: '9'.repeat(2000), status: '0' },
		{ status: '0' },
		{ order_id: order, status: `0${'0'.repeat(1000)}` },
		{ order_id: '<script>alert(1)</script>', token: '\u202e', status: '-1', ref: '%s%n' },
	];
	const { payments } = await w.state();
	const old = payments.find((p) => p.state !== 'created' && p.order_id !== order);
	if (old) claims.push({ order_id: old.order_id, token: old.token, status: '0' });
	await changesNothing('a forged return', async () => {
		for (const claim of claims)
			for (const method of ['POST', 'GET']) {
				const form = new URLSearchParams(claim);
				const url = `${w.bot.url}/bank/sandbox/return`;
				const r = method === 'POST' ? await fetch(url, { method, body: form, redirect: 'manual' }) : await fetch(`${url}?${form}`, { redirect: 'manual' });
				const text = await r.text();
				if (r.status >= 500 || text.includes('<script>alert')) throw new TestFailure(`${method} ${form}: ${r.status} ${text.slice(0, 200)}`);
			}
		await w.bank(order, 'forge');
	});
	same((await t.look()).state, 'AWAIT_PAY', 'state');
	await w.bank(order, 'pay'); // an honest payment still counts
	await t.is('FUNDED');
	await assertAuditClean();
});

test('nothing of all this was an error of ours', async () => {
	const bad = errorLines(w.bot.process);
	if (bad.length) throw new TestFailure(bad.slice(0, 5).join('\n'));
	const { violations } = await w.state();
	if (violations.length ?? violations.list?.length) throw new TestFailure(JSON.stringify(violations).slice(0, 2000));
});

await run({
	before: async () => {
		w = await startAll({ env });
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map((n) => w.person(n));
		for (const who of [sara, reza, mina]) {
			await who.says('/start');
			await who.sees(/./);
		}
		await quiet(w);
	},
	after: () => w.stop(),
});
