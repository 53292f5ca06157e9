// The payment page and the practice bank's page in a real browser on a small phone: a buyer pays, is refused, comes
// back, is lied about, comes too late. The bot is the real one.
import assert from 'node:assert/strict';
import { assertFits, assertNoFaults, assertNoViolations, clock, launchBrowser, openPage, person, run, screenshot, startAll, test, waitFor } from './lib.mjs';
import { PAGE, SMALL, dealToPay } from './payments.mjs';

let w;
let browser;

/** The page on a small phone; faults are checked when `shows` is. */
const opens = (url, options = {}) => openPage(browser, url, { viewport: SMALL, origins: [w.sandbox.url], ...options });

const notice = (page, tone) => page.locator(`.notice.${tone}`);
const toBank = (page) => page.locator('form[action$="/go"] button');
const atBank = (page) => page.waitForURL((u) => u.href.startsWith(`${w.sandbox.url}/bank/pay`));
const atUs = (page) => page.waitForURL((u) => u.href.startsWith(w.bot.url));

/** Waits until the page is at the point of offering the bank, and presses. */
async function goesToBank(page) {
	await toBank(page).waitFor();
	await toBank(page).click();
	await atBank(page);
}

/** Presses one of the bank's buttons. */
async function choosesAtBank(page, act) {
	const button = page.locator(`button[value="${act}"]`);
	if (!(await button.isVisible())) await page.locator('summary').click();
	await button.click();
}

async function fine(page) {
	await assertFits(page);
	assertNoFaults(page);
	await page.context().close();
}

/** The newest payment at the bank with this state. */
const newestIs = (state) => waitFor(async () => (await w.state()).payments.at(-1)?.state === state, { what: `the newest payment to be ${state}` });

test('the page in Persian and English, light and dark', async () => {
	const url = await dealToPay();
	for (const [lang, dir] of [['fa', 'rtl'], ['en', 'ltr']])
		for (const dark of [false, true]) {
			const page = await opens(`${url}?lang=${lang}`, { dark, js: lang === 'fa' });
			await toBank(page).waitFor();
			assert.equal(await page.getAttribute('html', 'lang'), lang);
			assert.equal(await page.getAttribute('html', 'dir'), dir);
			assert.match(await page.locator('header').innerText(), lang === 'fa' ? /تمرینی/ : /practice/);
			assert.match(await page.locator('header .assurance').innerText(), lang === 'fa' ? /🍎\s*اگر «سیب» نشان شما نیست/ : /🍎\s*If your sign is not the apple/);
			assert.equal(await page.locator('header span').getAttribute('aria-hidden'), 'true');
			assert.match(await page.locator('.digits').innerText(), lang === 'fa' ? /۲.۵۱۲.۵۰۰ تومان/ : /2,512,500 toman/);
			assert.match(await page.locator('.words').innerText(), lang === 'fa' ? /دو میلیون/ : /two million/);
			assert.match(await page.locator('h1').innerText(), /Phone \d+/);
			assert.ok((await toBank(page).boundingBox()).height >= 44, 'a button that a thumb hits');
			await screenshot(page, `payment-open-${lang}-${dark ? 'dark' : 'light'}`, { fullPage: true });
			await fine(page);
		}
});

