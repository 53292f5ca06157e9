// axe-core on the sandbox's page: both languages, both widths, both looks, with messages, menus and panels on the screen.
import assert from 'node:assert/strict';
import { audit, bringAxe } from './axe.mjs';
import { PHONE, WIDE, live, openPage, run, screenshot, start, test } from './lib.mjs';

const SARA = 1001;
const REZA = 1002;

let all;

/** Something of every kind, so that everything the page can draw is looked at. */
async function fill({ sandbox }) {
	const says = (as, chat, what) => sandbox.call('/sim/message', { as, chat, ...what });
	for (const as of ['sara', 'reza', 'mina', 'omid']) await says(as, 'private', { text: '/start' });
	const inline_keyboard = [
		[{ text: 'می‌پذیرم', callback_data: 'a', style: 'success' }, { text: 'نه', callback_data: 'b', style: 'danger' }],
		[{ text: 'پرداخت', url: 'https://example.org/pay', style: 'primary' }, { text: 'کپی', copy_text: { text: '1' } }],
		[{ text: 'معامله', url: 'https://t.me/separex_sandbox_bot?start=d_abc' }],
	];
	const text = '<b>معامله</b> <code>N4S2</code> <a href="https://example.org/">قاعده‌ها</a> /help <tg-spoiler>راز</tg-spoiler>\n<blockquote>نقل</blockquote><blockquote expandable>۱\n۲\n۳\n۴\n۵</blockquote>';
	const m = await sandbox.api('sendMessage', { chat_id: SARA, text, parse_mode: 'HTML', reply_markup: { inline_keyboard } });
	for (const what of [{ album: [true, true, true], text: 'سه عکس' }, { document: true }, { voice: true }, { sticker: true }, { location: true }, { contact: true }])
		await says('sara', 'private', what);
	await says('sara', 'private', { text: 'پاسخ', reply_to: m.message_id });
	await says('sara', 'private', { text: 'هدایت', forward_from: 'reza' });
	await says('sara', 'bazaar', { text: 'سلام @reza_k' });
	await sandbox.api('sendMessage', { chat_id: -1001000000001, text: 'پنهان', ephemeral_message_parameters: { receiver_user_id: 1003 } });
	await sandbox.api('sendMessage', { chat_id: REZA, text: 'شماره؟', reply_markup: { keyboard: [[{ text: 'فرستادن', request_contact: true }]], resize_keyboard: true } });
	await sandbox.call('/bank/api/token', { terminal: 't', password: 'p', order_id: '77', amount: 251_250_000, callback: 'http://127.0.0.1:9/' });
	await sandbox.call('/sim/fault', { method: 'getFile', kind: '429' });
	await sandbox.call(`/bot4242:x/sendMessage`, { chat_id: SARA, text: '<b>x', parse_mode: 'HTML' }, { raw: true });
}

for (const [size, viewport] of [['wide', WIDE], ['laptop', { width: 1280, height: 720 }], ['phone', PHONE]])
	for (const [code, locale] of [['fa', 'fa-IR'], ['en', 'en-GB']])
		for (const dark of [false, true])
			test(`no violation: ${size}, ${code}, ${dark ? 'dark' : 'light'}`, async () => {
				const page = await openPage(all.browser, `${all.sandbox.url}/`, { viewport, dark, locale });
				await page.emulateMedia({ reducedMotion: 'reduce' });
				await live(page);
				await bringAxe(page);
				const name = (what) => `axe-${size}-${code}-${dark ? 'dark' : 'light'}-${what}`;
				await audit(page, 'the chats');
				await page.locator('#phone-sara .message').last().scrollIntoViewIfNeeded();
				await screenshot(page, name('chats'));
				await page.locator('#phone-sara .round').first().click();
				await audit(page, 'an open menu');
				await page.keyboard.press('Escape');
				await page.locator('#phone-sara textarea').pressSequentially('@');
				await audit(page, 'names');
				await page.locator('#phone-sara textarea').fill('');
				await page.click('#open-hints');
				for (const panel of ['bank', 'faults', 'clock']) {
					await page.click(`#open-${panel}`);
					await audit(page, panel);
					await screenshot(page, name(panel));
					await page.keyboard.press('Escape');
				}
				assert.deepEqual(await page.evaluate(() => [document.documentElement.scrollHeight > innerHeight, document.documentElement.scrollWidth > innerWidth]), [false, false], 'the page itself does not scroll');
				await page.context().close();
			});

await run({
	before: async () => {
		all = await start({ bot: false });
		await fill(all);
	},
	after: () => all?.stop(),
});
