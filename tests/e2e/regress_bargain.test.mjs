// What a hostile reader found in bargaining, ready cards and typed words: each is tried again here as it was found.
import { person, run, test, waitFor } from './lib.mjs';
import { DAY, HOUR, MINUTE, asks, closeHouse, closed, draft, expect, idle, lastDeal, later, newest, nothingWrong, one, openHouse, same, settled } from './deals.mjs';

let house, sara, reza, mina;

const call = (path, body) => house.sandbox.call(path, body);
const buttons = (m) => m.reply_markup?.inline_keyboard.flat() ?? [];
const shows = (who, chat, words) => waitFor(async () => (await who.view(chat)).messages.findLast((m) => words.test(m.text ?? m.caption ?? '')), {
	what: `${who.name} to see ${words} in ${chat}`,
});

/** The data of the newest button of a deal whose data fits. */
const dataOf = (who, d, fits) => waitFor(async () => {
	for (const m of (await who.view()).messages.toReversed())
		for (const b of buttons(m)) if (b.callback_data?.startsWith(`d:${d.code}:`) && fits.test(b.callback_data)) return b.callback_data.slice(`d:${d.code}:`.length);
}, { what: `${who.name} to see a button ${fits}` });

async function proposes(d, who, choice) {
	await d.press(who, 'counter');
	await d.press(who, await dataOf(who, d, new RegExp(`:counter\\.[0-9a-f]{16}\\.${choice}$`)));
}

async function types(d, who, toman) {
	await d.press(who, 'counter');
	await d.press(who, await dataOf(who, d, /:counter\.[0-9a-f]{16}\.ask$/));
	await who.sees(/[^]/);
	await who.says(`${toman} toman`);
}

async function gone(d, who = reza) {
	await d.press(who, 'cancel');
	await d.press(who, 'cancel.yes');
	await d.reaches('CANCELLED');
}

test('a higher price that is accepted again and again asks the buyer for one payment, and the refund finds every one', async () => {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('FUNDED');
	await types(d, reza, '2,500,000');
	const yes = await dataOf(sara, d, /:amend_ok\./);
	await d.press(sara, yes);
	await waitFor(async () => (await d.row()).rest.topup_wanted, { what: 'the difference to be asked for' });
	for (let i = 0; i < 3; i++) await d.refuses(sara, yes);
	same(await one(`SELECT COUNT(*) FROM payment WHERE deal_id = ${d.id}`), 2, 'payments');
	await d.pays('pay', 2);
	await waitFor(async () => (await d.row()).price === 25_000_000, { what: 'the new price' });
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('REFUND_DUE');
	await closed(d, 'REFUNDED');
});

