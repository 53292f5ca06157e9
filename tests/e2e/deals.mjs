// How the tests of endings play a deal: by the acts in the buttons' data, seen through the store, the bank and the chats.
//
//	await openHouse();                                  // sandbox and bot; { people: true } has everybody press Start
//	const d = await draft({ title: 'phone', price: '2m' });
//	await d.goes('FUNDED');                             // the straight line up to that state
//	await d.press(d.seller, 'ship'); …
//	await closed(d, 'COMPLETED'); await nothingWrong();
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, PATIENCE_MS, TestFailure, bank, buttonsOf, clock, person, separexCli, startAll, state, storeRows, waitFor } from './lib.mjs';

const STATES = [
	'NONE', 'DRAFT', 'OFFERED', 'COUNTERED', 'AGREED', 'AWAIT_PAY', 'PAY_REVIEW', 'PART_PAID', 'FUNDED', 'SHIPPED', 'DELIVERED',
	'ISSUE', 'RETURN_DUE', 'RETURN_SENT', 'RETURN_CHECK', 'DISPUTED', 'RULED', 'PAYOUT_DUE', 'REFUND_DUE', 'SPLIT_DUE', 'COMPLETED',
	'REFUNDED', 'SPLIT_CLOSED', 'CANCELLED', 'EXPIRED',
];
export const MINUTE = 60;
export const HOUR = 3600;
export const DAY = 24 * HOUR;
export const BAZAAR = -1001000000001;
export const IDS = { sara: 1001, reza: 1002, mina: 1003, omid: 5000000004 };
export const GOOD_IBAN = 'IR062960000000100324200001';

const FINAL = STATES.slice(STATES.indexOf('COMPLETED'));
const WORK_DEAD = 3;
const BANK_LOOKS = 8; // how often the bank is given a minute to finish a transfer

let house = null;
let trackingNumber = 0;

/** Throws when `fine` is false. */
export function expect(fine, what) {
	if (!fine) throw new TestFailure(typeof what === 'function' ? what() : what);
}

export function same(got, wanted, what) {
	expect(JSON.stringify(got) === JSON.stringify(wanted), `${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
}

/** A fresh sandbox and bot. Telegram's limits are off: these tests are about deals, and the limits cost real seconds. */
export async function openHouse({ env = {}, people = true } = {}) {
	const settings = (urls) => ({ SEPAREX_TELEGRAM_RATE_LIMITS: 'off', ...(typeof env === 'function' ? env(urls) : env) });
	house = await startAll({ env: settings });
	if (people) for (const name of ['sara', 'reza', 'mina', 'omid']) await asks(person(name), '/start');
	return house;
}

export async function closeHouse() {
	await house?.stop();
	house = null;
}

/** Every question to the store is a question to what is committed: read-only, by another program. */
export const sql = (query) => storeRows(house.bot, query);

export async function one(query) {
	const rows = await sql(query);
	return rows.length ? Object.values(rows[0])[0] : undefined;
}

/** Says something and waits for the bot's next message in that chat. */
export async function asks(who, text, options = {}) {
	await who.says(text, options);
	return who.sees(/[^]/, { chat: options.chat ?? 'private' });
}

/** Returns when the bot has handled everything that was said, pressed and due so far: a question asked now is answered. */
export async function settled() {
	await asks(person('mina'), '/fee 1000000');
}

/** Returns when, beside that, nothing waits to be sent or asked of the bank at this moment of the virtual clock. */
export async function idle() {
	await settled();
	const { now_ms } = await house.sandbox.call('/sim/clock');
	await waitFor(async () => (await one(`SELECT COUNT(*) FROM work WHERE state <> ${WORK_DEAD} AND due_ms <= ${now_ms}`)) === 0, {
		what: 'an empty work queue',
		every: 40,
	});
	await settled();
}

/** Moves the clock; what falls due by it has happened when this returns. */
export async function later(seconds) {
	await clock(Math.ceil(seconds));
	await settled();
}

export const REMINDED = [0, 1, 0, 1, 0];
export const LEFT_ALONE = [0, 0, 0, 0, 0];

/** Moves to just before and just after half and nine tenths of a clock that began now, and to just before its end: how
 * many messages each person got on each of these ways. */
export async function remindersOf(span, people) {
	const heard = async (who) => (await who.view()).messages.filter((m) => m.from.is_bot).length;
	const counts = people.map(() => []);
	let gone = 0;
	for (const part of [0.49, 0.52, 0.88, 0.92, 0.99]) {
		await idle();
		const before = await Promise.all(people.map(heard));
		await later(part * span - gone);
		gone = part * span;
		await idle();
		const after = await Promise.all(people.map(heard));
		counts.forEach((c, i) => c.push(after[i] - before[i]));
	}
	return counts;
}

/** The check digits are computed: an IBAN of bank 029 whose account ends in `tail`. */
export function iban(tail) {
	const account = `029${String(tail).padStart(19, '0')}`;
	const check = 98n - (BigInt(`${account}182700`) % 97n);
	return `IR${String(check).padStart(2, '0')}${account}`;
}

/** A tracking code of Iran Post that no other deal of this run has. */
export function postCode() {
	return `2058800044${String(10 ** 13 + 7 * ++trackingNumber).slice(0, 14)}`;
}

/** A button's data sent without the button. Returns the answer (text, show_alert) that the person sees. */
export async function forges(who, data, { chat = 'private', message_id } = {}) {
	const { callback_query_id } = await house.sandbox.call('/sim/press', { as: who.name, chat, data, message_id });
	return waitFor(async () => (await who.view(chat)).answers.find((a) => a.callback_query_id === callback_query_id), {
		what: `the answer to ${who.name}'s forged ${data}`,
	});
}

