// Conversations as they go wrong in life: hostile titles, things nobody asked for, messages edited and cards deleted
// afterwards, people who block the bot or press on two phones at once, groups that move, Telegram out of reach.
import { buttonsOf, fault, messageText, person, plain, run, test, waitFor } from './lib.mjs';
import {
	GOOD_IBAN, IDS, asks, closeHouse, closed, draft, expect, forges, idle, lastDeal, newest, nothingWrong, one, openHouse, postCode, same, settled, sql,
} from './deals.mjs';
import { assertShort, screens, words } from './hands.mjs';

const CONTROLS = /[\u202a-\u202e\u200b\ufeff]/;
const TAPPED = ['url', 'text_link', 'mention', 'text_mention', 'bot_command', 'email'];
const OUTAGE_S = 200;

let house, sara, reza, mina, omid;

const call = (path, body) => house.sandbox.call(path, body);
const at = async (wanted, options) => (await draft(options)).goes(wanted);
const step = async (who) => (await one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`)) ?? '';
const history = (d) => sql(`SELECT event, role FROM deal_history WHERE deal_id = ${d.id} ORDER BY version`);
const speak = (language) => Promise.all([sara, reza].map((who) => forges(who, `lang:${language}`)));
const newestId = async (who, chat = 'private') => (await who.view(chat)).messages.at(-1)?.message_id ?? 0;

/** What must not change by what is no act. */
async function unchanged(what, body) {
	const print = () => sql('SELECT * FROM deal ORDER BY id').then(JSON.stringify);
	await idle();
	const before = await print();
	await body();
	await idle();
	expect((await print()) === before, `${what} changed a deal`);
}

/** An unpaid deal is over. */
async function drops(d, who = sara) {
	await d.press(who, 'cancel');
	if ((await d.state()) !== 'CANCELLED') await d.press(who, 'cancel.yes').catch(() => {});
	await d.reaches('CANCELLED');
}

/** Nothing that the bot says can be tapped and belongs to somebody else. */
async function nothingForeign(word) {
	let shown = 0;
	for (const m of await screens(house)) {
		const said = messageText(m);
		shown += plain(said).includes(word);
		for (const e of [...(m.entities ?? []), ...(m.caption_entities ?? [])]) {
			const part = said.slice(e.offset, e.offset + e.length) + (e.url ?? '');
			expect(!TAPPED.includes(e.type) || !part.includes(word), () => `${e.type} ${part} in ${said}`);
		}
		for (const b of buttonsOf(m)) expect(!(b.url ?? '').includes(word), () => `the button ${JSON.stringify(b)}`);
	}
	return shown;
}

/* ---- titles ---- */

test('two hundred emoji are no title, and beside a word they are cut: shown to both, on the page, in a group, inline', async () => {
	for (const emoji of ['🎁', '👨‍👩‍👧‍👦', '🇮🇷', '👍🏽', '❤️']) {
		const after = await lastDeal();
		await sara.says(`/sell ${emoji.repeat(200)} 2,000,000 toman`);
		await sara.sees(words('fa', 'new.ask_title_sell'));
		same([await lastDeal(), await step(sara)], [after, 'new_title'], `after ${emoji}`);
		await sara.says(emoji.repeat(200)); // who insists has their title
		const d = await newest(sara, { after });
		const { title, price } = await d.row();
		expect([...title].length <= 100 && title.startsWith([...emoji][0]) && price === 20_000_000, title);
		await d.press(sara, 'cancel');
	}
	const d = await draft({ title: `gift ${'🎁'.repeat(200)}` });
	const { title } = await d.row();
	expect([...title].length <= 100 && title.includes('gift 🎁'), title);
	await d.goes('AWAIT_PAY');
	const page = await (await fetch(`${house.bot.url}/p/${(await d.payment()).page}`)).text();
	expect(page.includes('gift 🎁'), 'the page names the goods');
	await sara.says(`/sell vase ${'🎁'.repeat(200)} 2,000,000 toman`, { chat: 'bazaar' });
	await sara.sees(/vase 🎁/, { chat: 'bazaar' });
	const { results } = await call('/sim/inline', { as: 'sara', chat: 'direct', query: `2m toman gift ${'🎁'.repeat(100)}` });
	same(results.length, 6, 'ready cards');
	await drops(d);
	await assertShort(house);
});

test('a title that is a link to another bot is words: in private, in a group, inline, on the page', async () => {
	const titles = ['https://t.me/evil_bot?start=x', 'see @evil_bot now', 't.me/evil_bot', '<a href="https://t.me/evil_bot">x</a>', 'tg://resolve?domain=evil_bot',
		'[x](https://evil_bot.example)', 'me@evil_bot.example', '/evil_bot', 'www.evil_bot.com'];
	for (const title of titles) {
		const d = await draft({ title });
		await d.goes('OFFERED');
		await d.joins();
		await reza.says(`/deal ${d.code}`);
		await settled();
		expect((await nothingForeign('evil_bot')) > 1, `${title} is not shown`);
		const page = await (await fetch(`${house.bot.url}/check`)).text();
		expect(!page.includes('evil_bot'), 'a page with it');
		await drops(await d.goes('AWAIT_PAY'));
	}
	const page = async (d) => (await fetch(`${house.bot.url}/p/${(await d.payment()).page}`)).text();
	const d = await at('AWAIT_PAY', { title: titles[3] });
	expect(!/href="[^"]*evil/.test(await page(d)), 'a link of the page');
	await drops(d);
	const after = await lastDeal();
	await sara.says('/sell t.me/evil_bot 2,000,000 toman', { chat: 'bazaar' });
	const group = await newest(sara, { after });
	await group.reaches('OFFERED');
	const { results } = await call('/sim/inline', { as: 'sara', chat: 'direct', query: '2m toman https://t.me/evil_bot?start=x' });
	for (const r of results) expect(!r.input_message_content.message_text.includes('t.me/evil_bot') && !JSON.stringify(r.reply_markup).includes('evil'), JSON.stringify(r));
	await call('/sim/choose', { as: 'sara', chat: 'direct', result: 0 });
	await settled();
	expect((await nothingForeign('evil_bot')) > 1, 'neither the group nor the chat shows it');
	for (const x of [group, await newest(sara, { after: group.id })]) await x.press(sara, 'decline');
});

test('names that are links, commands or somebody else’s sign are words too', async () => {
	for (const name of ['t.me/evil_bot', '@evil_bot', '/evil_bot', 'https://evil_bot.example']) {
		await call('/sim/person', { as: 'mina', name, last_name: '' });
		const d = await at('AWAIT_PAY', { seller: mina, title: 'Table' });
		await nothingForeign('evil_bot');
		await drops(d, mina);
	}
	await call('/sim/person', { as: 'mina', name: 'مینا', last_name: 'احمدی' });
	await settled();
});

for (const language of ['fa', 'en'])
	test(`${language}: an ad with five prices asks which one, once; the other buttons are over then`, async () => {
		await speak(language);
		const after = await lastDeal();
		const ad = language === 'fa'
			? 'گوشی‌های سالم\nA12 ۴ میلیون\nA22 ۵ میلیون\nA32 ۶ میلیون\nA52 ۸ میلیون\nA72 ۹ میلیون تومان'
			: 'Phones\nA12 4 million\nA22 5 million\nA32 6 million\nA52 8 million\nA72 9 million toman';
		await sara.says(ad);
		const question = await sara.sees(words(language, 'new.which_price'));
		same(buttonsOf(question).map((b) => b.callback_data), [40, 50, 60, 80, 90].map((n) => `new:price.${n}000000`), 'the prices');
		for (const bad of ['new:price.', 'new:price.0', 'new:price.-5', 'new:price.99999999999999999999', 'new:price.x']) expect((await forges(sara, bad)).text, `${bad} is not answered`);
		same([await lastDeal(), await step(sara)], [after, 'new_price'], 'still the question');
		await sara.presses('new:price.60000000');
		const d = await newest(sara, { after });
		same((await d.row()).price, 60_000_000, 'the price that was pressed');
		expect((await forges(sara, 'new:price.40000000', { message_id: question.message_id })).text, 'the second press is not answered');
		same([await lastDeal(), (await d.row()).price], [d.id, 60_000_000], 'after the second press');
		await d.press(sara, 'cancel');
		await sara.says(ad);
		await sara.sees(words(language, 'new.which_price'));
		await sara.says(language === 'fa' ? '۷ میلیون تومان' : '7 million toman');
		const typed = await newest(sara, { after: d.id });
		same((await typed.row()).price, 70_000_000, 'a price that no button had');
		await typed.press(sara, 'cancel');
	});

for (const language of ['fa', 'en'])
	test(`${language}: a forwarded album becomes one draft with all its pictures, with its price or when that was asked for`, async () => {
		await speak(language);
		for (const [caption, price] of language === 'fa' ? [['مبل راحتی\nفقط ۴ میلیون تومان'], ['مبل راحتی تمیز', '۴ میلیون تومان']] : [['Sofa, nearly new\nonly 4 million toman'], ['Sofa, nearly new', '4 million toman']]) {
			const after = await lastDeal();
			await reza.says(caption, { album: [true, true, true], forward_from: 'mina' });
			if (price) {
				await settled();
				const asked = (await reza.view()).messages.filter((m) => m.from.is_bot && !reza.seen.get('private').has(m.message_id));
				same(asked.map((m) => words(language, 'new.ask_price').test(plain(messageText(m)))), [true], `one question: ${asked.map(messageText)}`);
				await reza.says(price);
			}
			const d = await newest(reza, { after });
			await waitFor(async () => (await one(`SELECT COUNT(*) FROM deal_photo WHERE deal_id = ${d.id}`)) === 3, { what: 'three pictures' });
			same([await lastDeal(), (await d.row()).price, Boolean((await d.row()).buyer_id)], [d.id, 40_000_000, true], 'one draft of a buyer');
			await d.press(reza, 'cancel');
		}
		await unchanged('an album without words', async () => {
			await reza.sends({ album: [true, true], forward_from: 'Hidden Person' });
			await reza.sees(words(language, 'help.not_expected'));
		});
	});

/* ---- things nobody asked for ---- */

test('a voice message, a sticker, a place, a contact in every step: an answer, no harm, and the step waits on', async () => {
	await speak('en');
	const d = await at('FUNDED');
	const delivered = await at('DELIVERED', { title: 'Lamp' });
	const open = await draft({ title: 'Desk' });
	const offered = await at('OFFERED', { title: 'Chair' });
	await offered.joins();
	const steps = [
		['', sara, () => asks(sara, '/cancel')],
		['new_title', sara, () => asks(sara, '/sell')],
		['new_price', sara, () => asks(sara, '/sell a good thing')],
		['edit_price', sara, () => open.press(sara, 'price')],
		['edit_title', sara, () => open.press(sara, 'title')],
		['iban', sara, () => asks(sara, '/iban')],
		['ship', sara, () => d.press(sara, 'ship')],
		['report', reza, () => delivered.press(reza, 'report')],
		['counter_price', reza, async () => {
			await offered.press(reza, 'counter');
			await offered.forge(reza, `counter.${(await offered.row()).terms_hash.slice(0, 16)}.ask`);
		}],
	];
	for (const [name, who, begin] of steps)
		await unchanged(`things in the step ${name}`, async () => {
			await begin();
			await waitFor(async () => (await step(who)) === name, { what: `the step ${name}` });
			for (const thing of [{ voice: true }, { sticker: true }, { location: true }, { contact: true }]) {
				await settled();
				await who.sends(thing);
				const answer = await who.sees(/[^]/);
				expect(!PERSIAN.test(messageText(answer).replaceAll(/[«»۰-۹]/g, '')) || who !== reza, messageText(answer));
				same(await step(who), name, `the step after ${Object.keys(thing)}`);
			}
			await asks(who, '/cancel');
		});
	for (const [name, act] of [['check', () => asks(sara, '/check')], ['sure', () => d.press(sara, 'cancel')]])
		for (const thing of [{ voice: true }, { sticker: true }])
			await unchanged(`things in the step ${name}`, async () => {
				await act();
				await waitFor(async () => (await step(sara)) === name, { what: `the step ${name}` });
				await settled();
				await sara.sends(thing);
				await sara.sees(/[^]/);
				if (name === 'sure') await d.press(sara, 'back');
				await asks(sara, '/cancel');
			});
	await unchanged('things in groups', async () => {
		for (const chat of ['bazaar', 'staff'])
			for (const thing of [{ voice: true }, { sticker: true }, { photo: true }]) {
				const last = await newestId(omid, 'staff');
				await (chat === 'staff' ? omid : sara).sends(thing, { chat });
				await settled();
				same((await omid.view('staff')).messages.filter((m) => m.from.is_bot && m.message_id > last).length, 0, 'words about it');
			}
	});
	await open.press(sara, 'cancel');
	await offered.forge(reza, 'decline'); // its card still shows what could be offered instead
	for (const x of [d, delivered]) await x.goes('COMPLETED');
});

const PERSIAN = /[\u0600-\u06ff]/;

test('a message that is edited afterwards changes nothing: offers, prices, codes, IBANs, stories, groups', async () => {
	await speak('en');
	const said = async (who, words_said, options) => (await who.says(words_said, options)).message_id;
	const edits = async (who, message_id, to, chat = 'private') => {
		await settled();
		await who.mark(chat);
		await call('/sim/edit', { as: who.name, chat, message_id, text: to });
		if (chat === 'private') await who.sees(words('en', 'help.edited'));
	};
	const after = await lastDeal();
	const line = await said(sara, '/sell Kettle 2,000,000 toman');
	const d = await newest(sara, { after });
	await unchanged('an edited offer', () => edits(sara, line, '/sell Kettle 1,000,000 toman'));
	await d.press(sara, 'price');
	await sara.sees(words('en', 'new.ask_price'));
	await unchanged('an edited message while a price is asked for', () => edits(sara, line, '3,000,000 toman'));
	same(await step(sara), 'edit_price', 'the step');
	const price = await said(sara, '2,500,000 toman');
	await waitFor(async () => (await d.row()).price === 25_000_000, { what: 'the price' });
	await unchanged('an edited price', () => edits(sara, price, '1 toman'));
	await d.goes('FUNDED');
	const code = postCode();
	await d.press(sara, 'ship');
	await sara.sees(words('en', 'ship.ask'));
	const sent = await said(sara, code);
	await d.reaches('SHIPPED');
	await unchanged('an edited code', () => edits(sara, sent, postCode()));
	same((await d.row()).tracking, code, 'the code');
	await d.goes('DELIVERED');
	await d.press(reza, 'report');
	await settled();
	const story = await said(reza, 'The lid is broken', { photo: true });
	await edits(reza, story, 'Everything is fine');
	await d.press(reza, 'report_done');
	await d.reaches('ISSUE');
	same(await one(`SELECT text FROM evidence WHERE deal_id = ${d.id} AND text <> '' ORDER BY id DESC LIMIT 1`), 'The lid is broken', 'the story');
	await d.press(reza, 'withdraw');
	await d.press(reza, 'withdraw.yes');
	await d.accepts();
	await sara.says('/iban');
	await settled();
	const account = await said(sara, GOOD_IBAN);
	await settled();
	const kept = await one(`SELECT iban FROM person WHERE outside_id = ${IDS.sara}`);
	expect(kept.startsWith('s1:'), 'no sealed IBAN');
	await edits(sara, account, 'IR820540102680020817909002').catch((e) => (/sees/.test(e.message) ? null : Promise.reject(e)));
	same(await one(`SELECT iban FROM person WHERE outside_id = ${IDS.sara}`), kept, 'the IBAN');
	await closed(d, 'COMPLETED');
	same((await d.atBank()).payouts.at(-1).iban, GOOD_IBAN, 'where the money went');
	const last = await lastDeal();
	const loose = await said(mina, 'good morning', { chat: 'bazaar' });
	await call('/sim/edit', { as: 'mina', chat: 'bazaar', message_id: loose, text: '/sell rug 2,000,000 toman' });
	await settled();
	same(await lastDeal(), last, 'deals after an edit in a group');
});

test('inline queries of 256 letters, emoji, writing-direction marks and nonsense: cards or a word, never harm', async () => {
	const fill = (s, n) => [...s.repeat(Math.ceil(n / [...s].length))].slice(0, n).join('');
	const queries = [
		fill('x', 256), fill('ش', 256), fill('🎁', 128), `2m toman ${fill('x', 247)}`, `2m toman ${fill('🎁', 120)}`, `\u202e2m toman gpj.exe\u202c`,
		`\u2066\u2067\u20682m\u2069 phone \u200f\u200e\u061c`, '\u202e\u202d\u2066', '\u200b\u200c\u200d', `<b>2m toman & "x" </i>`, `'; DROP TABLE deal; -- 2m toman`,
		'0 toman x', '-2m toman x', '2m 3m 4m 5m toman', `${'9'.repeat(200)} toman`, '{{price}} 2m toman %s', '2m toman https://t.me/evil_bot', 'AAAAAAAA', '\n\n2m\ntoman\nx\n',
	];
	const after = await lastDeal();
	for (const query of queries) {
		const { results, button } = await call('/sim/inline', { as: 'sara', chat: 'direct', query });
		expect(results.length === 6 || (results.length === 0 && button?.text), () => `${JSON.stringify(query)}: ${results.length} results`);
		for (const r of results) {
			const shown = `${r.title}\n${r.description}\n${r.input_message_content.message_text}`;
			expect(!CONTROLS.test(shown), () => `controls in ${JSON.stringify(shown)}`);
			expect(r.input_message_content.message_text.split('\n').length <= 12, shown);
		}
	}
	same(await lastDeal(), after, 'deals by asking alone');
	await call('/sim/inline', { as: 'sara', chat: 'direct', query: `2m toman ${fill('x', 247)}` });
	await call('/sim/choose', { as: 'sara', chat: 'direct', result: 0 });
	const d = await newest(sara, { after });
	expect([...(await d.row()).title].length <= 100, (await d.row()).title);
	await d.press(sara, 'decline');
});

