// Who may press what, at every step of a deal; and that each side reads its own language whoever acts.
import { buttonsOf, messageText, person, plain, run, test } from './lib.mjs';
import {
	DAY, HOUR, IDS, MINUTE, asks, closeHouse, closed, draft, expect,
	forges, idle, later, nothingWrong, one, openHouse, postCode, same, settled, sql,
} from './deals.mjs';

const STAFF = { chat: 'staff' };
const TITLE = 'دوربین';
const NAMES = /سارا رضایی|رضا کریمی|مینا احمدی|امید نوری|دوربین/g;

const AT_ONCE = 40; // presses, fewer than a chat remembers answers of
const BOTH_MAY = ['show', 'back', 'iban']; // they show something or ask for the presser's own IBAN
const ACTS = [
	'publish', 'fee', 'price', 'title', 'cancel', 'cancel.yes', 'decline', 'agree', 'agree.HASH', 'turn_away', 'more_time', 'ask_back', 'ask_time', 'grant_time',
	'refuse_cancel', 'ship', 'carrier.2', 'received', 'say_delivered', 'not_yet', 'accept', 'accept.yes', 'report', 'report_done', 'answer',
	'answer_done', 'withdraw', 'withdraw.yes', 'escalate', 'appeal', 'appeal.yes', 'keep', 'ship_back', 'got_back', 'return_fine', 'return_fine.yes', 'return_bad',
	'return_bad_done', 'rule.release', 'rule.refund', 'rule.return', 'rule.split', 'freeze.on', 'freeze.off', 'ask_info.buyer', 'review.take',
	'review.back',
];

let sara, reza, mina, omid;