class Deal {
	constructor(id, code, seller, buyer, maker) {
		Object.assign(this, { id, code, seller, buyer, maker });
		this.other = maker === seller ? buyer : seller;
	}

	get link() {
		return `https://t.me/separex_sandbox_bot?start=d_${this.code}`;
	}

	async row() {
		const row = (await sql(`SELECT * FROM deal WHERE id = ${this.id}`))[0];
		return { ...row, state: STATES[row.state], rest: JSON.parse(row.rest) };
	}

	async state() {
		return STATES[await one(`SELECT state FROM deal WHERE id = ${this.id}`)];
	}

	/** What must not change when somebody may not do something: state, version, and the money. */
	async print() {
		const { state: s, version, held, suspense, payable, refund, inflight, price, title } = await this.row();
		return JSON.stringify({ s, version, held, suspense, payable, refund, inflight, price, title });
	}

	timers() {
		return sql(`SELECT kind, due_ms FROM deal_timer WHERE deal_id = ${this.id} ORDER BY kind`);
	}

	async is(wanted) {
		const now = await this.state();
		expect(now === wanted, `deal ${this.code} is ${now} instead of ${wanted}`);
	}

	async reaches(wanted) {
		let now;
		try {
			await waitFor(async () => (now = await this.state()) === wanted, { what: `deal ${this.code} to be ${wanted}` });
		} catch (e) {
			const events = await sql(`SELECT event, role, state_after FROM deal_history WHERE deal_id = ${this.id} ORDER BY version`);
			throw new TestFailure(
				`${e.message}; it is ${now} after ${events.map((h) => `${h.event}/${h.role}>${STATES[h.state_after]}`).join(' ')}\n` +
					`${await this.seller.transcript()}\n${await this.buyer.transcript()}`,
			);
		}
	}

	/** Presses the newest button of this deal with that act, as soon as there is one; "agree" and "….yes" may go on. */
	async press(who, act, { chat = 'private' } = {}) {
		const data = `d:${this.code}:${act}`;
		const fits = (b) => b.callback_data === data || (/agree$|yes$/.test(act) && b.callback_data?.startsWith(`${data}.`));
		const found = await who.waits(chat, PATIENCE_MS, `sees the button ${data}`, ({ messages }) => {
			for (const m of [...messages].reverse()) {
				const button = buttonsOf(m).find(fits);
				if (button) return { message_id: m.message_id, data: button.callback_data };
			}
			return null;
		});
		await who.mark(chat);
		const answer = await house.sandbox.call('/sim/press', { as: who.name, chat, ...found });
		if (/^rule\.(release|refund|return)$/.test(act)) await this.reasons(who, act, chat);
		if (/^ask_info\./.test(act)) await asks(who, 'When was it sent, and by whom?', { chat });
		return answer;
	}

	/** A ruling needs its reason, typed, and one more press. */
	async reasons(who, act, chat) {
		await who.sees(/[^]/, { chat });
		await asks(who, '📷 1, 2, 3', { chat });
		await this.press(who, act.replace('rule.', 'rule_do.'), { chat });
	}

	forge(who, act, options) {
		return forges(who, `d:${this.code}:${act}`, options);
	}

	/** Sends the act and checks that it is answered with a word and changes nothing. */
	async refuses(who, act, options) {
		const before = await this.print();
		const answer = await this.forge(who, act, options);
		expect(answer.text, `${who.name}'s ${act} is refused without a word`);
		same(await this.print(), before, `deal ${this.code} after ${who.name}'s refused ${act}`);
		return answer;
	}