/* ---- cards, phones, people who go ---- */

test('a card that its reader deleted comes anew at every next step, also at the own one', async () => {
	await speak('en');
	const d = await draft();
	const deletes = async (who) => {
		await idle();
		for (const m of (await who.view()).messages.filter((x) => x.from.is_bot && buttonsOf(x).some((b) => b.callback_data?.startsWith(`d:${d.code}:`))))
			await call('/sim/delete', { as: who.name, chat: 'private', message_id: m.message_id });
		await who.mark();
	};
	const sees = (who) => who.sees(new RegExp(d.code));
	const own = async (who, act) => {
		await deletes(who);
		await d.forge(who, act);
		await sees(who);
	};
	await own(sara, 'look');
	await own(sara, 'publish');
	await deletes(sara);
	await d.joins();
	await sees(sara);
	const hash = (await d.row()).terms_hash.slice(0, 32);
	await own(reza, `agree.${hash}`);
	await deletes(reza);
	await deletes(sara);
	await d.pays();
	await Promise.all([sees(sara), sees(reza)]);
	await deletes(sara);
	await deletes(reza);
	await d.forge(sara, 'ship');
	await sara.says(postCode());
	await Promise.all([sees(sara), sees(reza)]);
	await own(reza, 'received');
	await deletes(reza);
	await d.forge(reza, 'accept'); // the question comes although the card is gone
	await reza.sees(words('en', 'sure.accept'));
	await d.press(reza, 'accept.yes');
	await d.reaches('PAYOUT_DUE');
	await closed(d, 'COMPLETED');
});

