// What a person can see and wish beside a single deal: the list, history, fee, language, settings, help, terms, blocking.
// Sara reads Persian, Reza English. Every screen changes in place: a press edits the message that carries the button.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { STATE as STATES } from './trade.mjs';
import { ROOT, buttonsOf, messageText, person, plain, run, test, waitFor } from './lib.mjs';
import {
	IDS, asks, closeHouse, closed, draft, expect, forges, idle, nothingWrong, one,
	openHouse, same, settled, sql,
} from './deals.mjs';

const TEXTS = Object.fromEntries(['fa', 'en'].map((l) => [l, JSON.parse(readFileSync(join(ROOT, 'locales', `${l}.json`), 'utf8'))]));
const STAFF = { chat: 'staff' };
const PERSIAN = /[\u0600-\u06ff]/;

let house, sara, reza, mina, omid;

/** What a catalogue entry looks like on the phone, its arguments being anything. */
function says(language, key) {
	const text = key.split('.').reduce((o, k) => o?.[k], TEXTS[language]);
	expect(typeof text === 'string', `no text ${key}`);
	const seen = plain(text.replace(/<[^>]*>/g, '')).replace(/[.*+?^$()|[\]\\]/g, '\\$&');
	return new RegExp(seen.replace(/\{\{[^}]*\}\}/g, '[^]*'));
}

const datasOf = (m) => buttonsOf(m).map((b) => b.callback_data ?? '');
const labelOf = (m, data) => plain(buttonsOf(m).find((b) => b.callback_data === data)?.text ?? '');
const linesOf = (m) => messageText(m).split('\n').length;
const idOf = (who) => one(`SELECT id FROM person WHERE outside_id = ${IDS[who.name]}`);
const step = (who) => one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`);

/** Presses a button of that message, and gives the message as it is afterwards; it is the same one. */
async function turns(who, message, data, pattern = /[^]/) {
	expect(datasOf(message).includes(data), () => `no button ${data} among ${datasOf(message)}`);
	await who.mark();
	await house.sandbox.call('/sim/press', { as: who.name, chat: 'private', data, message_id: message.message_id });
	const after = await who.sees(pattern);
	same(after.message_id, message.message_id, `the message that ${data} changed`);
	expect(linesOf(after) <= 12, () => `more than 12 lines:\n${messageText(after)}`);
	return after;
}

/** Presses without expecting any change of a message; gives the toast or window. */
const pokes = (who, message, data) => forges(who, data, { message_id: message.message_id });

/** Writes into the store while the bot is down; the rows are of this test and of no rule. */
async function inStore(script) {
	await house.killBot('SIGTERM');
	execFileSync('sqlite3', [house.bot.store], { input: script });
	await house.bot.start();
}

/** Copies a deal `n` times with a state of its own. */
async function copies(code, n, state) {
	const columns = (await sql("SELECT name FROM pragma_table_info('deal') WHERE name NOT IN ('id', 'code', 'state', 'title')")).map((r) => r.name).join(', ');
	return `WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < ${n})
		INSERT INTO deal (code, state, title, ${columns})
		SELECT printf('z%02d%05d', ${state}, i), ${state}, 'copy ' || i, ${columns} FROM deal, k WHERE code = '${code}';`;
}

/** The deals that the buttons of a list open, and what its pager says. */
function pageOf(m) {
	return {
		open: datasOf(m).filter((d) => d.endsWith(':show')).length,
		pager: buttonsOf(m).map((b) => plain(b.text)).find((t) => / (از|of) /.test(t)) ?? null,
	};
}

test('the menus name what there is', async () => {
	const profile = JSON.stringify((await house.state()).profile);
	for (const name of ['sell', 'buy', 'deals', 'settings', 'check', 'fee', 'help', 'terms', 'language', 'iban', 'about', 'cancel', 'deal'])
		expect(profile.includes(`"${name}"`), () => `no ${name} in ${profile}`);
	for (const key of ['settings', 'terms', 'about', 'check', 'group_deal', 'group_check'])
		for (const language of ['fa', 'en']) expect(profile.includes(TEXTS[language].menu[key]), () => `no ${language} ${key} in ${profile}`);
});

test('a newcomer is spoken to in the language of their phone, or of the house', async () => {
	const first = { sara: 'fa', reza: 'en', mina: 'fa', omid: 'fa' };
	for (const [name, language] of Object.entries(first))
		same(await one(`SELECT language || language_chosen FROM person WHERE outside_id = ${IDS[name]}`), `${language}0`, `${name}'s language`);
	expect(!PERSIAN.test(messageText(await asks(reza, '/language'))), 'Reza is asked in Persian');
});

