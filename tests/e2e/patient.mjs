// People who do not give up: each tries the next thing in a deal again and again until it has had its effect, since any of it
// may be lost when the bot or its store dies. And what must hold in the end.
import { TestFailure, assertNoViolations, waitFor } from './lib.mjs';
import { IBAN, assertAuditClean, errorLines, quiet, row, rows } from './trade.mjs';

const PAYMENT_OPEN = 2;
const PAYMENT_FAILED = 6;

/** Presses if the button is there. */
async function tap(w, t, who, act) {
	const r = await w.sandbox.call('/sim/press', { as: who.name, chat: 'private', button: `d:${t.code}:${act}` }, { raw: true });
	return r.status === 200;
}

/** What somebody would do next in this deal; repeated until it has an effect, since any of it may be lost in a crash. */
const moves = {
	NONE: (w, t) => t.seller.says(`/sell ${t.title} ${t.toman} تومان`),
	DRAFT: (w, t) => tap(w, t, t.seller, 'publish'),
	OFFERED: async (w, t, d) => (d.buyer_id ? tap(w, t, t.buyer, 'agree') : t.buyer.opens(`d_${t.code}`)),
	AWAIT_PAY: async (w, t) => {
		const p = await row(w, `SELECT * FROM payment WHERE deal_id = (SELECT id FROM deal WHERE code = '${t.code}') ORDER BY id DESC`);
		const atBank = (await w.state()).payments.find((b) => b.order_id === p?.order_id);
		if (p?.state === PAYMENT_FAILED) await fetch(`${w.bot.url}/p/${p.page}/go`, { method: 'POST', redirect: 'manual' }).catch(() => {}); // the page offers another try
		else if (p?.state === PAYMENT_OPEN && atBank?.state === 'created') await w.bank(p.order_id, 'pay');
		else await w.clock(16); // the bank is asked again; or the browser's return was lost: the bot looks by itself
	},
	FUNDED: (w, t) => t.seller.says(t.tracking),
	SHIPPED: (w, t) => tap(w, t, t.buyer, 'received'),
	DELIVERED: async (w, t) => (await tap(w, t, t.buyer, 'accept.yes')) || tap(w, t, t.buyer, 'accept'),
	PAYOUT_DUE: async (w, t) => {
		const { iban } = await row(w, `SELECT iban FROM person WHERE id = (SELECT seller_id FROM deal WHERE code = '${t.code}')`);
		const { step } = (await row(w, `SELECT step FROM conversation WHERE person_id = (SELECT seller_id FROM deal WHERE code = '${t.code}')`)) ?? {};
		if (!iban) await t.seller.says(step === 'iban' ? IBAN : '/iban');
		else await w.clock(600);
	},
};

/** Plays a deal to its end; `seen` gathers the states that it was met in. */
export async function play(w, t, seen = new Set()) {
	for (let patience = 150; patience > 0; patience--) {
		const d = await t.look();
		seen.add(d?.state ?? 'NONE');
		if (d?.state === 'COMPLETED') return;
		await moves[d?.state ?? 'NONE'](w, t, d);
		// the bot's answer, or its next death, whichever comes first
		const was = d?.version ?? 0;
		await waitFor(async () => ((await t.look())?.version ?? 0) !== was, { ms: 250, every: 40, what: 'a step' }).catch(() => {});
	}
	throw new TestFailure(`"${t.title}" did not come to its end: ${JSON.stringify(await t.look())}`);
}

/** Each deal ended, was paid once and paid out once, the bank says the same, and the logs of the processes hold no error but `errors`. */
export async function assertWorldIsWhole(w, trades, processes, errors = /^$/) {
	await quiet(w);
	await assertAuditClean();
	await assertNoViolations();
	const { payments, payouts, refunds } = await w.state();
	for (const t of trades) {
		const d = await t.look();
		const paid = await rows(w, `SELECT * FROM payment WHERE deal_id = ${d.id} AND state IN (3, 4)`);
		const out = await rows(w, `SELECT * FROM settlement WHERE deal_id = ${d.id}`);
		const ours = payouts.filter((p) => p.track_id === out[0]?.track_id);

		if (d.state !== 'COMPLETED') throw new TestFailure(`"${t.title}" is ${d.state}`);
		if (paid.length !== 1 || out.length !== 1 || ours.length !== 1 || ours[0].amount !== out[0].amount)
			throw new TestFailure(`"${t.title}": ${JSON.stringify({ paid, out, ours }, null, 1)}`);
		const atBank = payments.find((p) => p.order_id === paid[0].order_id);
		if (atBank.state !== 'settled') throw new TestFailure(`"${t.title}": the payment is ${atBank.state} at the bank`);
	}
	if (payouts.length !== trades.length || refunds.length) throw new TestFailure(JSON.stringify({ payouts, refunds }, null, 1));
	const wrong = errorLines(...processes).filter((l) => !errors.test(l));
	if (wrong.length) throw new TestFailure(`the log complains:\n${wrong.join('\n')}`);
}
