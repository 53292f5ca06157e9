// Short messages through the stubs of Kavenegar and sms.ir: once each, at each stage, to whom it concerns.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, person, run, test, waitFor } from './lib.mjs';
import { HOUR, IDS, MINUTE, asks, closeHouse, closed, draft, expect, forges, hasIban, idle, later, one, openHouse, same, settled, sql } from './deals.mjs';

const EVENTS = ['pay', 'paid', 'ship', 'shipped', 'look', 'problem', 'asked', 'ruling', 'payout', 'returned', 'refund', 'profile', 'iban'];
const KEYS = ['kav3negar-secret', 'sms1r-secret'];
const [QUEUED, SENT, DELIVERED, FAILED, SKIPPED, UNKNOWN] = [1, 3, 4, 5, 6, 7];
const SARA = '09121234567', REZA = '09351112233', MINA = '09190000000';

let house, sara, reza, mina;

const inbox = async () => (await house.sandbox.state()).sms;
const of = async (to) => (await inbox()).filter((m) => m.to === to).map((m) => m.text);
const fault = (call, kind, times = 1) => house.sandbox.fault(call, kind, times);
const states = (d, event) => sql(`SELECT state, provider FROM sms WHERE deal_id = ${d.id} AND event = '${event}'`);

/** The texts that docs/sms.md has the owner register. */
function templates() {
	const rows = readFileSync(join(ROOT, 'docs/sms.md'), 'utf8').matchAll(/^\| `([a-z]+)` \| (.+?) \|$/gm);
	return Object.fromEntries([...rows].map(([, event, text]) => [event, text]));
}

const filled = (event, code, toman) => templates()[event].replaceAll('%token2', toman ?? '').replaceAll('%token', code);

/** Long enough for what is tried again, and for the question what became of it. */
async function passes() {
	for (let i = 0; i < 4; i++) {
		await later(3 * MINUTE);
		await idle();
	}
}

async function gives(who, mobile) {
	await forges(who, 'profile:mobile');
	await asks(who, mobile); // typed: it may be anybody's
	await settled();
	same(await one(`SELECT mobile FROM person WHERE outside_id = ${IDS[who.name]}`), '', 'a typed number');
	const stranger = IDS[who.name] + 1;
	for (const user_id of [stranger, IDS[who.name]]) {
		await forges(who, 'profile:mobile'); // for Mina, whose questions in settled() end it
		await who.sends({ contact: { phone_number: mobile, first_name: 'x', user_id } });
		await settled();
		same((await one(`SELECT mobile <> '' FROM person WHERE outside_id = ${IDS[who.name]}`)), user_id === stranger ? 0 : 1, 'a contact');
	}
}

test('at each stage each side hears what concerns it, in the words of the documentation, and once', async () => {
	same(Object.keys(templates()), EVENTS, 'the templates in docs/sms.md');
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('DELIVERED');
	await d.accepts();
	await hasIban(sara);
	await later(2 * HOUR);
	await closed(d, 'COMPLETED');
	await passes();
	const { due, paid, code } = { ...(await d.row()), code: d.code };
	const buyer = (await of(REZA)).filter((t) => t.includes(code));
	const seller = (await of(SARA)).filter((t) => t.includes(code));
	const toman = await one(`SELECT amount / 10 FROM payment WHERE deal_id = ${d.id} AND state = 4`);
	const out = await one(`SELECT amount / 10 FROM settlement WHERE deal_id = ${d.id} AND kind = 1`);
	same(buyer, [filled('pay', code, toman), filled('paid', code, toman), filled('shipped', code), filled('look', code)], 'the buyer’s');
	same(seller, [filled('ship', code), filled('payout', code, out)], `the seller’s (${due} ${paid})`);
	same((await sql(`SELECT DISTINCT state, provider FROM sms WHERE deal_id = ${d.id}`)), [{ state: DELIVERED, provider: 'kavenegar' }], 'what became of them');
});

