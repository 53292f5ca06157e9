// A deal as two people play it, step by step, by the acts behind the buttons; and what the store says about it.
import { readFileSync } from 'node:fs';
import { TestFailure, buttonsOf, messageText, plain, separexCli, storeRows, waitFor } from './lib.mjs';

// bot/escrow/deal.h
export const STATE = [
	'NONE', 'DRAFT', 'OFFERED', 'COUNTERED', 'AGREED', 'AWAIT_PAY', 'PAY_REVIEW', 'PART_PAID', 'FUNDED', 'SHIPPED', 'DELIVERED',
	'ISSUE', 'RETURN_DUE', 'RETURN_SENT', 'RETURN_CHECK', 'DISPUTED', 'RULED', 'PAYOUT_DUE', 'REFUND_DUE', 'SPLIT_DUE',
	'COMPLETED', 'REFUNDED', 'SPLIT_CLOSED', 'CANCELLED', 'EXPIRED',
];
export const IBAN = 'IR062960000000100324200001';

/** Rows of a query on the bot's store, beside the running bot; [] while there is no store yet. */
export const rows = (w, sql) => storeRows(w.bot, sql);

export async function row(w, sql) {
	return (await rows(w, sql))[0] ?? null;
}

/** Lines of all of the bot's logs so far (one a start) with the level "error". */
export function errorLines(...processes) {
	return processes.flatMap((p) => readFileSync(p.log, 'utf8').split('\n')).filter((l) => /^\S+ error /.test(l));
}

export async function assertAuditClean() {
	const { code, out, err } = await separexCli(['audit']);
	if (code !== 0) throw new TestFailure(`audit ended with ${code}:\n${out}${err}`);
}

/** Waits until everything that people did is taken, every message is sent and no bank call is due; `but` is a condition on rows that may stay. */
export function quiet(w, { ms = 20_000, but = '1 = 0' } = {}) {
	return waitFor(
		async () => {
			const { pending_updates, clock } = await w.state();
			const { ahead_ms } = clock;
			if (pending_updates) return false;
			const until = Date.now() + ahead_ms + 1000;
			const [{ n }] = await rows(w, `SELECT COUNT(*) AS n FROM work WHERE state IN (1, 2) AND (kind = 1 OR due_ms <= ${until}) AND NOT (${but})`);
			return n === 0;
		},
		{ ms, what: 'an empty queue' },
	);
}

let serial = 0;

// Words without digits, so that no number in a title is taken for its price.
function newTitle() {
	serial++;
	return `goods ${[...String(serial)].map((c) => 'abcdefghij'[c]).join('')}`;
}

// A tracking code of Iran Post: 24 digits; each one belongs to one deal for ever.
export function trackingCode() {
	serial++;
	return `1234567890${String(process.pid % 1_000_000).padStart(6, '0')}${String(1000 + serial).padStart(8, '9')}`;
}

/** A deal between two people, named by its title until it has a code. */
export class Trade {
	constructor(w, { seller = 'sara', buyer = 'reza', title = newTitle(), toman = 250_000 } = {}) {
		Object.assign(this, { w, title, toman, code: null });
		this.seller = w.person(seller);
		this.buyer = w.person(buyer);
	}

	/** The deal's row with its state's name, or null. */
	async look() {
		const d = await row(this.w, `SELECT * FROM deal WHERE title = '${this.title}' ORDER BY id DESC LIMIT 1`);
		if (!d) return null;
		this.code = d.code;
		return { ...d, state: STATE[d.state] };
	}

	/** Waits until the deal is in one of the states, and gives its row. */
	is(...states) {
		let seen = null;
		return waitFor(
			async () => {
				this.w.bot.process.check();
				seen = await this.look();
				return states.includes(seen?.state ?? 'NONE') ? seen : null;
			},
			{ what: `"${this.title}" to be ${states.join(' or ')}` },
		).catch((e) => {
			throw new TestFailure(`${e.message}; it is ${seen?.state ?? 'not there'}; bot's log:\n${this.w.bot.process.tail()}`);
		});
	}

	press(who, act, options) {
		return who.presses(`d:${this.code}:${act}`, options);
	}

	async drafted() {
		await this.buyer.says('/start');
		await this.seller.says(`/sell ${this.title} ${this.toman} تومان`);
		return this.is('DRAFT');
	}

	async offered() {
		await this.drafted();
		await this.press(this.seller, 'publish');
		return this.is('OFFERED');
	}