test('a language is chosen in the message that asked, which then begins things in it', async () => {
	const asked = await asks(mina, '/language');
	const en = await turns(mina, asked, 'lang:en', says('en', 'language.set'));
	expect(datasOf(en).includes('new:sell') && datasOf(en).includes('lang:fa'), () => `${datasOf(en)}`);
	same(await one(`SELECT language || language_chosen FROM person WHERE outside_id = ${IDS.mina}`), 'en1', 'the language');
	await turns(mina, en, 'lang:fa', says('fa', 'language.set'));
	await mina.mark();
	await forges(mina, 'lang:fa'); // under a message that is too old to be changed
	expect((await mina.sees(says('fa', 'language.set'))).message_id !== en.message_id, 'the old message was changed');
	expect((await pokes(mina, en, 'lang:xx')).text, 'an unknown language is answered');
	same(await one(`SELECT language FROM person WHERE outside_id = ${IDS.mina}`), 'fa', 'the language');
});

test('without deals the list offers to begin one', async () => {
	for (const [who, language] of [[sara, 'fa'], [reza, 'en']]) {
		const m = await asks(who, '/deals');
		expect(says(language, 'list.empty').test(plain(messageText(m))), messageText(m));
		same(datasOf(m), ['new:sell', 'new:buy', 'list:needs'], 'buttons');
		expect(says(language, 'help.begin').test(plain(messageText(await asks(who, '/help')))), 'help for who has no deal');
	}
});

test('one deal is in one tab, with its card and its turn', async () => {
	const d = await draft({ title: 'Lamp' });
	const needs = await asks(sara, '/deals');
	expect(says('fa', 'list.head_needs').test(plain(messageText(needs))) && /Lamp/.test(messageText(needs)), messageText(needs));
	same(['list:needs', 'list:waits', 'list:done'].map((tab) => labelOf(needs, tab)), ['✓ نوبت شما: ۱', 'در انتظار: ۰', 'تمام‌شده: ۰'], 'tabs');
	same(pageOf(needs), { open: 1, pager: null }, 'page');
	expect(!datasOf(needs).includes('list:drop_ask'), 'one draft needs no button for all of them');
	const waits = await turns(sara, needs, 'list:waits', says('fa', 'list.no_waits'));
	await turns(sara, await turns(sara, waits, 'list:done', says('fa', 'list.no_done')), 'list:needs');
	await d.press(sara, 'show');
	const card = await sara.sees(new RegExp(d.code));
	expect(card.message_id !== needs.message_id, 'the card took the list’s place');
	await d.goes('AWAIT_PAY');
	await idle();
	const after = await asks(sara, '/deals');
	same([labelOf(after, 'list:needs'), labelOf(after, 'list:waits')], ['✓ نوبت شما: ۰', 'در انتظار: ۱'], 'the seller waits');
	const other = await asks(reza, '/deals');
	expect(says('en', 'list.head_needs').test(plain(messageText(other))), messageText(other));
	same(labelOf(other, 'list:needs'), '✓ Your turn: 1', 'the buyer is to pay');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('CANCELLED');
	await idle();
	const done = await turns(sara, after, 'list:done', says('fa', 'list.head_done'));
	same([labelOf(done, 'list:done'), pageOf(done).open], ['✓ تمام‌شده: ۱', 1], 'the end');
	expect(datasOf(done).includes(`d:${d.code}:timeline`), 'no history in the list');
});

