// What takes two operators, and who may not be one of them. The operators sit in the bazaar here, where everybody can
// see their cards: only the two that the configuration names may press.
import { person, run, test, waitFor } from './lib.mjs';
import {
	BAZAAR, DAY, HOUR, IDS, MINUTE, asks, closeHouse, closed,
	draft, expect, idle, later, nothingWrong, one, openHouse, same, settled,
} from './deals.mjs';

const STAFF = { chat: 'bazaar' };
const LOW = '900,000 toman'; // below the sum from which two must rule
const HIGH = '2,000,000 toman';

let sara, reza, mina, omid;

const at = async (wanted, options) => (await draft(options)).goes(wanted);

async function disputed(options) {
	const d = await at('DELIVERED', options);
	await d.reports();
	await d.escalates();
	return d;
}

/** A word of an operator that is answered and changes nothing. */
const onlyNoted = (d, who, act) => d.refuses(who, act, STAFF);

/** The same with its reason and its yes: the first word of two. */
async function firstWord(d, who, act) {
	const before = await d.print();
	await d.press(who, act, STAFF);
	await settled();
	same(await d.print(), before, `deal ${d.code} after ${who.name}'s first word`);
}

async function cardForStaff(d) {
	await omid.says(`/deal ${d.code}`, STAFF);
	await omid.sees(new RegExp(d.code), STAFF);
}

async function freezes(d, what = 'freeze.on') {
	await onlyNoted(d, omid, what);
	await d.forge(mina, what, STAFF);
	const wanted = what === 'freeze.on';
	await waitFor(async () => Boolean((await d.row()).rest.frozen) === wanted, { what: `deal ${d.code} after ${what}` });
}

test('who is no operator sees the group but rules nothing', async () => {
	const d = await disputed({ price: LOW });
	for (const who of [sara, reza])
		for (const act of ['rule.release', 'rule.refund', 'rule.split', 'ask_info.buyer', 'freeze.on']) await d.refuses(who, act, STAFF);
	for (const who of [mina, omid]) await d.refuses(who, 'rule.release');
	await d.press(omid, 'rule.release', STAFF);
	await d.reaches('RULED');
	await later(2 * DAY + MINUTE);
	await closed(d, 'COMPLETED');
});

test('an operator who is a party rules nothing in that deal, and freezes nothing', async () => {
	const d = await disputed({ seller: omid, buyer: reza, price: LOW });
	for (const act of ['rule.release', 'rule.refund', 'freeze.on', 'ask_info.buyer']) await d.refuses(omid, act, STAFF);
	await onlyNoted(d, mina, 'freeze.on');
	await d.refuses(omid, 'freeze.on', STAFF);
	await d.press(mina, 'rule.refund', STAFF);
	await d.reaches('RULED');
	await d.press(omid, 'appeal');
	await d.press(omid, 'appeal.yes');
	await d.reaches('DISPUTED');
	await d.refuses(omid, 'rule.release', STAFF);
	await d.press(omid, 'return_fine');
	await d.press(omid, 'return_fine.yes');
	await closed(d, 'REFUNDED');
});

test('above the limit two operators must rule the same', async () => {
	const d = await disputed({ price: HIGH });
	await firstWord(d, omid, 'rule.release');
	await firstWord(d, omid, 'rule.release');
	await firstWord(d, mina, 'rule.refund');
	await firstWord(d, omid, 'rule.release');
	await later(DAY + MINUTE);
	await firstWord(d, mina, 'rule.release'); // the first word is too old
	await d.press(omid, 'rule.release', STAFF);
	await d.reaches('RULED');
	const people = await one(`SELECT actor_id || ' ' || second_id FROM deal_history WHERE deal_id = ${d.id} ORDER BY version DESC LIMIT 1`);
	same(new Set(people.split(' ')).size, 2, `two different operators (${people})`);
	await later(2 * DAY + MINUTE);
	await closed(d, 'COMPLETED');
});

test('above the limit two operators must name the same split', async () => {
	const d = await disputed({ price: HIGH });
	const splits = async (who, toman) => {
		await d.press(who, 'rule.split', STAFF);
		await who.sees(/[^]/, STAFF);
		await asks(who, `${toman} toman`, STAFF);
		await d.reasons(who, `rule.split-${toman * 10}`, 'bazaar');
		await settled();
	};
	await splits(omid, 500_000);
	await splits(mina, 600_000);
	await d.is('DISPUTED');
	await splits(omid, 600_000);
	await d.reaches('RULED');
	same((await d.row()).rest.ruling_to_buyer, 6_000_000, 'the part for the buyer');
	await later(2 * DAY + MINUTE);
	await closed(d, 'SPLIT_CLOSED');
});