test('one that has no credit or no key left: the other takes over; with none left nothing is sent and the deal goes on', async () => {
	await fault('kavenegar.send', '403', 1);
	const d = await draft();
	await d.goes('AWAIT_PAY');
	await idle();
	same(await states(d, 'pay'), [{ state: SENT, provider: 'smsir' }], 'after a refusal by the first');
	same((await of(REZA)).filter((t) => t.includes(d.code)).length, 1, 'messages');
	await fault('kavenegar.send', '403', 2);
	await fault('smsir.send', '401', 2);
	await d.goes('FUNDED');
	await idle();
	same([await states(d, 'paid'), await states(d, 'ship')].flat().map((r) => r.state), [FAILED, FAILED], 'after refusals by both');
	await d.goes('SHIPPED');
	await idle();
	same(await states(d, 'shipped'), [{ state: SENT, provider: 'kavenegar' }], 'the next one');
});

test('an answer that is lost: never sent again; a busy provider: the same again', async () => {
	await fault('kavenegar.send', 'lost', 1);
	const d = await draft();
	await d.goes('AWAIT_PAY');
	await passes();
	same(await states(d, 'pay'), [{ state: UNKNOWN, provider: 'kavenegar' }], 'after a lost answer');
	same((await of(REZA)).filter((t) => t.includes(d.code)).length, 1, 'messages');
	await fault('kavenegar.send', '409', 2);
	await d.goes('FUNDED');
	await passes();
	same((await states(d, 'paid')).map((r) => r.state), [DELIVERED], 'after a busy provider');
});

test('who wants none hears of money alone; who gave no number hears nothing; who cannot be reached is marked so', async () => {
	await forges(reza, 'set:sms.off');
	await idle();
	const d = await draft({ seller: mina });
	await d.goes('SHIPPED');
	await passes();
	same((await states(d, 'pay')).map((r) => r.state), [SKIPPED], 'no money');
	same((await states(d, 'paid')).map((r) => r.state), [DELIVERED], 'money');
	same((await states(d, 'shipped')).map((r) => r.state), [SKIPPED], 'no money');
	same((await states(d, 'ship')).map((r) => r.state), [FAILED], 'to a number that cannot be reached');
	await forges(reza, 'set:sms.on');
	const omid = person('omid');
	const other = await draft({ seller: omid });
	await other.goes('FUNDED');
	await idle();
	same((await states(other, 'ship')).map((r) => r.state), [SKIPPED], 'without a number');
});

test('a bot that dies while a message is out sends no second one', async () => {
	await fault('kavenegar.send', 'hang', 1);
	const d = await draft();
	await d.goes('AWAIT_PAY');
	await waitFor(async () => (await states(d, 'pay'))[0]?.state === 2, { what: 'the request to be out' });
	await house.killBot('SIGKILL');
	await house.restartBot();
	await waitFor(async () => (await states(d, 'pay'))[0]?.state === UNKNOWN, { what: 'its end' });
	same((await of(REZA)).filter((t) => t.includes(d.code)).length, 0, 'messages');
	same(await one(`SELECT COUNT(*) FROM sms WHERE state = ${QUEUED}`), 0, 'messages that wait');
});

test('no key and no number stands in a log', async () => {
	const log = house.bot.process.output();
	for (const word of [...KEYS, SARA, REZA, MINA]) expect(!log.includes(word), `the log holds ${word.slice(0, 4)}…`);
});

await run({
	before: async () => {
		house = await openHouse({
			env: (urls) => ({
				SEPAREX_SMS_PROVIDERS: 'kavenegar smsir',
				SEPAREX_SMS_DAILY_CAP: '100',
				SEPAREX_KAVENEGAR_URL: `${urls.main}/kavenegar`,
				SEPAREX_KAVENEGAR_KEY: KEYS[0],
				SEPAREX_SMSIR_URL: `${urls.main}/smsir`,
				SEPAREX_SMSIR_KEY: KEYS[1],
				SEPAREX_SMSIR_TEMPLATES: EVENTS.map((e, i) => `${e}:${100001 + i}`).join(' '),
			}),
		});
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
		await gives(sara, '+98 912 123 4567');
		await gives(reza, '۰۹۳۵۱۱۱۲۲۳۳');
		await gives(mina, MINA);
	},
	after: closeHouse,
});