test('a draft is deleted from the list after one question, and all of them at once', async () => {
	const drafts = [];
	for (const title of ['Ay', 'Bee', 'Sea']) drafts.push(await draft({ title }));
	const list = await asks(sara, '/deals');
	same(pageOf(list).open, 3, 'drafts');
	expect(datasOf(list).includes('list:drop_ask'), 'no button for all drafts');
	const ask = await turns(sara, list, `list:drop.${drafts[0].code}`, says('fa', 'list.sure_drop'));
	expect(/Ay/.test(messageText(ask)), 'the question names no draft');
	const back = await turns(sara, ask, 'list:needs', says('fa', 'list.head_needs'));
	await drafts[0].is('DRAFT');
	const again = await turns(sara, back, `list:drop.${drafts[0].code}`, says('fa', 'list.sure_drop'));
	const two = await turns(sara, again, `list:drop_yes.${drafts[0].code}`, says('fa', 'list.head_needs'));
	same(pageOf(two).open, 2, 'drafts left');
	await drafts[0].is('CANCELLED');
	for (const forged of [`list:drop_yes.${drafts[1].code}`, `list:drop.${drafts[1].code}`, 'list:drop_yes.', 'list:drop_all', 'list:drop_all.x', 'list:nothing', `list:${'x'.repeat(50)}`])
		await forges(reza, forged);
	await drafts[1].is('DRAFT');
	const all = await turns(sara, two, 'list:drop_ask', says('fa', 'list.sure_drop_all'));
	await drafts[1].is('DRAFT');
	await turns(sara, all, 'list:drop_all', says('fa', 'list.no_needs'));
	await drafts[1].is('CANCELLED');
	await drafts[2].is('CANCELLED');
	const dead = await (await draft({ title: 'Dee' })).goes('OFFERED');
	expect((await forges(sara, `list:drop_yes.${dead.code}`)).text, 'an offer is no draft');
	await dead.is('OFFERED');
	await dead.press(sara, 'decline');
});

test('the history of a deal turns its card over, page by page, and names no operator', async () => {
	const d = await (await draft({ title: 'Radio' })).goes('DELIVERED');
	await d.reports();
	await d.escalates();
	await d.press(omid, 'ask_info.buyer', STAFF);
	await d.tells(reza, 'answer', 'so it is');
	await idle();
	const card = async (who) => (await asks(who, `/deal ${d.code}`)).message_id;
	const shows = async (who, id) => {
		await idle();
		await who.mark();
		await forges(who, `d:${d.code}:timeline`, { message_id: id });
		return who.sees(/[^]/);
	};
	const id = await card(reza);
	const last = await shows(reza, id);
	same(last.message_id, id, 'the card');
	expect(says('en', 'timeline.head').test(plain(messageText(last))), messageText(last));
	expect(/Separex staff: asked for more information/.test(plain(messageText(last))), messageText(last));
	expect(linesOf(last) <= 11, () => messageText(last));
	const first = await turns(reza, last, `d:${d.code}:timeline.1`, says('en', 'timeline.head'));
	const lines = plain(messageText(first)).split('\n');
	expect(/The other side: made the draft/.test(lines[1]), () => lines[1]);
	expect(lines.some((l) => /You: joined the deal/.test(l)) && lines.some((l) => /The bank: .*toman arrived/.test(l)), () => lines.join('\n'));
	for (const m of [first, last]) expect(!/امید|نوری|Sara|سارا|رضا/.test(messageText(m)), () => messageText(m));
	await turns(reza, first, `d:${d.code}:back`, new RegExp(d.code));
	const mine = await shows(sara, await card(sara));
	expect(/کارشناس سپارکس: درخواست توضیح بیشتر/.test(plain(messageText(mine))) && !/[A-Za-z]/.test(messageText(mine).replace('Radio', '')), () => messageText(mine));
	expect((await forges(mina, `d:${d.code}:timeline`)).text, 'a stranger sees the history');
	/* From the list it turns the list over, with the card one press away. */
	await d.accepts();
	await closed(d, 'COMPLETED');
	await idle();
	const list = await asks(reza, '/deals');
	const done = await turns(reza, list, 'list:done');
	const ended = datasOf(done).find((x) => x.endsWith(':timeline'));
	const seen = await turns(reza, done, ended, says('en', 'timeline.head'));
	expect(datasOf(seen).includes(ended.replace('timeline', 'show')) && datasOf(seen).includes('list:done'), () => `${datasOf(seen)}`);
	await turns(reza, seen, 'list:done', says('en', 'list.head_done'));
});

