// What pages look like, held against pictures in tests/web/golden. GOLDEN=renew writes them anew: look at each before it is
// committed. What changes by itself (moments, codes, references) gets one and the same text.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { PHONE, ROOT, SCREENSHOTS, WIDE, launchBrowser, live, openPage, run, startAll, startSandbox, test, waitFor } from './lib.mjs';
import { SMALL, firstDealToPay } from './payments.mjs';

const GOLDEN = join(ROOT, 'tests/web/golden');
const RENEW = process.env.GOLDEN === 'renew';
const STEP_MOST = 48; // of 255 by which a colour may differ: how letters are smoothed is the machine's
const APART_MOST = 0.002; // the part of all pixels that may differ by more

let w;
let browser;
let url;

/** The part of the pixels that differ, and a picture of where; sizes that differ are wholly apart. */
function compare(a, b) {
	const where = new PNG({ width: a.width, height: a.height });
	if (a.width !== b.width || a.height !== b.height) return { apart: 1, where };
	let apart = 0;
	for (let i = 0; i < a.data.length; i += 4) {
		const far = [0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > STEP_MOST);
		apart += far;
		where.data.set(far ? [255, 0, 0, 255] : [230, 230, 230, 255], i);
	}
	return { apart: apart / (a.width * a.height), where };
}

/** Throws when the page does not look like the picture of that name; leaves both and the difference in BUILD/screenshots. */
async function looksLike(page, name) {
	const path = join(GOLDEN, `${name}.png`);
	await page.evaluate(() => document.fonts.ready);
	await steady(page);
	const bytes = await page.screenshot({ scale: 'css', animations: 'disabled', caret: 'hide' });
	mkdirSync(GOLDEN, { recursive: true });
	mkdirSync(SCREENSHOTS, { recursive: true });
	writeFileSync(join(SCREENSHOTS, `golden-${name}.png`), bytes);
	if (RENEW) writeFileSync(path, bytes);
	assert.ok(existsSync(path), `no picture ${name}: GOLDEN=renew writes it`);
	const { apart, where } = compare(PNG.sync.read(readFileSync(path)), PNG.sync.read(bytes));
	if (apart > APART_MOST) writeFileSync(join(SCREENSHOTS, `golden-${name}-where.png`), PNG.sync.write(where));
	assert.ok(apart <= APART_MOST, `${name}: ${(100 * apart).toFixed(2)} % of it look different, see BUILD/screenshots/golden-${name}*.png`);
}

const opens = (address, options) => openPage(browser, address, { origins: [w.sandbox.url, w.bot.url], ...options });

/** Gives what is made anew each time (moments, codes, references) one and the same text, so that nothing moves by it. */
const steady = (page) =>
	page.evaluate(() => {
		for (const dd of document.querySelectorAll('dd'))
			if (/[A-Z0-9]{8}|[0-9۰-۹]{15,}|[0-9۰-۹]:[0-9۰-۹]{2}/.test(dd.textContent.replace(/[\u2066-\u2069]/g, ''))) dd.textContent = '•••••••';
		for (const words of document.querySelectorAll('.meta, .day')) {
			const text = [...words.childNodes].findLast((n) => /[0-9۰-۹]/.test(n.textContent));
			if (text) text.textContent = '••••';
		}
		const clock = document.querySelector('#clock'); // its text would come back with the next minute
		if (clock) Object.assign(clock.style, { visibility: 'hidden', width: '6rem', overflow: 'hidden' });
	});

for (const [lang, dark] of [['fa', false], ['en', true]])
	test(`the payment page before paying: ${lang}`, async () => {
		const page = await opens(`${url}?lang=${lang}`, { viewport: SMALL, dark });
		await page.locator('form[action$="/go"] button').waitFor();
		await looksLike(page, `payment-open-${lang}-phone`);
		await page.context().close();
	});

test('the bank’s page, and the payment page when it is paid', async () => {
	const page = await opens(`${url}/now`, { viewport: SMALL });
	await page.waitForURL((u) => u.href.startsWith(w.sandbox.url));
	await looksLike(page, 'bank-fa-phone');
	await page.locator('button[value=pay]').click();
	await page.waitForURL((u) => u.href.startsWith(w.bot.url));
	await page.locator('.notice.good').waitFor();
	await page.context().close();
	const en = await opens(`${url}?lang=en`, { viewport: SMALL });
	await looksLike(en, 'payment-paid-en-phone');
	await en.context().close();
});

/** A sandbox without the bot: everything on its page is what this test says. */
async function onSandbox(body) {
	const sandbox = await startSandbox();
	try {
		for (const as of ['sara', 'reza']) await sandbox.call('/sim/message', { as, chat: 'private', text: '/start' });
		const inline_keyboard = [[{ text: 'می‌فروشم؛ لینک بساز', callback_data: 'a', style: 'success' }], [{ text: 'تغییر قیمت', callback_data: 'b' }, { text: 'لغو معامله', callback_data: 'c', style: 'danger' }]];
		const text = '🍎 نشان شما: سیب · فروش: <b>گوشی A52</b>\nقیمت: ۲٬۵۰۰٬۰۰۰ تومان\n\n🟡 منتظر پاسخ رضا هستیم.';
		await sandbox.api('sendMessage', { chat_id: 1001, text, parse_mode: 'HTML', reply_markup: { inline_keyboard } });
		await body(sandbox);
	} finally {
		await sandbox.stop();
	}
}

for (const [name, viewport] of [['wide', WIDE], ['phone', PHONE]])
	test(`the practice page: ${name}`, () =>
		onSandbox(async (sandbox) => {
			const page = await openPage(browser, `${sandbox.url}/`, { viewport });
			await page.emulateMedia({ reducedMotion: 'reduce' });
			await live(page);
			await page.locator('#phone-sara .message').last().waitFor();
			await looksLike(page, `practice-fa-${name}`);
			await page.context().close();
		}));

test('the look itself: another sum and another button are noticed', async () => {
	const page = await opens(`${url}?lang=en`, { viewport: SMALL });
	const name = 'payment-paid-en-phone';
	const golden = PNG.sync.read(readFileSync(join(GOLDEN, `${name}.png`)));
	for (const change of [() => document.querySelector('.notice').remove(), () => (document.querySelector('.digits').textContent = '9,999,999 toman')]) {
		await page.goto(`${url}?lang=en`);
		await page.evaluate(change);
		await steady(page);
		const seen = PNG.sync.read(await page.screenshot({ scale: 'css', animations: 'disabled', caret: 'hide' }));
		assert.ok(compare(golden, seen).apart > APART_MOST, `${change} is not noticed`);
	}
	await page.context().close();
});

await run({
	before: async () => {
		w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
		browser = await launchBrowser();
		url = await firstDealToPay();
	},
	after: async () => {
		await browser?.close();
		await w?.stop();
	},
});
