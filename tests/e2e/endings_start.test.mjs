// How a deal begins: one line or a wizard, drafts and their changes, the link, the other side, agreement, refusal, silence.
import { person, restartBot, run, test, waitFor } from './lib.mjs';
import {
	DAY, HOUR, IDS, MINUTE, REMINDED, asks, closeHouse, draft, expect,
	lastDeal, later, newest, nothingWrong, one, openHouse, remindersOf, same, settled,
} from './deals.mjs';

let sara, reza, mina;

const step = (who) => one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`);

/** The wizard's answer is another question: nothing was made and the step is the same. */
async function staysIn(wanted, who, text, more) {
	const deals = await lastDeal();
	await who.says(text, more);
	await who.sees(/[^]/);
	same([await step(who), await lastDeal()], [wanted, deals], `after "${text}"`);
}

async function drops(d) {
	await d.press(d.maker, 'cancel');
	await d.reaches('CANCELLED');
}

test('one line by the seller makes a draft with title and price', async () => {
	const d = await draft({ title: 'Guitar', price: '2,500,000 toman' });
	const { state, title, price, fee, seller_id, buyer_id } = await d.row();
	same([state, title, price, fee, buyer_id], ['DRAFT', 'Guitar', 25_000_000, 250_000, null], 'the draft');
	expect(seller_id, 'the seller is not seated');
	await drops(d);
});

test('one line by the buyer: the seller joins', async () => {
	const d = await draft({ by: 'buyer', title: 'گوشی', price: '۲ میلیون' });
	same([(await d.row()).price, (await d.row()).seller_id], [20_000_000, null], 'the draft');
	await d.goes('AWAIT_PAY');
	same(await one(`SELECT outside_id FROM person WHERE id = ${(await d.row()).seller_id}`), IDS.sara, 'the seller');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('CANCELLED');
});

test('the wizard asks for what is missing, and keeps every step over a restart', async () => {
	const after = await lastDeal();
	await asks(sara, '/sell');
	await restartBot();
	same(await step(sara), 'new_title', 'the step after a restart');
	await asks(sara, 'Red bicycle');
	await restartBot();
	await staysIn('new_price', sara, 'a lot of money');
	await staysIn('new_price', sara, null, { photo: true });
	await sara.says('3.2 million');
	const d = await newest(sara, { after });
	same([(await d.row()).title, (await d.row()).price], ['Red bicycle', 32_000_000], 'the draft');
	same(await step(sara), undefined, 'the step after the draft');
	await drops(d);
});

test('a title first, then a line with a price: nothing is asked twice', async () => {
	const after = await lastDeal();
	await asks(reza, '/buy');
	await staysIn('new_title', reza, null, { photo: true });
	await reza.says('Lamp 450,000 toman');
	const d = await newest(reza, { after });
	same([(await d.row()).title, (await d.row()).price], ['Lamp', 4_500_000], 'the draft');
	await drops(d);
});

test('doubtful amounts and amounts out of the limits get a word, and the price is asked for again', async () => {
	await asks(sara, '/sell Sofa');
	const doubtful = ['0', '-5 million', '5-6 million', '300 dollars', '99999999999999999999', 'apples', '5000 toman', '600 million', '500 million'];
	for (const text of doubtful) await staysIn('new_price', sara, text);
	const after = await lastDeal();
	await sara.says('49.7 million');
	const d = await newest(sara, { after });
	same((await d.row()).price, 497_000_000, 'the price');
	await drops(d);
	for (const line of ['/sell Sofa 600 million', '/sell Sofa 1000 toman', '/buy Sofa 300 dollars']) {
		const before = await lastDeal();
		await asks(sara, line);
		same([await step(sara), await lastDeal()], ['new_price', before], line);
	}
	await asks(sara, '/cancel');
});

test('any command leaves the wizard, but who asks for help stays in it', async () => {
	await asks(sara, '/sell Sofa');
	await asks(sara, '/help');
	same(await step(sara), 'new_price', 'the step after /help');
	for (const command of ['/deals', '/fee 1000000', '/language', '/cancel', '/unheard_of']) {
		await asks(sara, '/sell Sofa');
		same(await step(sara), 'new_price', 'the step');
		await asks(sara, command);
		same(await step(sara), undefined, `the step after ${command}`);
	}
});

test('price, title and fee payer of a draft can be changed, over restarts', async () => {
	const d = await draft({ title: 'Desk', price: '1 million' });
	await d.press(sara, 'price');
	await sara.sees(/[^]/);
	await restartBot();
	await staysIn('edit_price', sara, 'cheap');
	await staysIn('edit_price', sara, '700 million');
	await asks(sara, '1.2 million');
	same((await d.row()).price, 12_000_000, 'the new price');
	await d.press(sara, 'title');
	await sara.sees(/[^]/);
	await restartBot();
	await staysIn('edit_title', sara, null, { photo: true });
	await asks(sara, 'Oak desk');
	same((await d.row()).title, 'Oak desk', 'the new title');
	const payers = [];
	for (let i = 0; i < 3; i++) {
		const { version } = await d.row();
		await d.press(sara, 'fee');
		await settled();
		same((await d.row()).version, version + 1, 'the version after a change of the payer');
		payers.push((await d.row()).fee_payer);
	}
	same([...new Set(payers)].length, 3, `three different payers: ${payers}`);
	await d.goes('AWAIT_PAY');
	same((await d.payment()).amount, 12_000_000 + 60_000, 'what the buyer is asked for');
	await d.refuses(sara, 'price');
	await d.refuses(sara, 'fee');
	await d.press(reza, 'cancel');
	await d.press(reza, 'cancel.yes');
	await d.reaches('CANCELLED');
});

test('the fee payer changes also where the buyer cannot pay the fee within one payment', async () => {
	const d = await draft({ title: 'Car part', price: '49.7 million' });
	const payers = [];
	for (let i = 0; i < 2; i++) {
		await d.press(sara, 'fee');
		await settled();
		payers.push((await d.row()).fee_payer);
	}
	same(new Set(payers).size, 2, `payers in turn: ${payers}`);
	await drops(d);
});

test('a draft dies after a day, not before', async () => {
	const d = await draft();
	await later(DAY - MINUTE);
	await d.is('DRAFT');
	await later(2 * MINUTE);
	await d.is('EXPIRED');
});

test('the seat is taken once: not by oneself, not by a third person, not before the link is made', async () => {
	const d = await draft();
	await asks(reza, `/start d_${d.code}`);
	same((await d.row()).buyer_id, null, 'the seat of a draft');
	await d.goes('OFFERED');
	const open = await d.print();
	await asks(sara, `/start d_${d.code}`);
	same(await d.print(), open, 'the deal after its own seller opened the link');
	await d.joins();
	const seated = await d.print();
	await asks(mina, `/start d_${d.code}`);
	same(await d.print(), seated, 'the deal after a third person opened the link');
	await asks(reza, `/start d_${d.code.toLowerCase()}`);
	same(await d.print(), seated, 'the deal after the buyer opened the link again');
	await asks(mina, '/start d_NOSUCHCODE');
	await d.press(reza, 'decline');
	await d.reaches('CANCELLED');
	await asks(mina, `/start d_${d.code}`);
});

test('agreeing needs the terms that are on the screen', async () => {
	const d = await draft();
	const old = (await d.row()).terms_hash.slice(0, 32);
	await d.press(sara, 'price');
	await sara.sees(/[^]/);
	await asks(sara, '3 million');
	await d.goes('OFFERED');
	await d.joins();
	await d.refuses(reza, `agree.${old}`);
	await d.refuses(reza, 'agree');
	await d.refuses(reza, 'agree.');
	await d.refuses(sara, `agree.${(await d.row()).terms_hash.slice(0, 32)}`);
	await d.press(reza, 'agree');
	await d.reaches('AWAIT_PAY');
	await d.refuses(reza, `agree.${(await d.row()).terms_hash.slice(0, 32)}`);
	await d.refuses(reza, 'decline');
	await later(HOUR + MINUTE);
	await d.is('EXPIRED');
});

test('an offer can be declined by the other side, and taken back by its maker', async () => {
	const one_ = await draft();
	await one_.goes('OFFERED');
	await one_.joins();
	await one_.press(reza, 'decline');
	await one_.reaches('CANCELLED');
	await sara.sees(/[^]/);
	const two = await draft();
	await two.goes('OFFERED');
	await two.press(sara, 'decline');
	await two.reaches('CANCELLED');
	await asks(reza, `/start d_${two.code}`);
	same((await two.row()).buyer_id, null, 'the seat of an offer that was taken back');
});

test('an offer expires after two days, with or without the other side', async () => {
	const alone = await draft();
	const seated = await draft({ title: 'Chair' });
	await alone.goes('OFFERED');
	await seated.goes('OFFERED');
	await seated.joins();
	await later(2 * DAY - MINUTE);
	await alone.is('OFFERED');
	await later(2 * MINUTE);
	await alone.is('EXPIRED');
	await seated.is('EXPIRED');
	await seated.refuses(reza, 'decline');
});

test('both are reminded of an offer that waits', async () => {
	const d = await draft();
	await d.goes('OFFERED');
	await d.joins();
	same(await remindersOf(2 * DAY, [reza, sara]), [REMINDED, REMINDED], 'messages to buyer and seller');
	await later(HOUR);
	await d.is('EXPIRED');
});

test('a deal that begins in a group is joined from there, and goes on in private', async () => {
	const after = await lastDeal();
	await sara.says('/sell Ring 700,000 toman', { chat: 'bazaar' });
	const d = await newest(sara, { after });
	await d.reaches('OFFERED');
	const { button } = await sara.seesButton(/[^]/, { chat: 'bazaar' });
	same(button.url, d.link, 'the button in the group');
	await reza.presses(button.text, { chat: 'bazaar' });
	await d.press(reza, 'agree');
	await d.reaches('AWAIT_PAY');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('CANCELLED');
});

test('a passer-by does not spoil an offer to a group: who declines leaves the seat, and its maker can turn somebody away', async () => {
	const after = await lastDeal();
	await sara.says('/sell Watch 900,000 toman', { chat: 'bazaar' });
	const d = await newest(sara, { buyer: mina, after });
	const buyer = () => one(`SELECT buyer_id FROM deal WHERE id = ${d.id}`);
	await d.refuses(sara, 'turn_away');
	await d.joins();
	await d.press(mina, 'decline');
	await waitFor(async () => (await buyer()) === null, { what: 'the seat to be free' });
	await d.is('OFFERED');
	await d.refuses(mina, 'agree');
	await d.joins();
	await d.refuses(mina, 'turn_away');
	await d.press(sara, 'turn_away');
	await waitFor(async () => (await buyer()) === null, { what: 'the seat to be free again' });
	Object.assign(d, { buyer: reza, other: reza });
	await d.joins();
	await d.press(reza, 'agree');
	await d.reaches('AWAIT_PAY');
	await d.refuses(sara, 'turn_away');
	await d.press(reza, 'cancel');
	await d.press(reza, 'cancel.yes');
	await d.reaches('CANCELLED');
});

test('audit, books, calls and log are clean', () => nothingWrong());

await run({
	before: async () => {
		await openHouse();
		[sara, reza, mina] = ['sara', 'reza', 'mina'].map(person);
	},
	after: closeHouse,
});