test('the fee is told for each way to pay it, and a doubtful price is read back in words', async () => {
	const fa = plain(messageText(await asks(sara, '/fee 25m')));
	expect(fa.includes('۲۵٬۰۰۰٬۰۰۰ تومان') && fa.includes('۲۵۰٬۰۰۰ تومان') && fa.includes('بیست و پنج میلیون'), fa);
	for (const [due, payout] of [['۲۵٬۲۵۰٬۰۰۰', '۲۵٬۰۰۰٬۰۰۰'], ['۲۵٬۰۰۰٬۰۰۰', '۲۴٬۷۵۰٬۰۰۰'], ['۲۵٬۱۲۵٬۰۰۰', '۲۴٬۸۷۵٬۰۰۰']])
		expect(new RegExp(`خریدار ${due} تومان می‌پردازد و فروشنده ${payout} تومان می‌گیرد`).test(fa), () => `${due} ${payout}:\n${fa}`);
	const en = plain(messageText(await asks(reza, '/fee 1,000,000 toman')));
	same(en.split('\n').length, 6, 'lines');
	expect(/10,000 toman/.test(en) && /the buyer pays 1,005,000 toman, the seller gets 995,000 toman/.test(en) && says('en', 'fee.choose').test(en), en);
	const doubt = plain(messageText(await asks(reza, '/fee maybe 25m for it')));
	expect(says('en', 'fee.doubt').test(doubt) && /twenty-five million/i.test(doubt), doubt);
	for (const [words, key] of [['', 'fee.ask'], ['hello', 'fee.ask'], ['-5', 'amount.negative'], ['0', 'amount.zero'], ['5 dollars', 'amount.currency'], ['5000 rial', 'amount.limits'], ['900 million', 'amount.limits']]) {
		const got = plain(messageText(await asks(reza, `/fee ${words}`)));
		expect(says('en', key).test(got), () => `/fee ${words}: ${got}`);
	}
});

test('settings change in place, one press each, and are kept', async () => {
	const wishes = () => one(`SELECT language || ' ' || few_notices || dark_pictures || ' ' || quiet_from_h || '-' || quiet_to_h FROM person WHERE outside_id = ${IDS.sara}`);
	let m = await asks(sara, '/settings');
	for (const key of ['settings.head', 'settings.all', 'settings.quiet_off', 'settings.light', 'settings.emblem', 'settings.blocked'])
		expect(says('fa', key).test(plain(messageText(m))), () => `${key}:\n${messageText(m)}`);
	expect(linesOf(m) <= 12 && datasOf(m).includes('emblem:choose') && datasOf(m).includes('block:list'), () => `${datasOf(m)}`);
	same(await wishes(), 'fa 00 0-0', 'at first');
	m = await turns(sara, m, 'set:notices.few', says('fa', 'settings.few'));
	same(labelOf(m, 'set:notices.few'), '✓ فقط نوبت من', 'the mark');
	m = await turns(sara, m, 'set:quiet.1', says('fa', 'settings.quiet'));
	expect(/۲۳ تا ۷/.test(messageText(m)), messageText(m));
	m = await turns(sara, m, 'set:pictures.dark', says('fa', 'settings.dark'));
	same(await wishes(), 'fa 11 23-7', 'after three presses');
	m = await turns(sara, m, 'set:quiet.2');
	m = await turns(sara, m, 'set:quiet.3');
	same(await wishes(), 'fa 11 0-9', 'other hours');
	m = await turns(sara, m, 'set:lang.en', says('en', 'settings.head'));
	m = await turns(sara, m, 'set:quiet.0', says('en', 'settings.quiet_off'));
	m = await turns(sara, m, 'set:pictures.light', says('en', 'settings.light'));
	m = await turns(sara, m, 'set:notices.all', says('en', 'settings.all'));
	m = await turns(sara, m, 'set:lang.fa', says('fa', 'settings.head'));
	for (const forged of ['set:', 'set:x', 'set:quiet.4', 'set:quiet.-1', 'set:quiet.', 'set:quiet.11', 'set:notices.', 'set:pictures.x', 'set:lang.xx', `set:${'q'.repeat(50)}`])
		expect((await pokes(sara, m, forged)).text, `${forged} is not answered`);
	same(await wishes(), 'fa 00 0-0', 'after forged presses');
	same((await pokes(sara, m, 'set:notices.few')).text, TEXTS.fa.settings.saved, 'the toast');
	await pokes(sara, m, 'set:notices.all');
});

