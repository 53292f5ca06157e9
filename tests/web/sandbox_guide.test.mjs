// "Play it for me" on the sandbox's page: the real bot plays a whole deal with it, in both languages.
import assert from 'node:assert/strict';
import { PHONE, WIDE, assertNoFaults, live, openPage, run, screenshot, start, test, waitFor } from './lib.mjs';

const DEAL_MS = 120_000; // patience for a whole deal

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
			assert.ok(await page.locator('.pressing').count(), `something is marked: ${words}`);
			if (said.length === 4) await screenshot(page, `sandbox-guide-${page.viewportSize().width}-${await page.getAttribute('html', 'lang')}`);
			await page.click('#play-step');
			return false;
		},
		{ ms: DEAL_MS, what: 'the end of the deal' },
	);
	return said;
}

for (const [lang, locale, viewport] of [['fa', 'fa-IR', WIDE], ['en', 'en-GB', PHONE]])
	test(`a whole deal plays by itself: ${lang}`, async () => {
		const page = await openPage(all.browser, `${all.sandbox.url}/`, { locale, viewport });
		await page.emulateMedia({ reducedMotion: 'reduce' });
		await live(page);
		assert.equal(await page.getAttribute('html', 'lang'), lang);
		const said = await plays(page);
		assert.equal(said.length, 12, said.join('\n'));
		const { payments, violations } = await all.sandbox.state();
		assert.match(payments.at(-1).state, /^(verified|settled)$/);
		assert.deepEqual(violations, []);
		const { messages } = await all.sandbox.call('/sim/chat?as=sara&chat=private');
		assert.match(JSON.stringify(messages.at(-1).reply_markup), /:iban"/, 'Sara is asked where her money shall go');
		assert.equal(await page.locator('.pressing').count(), 0);
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