for (const [name, from, to] of [['reza', 'AWAIT_PAY', 'FUNDED'], ['sara', 'OFFERED', 'AWAIT_PAY'], ['reza', 'FUNDED', 'SHIPPED'], ['sara', 'SHIPPED', 'PAYOUT_DUE']])
	test(`${name} blocks the bot at ${from}: the deal goes on to ${to}, and a return finds it there`, async () => {
		const who = person(name);
		const d = await at(from);
		if (from === 'OFFERED') await d.joins();
		await idle();
		await call('/sim/person', { as: name, blocked: true });
		await d.goes(to);
		await idle();
		same(await one(`SELECT reachable FROM person WHERE outside_id = ${IDS[name]}`), 0, 'reachable');
		const last = await newestId(who);
		await asks(who, '/start');
		const list = await asks(who, '/deals');
		expect(buttonsOf(list).some((b) => b.callback_data?.startsWith('list:')), messageText(list));
		await asks(who, `/deal ${d.code}`);
		expect((await newestId(who)) > last, 'nothing new');
		await d.goes('COMPLETED');
	});

test('two phones press at once: the same act counts once, of two acts that exclude each other one', async () => {
	const twice = async (d, who, act, options) => {
		const answers = await Promise.all([d.forge(who, act, options), d.forge(who, act, options)]);
		return answers.map((a) => a.text ?? '');
	};
	const n = async (d, version) => (await history(d)).length - version;
	const d = await draft({ title: 'Radio' });
	let v = (await history(d)).length;
	await twice(d, sara, 'publish');
	same([await d.state(), await n(d, v)], ['OFFERED', 1], 'published');
	await settled();
	const invitations = (await sara.view()).messages.filter((m) => m.from.is_bot && messageText(m).includes(d.link) && !buttonsOf(m).length);
	same(invitations.length, 1, 'invitations');
	await Promise.all([reza.opens(d.link), reza.opens(d.link), mina.opens(d.link)]);
	await settled();
	same(await one(`SELECT buyer_id = (SELECT id FROM person WHERE outside_id = ${IDS.reza}) FROM deal WHERE id = ${d.id}`), 1, 'the first one sits');
	v = (await history(d)).length;
	await twice(d, reza, `agree.${(await d.row()).terms_hash.slice(0, 32)}`);
	await d.reaches('AWAIT_PAY');
	same(await one(`SELECT COUNT(*) FROM payment WHERE deal_id = ${d.id}`), 1, 'payments');
	await d.goes('FUNDED');
	/* The seller ships on one phone and cancels on the other: whatever came first. */
	await d.forge(sara, 'ship');
	await Promise.all([d.forge(sara, 'cancel.yes.8'), sara.says(postCode())]);
	await settled();
	const state = await d.state();
	expect(['SHIPPED', 'REFUND_DUE', 'REFUNDED'].includes(state), state);
	if (state !== 'SHIPPED') return closed(d, 'REFUNDED');
	await Promise.all([d.forge(reza, 'received'), d.forge(reza, 'not_yet'), d.forge(sara, 'say_delivered')]);
	await d.goes('DELIVERED');
	await twice(d, reza, 'accept');
	await Promise.all([d.forge(reza, 'accept.yes.10'), d.forge(reza, 'accept.yes.10'), d.forge(reza, 'report'), d.forge(reza, 'not_yet')]);
	await settled();
	/* The report is a question alone; whether "not yet" or the release came first, it happened once. */
	if ((await d.state()) !== 'PAYOUT_DUE') await d.goes('PAYOUT_DUE');
	same((await sql(`SELECT 1 FROM ledger_set WHERE deal_id = ${d.id} AND natural_key LIKE 'deal:%'`)).length >= 1, true, 'the release');
	await closed(d, 'COMPLETED');
	same((await d.atBank()).payouts.length, 1, 'payouts');
});

