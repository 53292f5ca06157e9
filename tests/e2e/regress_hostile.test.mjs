// What a hostile reading of the code found: each test is one way in which somebody could have lost money or words.
import { buttonsOf, person, run, test } from './lib.mjs';
import {
	asks, closeHouse, draft, idle, nothingWrong, one, openHouse, postCode, same, settled, sql,
} from './deals.mjs';

const STAFF = { chat: 'staff' };
const PIECES = 20; // of one story

let house, sara, reza, omid;

const at = async (wanted, options) => (await draft(options)).goes(wanted);

test('a yes to cancelling an unpaid deal is none once it is paid', async () => {
	const d = await at('AWAIT_PAY');
	await d.press(sara, 'cancel');
	const yes = await sara.waits('private', 20_000, 'is asked', ({ messages }) =>
		messages.flatMap(buttonsOf).find((b) => b.callback_data?.startsWith(`d:${d.code}:cancel.yes`)),
	);
	await d.pays();
	await d.reaches('FUNDED');
	await d.forge(sara, yes.callback_data.split(':')[2]);
	await settled();
	await d.is('FUNDED');
	await d.press(sara, 'back');
	await d.goes('COMPLETED');
});

test('one side cannot use up the room for the other side’s proof', async () => {
	const d = await at('DELIVERED');
	await d.press(reza, 'report');
	await reza.sees(/[^]/);
	for (let i = 0; i < PIECES + 3; i++) await reza.says(`photo ${i}`, { photo: true });
	await reza.sees(/all we can keep|اندازهٔ کافی/);
	await d.press(reza, 'report_done');
	await d.reaches('ISSUE');
	same(await one(`SELECT COUNT(*) FROM evidence WHERE deal_id = ${d.id} AND role = 1`), PIECES, 'pieces of the buyer');
	await d.press(sara, 'answer');
	await sara.sees(/[^]/);
	await sara.says('my side', { photo: true });
	await sara.sees(/Noted|یادداشت|ثبت شد/);
	await d.press(sara, 'answer_done');
	await omid.sees(/my side/, { ...STAFF, any: true });
	await d.press(reza, 'withdraw');
	await d.press(reza, 'withdraw.yes');
	await d.reaches('DELIVERED');
	await d.goes('COMPLETED');
});

test('a long story reaches the operators whole', async () => {
	const d = await at('DELIVERED');
	const long = `${'It came broken & wet. '.repeat(130)}THE END`;
	await d.tells(reza, 'report', 'see the photo');
	await d.reaches('ISSUE');
	await d.press(sara, 'answer');
	await sara.sees(/[^]/);
	await sara.says(long);
	await sara.sees(/Noted|یادداشت|ثبت شد/);
	await d.press(sara, 'answer_done');
	await omid.sees(/It came broken[^]*…/, { ...STAFF, any: true });
	await omid.sees(/THE END/, { ...STAFF, any: true });
	await d.press(reza, 'withdraw');
	await d.press(reza, 'withdraw.yes');
	await d.reaches('DELIVERED');
	await d.goes('COMPLETED');
});

test('nobody claims a tracking code for a deal in which nothing is sent', async () => {
	const mine = await at('OFFERED', { title: 'Bait' });
	const d = await at('FUNDED');
	const code = postCode();
	await mine.refuses(sara, 'ship_back');
	await asks(sara, code); // sent without a button: shipped in the one deal that waits for a code
	await d.reaches('SHIPPED');
	same(await sql(`SELECT deal_id FROM tracking_code WHERE code = '${code}'`), [{ deal_id: d.id }], 'whose code it is');
	await d.goes('COMPLETED');
	await mine.press(sara, 'decline');
	await mine.reaches('CANCELLED');
});

test('a browser that loads its return again does not make us write again', async () => {
	const d = await at('AWAIT_PAY');
	const { order_id: order } = await d.payment();
	await d.pays('refuse');
	await reza.sees(/did not go through|انجام نشد/);
	await idle();
	const before = (await reza.view()).messages.length;
	for (let i = 0; i < 3; i++) {
		await fetch(`${house.bot.url}/bank/sandbox/return?order_id=${order}&token=t&status=0`, { redirect: 'manual' });
		await idle();
	}
	same((await reza.view()).messages.length, before, 'messages after three reloads');
	await d.press(sara, 'cancel');
	await d.press(sara, 'cancel.yes');
	await d.reaches('CANCELLED');
});

test('every card says that it is practice', async () => {
	const d = await at('OFFERED');
	await sara.sees(/Practice|تمرین/, { any: true });
	await d.press(sara, 'decline');
});

test('audit, books, calls and log are clean', nothingWrong);

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, omid] = ['sara', 'reza', 'omid'].map(person);
	},
	after: closeHouse,
});
