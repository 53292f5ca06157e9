// A deal of 120,000,000 toman in a real browser on a phone: its three parts are paid at the pages of two stub banks and
// the third by the link in the chat, and the browser is back at ours after each. Then the seller is paid through Vandar.
import assert from 'node:assert/strict';
import { PHONE, assertFits, assertNoFaults, assertNoViolations, buttonsOf, clock, launchBrowser, openPage, person, run, screenshot, separexCli, startAll, test, waitFor } from './lib.mjs';
import { realBanks } from '../e2e/banks.mjs';

const PRICE_TOMAN = 120_000_000;
const IBAN = 'IR062960000000100324200001';

let w, browser, urls;

const seen = [];

/** The address of the payment page of a part that is not paid yet, from the buttons in Reza's chat. */
async function nextPage() {
	const url = await person('reza').waits('private', 20_000, 'gets the link of another part', ({ messages }) => {
		const links = messages.flatMap(buttonsOf).map((b) => (b.url ?? '').replace(/\/now$/, '')).filter((u) => u.includes('/p/'));
		return links.findLast((u) => !seen.includes(u));
	});
	seen.push(url);
	return url;
}

const opens = (url, options = {}) => openPage(browser, url, { viewport: PHONE, origins: Object.values(urls), ...options });

async function fine(page, name) {
	await assertFits(page);
	await screenshot(page, name, { fullPage: true });
}

/** Pays one part at that bank, in the browser, from its page and back to it. */
async function pays(url, bank, shot) {
	const page = await opens(`${url}?lang=fa`);
	await fine(page, `parts-${shot}-page`);
	await page.locator(`form[action$="/go"]:has(input[value="${bank}"]) button, form[action$="/go"] button[value="${bank}"]`).first().click();
	await page.waitForURL((u) => u.href.startsWith(urls[bank]));
	await fine(page, `parts-${shot}-bank`);
	await page.locator('button[value="pay"]').click();
	await page.waitForURL((u) => u.href.startsWith(w.bot.url));
	await page.locator('.notice.good').waitFor();
	await fine(page, `parts-${shot}-paid`);
	assertNoFaults(page);
	await page.context().close();
}

test('three parts, each with a page of its own, at two banks', async () => {
	const [sara, reza] = ['sara', 'reza'].map(person);
	await sara.says(`/sell Car ${PRICE_TOMAN}`);
	await sara.presses('publish');
	const link = await sara.waits('private', 20_000, 'finds the link', ({ messages }) => /https:\/\/t\.me\/\w+\?start=[A-Za-z0-9_-]+/.exec(JSON.stringify(messages.at(-1)))?.[0]);
	await reza.opens(link);
	await reza.presses('agree');
	const first = await nextPage();
	const page = await opens(`${first}?lang=en`);
	await fine(page, 'parts-1-page-en');
	assertNoFaults(page);
	await page.context().close();
	await pays(first, 'mellat', 1);
	const paid = async (n) => waitFor(async () => (await w.state()).stubs.payments.filter((p) => /^(VERIFIED|SETTLED)$/.test(p.state)).length === n, { what: `${n} paid parts` });
	await paid(1);
	await pays(await nextPage(), 'parsian', 2);
	await paid(2);
	await pays(await nextPage(), 'zarinpal', 3);
	await waitFor(async () => (await sara.view()).messages.some((m) => buttonsOf(m).some((b) => /:ship$/.test(b.callback_data ?? ''))), { what: 'the seller to be told to ship' });
});

test('and the seller is paid through Vandar when the buyer has accepted', async () => {
	const [sara, reza] = ['sara', 'reza'].map(person);
	await sara.presses('ship');
	await sara.says('207350402500018563254111');
	await reza.presses('received');
	await reza.presses('accept');
	await reza.presses('accept.yes');
	for (const [ask, answer] of [['/iban', '0499370899'], [null, '09121234567'], [null, IBAN]]) {
		if (ask) await sara.says(ask);
		await sara.says(answer);
	}
	await clock(2 * 3600);
	await waitFor(async () => (await w.state()).vandar.settlements.length === 1, { what: 'the payout at Vandar' });
	await clock(400);
	await clock(400);
	await sara.waits('private', 20_000, 'hears that the money is there', ({ messages }) => messages.some((m) => buttonsOf(m).some((b) => /:again$/.test(b.callback_data ?? ''))));
	const { code, out, err } = await separexCli(['audit']);
	assert.equal(code, 0, `${out}${err}`);
	await assertNoViolations();
});

await run({
	before: async () => {
		w = await startAll({
			env: (all) => {
				urls = all;
				return {
					...realBanks('mellat parsian zarinpal')(all),
					SEPAREX_PAYOUT_GATEWAY: 'vandar',
					SEPAREX_PAYOUT_TWO_PERSON_TOMAN: '500000000',
					SEPAREX_VANDAR_URL: `${all.main}/vandar`,
					SEPAREX_VANDAR_BUSINESS: 'separex',
					SEPAREX_VANDAR_ACCESS_TOKEN: 'access-0',
					SEPAREX_VANDAR_REFRESH_TOKEN: 'refresh-0',
					SEPAREX_IDENTITY_PROVIDER: 'vandar',
				};
			},
		});
		for (const name of ['sara', 'reza']) await person(name).says('/start');
		browser = await launchBrowser();
	},
	after: async () => {
		await browser?.close();
		await w?.stop();
	},
});