test('what has another side comes before drafts', async () => {
	const d = await (await draft({ title: 'Desk' })).goes('FUNDED');
	const later = await draft({ title: 'Bed' });
	await idle();
	const list = await asks(sara, '/deals');
	same(datasOf(list).filter((x) => x.endsWith(':show')), [d, later].map((x) => `d:${x.code}:show`), 'order');
	const help = await asks(sara, '/help');
	expect(/Desk/.test(messageText(help)) && messageText(help).includes(TEXTS.fa.button.ship), messageText(help));
	const ask = await turns(sara, list, `list:drop.${later.code}`, says('fa', 'list.sure_drop'));
	await turns(sara, ask, `list:drop_yes.${later.code}`, says('fa', 'list.head_needs'));
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await closed(d, 'REFUNDED');
});

test('help depends on where one is', async () => {
	await settled();
	await asks(sara, '/sell');
	const asked = await asks(sara, '/help');
	expect(says('fa', 'help.in_step').test(plain(messageText(asked))) && messageText(asked).includes(TEXTS.fa.help.await_title), messageText(asked));
	same(await step(sara), 'new_title', 'help leaves no step');
	const topic = await turns(sara, asked, 'help:safety', says('fa', 'help.safety'));
	await turns(sara, topic, 'help:main', says('fa', 'help.in_step'));
	await asks(sara, '/cancel');
	same(await step(sara), undefined, 'the step');
	const d = await draft({ title: 'Vase' });
	let m = await asks(sara, '/help');
	expect(says('fa', 'help.needed').test(plain(messageText(m))) && /Vase/.test(messageText(m)) && messageText(m).includes(TEXTS.fa.button.publish_sell), messageText(m));
	expect(datasOf(m).includes(`d:${d.code}:show`), () => `${datasOf(m)}`);
	for (const name of ['how', 'fee', 'safety', 'problem', 'contact']) m = await turns(sara, m, `help:${name}`, says('fa', `help.${name}`));
	await turns(sara, m, 'help:main', says('fa', 'help.needed'));
	expect((await pokes(sara, m, 'help:nothing')).text, 'an unknown topic is answered');
	await d.goes('AWAIT_PAY');
	await idle();
	expect(says('fa', 'help.nothing_due').test(plain(messageText(await asks(sara, '/help')))), 'nothing is due');
	const pay = await asks(reza, '/help');
	expect(/Vase/.test(messageText(pay)) && messageText(pay).includes(`“${TEXTS.en.button.pay}”`), messageText(pay));
	await turns(reza, await turns(reza, pay, 'help:how', says('en', 'help.how')), 'help:contact', says('en', 'help.contact'));
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await asks(mina, '/help', { chat: 'bazaar' });
	await mina.sees(says('fa', 'help.group'), { chat: 'bazaar' });
	await asks(omid, '/help', STAFF);
	await omid.sees(says('fa', 'help.staff'), STAFF);
});

test('a command in the staff chat leaves alone what an operator is asked in private', async () => {
	await asks(omid, '/sell');
	const asked = await step(omid);
	expect(asked, 'nothing is asked in private');
	await asks(omid, '/fee 1000000', STAFF);
	same(await step(omid), asked, 'the step in private');
	await asks(omid, '/cancel');
	same(await step(omid), undefined, 'the step after /cancel');
});

test('in a group nothing private is shown', async () => {
	for (const command of ['/deals', '/settings', '/terms', '/blocked', '/language']) {
		await mina.says(command, { chat: 'bazaar' });
		await mina.sees(says('fa', 'help.in_private'), { chat: 'bazaar' });
	}
	await asks(mina, '/help', { chat: 'bazaar' });
	for (const data of ['list:needs', 'list:drop_all', 'set:show', 'set:notices.few', 'terms:accept', 'block:list', 'lang:en', 'help:how'])
		expect(says('fa', 'help.in_private').test(plain((await forges(mina, data, { chat: 'bazaar' })).text)), `${data} in a group`);
	same(await one(`SELECT language || few_notices || terms_version FROM person WHERE outside_id = ${IDS.mina}`), 'fa00', 'what Mina wishes');
});