/* ---- groups that move, Telegram out of reach ---- */

test('a group becomes a supergroup again and again in the middle of a deal: its public card goes on there', async () => {
	await speak('en');
	const after = await lastDeal();
	await sara.says('/sell Carpet 2,000,000 toman', { chat: 'bazaar' });
	const d = await newest(sara, { after });
	await d.reaches('OFFERED');
	const bazaar = async () => (await call('/sim/chat?as=mina&chat=bazaar')).chat.id;
	const shows = (words_shown) => mina.waits('bazaar', 20_000, `sees ${words_shown}`, (v) => v.messages.find((m) => m.from.is_bot && /Carpet/.test(messageText(m)) && words_shown.test(plain(messageText(m)))));
	await shows(words('en', 'public.open'));
	await idle();
	const first = await bazaar();
	await call('/sim/group', { chat: 'bazaar', migrate: true });
	await d.goes('AWAIT_PAY'); // the bot learns of it by a refused edit alone
	const { message_id } = await shows(words('en', 'public.await_pay'));
	same(await one(`SELECT origin_chat FROM deal WHERE id = ${d.id}`), await bazaar(), 'the group of the deal');
	const second = await bazaar();
	await call('/sim/group', { chat: 'bazaar', migrate: true });
	const news = (from, to) => ({ update: { message: { message_id: 900, date: 1, chat: { id: from, type: 'group', title: 'x' }, from: { id: IDS.mina, is_bot: false, first_name: 'x' }, migrate_to_chat_id: to } } });
	await call('/sim/update', news(second, await bazaar())); // by its own news
	await call('/sim/update', news(second, await bazaar())); // which come twice
	await d.goes('FUNDED');
	same((await shows(words('en', 'public.funded'))).message_id, message_id, 'the card that was edited');
	await fault('editMessageText', 'migrate'); // in the moment of an edit; which card's, is chance
	await d.goes('PAYOUT_DUE');
	await shows(words('en', 'public.completed'));
	expect(new Set([first, second, await bazaar()]).size === 3, 'the group did not move');
	same(await one(`SELECT origin_chat FROM deal WHERE id = ${d.id}`), await bazaar(), 'the group of the deal at its end');
	await closed(d, 'COMPLETED');
});