const step = (who) => one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`);

/** Each act is answered with a word, and neither the deal nor its clocks nor anybody's conversation has moved. */
async function movesNothing(d, who, acts, options) {
	const hash = (await d.row()).terms_hash.slice(0, 32);
	const before = [await d.print(), await d.timers()];
	for (let i = 0; i < acts.length; i += AT_ONCE) {
		const some = acts.slice(i, i + AT_ONCE);
		const answers = await Promise.all(some.map((act) => d.forge(who, act.replace('HASH', hash), options)));
		same(some.filter((_, n) => !answers[n].text), [], `acts of ${who.name} that were refused without a word in ${before[0]}`);
	}
	same([await d.print(), await d.timers()], before, `the deal in ${await d.state()} after what ${who.name} pressed`);
	same(await step(who), undefined, `the step of ${who.name}`);
}

/** A stranger may nothing at all, an operator's acts belong to the operators' group, and each side has its own acts. */
async function onlyTheRightOnes(d, { buyer = [], seller = [] }) {
	const staffActs = ACTS.filter((a) => /^(rule|freeze|ask_info|review)/.test(a));
	await movesNothing(d, mina, [...ACTS, ...BOTH_MAY]);
	await movesNothing(d, omid, staffActs);
	await movesNothing(d, mina, staffActs, { chat: 'bazaar' });
	const refusedTo = (may) => ACTS.filter((a) => !may.includes(a.split('.')[0]));
	if ((await d.row()).buyer_id) await movesNothing(d, reza, refusedTo(buyer));
	await movesNothing(d, sara, refusedTo(seller));
}

test('at every step of the straight line only the right person moves the deal', async () => {
	const d = await draft({ title: TITLE });
	await onlyTheRightOnes(d, { seller: ['publish', 'fee', 'price', 'title', 'cancel'] });
	await d.goes('OFFERED');
	await onlyTheRightOnes(d, { seller: ['decline'] });
	await d.joins();
	await onlyTheRightOnes(d, { buyer: ['agree', 'decline'], seller: ['decline', 'turn_away'] });
	await d.goes('AWAIT_PAY');
	await onlyTheRightOnes(d, { buyer: ['more_time', 'cancel'], seller: ['cancel'] });
	await d.goes('FUNDED');
	await onlyTheRightOnes(d, { buyer: ['cancel'], seller: ['ship', 'ask_time', 'cancel'] });
	await d.goes('SHIPPED');
	await onlyTheRightOnes(d, { buyer: ['received', 'not_yet'], seller: ['ship', 'say_delivered'] });
	await d.goes('DELIVERED');
	await onlyTheRightOnes(d, { buyer: ['accept', 'report'] });
	await d.goes('PAYOUT_DUE');
	await onlyTheRightOnes(d, {});
	await d.goes('COMPLETED');
	await onlyTheRightOnes(d, {});
});

test('at every step of a quarrel only the right person moves the deal', async () => {
	const d = await (await draft({ title: TITLE })).goes('DELIVERED');
	await d.reports();
	await onlyTheRightOnes(d, { buyer: ['withdraw'], seller: ['answer'] });
	await d.escalates();
	await onlyTheRightOnes(d, { buyer: ['accept', 'answer'], seller: ['return_fine', 'answer'] });
	await d.press(omid, 'rule.return', STAFF);
	await d.reaches('RULED');
	await onlyTheRightOnes(d, { buyer: ['appeal'], seller: ['appeal'] });
	await later(2 * DAY + MINUTE);
	await d.is('RETURN_DUE');
	await onlyTheRightOnes(d, { buyer: ['ship_back'] });
	await d.press(reza, 'ship_back');
	await reza.sees(/[^]/);
	await reza.says(postCode());
	await d.reaches('RETURN_SENT');
	await onlyTheRightOnes(d, { seller: ['got_back'] });
	await d.press(sara, 'got_back');
	await d.reaches('RETURN_CHECK');
	await onlyTheRightOnes(d, { seller: ['return_fine', 'return_bad'] });
	await d.press(sara, 'return_fine');
	await d.press(sara, 'return_fine.yes');
	await d.reaches('REFUND_DUE');
	await onlyTheRightOnes(d, {});
	await closed(d, 'REFUNDED');
	await onlyTheRightOnes(d, {});
});

test('data that no button of ours has is answered and does nothing', async () => {
	const d = await (await draft({ title: TITLE })).goes('DELIVERED');
	const before = await d.print();
	const c = d.code;
	const hostile = [
		'd:', 'd::', `d:${c}`, `d:${c}:`, `d:${c}:nosuch`, `d:${c}:accepted`, `d:${c}:.yes`, `d:${c.toLowerCase()}:accept.yes`,
		'd:NOSUCH22:accept.yes', `d:${'A'.repeat(40)}:accept`, `d:${c}:${'a'.repeat(45)}`, 'lang:', 'lang:xx', 'lang:../fa', 'x', ' ', '{"deal":1}', '💣',
	];
	for (const data of hostile) expect((await forges(reza, data)).text, `"${data}" is answered without a word`);
	for (const act of ['accept.yes ', 'accept.yes.yes', 'accept.yes.', 'accept.yes.99', 'accept.no']) await d.forge(reza, act); // asks once more
	await settled();
	same(await d.print(), before, 'the deal');
	await d.press(reza, 'back');
	await d.goes('COMPLETED');
});

test('an old button pressed twice moves the deal once', async () => {
	const d = await (await draft({ title: TITLE })).goes('SHIPPED');
	const twice = await Promise.all([d.forge(reza, 'received'), d.forge(reza, 'received')]);
	same(twice.filter((a) => a.show_alert).length, 0, 'alarms for a press that came twice');
	await d.is('DELIVERED');
	await d.accepts();
	await d.refuses(reza, 'accept.yes');
	await closed(d, 'COMPLETED');
});

/** What this person was told: texts, buttons and toasts, without names, the title, links, commands and codes. */
async function told(who, d) {
	const { messages, answers } = await who.view();
	const texts = messages.filter((m) => m.from.is_bot).flatMap((m) => [messageText(m), ...buttonsOf(m).map((b) => b.text)]);
	return [...texts, ...answers.map((a) => a.text)]
		.map((t) => plain(t).replace(NAMES, '').replaceAll(d.code, '').replace(/https?:\S+|\/[a-z_]+|@\w+/g, ''))
		.filter((t) => t.trim());
}

const persian = (texts) => texts.filter((t) => /[\u0600-\u06ff]/.test(t.replace('فارسی', '')));
const latin = (texts) => texts.filter((t) => /[A-Za-z]{2}/.test(t.replace(/English|IR\w*|TX-\w+/g, '')));

test('each side reads its own language, whoever acts, from the first word to the last', async () => {
	await idle();
	const heard = [(await sara.view()).messages.length, (await reza.view()).messages.length];
	expect(heard[0] && heard[1], 'nobody heard anything');
	const d = await draft({ by: 'buyer', title: TITLE, price: '۲ میلیون تومان' });
	await d.goes('AWAIT_PAY');
	await d.press(reza, 'more_time');
	await d.pays('refuse');
	await later(35 * MINUTE);
	await d.press(reza, 'cancel');
	await d.press(reza, 'back');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('CANCELLED');
	const quarrel = await (await draft({ title: TITLE, price: '۲ میلیون تومان' })).goes('FUNDED');
	await quarrel.press(reza, 'cancel');
	await quarrel.press(reza, 'cancel.yes');
	await quarrel.press(sara, 'refuse_cancel');
	await quarrel.press(sara, 'ask_time');
	await quarrel.press(reza, 'grant_time');
	await quarrel.press(sara, 'ship');
	await sara.sees(/[^]/);
	await asks(sara, 'TX-90817264');
	await quarrel.press(sara, 'carrier.4');
	await quarrel.reaches('SHIPPED');
	await quarrel.press(sara, 'say_delivered');
	await quarrel.reaches('DELIVERED');
	await quarrel.tells(reza, 'report', '«نمی‌شنوم»');
	await quarrel.tells(sara, 'answer', 'no');
	await quarrel.escalates();
	await quarrel.press(omid, 'ask_info.buyer', STAFF);
	await quarrel.tells(reza, 'answer', 'x');
	await quarrel.press(omid, 'rule.return', STAFF);
	await quarrel.reaches('RULED');
	await quarrel.press(reza, 'appeal');
	await quarrel.press(reza, 'appeal.yes');
	await quarrel.reaches('DISPUTED');
	await quarrel.accepts();
	await closed(quarrel, 'COMPLETED');
	for (const text of ['/help', '/fee 1000000', '/deals', '/language', '/cancel', '/nonsense', 'hello', '/sell', '/iban', '12']) {
		await asks(reza, text);
		await asks(sara, text);
	}
	await asks(reza, '/cancel');
	await asks(sara, '/cancel');
	await idle();
	const codes = (await sql('SELECT code FROM deal UNION SELECT code FROM receipt')).map((r) => r.code);
	codes.push('PDF'); /* a name of its own in every language */
	codes.push('The screen is broken', '«نمی‌شنوم»'); /* people's own words, which the other side reads as they are */
	const without = (texts) => texts.map((t) => codes.reduce((s, c) => s.replaceAll(c, ''), t));
	same(persian(without(await told(reza, d))), [], 'Persian words for the English reader');
	same(latin(without(await told(sara, d))), [], 'English words for the Persian reader');
});

test('a language that was chosen stays, whatever the phone says', async () => {
	await asks(reza, '/language');
	await reza.presses('lang:fa');
	await reza.sees(/[\u0600-\u06ff]/, { any: true });
	await asks(reza, '/help');
	same(await one(`SELECT language FROM person WHERE outside_id = ${IDS.reza}`), 'fa', 'the language');
	await reza.sees(/[\u0600-\u06ff]{3}/, { any: true });
	const d = await (await draft({ title: 'Lamp' })).goes('AWAIT_PAY');
	const card = await reza.sees(new RegExp(d.code), { any: true });
	expect(/[\u0600-\u06ff]{3}/.test(plain(messageText(card)).replace(NAMES, '')), 'the card is not Persian');
	await later(HOUR + MINUTE);
	await d.is('EXPIRED');
});

test('audit, books, calls and log are clean', nothingWrong);

await run({
	before: async () => {
		const house = await openHouse({ people: false });
		await house.sandbox.call('/sim/person', { as: 'reza', language: 'en' });
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
		for (const who of [sara, reza, mina, omid]) await asks(who, '/start');
	},
	after: closeHouse,
});