test('the terms are read page by page and accepted once', async () => {
	const accepted = () => sql(`SELECT version FROM terms_accepted WHERE person_id = (SELECT id FROM person WHERE outside_id = ${IDS.mina})`);
	let m = await asks(mina, '/terms');
	expect(says('fa', 'terms.not_accepted').test(plain(messageText(m))) && says('fa', 'terms.role').test(plain(messageText(m))), messageText(m));
	for (const [page, key] of [[2, 'deal'], [3, 'money'], [4, 'trouble'], [5, 'you']]) m = await turns(mina, m, `terms:page.${page}`, says('fa', `terms.${key}`));
	same(await accepted(), [], 'accepted by reading');
	m = await turns(mina, m, 'terms:accept', says('fa', 'terms.accepted'));
	same([await accepted(), await one(`SELECT terms_version FROM person WHERE outside_id = ${IDS.mina}`)], [[{ version: 1 }], 1], 'accepted');
	expect(!datasOf(m).includes('terms:accept'), 'asked again');
	await pokes(mina, m, 'terms:accept');
	await turns(mina, m, 'terms:page.2', says('fa', 'terms.deal'));
	for (const data of ['terms:', 'terms:x']) expect((await pokes(mina, m, data)).text, `${data} is not answered`);
	await pokes(mina, m, 'terms:page.99999999999999999999');
	await mina.sees(says('fa', 'terms.you'));
	same(await accepted(), [{ version: 1 }], 'accepted');
	expect(says('fa', 'terms.head').test(plain(messageText(await asks(sara, '/terms')))), 'the terms');
	const acted = await sql(`SELECT version FROM terms_accepted WHERE person_id = (SELECT id FROM person WHERE outside_id = ${IDS.reza})`);
	same(acted, [{ version: 1 }], 'who agrees to a deal accepts by that');
});

test('about says who runs it, its licences, and where to complain', async () => {
	const fa = plain(messageText(await asks(sara, '/about'))), en = plain(messageText(await asks(reza, '/about')));
	expect(fa.includes('صندوق پستی ۱۲') && fa.includes('Trade House') && fa.includes('SQLite'), fa);
	expect(says('en', 'about.complain').test(en) && en.includes('صندوق پستی ۱۲') && en.split('\n').length <= 12, en);
	const contact = await turns(sara, await asks(sara, '/help'), 'help:contact', says('fa', 'help.contact'));
	expect(messageText(contact).includes('صندوق پستی ۱۲'), messageText(contact));
});

test('a person is blocked from a deal’s card and freed from the list', async () => {
	const blocked = () => sql('SELECT person_id, other_id FROM blocked');
	expect(says('en', 'blocked.nobody').test(plain(messageText(await asks(reza, '/blocked')))), 'nobody yet');
	const d = await draft({ title: 'Chair' });
	expect((await d.refuses(sara, 'block')).text, 'nobody to block');
	await d.goes('AWAIT_PAY');
	await settled();
	await reza.mark();
	await d.forge(reza, 'block');
	await reza.sees(says('en', 'blocked.sure'));
	same(await blocked(), [], 'blocked at once');
	await d.press(reza, 'back');
	await reza.sees(new RegExp(d.code));
	await d.forge(reza, 'block');
	await reza.mark();
	await d.press(reza, 'block.yes');
	await reza.seesToast(says('en', 'blocked.done'));
	same(await blocked(), [{ person_id: await idOf(reza), other_id: await idOf(sara) }], 'blocked');
	expect(says('en', 'blocked.already').test(plain((await d.forge(reza, 'block.yes.5')).text)), 'blocked twice');
	await d.goes('FUNDED');
	await idle();
	const list = await asks(reza, '/blocked');
	expect(says('en', 'blocked.head').test(plain(messageText(list))) && /سارا/.test(buttonsOf(list)[0].text), messageText(list));
	const un = datasOf(list)[0];
	for (const data of [un, 'block:un:', 'block:un:x', 'block:un:1x', `block:un:${await idOf(reza)}`, 'block:', 'block:x'])
		expect((await forges(mina, data)).text, `${data} by a stranger`);
	same((await blocked()).length, 1, 'freed by a stranger');
	const free = await turns(reza, list, un, says('en', 'blocked.nobody'));
	same(await blocked(), [], 'freed');
	await turns(reza, free, 'set:show', says('en', 'settings.head'));
	await d.press(reza, 'cancel');
	await d.press(reza, 'cancel.yes');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await closed(d, 'REFUNDED');
});

