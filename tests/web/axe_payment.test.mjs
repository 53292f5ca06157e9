// axe-core on everything a buyer's browser can show: each scene of the payment page, the deal in each state, the way back
// from the bank, the pages beside it and the bank's own; on a phone, in both languages, light and dark.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, bringAxe } from './axe.mjs';
import { ROOT, assertFits, clock, launchBrowser, openPage, run, startAll, test, waitFor } from './lib.mjs';
import { SMALL, dealToPay, firstDealToPay } from './payments.mjs';

const said = Object.fromEntries(['fa', 'en'].map((l) => [l, JSON.parse(readFileSync(join(ROOT, 'locales', `${l}.json`), 'utf8')).web]));
const NOT_YET = [0, 1, 2, 3, 4]; // states in which a deal has no payment page of its own yet
const AWAIT_PAY = 5;
const PART_PAID = 7;
const ENDED = 25; // states of a deal, DEAL_STATE_END
const ASKED = 1;
const OPEN = 2;
const PAID = 3;
const REFUSED = 5;
const FAILED = 6;
const GIVEN_UP = 7;

let w;
let browser;
let url;

/** What no buyer brings about on demand is written into the store; the page reads it there at each look. */
function inStore(script) {
	execFileSync('sqlite3', ['-cmd', '.timeout 5000', w.bot.store], { input: script });
}

const store = (state, payment) => {
	const page = new URL(url).pathname.split('/').pop();
	inStore(`UPDATE payment SET state = ${payment} WHERE page = '${page}'; UPDATE deal SET state = ${state} WHERE id = (SELECT deal_id FROM payment WHERE page = '${page}');`);
};

const pages = new Map();

/** One page for each language and light, on a phone; it does not load itself again in the middle of a look. */
async function pageFor(lang, dark) {
	if (pages.has(lang + dark)) return pages.get(lang + dark);
	const page = await openPage(browser, 'about:blank', { viewport: SMALL, dark, locale: lang === 'fa' ? 'fa-IR' : 'en-GB', origins: [w.bot.url, w.sandbox.url] });
	await page.route('**/*', async (route) => {
		const response = await route.fetch({ maxRedirects: 0 });
		const { refresh, ...headers } = response.headers();
		await route.fulfill({ response, headers });
	});
	pages.set(lang + dark, page);
	return page;
}

const ALL = [['fa', false], ['fa', true], ['en', false], ['en', true]];
const TWO = [['fa', false], ['en', true]]; // every look and every word once: for scenes that differ in words alone

/** Looks at the page in both languages and both lights; `says` must be on it. */
async function looks(name, address, says, { status = 200, ways = ALL } = {}) {
	for (const [lang, dark] of ways) {
		const page = await pageFor(lang, dark);
		const to = new URL(address);
		to.searchParams.set('lang', lang);
		const answer = await page.goto(to.href);
		assert.equal(answer.status(), status, name);
		assert.equal(await page.getAttribute('html', 'lang'), lang, name);
		if (says) assert.ok((await page.locator('body').innerText()).includes(says(lang)), `${name}: "${says(lang)}" is not on the page`);
		await bringAxe(page);
		await audit(page, `${name}, ${lang}, ${dark ? 'dark' : 'light'}`);
		await assertFits(page);
	}
}

const scenes = [
	['preparing', AWAIT_PAY, ASKED, 'pay.preparing'],
	['open', AWAIT_PAY, OPEN, null],
	['waiting', AWAIT_PAY, OPEN, 'pay.waiting', () => `back=1&at=${Date.now()}`],
	['waited', AWAIT_PAY, OPEN, 'pay.waited', () => 'back=1&at=1'],
	['refused', AWAIT_PAY, REFUSED, 'pay.refused'],
	['failed', AWAIT_PAY, FAILED, 'pay.failed'],
	['given-up', AWAIT_PAY, GIVEN_UP, 'pay.given_up'],
	['part-paid', PART_PAID, OPEN, null],
];

for (const [name, state, payment, key, query] of scenes)
	test(`no violation: ${name}`, async () => {
		store(state, payment);
		const text = (lang) => key.split('.').reduce((o, k) => o[k], said[lang]).replace(/<[^>]*>|\{\{.*$/g, '');
		await looks(name, query ? `${url}?${query()}` : url, key && text);
	});

test('no violation: the bank takes its time', async () => {
	const page = new URL(url).pathname.split('/').pop();
	store(AWAIT_PAY, ASKED);
	inStore(`UPDATE payment SET created_ms = created_ms - 600000 WHERE page = '${page}'`);
	await looks('slow', url, (lang) => said[lang].pay.slow);
});

test('no violation: the deal in each state, and frozen', async () => {
	for (let state = 0; state < ENDED; state++) {
		if (NOT_YET.includes(state) && state !== NOT_YET.at(-1)) continue; // one sentence for all of them
		store(state, PAID);
		await looks(`state-${state}`, url, null, { ways: TWO });
	}
	const page = new URL(url).pathname.split('/').pop();
	store(AWAIT_PAY, OPEN);
	inStore(`UPDATE deal SET rest = json_set(rest, '$.frozen', json('true')) WHERE id = (SELECT deal_id FROM payment WHERE page = '${page}')`);
	await looks('frozen', url, null, { ways: TWO });
	inStore(`UPDATE deal SET rest = json_set(rest, '$.frozen', json('false')) WHERE id = (SELECT deal_id FROM payment WHERE page = '${page}')`);
});

test('no violation: the way back from the bank, paid and refused, and the bank’s own page', async () => {
	for (const how of ['pay', 'refuse']) {
		const address = await dealToPay();
		const bank = await waitFor(
			async () => {
				const answer = await fetch(`${address}/now`, { redirect: 'manual' });
				return answer.status === 303 && answer.headers.get('location');
			},
			{ what: 'the bank’s page' },
		);
		await looks(`bank-${how}`, bank, null);
		await w.bank('newest', how);
		await waitFor(async () => (await (await fetch(`${address}?lang=en`)).text()).includes('class="notice'), { what: 'the result' });
		await looks(`result-${how}`, `${address}?back=1&at=${Date.now()}`, (lang) => (how === 'pay' ? said[lang].deal.paid : said[lang].pay.refused));
		await looks(`bank-${how}-again`, bank, null, { ways: TWO });
	}
});

test('no violation: the front page, a missing page, a deal whose time is over', async () => {
	await looks('home', `${w.bot.url}/`, null);
	await looks('missing', `${w.bot.url}/p/AAAAAAAAAAAAAAAAAAAAAA`, null, { status: 404 });
	const late = await dealToPay();
	await clock(2 * 3600);
	await waitFor(async () => (await (await fetch(`${late}?lang=en`)).text()).includes(said.en.deal.expired.slice(0, 20)), { what: 'the deal to expire' });
	await looks('expired', late, (lang) => said[lang].deal.expired.split('\n')[0]);
});

test('the look itself: an element without a name is noticed', async () => {
	const page = await openPage(browser, `${w.bot.url}/`, { viewport: SMALL, locale: 'en-GB' });
	await page.evaluate(() => document.body.append(document.createElement('button')));
	await bringAxe(page);
	await assert.rejects(audit(page, 'a button without a name'), /button-name/);
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
