// Payouts that travel by the banks' cycles: when the hours that are always promised cannot be kept, both sides are told
// by when the money arrives; when they can, nobody is told of banks.
import { person, run, test } from './lib.mjs';
import { DAY, HOUR, closeHouse, closed, draft, hasIban, idle, later, openHouse, same, settled } from './deals.mjs';

const LATE = /🏦.*(12:45|۱۲:۴۵)/;
const WEEK_FROM = 4; // 1970-01-01 was a Thursday
const FRIDAY = 5;
const TEHRAN_MS = 12_600_000;

let house, sara, reza;

const now = async () => (await house.sandbox.call('/sim/clock')).now_ms + TEHRAN_MS;

/** Moves the clock to that hour of the next day that `wanted` takes (0 Sunday to 6 Saturday). */
async function until(wanted, hour) {
	const ms = await now();
	let day = Math.floor(ms / (DAY * 1000));
	while (!wanted((day + WEEK_FROM) % 7) || day * DAY * 1000 + hour * HOUR * 1000 <= ms) day++;
	await later(day * DAY + hour * HOUR - ms / 1000);
}

async function accepted() {
	const d = await draft();
	await d.goes('DELIVERED');
	await d.accepts();
	await settled();
	await idle();
	return d;
}

const cards = async (who) => (await who.view()).messages.filter((m) => LATE.test(m.text ?? ''));

test('on a Friday both hear by when it arrives; the money arrives', async () => {
	await hasIban(sara);
	await until((weekday) => weekday === FRIDAY, 9);
	const d = await accepted();
	for (const who of [sara, reza]) same((await cards(who)).filter((m) => m.text.includes(d.code)).length > 0, true, `${who.name} is told`);
	await later(2 * HOUR);
	await closed(d, 'COMPLETED');
});

test('when the hours can be kept nobody is told of banks', async () => {
	await closeHouse();
	// Every day is a bank's day here, so that no holiday of the year in which this runs matters.
	await begin({ SEPAREX_PAYOUT_THURSDAY_CYCLES: '12:45', SEPAREX_PAYOUT_HOLIDAY_CYCLES: '12:45' });
	await hasIban(sara);
	await until(() => true, 9);
	const d = await accepted();
	for (const who of [sara, reza]) same((await cards(who)).length, 0, `${who.name}’s notes on banks`);
	await later(2 * HOUR);
	await closed(d, 'COMPLETED');
});

async function begin(more = {}) {
	house = await openHouse({
		env: { SEPAREX_PAYOUT_COUNTS_CYCLES: 'on', SEPAREX_PAYOUT_CYCLES: '12:45', SEPAREX_PAYOUT_THURSDAY_CYCLES: '', ...more },
	});
	[sara, reza] = ['sara', 'reza'].map(person);
}

await run({ before: begin, after: closeHouse });
