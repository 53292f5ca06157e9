// "Play it for me" on the sandbox's page: the real bot plays a whole deal with it, in both languages.
import assert from 'node:assert/strict';
import { PHONE, WIDE, assertNoFaults, live, openPage, run, screenshot, start, test, waitFor } from './lib.mjs';

const DEAL_MS = 120_000; // patience for a whole deal
const STAYS_MS = 6000; // longer than anybody would have to read a sentence that goes by itself

let all;

/** Presses "One step" whenever a new caption stands there, until the guide is at rest again; gives the captions. */
async function plays(page) {
	const said = [];
	await page.click('#play');
	await waitFor(
		async () => {
			if (await page.locator('#play').count()) return true;
			const words = await page.locator('#caption').textContent();
			if (!words || words === said.at(-1)) return false;
			said.push(words);
			await waitFor(() => page.locator('.pressing').count(), { what: `something to be marked: ${words}` });
			if (said.length === 4) await screenshot(page, `sandbox-guide-${page.viewportSize().width}-${await page.getAttribute('html', 'lang')}`);
			await page.click('#play-step');
			return false;
		},
		{ ms: DEAL_MS, what: 'the end of the deal' },
	);
	return said;
}

// In the second deal the bot knows Sara's IBAN and asks for it no more: two steps less.
for (const [lang, locale, viewport, steps] of [['fa', 'fa-IR', WIDE, 16], ['en', 'en-GB', PHONE, 14]])
	test(`a whole deal plays by itself: ${lang}`, async () => {
		const page = await openPage(all.browser, `${all.sandbox.url}/`, { locale, viewport });
		await page.emulateMedia({ reducedMotion: 'reduce' });
		await live(page);
		assert.equal(await page.getAttribute('html', 'lang'), lang);
		const said = await plays(page);
		assert.equal(said.length, steps, said.join('\n'));
		const { payments, payouts, violations } = await all.sandbox.state();
		assert.match(payments.at(-1).state, /^(verified|settled)$/);
		assert.deepEqual(violations, []);
		const { messages } = await all.sandbox.call('/sim/chat?as=sara&chat=private');
		assert.equal(payouts.at(-1).state, 'done', 'Sara has her money');
		assert.match(JSON.stringify(messages), /:again"/, 'her card says that the deal is over');
		assert.ok(messages.at(-1).photo ?? messages.at(-2).photo, 'she has the receipt');
		assert.equal(await page.locator('.pressing').count(), 0);
		await new Promise((r) => setTimeout(r, STAYS_MS));
		assert.equal(await page.locator('#caption').textContent(), said.at(-1), 'the last sentence stays');
		await screenshot(page, `sandbox-guide-end-${viewport.width}-${lang}`);
		await page.click('#caption-close');
		assert.equal(await page.locator('#caption').isVisible(), false);
		assert.equal(await page.evaluate(() => document.activeElement.id), 'play');
		assertNoFaults(page);
		await page.context().close();
	});

test('a pause holds, the way goes on, and a stop ends it where it is', async () => {
	const page = await openPage(all.browser, `${all.sandbox.url}/`);
	await live(page);
	await page.locator('#play-speed').selectOption('fast');
	await page.click('#play');
	await page.locator('#play-pause').click();
	assert.match(await page.locator('#play-pause').textContent(), /ادامه/);
	await page.locator('#play-pause').click();
	await page.locator('#caption').filter({ hasText: 'لینک معامله' }).waitFor();
	await page.click('#play-stop');
	await page.locator('#play').waitFor();
	assert.equal(await page.locator('.pressing').count(), 0);
	assert.equal(await page.locator('#caption').isVisible(), false);
	assert.equal(await page.evaluate(() => document.activeElement.id), 'play', 'the focus is not lost');
	await page.reload();
	await live(page);
	assert.equal(await page.locator('#play-speed').inputValue(), 'fast', 'the speed is remembered');
	assertNoFaults(page);
	await page.context().close();
});

await run({
	before: async () => {
		all = await start({ env: { SEPAREX_TELEGRAM_RATE_LIMITS: 'off' } });
	},
	after: () => all?.stop(),
});
