// What a person can go by: the first words, the safety emblem, pictures of a deal, receipts, /check. In both languages.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buttonsOf, messageText, person, plain, run, test, waitFor } from './lib.mjs';
import { BAZAAR, DAY, IDS, asks, closeHouse, closed, draft, expect, forges, idle, later, nothingWrong, one, openHouse, same, settled } from './deals.mjs';

const BOT = 'separex_sandbox_bot';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const NAMES = {
	fa: 'ماه خورشید ستاره چتر لنگر سیب ماهی خانه کلید درخت قایق گیلاس بادکنک زنگوله لاله قارچ'.split(' '),
	en: 'moon sun star umbrella anchor apple fish house key tree boat cherries balloon bell tulip mushroom'.split(' '),
};

let house, sara, reza, mina, folder;
let finished; // a deal that ended well

const emblemOf = (who) => one(`SELECT emblem FROM person WHERE outside_id = ${IDS[who.name]}`);
const receiptOf = (d) => one(`SELECT code FROM receipt WHERE deal_id = ${d.id}`);

async function speaks(who, language) {
	await forges(who, `lang:${language}`);
	await settled();
}

/** Runs a program; its output, or null when it fails. */
const output = (program, ...args) => new Promise((done) => execFile(program, args, { encoding: 'buffer' }, (error, out) => done(error ? null : out)));

/** The newest photo or document in this person's chat, fetched: {message, bytes}. */
async function file(who, kind, after = 0) {
	const message = await who.waits('private', 20_000, `gets a ${kind}`, ({ messages }) => messages.findLast((m) => m[kind] && m.message_id > after));
	const { file_id } = kind === 'photo' ? message.photo.at(-1) : message.document;
	const answer = await fetch(`${house.sandbox.url}/sim/file?file_id=${encodeURIComponent(file_id)}`);
	expect(answer.ok, `the ${kind} cannot be fetched`);
	return { message, bytes: Buffer.from(await answer.arrayBuffer()) };
}

const lastId = async (who) => (await who.view()).messages.at(-1)?.message_id ?? 0;

/** Presses (by data) and gives the picture that comes. */
async function pictured(who, data, kind = 'photo') {
	const after = await lastId(who);
	await forges(who, data);
	return file(who, kind, after);
}

function keep(name, bytes) {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return path;
}

/** The brightness of the picture's first pixel below its upper edge, 0 to 255. */
async function brightness(name, bytes) {
	const out = await output('convert', keep(name, bytes), '-crop', '1x1+20+40', '-colorspace', 'Gray', '-depth', '8', 'gray:-');
	return out?.[0];
}

// ---- at first sight ----

test('the first words: who, what it costs, who holds the money, what is never asked; and the ways on', async () => {
	for (const [language, words] of [['fa', [/سپارکس/, /کارمزد/, /۱٪/, /در حساب سپارکس/, /رمز دوم/, /کد پیامکی/]], ['en', [/Separex/, /fee/, /1%/, /Separex’s account/, /PIN/, /second password/]]]) {
		await speaks(mina, language);
		const m = await asks(mina, '/start');
		for (const word of words) expect(word.test(plain(messageText(m))), `no ${word} in ${messageText(m)}`);
		expect(messageText(m).split('\n').length <= 10, 'the first words are long');
		same(['new:sell', 'new:buy', 'help:how', 'check:'].filter((d) => !buttonsOf(m).some((b) => b.callback_data === d)), [], 'buttons that are missing');
	}
});

test('the way from "is this true?" under the first words to an answer', async () => {
	await mina.presses('check:');
	await mina.sees(/Send the code/);
	await mina.says('@separex_support');
	await mina.sees(/Danger.*@separex_support/);
	same(await one(`SELECT COUNT(*) FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS.mina} AND step <> ''`), 0, 'a step that stayed');
});

// ---- the emblem ----

