// The five ways to begin a deal, each to the end in both languages: one line, the wizard, inline mode, a group, an ad. And
// what belongs to them: counter-offers, changes of a paid deal, the public card, buttons as typed text.
import { person, run, test, waitFor } from './lib.mjs';
import { BAZAAR, IDS, asks, closeHouse, closed, draft, expect, idle, lastDeal, newest, nothingWrong, one, openHouse, same, settled, sql } from './deals.mjs';

let house, sara, reza, mina;

const call = (path, body) => house.sandbox.call(path, body);
const speak = (language) => Promise.all([sara, reza].map(async (who) => {
	await asks(who, '/language');
	await who.presses(language === 'fa' ? 'فارسی' : 'English');
	await who.sees(/[^]/);
}));

/** What the newest message of a chat that matches says, as soon as it does. */
const shows = (who, chat, words) => waitFor(async () => (await who.view(chat)).messages.findLast((m) => words.test(m.text ?? m.caption ?? '')), {
	what: `${who.name} to see ${words} in ${chat}`,
});

async function toTheEnd(d) {
	await d.goes('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
}

const LANGUAGES = ['fa', 'en'];

for (const language of LANGUAGES) {
	test(`words without a command become a draft, on either side, to the end (${language})`, async () => {
		await speak(language);
		const after = await lastDeal();
		await sara.says(language === 'fa' ? 'دوچرخه ۲ میلیون تومان' : '2m toman bicycle');
		const d = await newest(sara, { after });
		same((await d.row()).title, language === 'fa' ? 'دوچرخه' : 'bicycle', 'the title');
		expect((await d.row()).seller_id, 'who writes a price sells');
		await d.press(sara, 'swap');
		await waitFor(async () => (await d.row()).buyer_id, { what: 'the buyer’s seat' });
		await d.press(sara, 'swap');
		await waitFor(async () => (await d.row()).seller_id, { what: 'the seller’s seat again' });
		await toTheEnd(d);
	});

	test(`a pasted ad of several lines, with a picture, to the end (${language})`, async () => {
		const after = await lastDeal();
		await sara.says(language === 'fa'
			? 'فروش فوری\nدوربین کانن ۲۰۰۰دی\nسالم و تمیز، با جعبه\nقیمت: ۳ میلیون تومان\n#دوربین #عکاسی'
			: 'Urgent sale\nCanon 2000D camera\nclean, with its box\nPrice: 3 million toman', { photo: true });
		const d = await newest(sara, { after });
		same((await d.row()).price, 30_000_000, 'the price');
		expect(/2000|۲۰۰۰/.test((await d.row()).title), (await d.row()).title);
		same(await one(`SELECT COUNT(*) FROM deal_photo WHERE deal_id = ${d.id}`), 1, 'its picture');
		await d.press(sara, 'publish');
		await d.joins();
		const goods = await shows(reza, 'private', /Canon|کانن/);
		expect(goods.photo ?? (await reza.view()).messages.some((m) => m.photo), 'the buyer sees the picture');
		await toTheEnd(d);
	});

	test(`inline mode in a chat where the bot is no member, kept up to date there, to the end (${language})`, async () => {
		const after = await lastDeal();
		const { results } = await call('/sim/inline', { as: 'sara', chat: 'direct', query: language === 'fa' ? '۲ میلیون گوشی' : '2m phone' });
		same(results.length, 6, 'ready cards');
		await call('/sim/choose', { as: 'sara', chat: 'direct', result: 1 });
		const d = await newest(sara, { after });
		await d.reaches('OFFERED');
		same((await d.row()).fee_payer, 1, 'the fee is the buyer’s');
		const card = await shows(reza, 'direct', language === 'fa' ? /گوشی/ : /phone/);
		await waitFor(async () => (await reza.view('direct')).messages.findLast((m) => m.message_id === card.message_id).reply_markup?.inline_keyboard[0][0].url === d.link,
			{ what: 'the link of the deal on the card' });
		await reza.opens(card.reply_markup.inline_keyboard[0][0].url);
		await d.goes('FUNDED');
		await waitFor(async () => (await reza.view('direct')).messages.some((m) => m.message_id === card.message_id && m.text.includes('🔒')), { what: 'the card to say that the money is held' });
		await toTheEnd(d);
		await waitFor(async () => (await reza.view('direct')).messages.some((m) => m.message_id === card.message_id && m.text.includes('✅')), { what: 'the card to say that it is done' });
	});

	test(`/deal in reply to somebody's ad: its writer sells, to the end (${language})`, async () => {
		const after = await lastDeal();
		const ad = await sara.says(language === 'fa' ? 'تبلت سامسونگ سالم\nقیمت ۲ میلیون تومان' : 'Samsung tablet\nprice 2 million toman', { chat: 'bazaar' });
		await reza.says('/deal', { chat: 'bazaar', reply_to: ad.message_id ?? ad });
		const d = await newest(reza, { after });
		await d.reaches('OFFERED');
		same((await d.row()).invited_id, IDS.sara, 'for whom it is');
		expect((await d.row()).buyer_id, 'who answers an ad buys');
		await shows(mina, 'bazaar', language === 'fa' ? /برای یک نفر است: .*سارا/ : /for one person: .*سارا/);
		await mina.opens(d.link);
		await settled();
		same((await d.row()).seller_id, null, 'nobody else may join');
		await toTheEnd(d);
		const card = await shows(mina, 'bazaar', /✅/);
		expect(!/Reza|رضا کریمی.*IR/.test(card.text), 'nothing private is in the group');
	});
}

test('a name in the line keeps the seat for one person; the side is asked once, and only its writer may answer', async () => {
	const after = await lastDeal();
	const { username } = (await call('/sim/state')).people.reza.user;
	await sara.says(`/deal @${username} lamp 900,000 toman`, { chat: 'bazaar' });
	const d = await newest(sara, { after });
	same([(await d.row()).invited_name, await d.state()], [username, 'DRAFT'], 'the draft');
	await d.forge(mina, 'publish.swap', { chat: 'bazaar' });
	await d.is('DRAFT');
	await d.press(sara, 'publish', { chat: 'bazaar' });
	await d.reaches('OFFERED');
	await shows(reza, 'private', /lamp/);
	await mina.opens(d.link);
	await settled();
	same((await d.row()).buyer_id, null, 'a passer-by');
	await toTheEnd(d);
});

test('nobody makes a deal with themselves or with the bot', async () => {
	const before = await lastDeal();
	const { people } = await call('/sim/state');
	for (const name of [people.sara.user.username, 'separex_sandbox_bot']) {
		await sara.says(`/deal @${name} lamp 900,000 toman`, { chat: 'bazaar' });
		await shows(sara, 'bazaar', /neither you nor the bot|خودتان یا ربات/);
	}
	const ad = await sara.says('Camera\nprice 2 million toman', { chat: 'bazaar' });
	await sara.says('/deal', { chat: 'bazaar', reply_to: ad.message_id ?? ad });
	await settled();
	same((await sql('SELECT COUNT(*) n FROM deal WHERE id > ? AND state <> 1'.replace('?', before)))[0].n, 0, 'offers that were made');
});

test('a group member has the bot write to another once a day, and never to who wants few messages', async () => {
	const { username } = (await call('/sim/state')).people.reza.user;
	let told = 0;
	const invites = async (title) => {
		const after = await lastDeal();
		await sara.says(`/sell @${username} ${title} 900,000 toman`, { chat: 'bazaar' });
		const d = await newest(sara, { after });
		await d.reaches('OFFERED');
		await idle();
		const { messages } = await reza.view();
		const news = messages.filter((m) => m.from.is_bot && m.text?.includes(title));
		for (const m of news) expect(!/Sara|سارا/.test(m.text), `a name that was typed: ${m.text}`);
		told = news.length;
		await d.press(sara, 'decline');
		return told;
	};
	await house.sandbox.call('/sim/clock', { advance_s: 24 * 3600 });
	same(await invites('mirror'), 1, 'the first of the day');
	same(await invites('curtain'), 0, 'the second of the day');
	await house.sandbox.call('/sim/clock', { advance_s: 24 * 3600 });
	await settled();
	same(await invites('blanket'), 1, 'the next day');
	await house.sandbox.call('/sim/clock', { advance_s: 24 * 3600 });
	await settled();
	await asks(reza, '/settings');
	await reza.presses('set:notices.few');
	await settled();
	same(await invites('pillow'), 0, 'who wants few messages');
	await asks(reza, '/settings');
	await reza.presses('set:notices.all');
	await settled();
});

test('somebody who never started the bot offers in a group, and goes on in private by the card', async () => {
	const after = await lastDeal();
	await call('/sim/person', { as: 'mina', blocked: true });
	await mina.says('/sell carpet 1,200,000 toman', { chat: 'bazaar' });
	const d = await newest(mina, { seller: mina, after });
	await d.reaches('OFFERED');
	const card = await shows(mina, 'bazaar', /carpet[^]*🔵/);
	await mina.opens(card.reply_markup.inline_keyboard[0][0].url);
	await mina.sees(/carpet/);
	await toTheEnd(d);
});

test('without inline feedback the card’s own link makes the deal, once', async () => {
	await call('/sim/telegram', { inline_feedback: false });
	const after = await lastDeal();
	await call('/sim/inline', { as: 'sara', chat: 'direct', query: '2m vase' });
	await call('/sim/choose', { as: 'sara', chat: 'direct', result: 0 });
	const card = await shows(reza, 'direct', /vase/);
	const { url } = card.reply_markup.inline_keyboard[0][0];
	await settled();
	same(await lastDeal(), after, 'no deal yet');
	await reza.opens(url);
	const d = await newest(sara, { after });
	await reza.opens(url);
	await settled();
	same(await lastDeal(), d.id, 'one deal for one card');
	await toTheEnd(d);
	await call('/sim/telegram', { inline_feedback: true });
});

test('inline mode answers what is no offer too: nothing, no price, 256 letters, a price out of the limits, one’s own deal', async () => {
	const above = async (query) => call('/sim/inline', { as: 'sara', chat: 'direct', query });
	for (const query of ['', 'phone', 'x'.repeat(256), '99999999999m phone', '900,000,000 toman house']) {
		const { results, button } = await above(query);
		same(results.length, 0, `results for ${query.slice(0, 20)}`);
		expect(button?.text, `a button for ${query.slice(0, 20)}`);
	}
	const d = await draft();
	await d.press(sara, 'publish');
	await d.reaches('OFFERED');
	same((await above(d.code)).results.length, 1, 'one’s own deal');
	same((await call('/sim/inline', { as: 'reza', chat: 'direct', query: d.code })).results.length, 0, 'somebody else’s deal');
	await d.press(sara, 'decline');
});

test('a forwarded ad of somebody else makes its reader the buyer; an album brings its pictures; five prices are asked about', async () => {
	let after = await lastDeal();
	await reza.says('Sofa, nearly new\nonly 4 million toman', { forward_from: 'mina' });
	let d = await newest(reza, { after });
	expect((await d.row()).buyer_id, 'who forwards an ad buys');
	await d.press(reza, 'cancel');
	after = await lastDeal();
	await sara.says('Old chairs\nfour of them, 2 million toman', { album: [true, true, true] });
	d = await newest(sara, { after });
	await waitFor(async () => (await one(`SELECT COUNT(*) FROM deal_photo WHERE deal_id = ${d.id}`)) === 3, { what: 'three pictures' });
	same(await lastDeal(), d.id, 'one album is one draft');
	await d.press(sara, 'publish');
	await d.joins();
	const { messages } = await reza.view();
	await waitFor(async () => (await reza.view()).messages.filter((m) => m.media_group_id).length === 3, { what: `an album among ${messages.length}` });
	await d.press(reza, 'decline');
	after = await lastDeal();
	await sara.says('Phones\nA12 4 million\nA22 5 million\nA32 6 million\nA52 8 million\nA72 9 million toman');
	const question = await waitFor(async () => (await sara.view()).messages.findLast((m) => m.reply_markup?.inline_keyboard[0][0].callback_data?.startsWith('new:price')), { what: 'the question' });
	same(question.reply_markup.inline_keyboard.length, 5, 'five prices as buttons');
	await sara.presses(question.reply_markup.inline_keyboard[2][0].text);
	d = await newest(sara, { after });
	same((await d.row()).price, 60_000_000, 'the price that was pressed');
	await d.press(sara, 'cancel');
});

test('an album whose words name no price: one question, and all its pictures are kept until the price comes', async () => {
	for (const language of LANGUAGES) {
		await speak(language);
		const after = await lastDeal();
		await settled();
		const before = (await sara.view()).messages.length;
		await sara.says(language === 'fa' ? 'میز چوبی قدیمی' : 'Old wooden table', { album: Array(10).fill(true) });
		await idle();
		const said = (await sara.view()).messages.slice(before).filter((m) => m.from.is_bot);
		same(said.length, 1, `answers to one album: ${said.map((m) => m.text)}`);
		await sara.says(language === 'fa' ? '۲ میلیون تومان' : '2 million toman');
		const d = await newest(sara, { after });
		same(await one(`SELECT COUNT(*) FROM deal_photo WHERE deal_id = ${d.id} AND file_id <> ''`), 10, 'its pictures');
		same(await one(`SELECT COUNT(DISTINCT file_id) FROM deal_photo WHERE deal_id = ${d.id}`), await one(`SELECT COUNT(*) FROM deal_photo WHERE deal_id = ${d.id}`), 'each once');
		await d.press(sara, 'cancel');
	}
});

test('a doubtful price is read back above the draft in figures and words', async () => {
	const after = await lastDeal();
	await sara.says('/sell کتاب ۲۵۰ تومن');
	const d = await newest(sara, { after });
	const card = await sara.sees(new RegExp(d.code));
	expect(card.text.startsWith('⚠️'), card.text);
	await d.press(sara, 'cancel');
});

/** Presses a choice of the menu of proposals, whatever terms it belongs to. */
async function chooses(d, who, choice) {
	const fits = (b) => b.callback_data?.startsWith(`d:${d.code}:counter.`) && b.callback_data.endsWith(`.${choice}`);
	const button = await waitFor(async () => (await who.view()).messages.toReversed().flatMap((m) => m.reply_markup?.inline_keyboard.flat() ?? []).find(fits), {
		what: `${who.name} to see the choice ${choice}`,
	});
	await d.press(who, button.callback_data.slice(`d:${d.code}:`.length));
}

test('counter-offers go back and forth with one tap each, show before and after, and old agreements do not count', async () => {
	await speak('en');
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('OFFERED');
	await d.refuses(sara, 'counter');
	await d.joins();
	await d.press(reza, 'counter');
	await chooses(d, reza, 'price19000000');
	await d.reaches('COUNTERED');
	const seen = await shows(sara, 'private', /2,000,000[^\n]*→[^\n]*1,900,000/);
	expect(seen, 'before and after');
	await d.refuses(reza, `agree.${(await d.row()).terms_hash.slice(0, 32)}`);
	await d.press(sara, 'counter');
	await chooses(d, sara, 'look72');
	await waitFor(async () => (await d.row()).inspection_h === 72, { what: 'another time to look' });
	await d.press(reza, 'counter');
	await chooses(d, reza, 'fee2');
	await d.press(sara, 'counter');
	await chooses(d, sara, 'carriage1');
	await waitFor(async () => (await d.row()).ship_payer === 1, { what: 'another payer of the carriage' });
	await d.press(reza, 'counter');
	await chooses(d, reza, 'ask');
	await reza.sees(/[^]/);
	await reza.says('1,850,000 toman');
	await waitFor(async () => (await d.row()).price === 18_500_000, { what: 'a typed counter-offer' });
	const now = (await d.row()).terms_hash.slice(0, 16);
	for (const bad of ['price0', 'price18000001', 'price999999999999999999', 'fee9', 'look0', 'look9999', 'carriage5', 'x']) await d.refuses(sara, `counter.${now}.${bad}`);
	await d.refuses(sara, 'counter.0000000000000000.look24');
	await d.refuses(sara, 'counter.look24');
	await d.press(sara, 'agree');
	await d.reaches('AWAIT_PAY');
	await d.refuses(sara, `counter.${now}.look24`);
	await toTheEnd(d);
});

test('a paid deal is changed only by both: lower gives the difference back, higher waits for the difference, refused changes nothing', async () => {
	const d = await draft({ price: '2,000,000 toman' });
	await d.goes('FUNDED');
	const held = (await d.row()).held;
	await d.press(sara, 'counter');
	await chooses(d, sara, 'look72');
	await d.press(reza, 'amend_no');
	await waitFor(async () => !(await d.row()).rest.amended_by, { what: 'the proposal to be gone' });
	same((await d.row()).inspection_h, 48, 'the time to look');
	await d.press(reza, 'counter');
	await chooses(d, reza, 'price18000000');
	await d.refuses(reza, `amend_ok.${(await d.row()).rest.amended_hash.slice(0, 32)}`);
	await d.refuses(sara, 'amend_ok.00000000');
	await d.press(sara, `amend_ok.${(await d.row()).rest.amended_hash.slice(0, 32)}`);
	await waitFor(async () => (await d.row()).held < held, { what: 'the difference to leave' });
	await d.press(sara, 'counter');
	await chooses(d, sara, 'ask');
	await sara.sees(/[^]/);
	await sara.says('2,500,000 toman');
	await waitFor(async () => (await d.row()).rest.amended_by, { what: 'the proposal' });
	await d.press(reza, `amend_ok.${(await d.row()).rest.amended_hash.slice(0, 32)}`);
	await waitFor(async () => (await d.row()).rest.topup_wanted, { what: 'the difference to be asked for' });
	same((await d.row()).price, 18_000_000, 'the old price holds until it is paid');
	await d.pays('pay', 2);
	await waitFor(async () => (await d.row()).price === 25_000_000, { what: 'the new price' });
	await toTheEnd(d);
});

test('the same two with the same deal twice are shown the older one', async () => {
	const first = await draft({ title: 'Vase', price: '2,000,000 toman' });
	await first.goes('OFFERED');
	await first.joins();
	const second = await draft({ by: 'buyer', title: 'the vase', price: '2,000,000 toman' });
	await second.press(reza, 'publish');
	await second.reaches('OFFERED');
	await sara.opens(second.link);
	await sara.sees(/Vase/);
	same((await second.row()).seller_id, null, 'not joined by itself');
	await sara.presses((await sara.view()).messages.at(-1).reply_markup.inline_keyboard[1][0].text);
	await waitFor(async () => (await second.row()).seller_id, { what: 'joined when they say that it is another one' });
	await second.press(sara, 'decline');
	await first.press(reza, 'decline');
});

test('what a button says can be typed, also the second tap where money moves', async () => {
	const d = await draft();
	await d.goes('DELIVERED');
	const label = async (act) => {
		for (const m of (await reza.view()).messages.toReversed())
			for (const b of m.reply_markup?.inline_keyboard.flat() ?? []) if (b.callback_data?.startsWith(`d:${d.code}:${act}`)) return b.text;
	};
	await reza.says(await waitFor(() => label('accept'), { what: 'the button' }));
	await reza.says(await waitFor(() => label('accept.yes'), { what: 'the question' }));
	await d.reaches('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
});

test('a finished deal is begun again with its terms; a title that is two hundred emoji or a link to a bot is still a title', async () => {
	const d = await draft();
	await d.press(sara, 'look');
	await waitFor(async () => (await d.row()).inspection_h === 72, { what: 'three days to look' });
	await toTheEnd(d);
	const after = await lastDeal();
	await d.press(sara, 'again');
	const next = await newest(sara, { after });
	same([(await next.row()).title, (await next.row()).price, (await next.row()).inspection_h, await next.state()], ['Phone', 20_000_000, 72, 'DRAFT'], 'the new draft');
	await next.press(sara, 'cancel');
	for (const title of [`gift ${'🎁'.repeat(200)}`, 'https://t.me/evil_bot?start=x']) {
		const hostile = await draft({ title, price: '2,000,000 toman' });
		await hostile.goes('AWAIT_PAY');
		await hostile.press(sara, 'cancel');
		await hostile.press(sara, 'cancel.yes');
		await hostile.reaches('CANCELLED');
	}
});

test('two hundred emoji are no title: it is asked for, and the price that was said is kept', async () => {
	const after = await lastDeal();
	await sara.says(`/sell ${'🎁'.repeat(200)} 2,000,000 toman`);
	await sara.sees(/[^]/);
	same(await lastDeal(), after, 'no deal yet');
	await sara.says('wooden toys');
	const d = await newest(sara, { after });
	same([(await d.row()).title, (await d.row()).price], ['wooden toys', 20_000_000], 'the draft');
	await d.press(sara, 'cancel');
});

test('an edited message changes no deal and says so', async () => {
	const d = await draft();
	const { message_id } = await sara.says('hello there');
	await sara.sees(/[^]/);
	await call('/sim/edit', { as: 'sara', chat: 'private', message_id: message_id ?? (await sara.view()).messages.findLast((m) => m.text === 'hello there').message_id, text: '/sell other 5m' });
	await sara.sees(/[^]/);
	same(await lastDeal(), d.id, 'no new deal');
	await d.press(sara, 'cancel');
});

test('audit, books, calls and log are clean', async () => {
	await idle();
	same(await sql(`SELECT id FROM deal WHERE state = 2 AND origin_chat NOT IN (0, ${BAZAAR})`), [], 'offers elsewhere');
	await nothingWrong();
});

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
	},
	after: closeHouse,
});