test('what the answer itself promises: no store, a strict policy, no script', async () => {
	const answer = await fetch(await dealToPay());
	const html = await answer.text();
	const policy = answer.headers.get('content-security-policy');
	assert.equal(answer.headers.get('cache-control'), 'no-store');
	assert.match(policy, /default-src 'none'/);
	assert.match(policy, /script-src 'none'/);
	assert.doesNotMatch(policy, /unsafe|\*/);
	assert.doesNotMatch(html, /<script|\son[a-z]+=|\sstyle=|<img/i);
	assert.doesNotMatch(html, /(src|href)="https?:\/\/(?!t\.me\/)/);
});

test('the button beside the terms leads straight to the bank, and to the page when nothing is to be paid', async () => {
	const url = await dealToPay();
	const page = await opens(`${url}/now`);
	await atBank(page);
	await choosesAtBank(page, 'pay');
	await atUs(page);
	await notice(page, 'good').waitFor();
	await page.goto(`${url}/now`);
	assert.equal(await toBank(page).count(), 0);
	assert.equal(await notice(page, 'good').count(), 1);
	await screenshot(page, 'payment-now-paid-fa-light', { fullPage: true });
	await fine(page);
});

test('paid through the bank page, the result comes by itself', async () => {
	const page = await opens(await dealToPay());
	await goesToBank(page);
	await screenshot(page, 'bank-fa-light', { fullPage: true });
	await choosesAtBank(page, 'pay');
	await atUs(page);
	await notice(page, 'good').waitFor();
	assert.match(await notice(page, 'good').innerText(), /پرداخت شد/);
	assert.equal(await toBank(page).count(), 0);
	assert.match(await page.locator('a.main').getAttribute('href'), /^https:\/\/t\.me\//);
	await screenshot(page, 'payment-paid-fa-light', { fullPage: true });
	await fine(page);
	await newestIs('settled');
});

test('in English, dark and without JavaScript, the same', async () => {
	const page = await opens(`${await dealToPay()}?lang=en`, { dark: true, js: false });
	await goesToBank(page);
	await screenshot(page, 'bank-dark', { fullPage: true });
	await choosesAtBank(page, 'pay');
	await page.locator('#back button').click();
	await atUs(page);
	await notice(page, 'good').waitFor();
	await page.locator('a[lang=en]').click();
	assert.match(await notice(page, 'good').innerText(), /Paid/);
	await screenshot(page, 'payment-paid-en-dark', { fullPage: true });
	await fine(page);
});

test('refused, tried again, paid', async () => {
	const page = await opens(await dealToPay());
	await goesToBank(page);
	await choosesAtBank(page, 'refuse');
	await atUs(page);
	await notice(page, 'warn').waitFor();
	assert.match(await notice(page, 'warn').innerText(), /پرداخت انجام نشد/);
	await screenshot(page, 'payment-refused-fa-light', { fullPage: true });
	await goesToBank(page);
	await choosesAtBank(page, 'pay');
	await atUs(page);
	await notice(page, 'good').waitFor();
	await fine(page);
});

test('a forged success leaves it unpaid', async () => {
	const page = await opens(await dealToPay());
	await goesToBank(page);
	await choosesAtBank(page, 'forge');
	await atUs(page);
	await notice(page, 'calm').waitFor();
	await screenshot(page, 'payment-waiting-fa-light', { fullPage: true });
	// The page stops asking by itself after a minute of the bot's clock, and says so.
	await clock(120);
	await notice(page, 'warn').waitFor();
	assert.match(await notice(page, 'warn').innerText(), /تأیید نکرده/);
	assert.equal(await notice(page, 'good').count(), 0);
	await screenshot(page, 'payment-waited-fa-light', { fullPage: true });
	assert.equal((await w.state()).payments.at(-1).state, 'created');
	// A browser that lies can still pay.
	await page.locator('a.quiet').first().click();
	await goesToBank(page);
	await choosesAtBank(page, 'pay');
	await atUs(page);
	await notice(page, 'good').waitFor();
	await fine(page);
});

test('paid, but the browser never returns: the page knows soon', async () => {
	const url = await dealToPay();
	const page = await opens(url);
	await goesToBank(page);
	await choosesAtBank(page, 'vanish');
	await clock(150);
	await waitFor(
		async () => {
			await page.goto(url);
			return (await notice(page, 'good').count()) > 0;
		},
		{ what: 'the page to say paid', every: 250 },
	);
	await fine(page);
});

test('the page of a deal whose time to pay is over', async () => {
	const url = await dealToPay();
	const page = await opens(url);
	await toBank(page).waitFor();
	await clock(2 * 3600);
	await waitFor(
		async () => {
			await page.reload();
			return (await notice(page, 'warn').count()) > 0;
		},
		{ what: 'the page to say that the time is over', every: 250 },
	);
	assert.equal(await toBank(page).count(), 0);
	assert.equal(await page.locator('.digits').count(), 0);
	await screenshot(page, 'payment-expired-fa-light', { fullPage: true });
	await fine(page);
});

test('paid at the bank after the time was over: the money is named, not lost', async () => {
	const url = await dealToPay();
	const page = await opens(url);
	await goesToBank(page);
	const other = await opens(url);
	await clock(2 * 3600);
	await waitFor(async () => (await other.reload()) && (await notice(other, 'warn').count()) > 0, { what: 'the deal to expire', every: 250 });
	await fine(other);
	await choosesAtBank(page, 'pay');
	await atUs(page);
	await waitFor(async () => (await page.reload()) && (await notice(page, 'calm').count()) > 0, { what: 'the late money to be named', every: 250 });
	assert.match(await notice(page, 'calm').innerText(), /۲.۵۱۲.۵۰۰ تومان دیرتر از مهلت/);
	assert.equal(await toBank(page).count(), 0);
	await screenshot(page, 'payment-late-money-fa-light', { fullPage: true });
	await fine(page);
});

test('a button pressed on an old page is harmless', async () => {
	const url = await dealToPay();
	const page = await opens(url);
	await goesToBank(page);
	await choosesAtBank(page, 'pay');
	await atUs(page);
	await notice(page, 'good').waitFor();
	const answer = await fetch(`${url}/go`, { method: 'POST', redirect: 'manual' });
	assert.equal(answer.status, 303);
	assert.equal(answer.headers.get('location'), new URL(url).pathname);
	await fine(page);
});

test('unknown pages answer 404 with calm words, and tell strangers nothing', async () => {
	const words = new Set();
	for (const path of ['/p/AAAAAAAAAAAAAAAAAAAAAA', '/p/x', '/bank/sandbox/return', '/bank/other/return?order_id=1&token=x&status=0', '/nothing']) {
		const answer = await fetch(w.bot.url + path);
		assert.equal(answer.status, 404, path);
		words.add(await answer.text());
	}
	assert.equal(words.size, 1);
	const page = await opens(`${w.bot.url}/`);
	assert.equal((await page.goto(`${w.bot.url}/p/AAAAAAAAAAAAAAAAAAAAAA?lang=en`)).status(), 404);
	assert.match(await page.locator('h1').innerText(), /leads nowhere/);
	await screenshot(page, 'payment-missing-en-light', { fullPage: true });
	// Chromium names every 404 in its console; nothing else may be there.
	page.faults.splice(0, page.faults.length, ...page.faults.filter((f) => !/status of 404/.test(f)));
	await fine(page);
});

test('the front page leads into the chat; health says ok', async () => {
	const page = await opens(`${w.bot.url}/`);
	assert.match(await page.locator('a.main').getAttribute('href'), /^https:\/\/t\.me\//);
	await screenshot(page, 'front-fa-light', { fullPage: true });
	await page.locator('a[lang=en]').click();
	assert.match(await page.locator('h1').innerText(), /easy mind/);
	await fine(page);
	assert.equal(await (await fetch(`${w.bot.url}/healthz`)).text(), 'ok');
});

test('the sandbox refused no call of the bot', assertNoViolations);

await run({
	before: async () => {
		w = await startAll({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
		browser = await launchBrowser();
		await person('sara').says('/start');
		await person('reza').says('/start');
		await person('reza').says('/emblem 🍎');
	},
	after: async () => {
		await browser?.close();
		await w?.stop();
	},
});