test('a difference that the bank refuses is said, and can be paid again', async () => {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('FUNDED');
	await types(d, sara, '2,400,000');
	await d.press(reza, await dataOf(reza, d, /:amend_ok\./));
	await d.payment(2);
	await reza.mark();
	await d.pays('refuse', 2);
	await reza.sees(/[^]/);
	const { page } = await waitFor(async () => (await one(`SELECT COUNT(*) FROM payment WHERE deal_id = ${d.id} AND state = 5`)) && { page: await one(`SELECT page FROM payment WHERE deal_id = ${d.id} ORDER BY id DESC LIMIT 1`) }, { what: 'the refusal' });
	const answer = await fetch(`${house.bot.url}/p/${page}/go`, { method: 'POST', redirect: 'manual' });
	same(answer.status, 303, 'pay again');
	await d.pays('pay', 3);
	await waitFor(async () => (await d.row()).price === 24_000_000, { what: 'the new price' });
	await d.goes('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
});

test('a proposal that is dropped while its difference is being paid: the money goes back, the deal goes on', async () => {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('FUNDED');
	await types(d, sara, '2,400,000');
	await d.press(reza, await dataOf(reza, d, /:amend_ok\./));
	await d.payment(2);
	await d.press(sara, 'amend_no');
	await waitFor(async () => !(await d.row()).rest.topup_wanted, { what: 'the proposal to be gone' });
	await d.pays('pay', 2);
	await d.goes('PAYOUT_DUE');
	same((await d.row()).price, 20_000_000, 'the price');
	await closed(d, 'COMPLETED');
});

test('a ready card’s link says nothing but its code: nobody chooses the other seat or the fee for its writer', async () => {
	await call('/sim/telegram', { inline_feedback: false });
	const { results } = await call('/sim/inline', { as: 'sara', chat: 'direct', query: '2m vase' });
	const links = results.map((r) => r.reply_markup.inline_keyboard[0][0].url);
	same(new Set(links).size, 6, 'six links');
	await call('/sim/choose', { as: 'sara', chat: 'direct', result: 0 });
	const after = await lastDeal();
	for (const wrong of ['sh', 'bb', 'ss', 'x']) {
		await reza.opens(`${links[0].slice(0, -2)}${wrong}`);
		await reza.sees(/[^]/);
	}
	same(await lastDeal(), after, 'a deal by a guessed link');
	await reza.opens(links[0]);
	const d = await newest(sara, { after });
	same([(await d.row()).fee_payer, Boolean((await d.row()).seller_id)], [3, true], 'the deal as its writer sent it');
	await d.press(sara, 'decline');
	await call('/sim/telegram', { inline_feedback: true });
});

test('an old ready card makes no deal, and nobody accepts terms of use by sleeping', async () => {
	await call('/sim/telegram', { inline_feedback: false });
	await call('/sim/inline', { as: 'mina', chat: 'bazaar', query: '2m vase' });
	await call('/sim/choose', { as: 'mina', chat: 'bazaar', result: 0 });
	const card = await shows(reza, 'bazaar', /vase/);
	await later(3 * DAY);
	const after = await lastDeal();
	await reza.opens(buttons(card)[0].url);
	await reza.sees(/[^]/);
	same(await lastDeal(), after, 'a deal by an old card');
	await call('/sim/inline', { as: 'mina', chat: 'bazaar', query: '2m lamp' });
	await call('/sim/choose', { as: 'mina', chat: 'bazaar', result: 0 });
	await reza.opens(buttons(await shows(reza, 'bazaar', /lamp/))[0].url);
	const d = await newest(mina, { seller: mina, after });
	same(await one(`SELECT COUNT(*) FROM terms_accepted JOIN person ON person.id = person_id WHERE outside_id = 1003`), 0, 'accepted by Mina');
	await d.press(reza, 'decline');
	await call('/sim/telegram', { inline_feedback: true });
});

test('a menu of proposals belongs to the terms that it showed', async () => {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('OFFERED');
	await d.joins();
	await proposes(d, reza, 'price19000000');
	await d.reaches('COUNTERED');
	await d.press(sara, 'counter');
	const stale = await dataOf(sara, d, /:counter\.[0-9a-f]{16}\.look24$/);
	const now = async () => (await d.row()).terms_hash.slice(0, 16);
	await d.forge(reza, `counter.${await now()}.price17100000`);
	await waitFor(async () => (await d.row()).price === 17_100_000, { what: 'the next counter-offer' });
	const answer = await d.refuses(sara, stale);
	expect(answer.show_alert, 'the reason is shown');
	await d.press(sara, 'counter');
	await d.press(sara, await dataOf(sara, d, /:counter\.[0-9a-f]{16}\.ask$/));
	await sara.sees(/[^]/);
	await d.forge(reza, `counter.${await now()}.fee2`);
	await waitFor(async () => (await d.row()).fee_payer === 2, { what: 'another payer' });
	const before = await d.print();
	await sara.says('1,950,000 toman');
	await sara.sees(/[^]/);
	same(await d.print(), before, 'a price typed for other terms');
	same(await one(`SELECT COUNT(*) FROM conversation JOIN person ON person.id = person_id WHERE outside_id = 1001`), 0, 'the step');
	await d.press(reza, 'decline');
});

test('typed words agree to nothing: the card comes, to be pressed; and a typed yes is good for minutes', async () => {
	const d = await draft();
	await d.goes('OFFERED');
	await d.joins();
	const label = async (fits) => buttons((await reza.view()).messages.findLast((m) => buttons(m).some((b) => fits.test(b.callback_data)))).find((b) => fits.test(b.callback_data)).text;
	await dataOf(reza, d, /:agree\./);
	await reza.says(await label(/:agree\./));
	await reza.sees(/[^]/);
	await settled();
	await d.is('OFFERED');
	await d.goes('DELIVERED');
	await d.press(reza, 'accept');
	await dataOf(reza, d, /:accept\.yes\./);
	const yes = await label(/:accept\.yes\./);
	await later(HOUR);
	await reza.says(yes);
	await settled();
	await d.is('DELIVERED');
	await d.accepts();
	await closed(d, 'COMPLETED');
});

test('who bargains about an offer to a group and leaves, or is turned away, leaves the offer as it was published', async () => {
	const after = await lastDeal();
	await sara.says('/sell Carpet 2,000,000 toman', { chat: 'bazaar' });
	const d = await newest(sara, { buyer: mina, after });
	await d.reaches('OFFERED');
	for (const leave of [() => d.press(mina, 'decline'), () => d.press(sara, 'turn_away')]) {
		await d.joins();
		await proposes(d, mina, 'price19000000');
		await d.reaches('COUNTERED');
		const card = await shows(reza, 'bazaar', /Carpet/);
		expect(!/1,900,000|۱٬۹۰۰٬۰۰۰/.test(card.text), 'the bargaining is in the group');
		await leave();
		await d.reaches('OFFERED');
		same([(await d.row()).buyer_id, (await d.row()).price], [null, 20_000_000], 'the offer');
	}
	Object.assign(d, { buyer: reza, other: reza });
	await d.goes('AWAIT_PAY');
	same((await d.row()).price, 20_000_000, 'the price that the next one agreed to');
	await gone(d);
});

test('who wants to hear only when it is their turn hears of a proposal and of a ruling', async () => {
	await one(`SELECT 1`);
	const d = await draft();
	await d.goes('FUNDED');
	await asks(reza, '/settings');
	await call('/sim/press', { as: 'reza', chat: 'private', data: 'set:notices.few' });
	await waitFor(async () => (await one(`SELECT few_notices FROM person WHERE outside_id = 1002`)) === 1, { what: 'the wish' });
	await idle();
	await reza.mark();
	await proposes(d, sara, 'look72');
	await reza.sees(/[^]/);
	await call('/sim/press', { as: 'reza', chat: 'private', data: 'set:notices.all' });
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await closed(d, 'REFUNDED');
});

test('a description of the longest emoji reaches the one who joins', async () => {
	const after = await lastDeal();
	await sara.says(`Old lamp, works well\n${'👍'.repeat(550)}\n2 million toman`, { photo: true });
	const d = await newest(sara, { after });
	await d.press(sara, 'publish');
	await d.joins();
	await shows(reza, 'private', /👍/);
	await d.press(reza, 'decline');
});

test('a third person is shown nothing of a deal that is taken', async () => {
	const after = await lastDeal();
	await sara.says('Rare clock, 1890\nwith a story nobody else may read\n2 million toman', { photo: true });
	const d = await newest(sara, { after });
	await d.press(sara, 'publish');
	await d.joins();
	await mina.mark();
	await mina.opens(d.link);
	await mina.sees(/[^]/);
	await settled();
	expect(!(await mina.view()).messages.some((m) => /nobody else may read/.test(m.caption ?? m.text ?? '')), 'the description');
	await d.press(reza, 'decline');
});

test('audit, books, calls and log are clean', async () => {
	await later(MINUTE);
	await nothingWrong();
});

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
		await Promise.all([sara, reza].map((who) => call('/sim/person', { as: who.name, language: 'en' })));
	},
	after: closeHouse,
});