test('an appeal is heard by another operator, once', async () => {
	const d = await disputed({ price: LOW });
	await d.refuses(reza, 'appeal');
	await d.press(omid, 'rule.release', STAFF);
	await d.reaches('RULED');
	await d.refuses(omid, 'appeal', STAFF);
	await d.refuses(mina, 'appeal');
	await d.press(reza, 'appeal');
	await d.press(reza, 'appeal.yes');
	await d.reaches('DISPUTED');
	await onlyNoted(d, omid, 'rule.release');
	await d.press(mina, 'rule.refund', STAFF);
	await d.reaches('RULED');
	for (const who of [sara, reza]) await d.refuses(who, 'appeal');
	await later(2 * DAY + MINUTE);
	await closed(d, 'REFUNDED');
});

test('an appeal that no other operator hears in five days may be ruled by the first one', async () => {
	const d = await disputed({ price: LOW });
	await d.press(omid, 'rule.release', STAFF);
	await d.reaches('RULED');
	await d.press(reza, 'appeal');
	await d.press(reza, 'appeal.yes');
	await d.reaches('DISPUTED');
	await later(5 * DAY - MINUTE);
	await onlyNoted(d, omid, 'rule.release');
	await later(2 * MINUTE);
	await d.press(omid, 'rule.release', STAFF);
	await d.reaches('RULED');
	await later(2 * DAY + MINUTE);
	await closed(d, 'COMPLETED');
});

test('an appeal comes too late after two days', async () => {
	const d = await disputed({ price: LOW });
	await d.press(omid, 'rule.refund', STAFF);
	await d.reaches('RULED');
	await later(2 * DAY + MINUTE);
	await d.refuses(sara, 'appeal');
	await closed(d, 'REFUNDED');
});

test('a frozen deal stands still: no button, no clock; thawed by two, its deadlines have moved', async () => {
	const d = await at('FUNDED', { price: LOW });
	await cardForStaff(d);
	await onlyNoted(d, omid, 'freeze.on');
	await onlyNoted(d, omid, 'freeze.on');
	await d.press(mina, 'freeze.on', STAFF);
	await waitFor(async () => (await d.row()).rest.frozen, { what: 'the freeze' });
	await d.refuses(omid, 'freeze.on', STAFF);
	await d.refuses(sara, 'ship');
	await d.refuses(sara, 'cancel.yes');
	await d.refuses(reza, 'cancel.yes');
	expect(!(await d.offers(sara, 'ship')), 'the seller’s card still has a button');
	const [{ due_ms }] = await d.timers();
	await later(5 * DAY);
	await d.is('FUNDED');
	await onlyNoted(d, mina, 'freeze.off');
	await d.refuses(reza, 'freeze.off', STAFF);
	await d.press(omid, 'freeze.off', STAFF);
	await waitFor(async () => !(await d.row()).rest.frozen, { what: 'the thaw' });
	const [{ due_ms: moved }] = await d.timers();
	expect(moved - due_ms >= 5 * DAY * 1000 && moved - due_ms < 5 * DAY * 1000 + 600_000, `moved by ${(moved - due_ms) / 1000} s`);
	await later(2 * DAY);
	await d.is('FUNDED');
	await d.goes('COMPLETED');
});

test('a payout that is due while the deal is frozen leaves after the thaw', async () => {
	const d = await at('PAYOUT_DUE', { price: LOW });
	await asks(sara, '/iban');
	await asks(sara, 'IR062960000000100324200001');
	await freezes(d);
	await later(3 * HOUR);
	await idle();
	same((await d.atBank()).payouts, [], 'payouts of a frozen deal');
	await freezes(d, 'freeze.off');
	await closed(d, 'COMPLETED');
});

test('money for a frozen deal is looked at by operators: taken or given back', async () => {
	for (const [word, end] of [['take', 'COMPLETED'], ['back', 'REFUNDED']]) {
		const d = await at('AWAIT_PAY', { price: HIGH });
		await d.payment();
		await freezes(d);
		await d.pays();
		await d.reaches('PAY_REVIEW');
		await d.refuses(omid, `review.${word}`, STAFF);
		await freezes(d, 'freeze.off');
		for (const who of [sara, reza]) await d.refuses(who, `review.${word}`, STAFF);
		await onlyNoted(d, omid, `review.${word}`);
		await d.press(mina, `review.${word}`, STAFF);
		await d.reaches(end === 'COMPLETED' ? 'FUNDED' : end); // given back is undone at the bank at once
		if (end === 'COMPLETED') await d.goes(end);
		else await closed(d, end);
	}
});

test('audit, books, calls and log are clean', nothingWrong);

await run({
	before: async () => {
		await openHouse({
			env: {
				SEPAREX_TELEGRAM_OPERATORS_CHAT: String(BAZAAR),
				SEPAREX_STAFF_OPERATORS: `${IDS.mina} ${IDS.omid}`,
				SEPAREX_DEAL_RULING_TWO_PERSON_TOMAN: '1000000',
			},
		});
		[sara, reza, mina, omid] = ['sara', 'reza', 'mina', 'omid'].map(person);
	},
	after: closeHouse,
});