	async joined() {
		await this.offered();
		await this.buyer.opens(`d_${this.code}`);
		/* Tests begin the same deal between the same two again and again, and the bot asks whether that is meant. */
		let said = false;
		return waitFor(
			async () => {
				const again = `new:join.${this.code}`;
				const asked = !said && (await this.buyer.view()).messages.some((m) => buttonsOf(m).some((b) => b.callback_data === again));
				if (asked) {
					said = true;
					await this.buyer.presses(again);
				}
				return (await this.look())?.buyer_id;
			},
			{ what: 'the buyer in the seat' },
		);
	}

	async agreed() {
		await this.joined();
		await this.press(this.buyer, 'agree');
		await this.is('AWAIT_PAY');
		return this.payment();
	}

	/** Waits for the deal's newest payment to be open at the bank and gives its order id. */
	async payment() {
		const p = await waitFor(
			() => row(this.w, `SELECT order_id FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${this.code}') AND state = 2 ORDER BY id DESC`),
			{ what: 'an open payment' },
		);
		return p.order_id;
	}

	async funded() {
		await this.w.bank(await this.agreed(), 'pay');
		return this.is('FUNDED');
	}

	async shipped() {
		await this.funded();
		await this.press(this.seller, 'ship');
		await waitFor(() => row(this.w, "SELECT 1 AS yes FROM conversation WHERE step = 'ship'"), { what: 'the question for the code' });
		await this.seller.says(trackingCode());
		return this.is('SHIPPED');
	}

	async delivered() {
		await this.shipped();
		await this.press(this.buyer, 'received');
		return this.is('DELIVERED');
	}

	async accepted() {
		await this.delivered();
		await this.press(this.buyer, 'accept');
		await this.press(this.buyer, 'accept.yes');
		return this.is('PAYOUT_DUE');
	}

	/** Gives the seller's IBAN unless it is known. */
	async iban(iban = IBAN) {
		const known = await row(this.w, `SELECT iban FROM person WHERE id = (SELECT seller_id FROM deal WHERE code = '${this.code}')`);
		if (known?.iban) return;
		await this.seller.says('/iban');
		await waitFor(() => row(this.w, "SELECT 1 AS yes FROM conversation WHERE step = 'iban'"), { what: 'the question for the IBAN' });
		await this.seller.says(iban);
		const sealed = `SELECT 1 AS yes FROM deal JOIN person ON person.id = seller_id WHERE code = '${this.code}' AND iban LIKE 's1:%'`;
		await waitFor(() => row(this.w, sealed), { what: 'the sealed IBAN in the store' });
	}

	async completed() {
		await this.accepted();
		await this.iban();
		return this.paidOut();
	}

	/** Lets the time pass that a payout takes. */
	async paidOut() {
		await this.w.clock(3700);
		return waitFor(
			async () => {
				const d = await this.look();
				if (d.state === 'COMPLETED') return d;
				if (d.inflight > 0) await this.w.clock(61); // the bank's way, and our next look
				return null;
			},
			{ every: 200, what: 'the payout' },
		);
	}

	/** The message that is this side's newest card, as the person sees it. */
	async card(who, place) {
		const c = await row(this.w, `SELECT * FROM card WHERE place = ${place} AND deal_id = (SELECT id FROM deal WHERE code = '${this.code}')`);
		const { messages } = await who.view();
		return messages.find((m) => m.message_id === c?.message_id) ?? null;
	}
}

export const PLACE_BUYER = 1;
export const PLACE_SELLER = 2;

export function hasButton(message, part) {
	return buttonsOf(message).some((b) => (b.callback_data ?? '').includes(part) || b.text.includes(part));
}

/** Asserts that each side's card shows what a card drawn now would show. */
export async function assertFinalCards(t, people = [t.seller, t.buyer]) {
	for (const who of people) {
		const place = who === t.seller ? PLACE_SELLER : PLACE_BUYER;
		const old = await t.card(who, place);
		if (!old) throw new TestFailure(`${who.name} has no card of ${t.code}\n${await who.transcript()}`);
		await who.says(`/deal ${t.code}`);
		const fresh = await waitFor(
			async () => {
				const m = await t.card(who, place);
				return m && m.message_id !== old.message_id ? m : null;
			},
			{ what: `a fresh card of ${t.code} for ${who.name}` },
		);
		const [was, is] = [plain(messageText(old)), plain(messageText(fresh))];
		if (!was.includes(is)) throw new TestFailure(`${who.name}'s card of ${t.code} was:\n${was}\nand should be:\n${is}`);
	}
}