test('the first deal brings an emblem; a press picks another, which every later card shows', async () => {
	same([await emblemOf(sara), await emblemOf(reza)], [0, 0], 'emblems before any deal');
	const d = await draft({ title: 'Lamp', price: '1,000,000 toman' });
	const given = await emblemOf(sara);
	expect(given >= 1 && given <= 16, `the emblem ${given}`);
	const { message } = await sara.seesButton('🍄');
	expect(messageText(message).includes(`«${NAMES.fa[given - 1]}»`), `not named: ${messageText(message)}`);
	same(buttonsOf(message).map((b) => b.callback_data), NAMES.fa.map((_, i) => `emblem:${i + 1}`), 'the buttons');
	await sara.presses('emblem:6');
	const picked = await sara.sees(/از این به بعد نشان شما «سیب» است/);
	same([picked.message_id, buttonsOf(picked).length], [message.message_id, 0], 'the message that was pressed');
	await sara.seesToast(/سیب/);
	same([await emblemOf(sara), await one(`SELECT emblem_picked FROM person WHERE outside_id = ${IDS.sara}`)], [6, 1], 'what is kept');
	await sara.says(`/deal ${d.code}`);
	await sara.sees(/🍎 نشان شما: سیب/);
	await speaks(sara, 'en');
	await sara.says(`/deal ${d.code}`);
	await sara.sees(/🍎 Your sign: the apple/);
	await d.press(sara, 'cancel');
	await d.reaches('CANCELLED');
});

test('an emblem by its name or sign; again by command; no stranger’s number, no group', async () => {
	await sara.says('/emblem Balloon');
	await sara.sees(/🎈 From now on your sign is the balloon/);
	await sara.says('/emblem 🌷');
	await sara.sees(/the tulip/);
	await asks(sara, '/emblem no such thing');
	await sara.seesButton('🎈');
	for (const bad of ['0', '17', '-1', '6x', '006', '', '99999999999999999999']) {
		await forges(sara, `emblem:${bad}`);
		same(await emblemOf(sara), 15, `the emblem after emblem:${bad}`);
	}
	await sara.says('/emblem', { chat: 'bazaar' });
	await sara.sees(/in private/, { chat: 'bazaar' });
	/* A press in a group names any message: nothing there may be written over. */
	const card = (await sara.view('bazaar')).messages.findLast((m) => m.from.is_bot);
	await forges(sara, 'emblem:3', { chat: 'bazaar', message_id: card.message_id });
	await idle();
	same(messageText((await sara.view('bazaar')).messages.find((m) => m.message_id === card.message_id)), messageText(card), 'the message in the group');
	await speaks(sara, 'fa');
});

// ---- pictures ----

test('the payment card is drawn, its code leads to the page, its button to the bank', async () => {
	await speaks(reza, 'en');
	const d = await draft({ title: 'گوشی A52', price: '2,500,000 toman' });
	await d.goes('AWAIT_PAY');
	await idle();
	const { message, bytes } = await file(reza, 'photo');
	expect(bytes.subarray(0, 4).equals(PNG), 'no PNG');
	expect(/Payment page for/.test(plain(message.caption)), message.caption);
	const page = (await output('zbarimg', '-q', '--raw', keep('pay.png', bytes)))?.toString().trim();
	expect(page?.startsWith(`${house.bot.url}/p/`) && !page.endsWith('/now'), `the QR code says ${page}`);
	const html = await (await fetch(page)).text();
	const emblem = await emblemOf(reza);
	expect(html.includes(`your sign is not the ${NAMES.en[emblem - 1]}`), 'the emblem is not on the page');
	expect(/<span aria-hidden="true">/.test(html), 'the sign is read aloud');
	same(buttonsOf(message).map((b) => b.url), [`${page}/now`], 'the button');
	const bank = await fetch(`${page}/now`, { redirect: 'manual' });
	expect(bank.status === 303 && bank.headers.get('location').startsWith(`${house.sandbox.url}/bank/pay?`), `/now leads to ${bank.headers.get('location')}`);
	await d.goes('FUNDED');
	await idle();
	same((await fetch(`${page}/now`, { redirect: 'manual' })).status, 200, '/now when it is paid');
	finished = d;
});

test('where the deal stands, drawn at any moment, light or dark; for its two sides only', async () => {
	const light = await pictured(reza, `d:${finished.code}:status`);
	expect(light.bytes.subarray(0, 4).equals(PNG), 'no PNG');
	expect(/right now/.test(plain(light.message.caption)), light.message.caption);
	expect((await brightness('light.png', light.bytes)) > 200, 'the light picture is dark');
	await new Promise((done) => execFile('sqlite3', ['-cmd', '.timeout 5000', house.bot.store, `UPDATE person SET dark_pictures = 1 WHERE outside_id = ${IDS.reza}`], done));
	const dark = await pictured(reza, `d:${finished.code}:status`);
	expect((await brightness('dark.png', dark.bytes)) < 60, 'the dark picture is light');
	await pictured(sara, `d:${finished.code}:status`);
	expect((await forges(mina, `d:${finished.code}:status`)).show_alert, 'a stranger sees it');
});