	/** True when that person has a button with that act now. */
	async offers(who, act) {
		const { messages } = await who.view();
		return messages.some((m) => buttonsOf(m).some((b) => b.callback_data === `d:${this.code}:${act}`));
	}

	/** The newest payment of the deal, once the bank has a page for it. */
	async payment(n = 1) {
		return waitFor(
			async () => {
				const all = await sql(`SELECT id, page, order_id, state, amount FROM payment WHERE deal_id = ${this.id} ORDER BY id`);
				return all.length >= n && all[n - 1].state >= 2 && { ...all[n - 1], order_id: await this.orderOf(n) };
			},
			{ what: `payment ${n} of deal ${this.code}` },
		);
	}

	/** Order ids have twenty digits, more than a JSON number holds. */
	orderOf(n) {
		return one(`SELECT '' || order_id FROM payment WHERE deal_id = ${this.id} ORDER BY id LIMIT 1 OFFSET ${n - 1}`);
	}

	async pays(how = 'pay', n = 1) {
		return bank((await this.payment(n)).order_id, how);
	}

	/** What the bank of the sandbox says about the deal's payments, refunds and payouts. */
	async atBank() {
		const s = await state();
		const orders = (await sql(`SELECT '' || order_id AS id FROM payment WHERE deal_id = ${this.id}`)).map((r) => r.id);
		const tracks = (await sql(`SELECT '' || track_id AS id FROM settlement WHERE deal_id = ${this.id}`)).map((r) => r.id);
		return {
			payments: s.payments.filter((p) => orders.includes(p.order_id)),
			refunds: s.refunds.filter((r) => tracks.includes(r.track_id)),
			payouts: s.payouts.filter((p) => tracks.includes(p.track_id)),
		};
	}

	/** The straight line from wherever the deal is to `wanted`. */
	async goes(wanted) {
		await settled();
		for (let i = 0; i < STATES.length; i++) {
			const now = await this.state();
			if (now === wanted) return this;
			const step = LINE[now];
			expect(step, `no straight way from ${now} to ${wanted}`);
			await step(this);
			await waitFor(async () => (await this.state()) !== now, { what: `deal ${this.code} to leave ${now}` });
		}
		throw new TestFailure(`deal ${this.code} never became ${wanted}`);
	}

	async joins() {
		await this.other.opens(this.link);
		await settled();
		/* Tests begin the same deal between the same two again and again, and the bot asks whether that is meant. */
		const again = `new:join.${this.code}`;
		if ((await this.other.view()).messages.some((m) => buttonsOf(m).some((b) => b.callback_data === again))) await this.other.presses(again);
		await waitFor(async () => (await one(`SELECT buyer_id IS NOT NULL AND seller_id IS NOT NULL FROM deal WHERE id = ${this.id}`)) === 1, {
			what: 'the other side to be seated',
		});
	}

	async ships(code = postCode()) {
		await this.press(this.seller, 'ship');
		await this.seller.sees(/[^]/);
		await this.seller.says(code);
	}

	async accepts() {
		await this.press(this.buyer, 'accept');
		await this.press(this.buyer, 'accept.yes');
		await this.reaches('PAYOUT_DUE');
	}

	/** A story with a photo, from pressing its button to handing it in. */
	async tells(who, act, words) {
		await this.press(who, act);
		await who.sees(/[^]/);
		await who.says(words, { photo: true });
		await this.press(who, `${act}_done`);
	}

	async reports(words = 'The screen is broken') {
		await this.tells(this.buyer, 'report', words);
		await this.reaches('ISSUE');
	}

	/** From a problem to the operators, by the buyer, when the day to talk is over. */
	async escalates() {
		await later(DAY + MINUTE);
		await this.press(this.buyer, 'escalate');
		await this.reaches('DISPUTED');
	}
}

const LINE = {
	DRAFT: (d) => d.press(d.maker, 'publish'),
	OFFERED: async (d) => {
		await d.joins();
		await d.press(d.other, 'agree');
	},
	AWAIT_PAY: (d) => d.pays(),
	FUNDED: (d) => d.ships(),
	SHIPPED: (d) => d.press(d.buyer, 'received'),
	DELIVERED: (d) => d.accepts(),
	PAYOUT_DUE: async (d) => {
		await hasIban(d.seller);
		await later(HOUR + MINUTE);
		/* An IBAN that replaced another one waits a day before money goes to it. */
		if (await one(`SELECT iban_changed_ms FROM person WHERE outside_id = ${IDS[d.seller.name]}`)) await later(24 * HOUR);
		await transfersEnd(d);
	},
};

