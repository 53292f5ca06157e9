// The stub banks of the sandbox, for tests: the bot's settings for them, and a payer without a browser.
//
//	await openHouse({ env: realBanks('mellat parsian') });
//	const page = await payPage(d, 2);                   // the page of part 2
//	await goes(page, 'parsian');                        // presses its button and follows it to the bank
//	await pays('parsian', await orderOf(d, 2));         // as a payer at the bank does
import { PATIENCE_MS, TestFailure, buttonsOf, waitFor } from './lib.mjs';
import { sql } from './deals.mjs';

const MERCHANT = '11111111-2222-3333-4444-555555555555';

export const realBanks = (order, more = {}) => (urls) => ({
	SEPAREX_GATEWAY_ORDER: order,
	SEPAREX_MELLAT_URL: `${urls.mellat}/pgwchannel/services/pgw`,
	SEPAREX_MELLAT_PAY_URL: `${urls.mellat}/pgwchannel/startpay.mellat`,
	SEPAREX_MELLAT_TERMINAL: '1234',
	SEPAREX_MELLAT_USERNAME: 'separex',
	SEPAREX_MELLAT_PASSWORD: 'm3llat-secret',
	SEPAREX_PARSIAN_URL: urls.parsian,
	SEPAREX_PARSIAN_PIN: 'p4rsian-secret',
	SEPAREX_PARSIAN_TERMINAL: '777',
	SEPAREX_ZARINPAL_URL: urls.zarinpal,
	SEPAREX_ZARINPAL_MERCHANT_ID: MERCHANT,
	...more,
});

/** Vandar's stub pays out and says who people are. */
export const vandarPays = (urls) => ({
	SEPAREX_PAYOUT_GATEWAY: 'vandar',
	SEPAREX_VANDAR_URL: `${urls.main}/vandar`,
	SEPAREX_VANDAR_BUSINESS: 'separex',
	SEPAREX_VANDAR_ACCESS_TOKEN: 'access-0',
	SEPAREX_VANDAR_REFRESH_TOKEN: 'refresh-0',
	SEPAREX_IDENTITY_PROVIDER: 'vandar',
});

/** The newest batch for the bank, and a treasurer's button of it in the operators' group. */
export const newestBatch = async () => (await sql('SELECT * FROM payout_batch ORDER BY id DESC LIMIT 1'))[0];

export async function pressesBatch(who, act, chat = 'bazaar') {
	const data = `batch:${act}.${(await newestBatch()).id}`;
	await who.waits(chat, PATIENCE_MS, `sees ${data}`, ({ messages }) => messages.some((m) => buttonsOf(m).some((b) => b.callback_data === data)));
	await who.presses(data, { chat });
}

/** The try at a part that counts. */
export async function part(d, n = 1) {
	const rows = await sql(
		`SELECT id, page, gateway, '' || order_id AS order_id, token, state, amount, paid, refunded, card_mask, said FROM payment ` +
			`WHERE deal_id = ${d.id} AND part = ${n} ORDER BY state IN (3, 4) DESC, id DESC LIMIT 1`,
	);
	if (!rows.length) throw new TestFailure(`deal ${d.code} has no part ${n}`);
	return rows[0];
}

/** Presses the payment page's button, as a browser does; returns the payment once the bank has opened its page. */
export async function goesTo(house, d, bank, n = 1) {
	const { page } = await part(d, n);
	const body = new URLSearchParams({ bank });
	const answer = await fetch(`${house.bot.url}/p/${page}/go`, { method: 'POST', body, redirect: 'manual' });
	if (![200, 303].includes(answer.status)) throw new TestFailure(`the page's button: HTTP ${answer.status}`);
	let p;
	await waitFor(async () => (p = await part(d, n)).gateway === bank && p.state === 2, { what: `${bank} to open a page for part ${n}` });
	return p;
}

/** What a payer does at the bank, and the browser's way back. */
export function decides(house, bank, payment, act, more = {}) {
	return house.sandbox.call('/sim/stub', { bank, payment, do: act, ...more });
}

export async function paysPart(house, d, bank, n = 1, more = {}) {
	const p = await goesTo(house, d, bank, n);
	await decides(house, bank, p.order_id, 'pay', more);
	await waitFor(async () => (await part(d, n)).state === 4, { what: `part ${n} to be settled` });
	return part(d, n);
}

/** The stub's own view of a payment. */
export async function atStub(house, order) {
	return (await house.sandbox.state()).stubs.payments.find((p) => p.order === order);
}