test('a receipt comes to both sides at the end, once; its code is in it, and the PDF is one', async () => {
	await finished.goes('COMPLETED');
	await idle();
	const code = await receiptOf(finished);
	expect(/^[A-Z2-9]{10}$/.test(code), `the code ${code}`);
	for (const [who, words] of [[sara, /رسید معاملهٔ/], [reza, /The receipt of/]]) {
		const { message, bytes } = await file(who, 'photo');
		expect(words.test(plain(message.caption)) && message.caption.includes(code), message.caption);
		same((await output('zbarimg', '-q', '--raw', keep(`receipt-${who.name}.png`, bytes)))?.toString().trim(), `https://t.me/${BOT}?start=r_${code}`, 'its QR code');
		expect(buttonsOf(message).some((b) => b.copy_text?.text === code), 'the code cannot be copied');
		const pdf = await pictured(who, `d:${finished.code}:receipt.pdf`, 'document');
		same([pdf.message.document.file_name, pdf.bytes.subarray(0, 5).toString()], [`separex-${code}.pdf`, '%PDF-'], 'the document');
		const text = await output('pdftotext', keep(`${who.name}.pdf`, pdf.bytes), '-');
		if (text) expect(text.toString().includes(code), 'the PDF does not hold its code');
	}
	const again = await pictured(reza, `d:${finished.code}:receipt`);
	expect(again.message.caption.includes(code), 'another code');
	same(await one('SELECT COUNT(*) FROM receipt'), 1, 'receipts');
	for (const who of [mina, reza]) {
		const data = who === mina ? `d:${finished.code}:receipt` : `d:${finished.code}:receipt.exe`;
		expect((await forges(who, data)).show_alert, `${who.name} ${data}`);
	}
});

test('money that goes back has its receipt too, and the status says what did not happen', async () => {
	const d = await draft({ title: 'Chair', price: '1,500,000 toman' });
	expect((await forges(sara, `d:${d.code}:receipt`)).show_alert, 'a receipt of a draft');
	await d.goes('FUNDED');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await closed(d, 'REFUNDED');
	await idle();
	const { message } = await file(reza, 'photo');
	expect(message.caption.includes(await receiptOf(d)), message.caption);
	await pictured(sara, `d:${d.code}:status`);
	await mina.says(`/check ${await receiptOf(d)}`);
	await mina.sees(/true[^]*Result: refunded/);
});

// ---- /check ----

/** Both languages: [what is asked, what the answer says in English, in Persian]. */
async function checks(rows) {
	for (const [i, language] of ['en', 'fa'].entries()) {
		await speaks(mina, language);
		for (const [text, ...answers] of rows) {
			await mina.says(`/check ${text}`);
			const m = await mina.sees(/[^]/);
			expect(answers[i].test(plain(messageText(m))), `/check ${text}: ${messageText(m)} instead of ${answers[i]}`);
			expect(!(m.entities ?? []).some((e) => ['url', 'text_link'].includes(e.type)), `/check ${text}: a link to press`);
		}
	}
}

