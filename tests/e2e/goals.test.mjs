// How little a deal asks of people, counted: messages and taps from the first word to the last, by a newcomer on either
// side, in both languages. A count that grows fails here.
import { messageText, person, plain, run, test, waitFor } from './lib.mjs';
import { BAZAAR, GOOD_IBAN, IDS, closeHouse, closed, expect, idle, newest, nothingWrong, one, openHouse, postCode, same, settled, sql } from './deals.mjs';
import { Hands, assertShort, screens, text, words } from './hands.mjs';

const SEES = {
	fa: { offer: 'گوشی A52 ۲ میلیون تومان', payout: '۱٬۹۹۰٬۰۰۰ تومان', for_good: /برنمی‌گردد/, shipped: 'فرستادم، کدش' },
	en: { offer: 'Phone A52 2 million toman', payout: '1,990,000 toman', for_good: /cannot be taken back/, shipped: 'sent it, code' },
};

let house;

function counted(what, hands, wanted) {
	const took = hands.taken();
	const several = (n, word) => `${n} ${word}${n === 1 ? '' : 's'}`;
	console.log(`# ${what}: ${several(took.messages, 'message')} + ${several(took.taps, 'tap')}`);
	same(took, wanted, `what it took: ${what}`);
}

/** No name that only a program would give to something was ever typed. */
async function nobodyTypedIds(d, typed) {
	const [row] = await sql(`SELECT code, origin_chat, tracking FROM deal WHERE id = ${d.id}`);
	const [payment] = await sql(`SELECT page, '' || order_id AS order_id FROM payment WHERE deal_id = ${d.id}`);
	const tracks = (await sql(`SELECT '' || track_id AS id FROM settlement WHERE deal_id = ${d.id}`)).map((s) => s.id);
	const receipts = (await sql(`SELECT code FROM receipt WHERE deal_id = ${d.id}`)).map((r) => r.code);
	const ids = [row.code, ...Object.values(payment), ...tracks, ...receipts, ...Object.values(IDS), BAZAAR].map(String).filter(Boolean);
	expect(ids.length > 9 && row.tracking, () => `ids to look for: ${ids}`);
	const typedIn = (line, id) => new RegExp(`(^|[^0-9A-Za-z])${id}($|[^0-9A-Za-z])`).test(line); // an IBAN may hold a short one
	for (const line of typed) for (const id of ids) expect(!typedIn(line, id), () => `somebody typed ${id}: ${line}`);
}

/** The address of the bank's page, by the button as a browser follows it. */
async function bankPage(url) {
	const now = await fetch(url, { redirect: 'manual' });
	same(now.status, 303, 'the answer of the payment button');
	const page = now.headers.get('location');
	expect(page.startsWith(`${house.sandbox.url}/bank/pay?`), page);
	const bank = await fetch(page, { redirect: 'manual' });
	same(bank.status, 200, 'the bank’s page');
	return page;
}

async function wholeDeal(language, first) {
	const [sara, reza] = ['sara', 'reza'].map((name) => new Hands(house, person(name)));
	const tap = (who, key) => who.taps_on(plain(text(language, key)));
	await sara.says(first);
	await tap(sara, 'button.publish_sell');
	const link = await sara.who.link();
	counted('a seller creates a deal and has its link', sara, { messages: 1, taps: 1 });
	const d = await newest(sara.who, { seller: sara.who, buyer: reza.who });
	same(link, d.link, 'the link');

	await reza.opens(link);
	await tap(reza, 'button.agree');
	const { url } = await tap(reza, 'button.pay');
	expect(/\/p\/[^/]+\/now$/.test(url), url);
	await bankPage(url);
	counted('a newcomer comes from the link to the bank’s page', reza, { messages: 0, taps: 3 });
	same(await one(`SELECT COUNT(*) FROM conversation WHERE step <> ''`), 0, 'questions that wait');
	await d.pays();
	await d.reaches('FUNDED');

	await sara.says(`${SEES[language].shipped} ${postCode()}`);
	await d.reaches('SHIPPED');
	counted('a seller has sent it', sara, { messages: 1, taps: 0 });

	await tap(reza, 'button.received');
	await d.reaches('DELIVERED');
	counted('a buyer has received it', reza, { messages: 0, taps: 1 });
	await tap(reza, 'button.accept');
	const sure = plain(messageText(await reza.who.sees(words(language, 'sure.accept'))));
	const { sara: seller } = (await house.state()).people;
	for (const part of [SEES[language].payout, seller.user.first_name]) expect(sure.includes(part), () => `no ${part} before the second tap: ${sure}`);
	expect(SEES[language].for_good.test(sure), () => `not that it is for good: ${sure}`);
	await d.is('DELIVERED');
	await tap(reza, 'button.yes');
	await d.reaches('PAYOUT_DUE');
	counted('a buyer confirms', reza, { messages: 0, taps: 2 });

	await tap(sara, 'button.iban');
	await settled();
	await sara.says(GOOD_IBAN);
	await waitFor(() => one(`SELECT iban <> '' FROM person WHERE outside_id = ${IDS.sara}`), { what: 'the IBAN' });
	counted('a seller says where the money goes, once for ever', sara, { messages: 1, taps: 1 });
	await closed(d, 'COMPLETED');
	same([sara.taken(), reza.taken()], [{ messages: 0, taps: 0 }, { messages: 0, taps: 0 }], 'what the end took');
	await assertShort(house);
	same(reza.typed, [], 'what the buyer typed');
	await nobodyTypedIds(d, sara.typed);
	/* The count is of everything: nobody else's words are in anybody's chat. */
	const theirs = (await Promise.all([sara, reza].map((h) => h.who.view()))).flatMap((v) => v.messages.filter((m) => !m.from.is_bot));
	same(theirs.map(messageText).filter((t) => !t.startsWith('/start d_')), sara.typed, 'what people wrote');
}

for (const language of ['fa', 'en'])
	for (const command of ['/sell ', '/sell', ''])
		test(`${language}, ${command === '' ? 'one line without a command' : command === '/sell' ? 'a command and a line break' : 'one line with a command'}: the whole deal`, async () => {
			house = await openHouse({ people: false });
			try {
				for (const as of ['sara', 'reza']) await house.sandbox.call('/sim/person', { as, language });
				await wholeDeal(language, command === '/sell' ? `/sell\n${SEES[language].offer}` : command + SEES[language].offer);
				await nothingWrong();
			} finally {
				await closeHouse();
			}
		});

test('the ruler itself: a long message and a further tap are noticed', async () => {
	house = await openHouse({ people: false });
	try {
		const hands = new Hands(house, person('sara'));
		await hands.says('/start');
		await hands.who.sees(/[^]/);
		let noticed = 0;
		await Promise.resolve().then(() => counted('nothing', hands, { messages: 0, taps: 0 })).catch(() => noticed++);
		await house.sandbox.api('sendMessage', { chat_id: IDS.sara, text: Array(13).fill('x').join('\n') });
		expect((await screens(house)).length > 1, 'messages to look at');
		await assertShort(house).catch(() => noticed++);
		same(noticed, 2, 'what the ruler noticed');
		await idle();
	} finally {
		await closeHouse();
	}
});

await run();