test('audit, books, calls and log are clean', nothingWrong);

test('lists of 6, 7 and 500 deals are read page by page', async () => {
	const d = await (await draft({ title: 'Pan' })).goes('AWAIT_PAY');
	await idle();
	const count = (m, tab) => Number(/\d+/.exec(labelOf(m, `list:${tab}`))[0]);
	let m = await asks(reza, '/deals');
	const [needs, done] = [count(m, 'needs'), count(m, 'done')];
	await inStore(await copies(d.code, 6 - needs, STATES.indexOf('AWAIT_PAY')));
	m = await asks(reza, '/deals');
	same([labelOf(m, 'list:needs'), pageOf(m)], ['✓ Your turn: 6', { open: 6, pager: null }], 'six');
	await inStore(`UPDATE deal SET code = 'y' || code WHERE code GLOB 'z*'; ${await copies(d.code, 1, STATES.indexOf('AWAIT_PAY'))}`);
	m = await asks(reza, '/deals');
	same(pageOf(m), { open: 6, pager: '1 of 2' }, 'seven');
	m = await turns(reza, m, 'list:needs.2', says('en', 'list.head_needs'));
	same(pageOf(m), { open: 1, pager: '2 of 2' }, 'the seventh');
	await inStore(`UPDATE deal SET code = 'x' || code WHERE code GLOB 'z*'; ${await copies(d.code, 500 - done, STATES.indexOf('EXPIRED'))}`);
	m = await turns(reza, m, 'list:done', says('en', 'list.head_done'));
	same([labelOf(m, 'list:done'), pageOf(m)], ['✓ Done: 500', { open: 6, pager: '1 of 84' }], 'five hundred');
	m = await turns(reza, m, 'list:done.2');
	same(pageOf(m).pager, '2 of 84', 'the next');
	const [newer, , older] = buttonsOf(m).filter((b) => /^list:done\.\d/.test(b.callback_data));
	same([newer.callback_data, newer.text, older.callback_data, older.text], ['list:done.1', '◀', 'list:done.3', '▶'], 'from left to right');
	m = await turns(reza, m, 'list:done.1');
	await reza.mark();
	await pokes(reza, m, 'list:done.84');
	m = await reza.sees(says('en', 'list.head_done'));
	same(pageOf(m), { open: 2, pager: '84 of 84' }, 'the last');
	for (const far of ['list:done.85', 'list:done.99999999999999999999']) await pokes(reza, m, far);
	await pokes(reza, m, 'list:done.0');
	await waitFor(async () => pageOf((await reza.view()).messages.find((x) => x.message_id === m.message_id)).pager === '1 of 84', { what: 'page 0 to be the first' });
	const fa = await turns(sara, await asks(sara, '/deals'), 'list:done', says('fa', 'list.head_done'));
	const pager = buttonsOf(fa).filter((b) => /^list:done\.\d/.test(b.callback_data));
	same([pager[0].callback_data, pager[0].text, pager[2].text], ['list:done.2', '◀', '·'], 'from right to left');
});

test('more live deals than are looked at are said to be there', async () => {
	const code = await one(`SELECT code FROM deal WHERE code GLOB 'y*' LIMIT 1`);
	await inStore(`UPDATE deal SET code = 'w' || code WHERE code GLOB 'z*'; ${await copies(code, 60, STATES.indexOf('AWAIT_PAY'))}`);
	const m = await asks(reza, '/deals');
	same([labelOf(m, 'list:needs'), pageOf(m)], ['✓ Your turn: 50', { open: 6, pager: '1 of 9' }], 'fifty');
	expect(says('en', 'list.older').test(plain(messageText(m))), messageText(m));
	expect(linesOf(m) <= 12, messageText(m));
});

await run({
	before: async () => {
		house = await openHouse({ people: false, env: { SEPAREX_APP_COMPLAINTS: 'صندوق پستی ۱۲', SEPAREX_APP_NAME: 'Trade House' } });
		await house.sandbox.call('/sim/person', { as: 'reza', language: 'en' });
		await house.sandbox.call('/sim/person', { as: 'omid', language: 'de' });
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
		for (const who of [sara, reza, mina, omid]) await asks(who, '/start');
	},
	after: closeHouse,
});