test('names, links and numbers, true and false', () =>
	checks([
		[`@${BOT}`, /✅ Yes, @separex_sandbox_bot is Separex/, /✅ بله، @separex_sandbox_bot خود سپارکس/],
		[`https://t.me/${BOT}`, /✅ Yes/, /✅ بله/],
		[`t.me/${BOT.toUpperCase()}?start=sell`, /✅ Yes/, /✅ بله/],
		['@separex_sandb0x_bot', /⛔️ Danger: @separex_sandb0x_bot/, /⛔️ خطر: @separex_sandb0x_bot/],
		['https://t.me/separex_sandbox_bot_?start=d_ABCDEFGH', /⛔️ Danger/, /⛔️ خطر/],
		['@SeparexSupport', /⛔️ Danger/, /⛔️ خطر/],
		['@sara', /⛔️ @sara is no account[^]*never write first/, /⛔️ @sara حساب سپارکس نیست[^]*اول پیام/],
		['@some_stranger', /⛔️ @some_stranger is no account[^]*never write first/, /⛔️ @some_stranger حساب سپارکس نیست/],
		['https://t.me/+AbCdEfGh', /⛔️ t\.me is not of Separex/, /⛔️ t\.me از سپارکس نیست/],
		[`${house.bot.url}/p/AAAAAAAAAAAAAAAA`, /✅ This is an address of Separex/, /✅ این نشانی، صفحهٔ سپارکس/],
		['https://bpm.shaparak.ir/pgwchannel/', /✅ bpm\.shaparak\.ir is a real bank’s page, but[^]*only with the button/, /✅ bpm\.shaparak\.ir درگاه واقعی/],
		['http://bpm.shaparak.ir/pay', /⛔️ bpm\.shaparak\.ir is not of Separex/, /⛔️/],
		['https://shaparak.ir.pay-safe.com/', /⛔️ shaparak\.ir\.pay-safe\.com is not of Separex/, /⛔️/],
		['https://shaparak.ir@evil.example/pay', /⛔️ evil\.example[^]*mislead/, /⛔️[^]*به اشتباه بیندازد/],
		['https://bit.ly/xyz', /⛔️ bit\.ly[^]*mislead/, /⛔️ bit\.ly/],
		['https://divar.ir/v/AbCdEfGh', /advertisement/, /آگهی/],
		['6037 9975 9999 9994', /⛔️ Separex never asks you to pay to anybody’s card/, /⛔️ سپارکس هیچ‌وقت/],
		['IR062960000000100324200001', /⛔️ Separex never asks/, /⛔️ سپارکس هیچ‌وقت/],
		['09123456789', /⛔️ Separex never asks/, /⛔️ سپارکس هیچ‌وقت/],
		['hello there', /I found no code/, /پیدا نکردم/],
		['@sara and https://evil.example/', /checked only the first/, /فقط اولی/],
	]),
);

test('receipts and deals, true and false; strangers see no names', async () => {
	const code = await receiptOf(finished);
	await checks([
		[code, /✅ This receipt is true[^]*گوشی A52[^]*2,500,000 toman[^]*Result: done/, /✅ این رسید واقعی است[^]*۲٬۵۰۰٬۰۰۰ تومان[^]*نتیجه: تمام شد/],
		[code.toLowerCase(), /✅ This receipt is true/, /✅/],
		[`https://t.me/${BOT}?start=r_${code}`, /✅ This receipt is true/, /✅/],
		[`https://t.me/other_bot?start=r_${code}`, /⛔️ @other_bot is no account/, /⛔️/],
		['ABCDEFGH23', /⛔️ ABCDEFGH23 is no code of Separex/, /⛔️ کد ABCDEFGH23 از سپارکس نیست/],
		[finished.code, /✅ True: \w{8} is a deal of Separex\.\n✅ Done/, /✅ درست است: کد \w{8} یک معاملهٔ سپارکس است\.\n✅ انجام شد/],
		[`https://t.me/${BOT}?start=d_${finished.code}`, /✅ True/, /✅/],
	]);
	await speaks(mina, 'en');
	const stranger = await asks(mina, `/check ${code}`);
	expect(!/رضا|سارا/.test(messageText(stranger)), 'a stranger reads names');
	const party = await asks(reza, `/check ${code}`);
	expect(/Seller: سارا رضایی\nBuyer: رضا کریمی/.test(plain(messageText(party))), messageText(party));
	await reza.opens(`https://t.me/${BOT}?start=r_${code}`);
	await reza.sees(/This receipt is true/);
	/* Of a deal with a problem a stranger hears no more than its public card says. */
	const quarrel = await draft({ title: 'Quarrel', price: '3,000,000 toman' });
	await quarrel.press(sara, 'publish');
	await quarrel.reaches('OFFERED');
	expect(/an offer; the two have not agreed/.test(messageText(await asks(mina, `/check ${quarrel.code}`))), 'an offer');
	await quarrel.goes('DELIVERED');
	await quarrel.reports();
	const held = plain(messageText(await asks(mina, `/check ${quarrel.code}`)));
	expect(/money is safe with Separex; the deal is not over/.test(held) && !/problem|report|Quarrel|3,000,000/i.test(held), held);
	expect(/problem/i.test(messageText(await asks(reza, `/check ${quarrel.code}`))), 'its own side is told');
	await quarrel.press(reza, 'withdraw');
	await quarrel.press(reza, 'withdraw.yes');
	await quarrel.goes('COMPLETED');
	/* A draft is its maker's. */
	const secret = await draft({ title: 'Secret thing', price: '3,000,000 toman' });
	expect(/no code of Separex/.test(messageText(await asks(mina, `/check ${secret.code}`))), 'a draft is shown');
	expect(/Secret thing/.test(messageText(await asks(sara, `/check ${secret.code}`))), 'its maker does not see it');
	await secret.press(sara, 'cancel');
	await secret.reaches('CANCELLED');
});