test('Telegram out of reach for minutes: afterwards private and public cards are drawn again, and nobody lost time', async () => {
	await speak('en');
	const after = await lastDeal();
	await sara.says('/sell Guitar 2,000,000 toman', { chat: 'bazaar' });
	const d = await newest(sara, { after });
	await d.reaches('OFFERED');
	await d.goes('FUNDED');
	await idle();
	const timers = async () => Object.fromEntries((await d.timers()).map((t) => [t.kind, t.due_ms]));
	const before = await timers();
	/* Private cards are deleted and come anew; the public one, which would stay away, is given other words. */
	const mine = (m) => m.from.is_bot && /Guitar/.test(messageText(m));
	for (const who of [sara, reza])
		for (const m of (await who.view()).messages.filter(mine)) await call('/sim/delete', { as: who.name, chat: 'private', message_id: m.message_id });
	const card = (await mina.view('bazaar')).messages.findLast(mine);
	await house.sandbox.api('editMessageText', { chat_id: card.chat.id, message_id: card.message_id, text: 'old words' });
	await house.killBot('SIGTERM'); // a clock that is moved by hand while the bot runs is no outage
	await house.clock(OUTAGE_S);
	await fault('getUpdates', '500', 1);
	await house.bot.start();
	await settled(); // somebody is heard
	for (const who of [sara, reza]) await who.waits('private', 20_000, 'sees the card again', (v) => v.messages.find(mine));
	await mina.waits('bazaar', 20_000, 'sees the public card again', (v) => v.messages.find((m) => m.message_id === card.message_id && messageText(m) === messageText(card)));
	const now = await timers();
	for (const [kind, due_ms] of Object.entries(before))
		if (now[kind]) expect(now[kind] - due_ms >= (OUTAGE_S - 60) * 1000, `clock ${kind} moved by ${now[kind] - due_ms} ms`);
	await d.goes('COMPLETED');
});

test('audit, books, calls and log are clean', () => nothingWrong());

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
	},
	after: closeHouse,
});