/** The deal that `who` has just made, by the store's word. */
export async function newest(maker, { seller = person('sara'), buyer = person('reza'), after = 0 } = {}) {
	const row = await waitFor(async () => (await sql(`SELECT id, code FROM deal WHERE id > ${after} ORDER BY id DESC LIMIT 1`))[0], {
		what: 'a new deal',
	});
	return new Deal(row.id, row.code, seller, buyer, maker);
}

export async function lastDeal() {
	return (await one('SELECT COALESCE(MAX(id), 0) FROM deal')) ?? 0;
}

/** A draft made in one line, by the seller unless `by` says otherwise. */
export async function draft({ by = 'seller', seller = person('sara'), buyer = person('reza'), title = 'Phone', price = '2,000,000 toman' } = {}) {
	const maker = by === 'seller' ? seller : buyer;
	const after = await lastDeal();
	await maker.says(`${by === 'seller' ? '/sell' : '/buy'} ${title} ${price}`);
	const d = await newest(maker, { seller, buyer, after });
	await maker.sees(new RegExp(d.code));
	return d;
}

/** Tells the bot an IBAN unless it knows one. */
export async function hasIban(who, value = GOOD_IBAN) {
	if (await one(`SELECT iban <> '' FROM person WHERE outside_id = ${IDS[who.name]}`)) return;
	await asks(who, '/iban');
	await asks(who, value);
}

/** The bank's minutes pass until every transfer of the deal is over. */
async function transfersEnd(d) {
	for (let i = 0; i < BANK_LOOKS; i++) {
		await idle();
		if ((await one(`SELECT payable + refund + inflight FROM deal WHERE id = ${d.id}`)) === 0) return;
		await clock(70);
	}
	const rows = await sql(`SELECT kind, state, amount, reason FROM settlement WHERE deal_id = ${d.id}`);
	throw new TestFailure(`deal ${d.code} still owes after ${BANK_LOOKS} minutes: ${JSON.stringify(await d.print())} ${JSON.stringify(rows)}`);
}

/** The deal ends as `wanted`: money that is due leaves, and the books say so. */
export async function closed(d, wanted) {
	await settled();
	if (['PAYOUT_DUE', 'SPLIT_DUE'].includes(await d.state())) {
		await hasIban(d.seller);
		await later(HOUR + MINUTE);
	}
	await transfersEnd(d);
	await d.reaches(wanted);
	expect(FINAL.includes(wanted), `${wanted} is no end`);
	same(await one(`SELECT held + suspense + payable + refund + inflight FROM deal WHERE id = ${d.id}`), 0, 'money left in an ended deal');
}

/* ---- nothing wrong ---- */

/** The bank's own account of us: what it took for us, less what it gave back or sent out. */
async function bankBalance() {
	const s = await state();
	const sum = (list, fine) => list.filter(fine).reduce((n, x) => n + x.amount, 0);
	const taken = sum(s.payments, (p) => ['verified', 'settled', 'refunded'].includes(p.state));
	const back = sum(s.refunds, (r) => r.state !== 'returned') + sum(s.payouts, (p) => p.state !== 'returned');
	const atStubs = s.stubs.payments.filter((p) => ['VERIFIED', 'SETTLED'].includes(p.state)).reduce((n, p) => n + p.amount - p.refunded, 0);
	return taken + atStubs - back;
}

function botLogs() {
	const folder = join(BUILD, 'logs');
	return readdirSync(folder)
		.filter((f) => f.startsWith(`separex-${process.pid}-`))
		.map((f) => readFileSync(join(folder, f), 'utf8'))
		.join('\n');
}

/** The audit is clean, our books and the bank's agree to the rial, no call was refused, and the log holds no error. */
export async function nothingWrong({ errors = /^$/ } = {}) {
	await idle();
	const audit = await separexCli(['audit']);
	expect(audit.code === 0, () => `audit: code ${audit.code}\n${audit.out}${audit.err}`);
	const ours = (await one('SELECT COALESCE(SUM(balance), 0) FROM ledger_balance WHERE kind = 1')) ?? 0;
	same(ours, await bankBalance(), 'our books of the bank and the bank’s own');
	same((await state()).violations, [], 'calls that the sandbox refused');
	same(await sql(`SELECT id, kind, reason FROM work WHERE state = ${WORK_DEAD}`), [], 'dead work');
	const bad = botLogs()
		.split('\n')
		.filter((l) => / error /.test(l) && !errors.test(l));
	same(bad, [], 'errors in the log');
}