test('forwarded messages: this bot’s are true, what speaks in our name is not', async () => {
	for (const [text, from, answer] of [
		['Your money is here', 'bot', /✅ This bot sent this message[^]*old, or about another deal/],
		['Separex support: send the code from your SMS', 'reza', /⛔️ Danger: Separex did not send/],
		['پول شما در سپارکس است. کد را بفرستید', 'Hidden Person', /⛔️ Danger/],
		['Sepаrex says: pay now', 'reza', /⛔️ Danger/], // a Cyrillic letter
		['Pay here: https://evil.example/pay', 'reza', /⛔️ Separex did not send this message\.\n⛔️ evil\.example is not of Separex/],
		['Good morning', 'reza', /^⛔️ Separex did not send this message\.$/],
	]) {
		await asks(mina, '/check');
		await mina.says(text, { forward_from: from });
		await mina.sees(answer);
	}
	await asks(mina, '/check');
	await mina.sends({ photo: true });
	await mina.sees(/A picture proves nothing/);
	await asks(mina, '/check');
	await mina.says('/cancel');
	await mina.sees(/we left that/);
});

test('in a group: beside the command, or in answer to a message; names stay private there', async () => {
	const code = await receiptOf(finished);
	const said = await sara.says('pay me at https://evil.example/x', { chat: 'bazaar' });
	await mina.says('/check', { chat: 'bazaar', reply_to: said.message_id });
	await mina.sees(/evil\.example is not of Separex/, { chat: 'bazaar' });
	await mina.says('/check', { chat: 'bazaar' });
	await mina.sees(/answer the message/, { chat: 'bazaar' });
	await reza.says(`/check ${code}`, { chat: 'bazaar' });
	const m = await reza.sees(/This receipt is true/, { chat: 'bazaar' });
	expect(!/سارا|رضا/.test(messageText(m)), 'names in a group');
	same(m.chat.id, BAZAAR, 'the chat');
});

test('twenty wrong codes an hour, no more; the hour passes', async () => {
	const code = await receiptOf(finished);
	await speaks(reza, 'en');
	for (let i = 0; i < 20; i++) {
		await reza.says(`/check ${'ABCDEFGHJKMNPQRSTUVWXYZ23456789'.slice(i, i + 8)}23`);
		await reza.sees(/no code of Separex/);
	}
	await reza.says(`/check ${code}`);
	await reza.sees(/too many wrong codes/);
	await reza.says('/check @sara');
	await reza.sees(/no account of Separex/);
	/* Every other door is shut too, and a press tells nothing. */
	const offer = await draft({ title: 'Closed', price: '1,000,000 toman' });
	await offer.press(sara, 'publish');
	await offer.reaches('OFFERED');
	for (const words of [`/start d_${offer.code}`, `/deal ${offer.code}`, `/start r_${code}`]) {
		await reza.says(words);
		await reza.sees(/too many wrong codes/);
	}
	const nothing = (await forges(reza, 'd:ABCDEFGH:show')).text;
	for (const data of [`d:${offer.code}:show`, `new:join.${offer.code}`]) same((await forges(reza, data)).text, nothing, data);
	same(await one(`SELECT buyer_id FROM deal WHERE id = ${offer.id}`), null, 'who joined');
	await later(3600);
	await reza.says(`/check ${code}`);
	await reza.sees(/This receipt is true/);
	/* And what is tried at the other doors counts here. */
	for (let i = 0; i < 20; i++) {
		await reza.says(i % 2 ? `/deal ABCD23${10 + i}` : '/start d_ABCDEF23');
		await reza.sees(/found no deal/);
	}
	await reza.says(`/check ${code}`);
	await reza.sees(/too many wrong codes/);
	await offer.press(sara, 'decline');
});

test('nothing is wrong', async () => {
	await later(DAY);
	await waitFor(async () => (await one('SELECT COUNT(*) FROM work WHERE state = 1 AND kind = 1')) === 0, { what: 'nothing left to send' });
	await nothingWrong();
});

await run({
	before: async () => {
		folder = mkdtempSync(join(tmpdir(), 'separex-trust-'));
		house = await openHouse();
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
	},
	after: async () => {
		rmSync(folder, { recursive: true, force: true });
		await closeHouse();
	},
});
