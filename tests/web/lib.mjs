// What browser tests share: Debian's Chromium, pages that remember their errors, screenshots, and all of e2e/lib.mjs.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { BUILD, TestFailure, startBot, startSandbox, waitFor } from '../e2e/lib.mjs';

export * from '../e2e/lib.mjs';

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const SCREENSHOTS = join(BUILD, 'screenshots');

const CHROMIUM = process.env.CHROMIUM || '/usr/bin/chromium';
const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
const ACTION_MS = 15_000;
const NAVIGATION_MS = 30_000;

export async function launchBrowser() {
	if (!existsSync(CHROMIUM)) throw new TestFailure(`no browser at ${CHROMIUM}; set CHROMIUM`);
	return chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS, headless: true });
}

/**
 * Opens `url` in a context of its own. `page.faults` collects what must never happen: console errors, exceptions, CSP
 * violations, requests to another origin than those in `origins` (the page's own is always allowed).
 */
export async function openPage(browser, url, { viewport = WIDE, dark = false, locale = 'fa-IR', origins = [], js = true } = {}) {
	const context = await browser.newContext({
		viewport,
		locale,
		colorScheme: dark ? 'dark' : 'light',
		javaScriptEnabled: js,
		isMobile: viewport.width < 600,
		hasTouch: viewport.width < 600,
		deviceScaleFactor: viewport.width < 600 ? 2 : 1,
	});
	context.setDefaultTimeout(ACTION_MS);
	context.setDefaultNavigationTimeout(NAVIGATION_MS);
	const page = await context.newPage();
	const faults = [];
	const known = new Set([new URL(url).origin, ...origins]);
	await context.exposeFunction('reportCspViolation', (text) => faults.push(`CSP: ${text}`));
	await context.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', (e) => window.reportCspViolation(`${e.violatedDirective} ${e.blockedURI}`));
	});
	watch(page, faults, known);
	context.on('page', (other) => watch(other, faults, known));
	page.faults = faults;
	await page.goto(url);
	return page;
}

function watch(page, faults, known) {
	// The page asks once whether the sandbox has an SMS inbox; the browser writes a "no" down as an error.
	page.on('console', (m) => m.type() === 'error' && faults.push(`console: ${m.text()}`));
	page.on('pageerror', (e) => faults.push(`exception: ${e.message}`));
	page.on('request', (r) => {
		const url = new URL(r.url());
		if (url.protocol.startsWith('http') && !known.has(url.origin)) faults.push(`outside request: ${r.url()}`);
	});
}

/** Throws when the page did something that must never happen. */
export function assertNoFaults(page) {
	if (page.faults.length) throw new TestFailure(`the page had faults:\n${page.faults.join('\n')}`);
}

/** Keeps BUILD/screenshots/<name>.png and gives its path. */
export async function screenshot(page, name, options = {}) {
	mkdirSync(SCREENSHOTS, { recursive: true });
	const path = join(SCREENSHOTS, `${name}.png`);
	await page.screenshot({ path, ...options });
	return path;
}

/** Throws when something is wider than the screen, so that the page would move sideways. */
export async function assertFits(page) {
	const [inner, full] = await page.evaluate(() => [window.innerWidth, document.documentElement.scrollWidth]);
	if (full > inner) throw new TestFailure(`the page is ${full} px wide on a screen of ${inner} px`);
}

/** Sandbox, browser and (unless bot: false) the bot; stop() ends all. */
export async function start({ bot = true, env = {} } = {}) {
	const sandbox = await startSandbox();
	const all = { sandbox, bot: null, browser: null };
	all.stop = async () => {
		await all.browser?.close();
		await all.bot?.stop();
		await sandbox.stop();
	};
	try {
		if (bot) all.bot = await startBot({ sandbox, env });
		all.browser = await launchBrowser();
		return all;
	} catch (e) {
		await sandbox.process.kill('SIGKILL');
		throw e;
	}
}

/** Waits until the sandbox's page shows what the server has. */
export const live = (page) => waitFor(() => page.evaluate(() => document.body.dataset.live === 'yes'), { what: 'the page to be live' });

/** A test that is itself the bot reads its updates here: next() confirms all up to the one that `wanted` accepts, and gives it. */
export function updatesOf(sandbox) {
	const updates = { offset: 0 };
	const look = async (wanted) => {
		for (const u of await sandbox.api('getUpdates', { offset: updates.offset, timeout: 0, limit: 100 })) {
			updates.offset = u.update_id + 1;
			if (wanted(u)) return u;
		}
		return null;
	};
	updates.next = (wanted, what) => waitFor(() => look(wanted), { what: `the update: ${what}` });
	return updates;
}
