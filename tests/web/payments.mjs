// Deals that wait for a payment, for the browser tests of the payment page.
import { buttonsOf, person, waitFor } from './lib.mjs';

export const SMALL = { width: 360, height: 740 };
export const PAGE = /\/p\/[A-Za-z0-9_-]{16,}$/;

let deals = 0;

/** A deal that waits for Reza's payment; gives the address of its payment page. */
export async function dealToPay() {
	const sara = person('sara');
	const reza = person('reza');
	const model = 20 + ++deals;
	await sara.says(`/sell Phone ${model} 2500000`);
	await sara.presses('publish');
	const link = await sara.waits('private', 20_000, 'finds the link of the new deal', (view) => {
		const card = view.messages.findLast((m) => m.text?.includes(`Phone ${model}`));
		return /https:\/\/t\.me\/\w+\?start=[A-Za-z0-9_-]+/.exec(JSON.stringify(card ?? ''))?.[0];
	});
	await reza.opens(link);
	/* The same two with the same price again: the bot asks whether that is meant. */
	const data = (b) => b.callback_data ?? '';
	const code = link.split('_').pop();
	const found = await reza.waits('private', 20_000, 'sees the terms, or the question', (view) =>
		view.messages.flatMap(buttonsOf).find((b) => data(b).startsWith(`d:${code}:agree`) || data(b) === `new:join.${code}`),
	);
	if (data(found).startsWith('new:')) await reza.presses(data(found));
	await reza.presses(`d:${code}:agree`);
	return reza.waits('private', 20_000, 'gets a payment page', (view) => {
		const cards = view.messages.filter((m) => JSON.stringify(m).includes(`Phone ${model}`));
		const urls = cards.flatMap((m) => (m.reply_markup?.inline_keyboard ?? []).flat().map((b) => (b.url ?? '').replace(/\/now$/, '')));
		return urls.findLast((u) => PAGE.test(u));
	});
}

/** The same for two people who are new: Reza has a sign, and the bank has its page ready. */
export async function firstDealToPay() {
	await person('sara').says('/start');
	await person('reza').says('/start');
	await person('reza').says('/emblem 🍎');
	const url = await dealToPay();
	await waitFor(async () => (await fetch(`${url}/now`, { redirect: 'manual' })).status === 303, { what: 'the bank’s page' });
	return url;
}
