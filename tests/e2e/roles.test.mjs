// Who of the staff may do what: readers look, mediators rule, treasurers pay; and each act is written down.
import { person, run, test } from './lib.mjs';
import { HOUR, MINUTE, asks, closeHouse, closed, draft, expect, hasIban, later, one, openHouse, same, settled, sql } from './deals.mjs';

const STAFF = { chat: 'bazaar' };
const [READER, MEDIATOR] = [1003, 5000000004];

let house, sara, mina, omid;

async function quarrel() {
	const d = await draft();
	await d.goes('DELIVERED');
	await d.reports();
	await d.escalates();
	return d;
}

async function begin(env) {
	house = await openHouse({ env: { SEPAREX_TELEGRAM_OPERATORS_CHAT: '-1001000000001', ...env } });
	[sara, mina, omid] = ['sara', 'mina', 'omid'].map(person);
}

test('a reader sees the case and moves nothing; a mediator rules; neither pays', async () => {
	const d = await quarrel();
	for (const act of ['rule.release', 'rule.refund', 'ask_info.buyer', 'freeze.on', 'payout_ok', 'review.take']) await d.refuses(mina, act, STAFF);
	await asks(mina, '/books', STAFF);
	for (const who of [mina, omid]) {
		await who.says('/batch', STAFF);
		await settled();
	}
	same(await one('SELECT COUNT(*) FROM payout_batch'), 0, 'batches');
	await d.is('DISPUTED');
	await d.refuses(sara, 'freeze.on', STAFF);
	await d.press(omid, 'freeze.on', STAFF);
	await settled();
	same(await one(`SELECT COUNT(*) FROM staff_act WHERE deal_id = ${d.id} AND person_id = (SELECT id FROM person WHERE outside_id = ${MEDIATOR})`) > 0, true, 'what the mediator did is written down');
	same(await one(`SELECT COUNT(*) FROM staff_act WHERE person_id = (SELECT id FROM person WHERE outside_id = ${READER})`), 0, 'what the reader did');
});

test('a treasurer approves money and rules on nothing; what is written down stays', async () => {
	await closeHouse();
	await begin({ SEPAREX_STAFF_TREASURERS: `${READER} ${MEDIATOR}`, SEPAREX_PAYOUT_TWO_PERSON_TOMAN: '1000000' });
	const d = await draft();
	await d.goes('DELIVERED');
	await d.accepts();
	await hasIban(sara);
	await later(HOUR + MINUTE);
	await d.press(mina, 'payout_ok', STAFF);
	await settled();
	await d.is('PAYOUT_DUE');
	await d.press(omid, 'payout_ok', STAFF);
	await later(3 * MINUTE);
	await closed(d, 'COMPLETED');
	const other = await quarrel();
	for (const act of ['rule.release', 'freeze.on', 'ask_info.buyer', 'review.take']) await other.refuses(omid, act, STAFF);
	await other.is('DISPUTED');
	const acts = await sql('SELECT act FROM staff_act ORDER BY id');
	expect(acts.some((a) => a.act === 'FIRST_WORD') && acts.some((a) => a.act === 'PAYOUT_APPROVED'), JSON.stringify(acts));
});

await run({ before: () => begin({ SEPAREX_STAFF_READERS: `${READER}`, SEPAREX_STAFF_MEDIATORS: `${MEDIATOR}` }), after: closeHouse });
