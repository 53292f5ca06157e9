// The sandbox's page in a real browser: the four phones, the clock, the bank, the faults, in both languages and looks.
// No bot runs here: the test itself is the bot and calls the Bot API.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { PHONE, TOKEN, WIDE, assertFits, assertNoFaults, freePort, live, openPage, run, screenshot, start, test, updatesOf, waitFor } from './lib.mjs';

const SARA = 1001;
const REZA = 1002;
const OMID = 5000000004;
const BAZAAR = -1001000000001;
const LINK = 'https://t.me/separex_sandbox_bot?start=d_Xk29fLq0ZpA';

let all;
let sandbox;
let page;
let updates;

const nextUpdate = (wanted, what) => updates.next(wanted, what);

const phone = (as) => page.locator(`#phone-${as}`);
const bubbles = (as) => phone(as).locator('.message');
const button = (as, label) => phone(as).getByRole('button', { name: label, exact: true });
const say = (chat_id, text, more = {}) => sandbox.api('sendMessage', { chat_id, text, parse_mode: 'HTML', ...more });
const show = (as, chat) => phone(as).locator(`[data-chat=${chat}]`).click();

async function types(as, text) {
	const box = phone(as).locator('textarea');
	await box.fill(text);
	await box.press('Enter');
}

/** A picture of 2 × 2 pixels. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGNoOH4MiBggFAA5UAez9jVWkgAAAABJRU5ErkJggg==', 'base64');

async function sendsPhoto(chat_id, caption) {
	const form = new FormData();
	form.set('chat_id', String(chat_id));
	form.set('caption', caption);
	form.set('photo', new Blob([PNG], { type: 'image/png' }), 'qr.png');
	const answer = await fetch(`${sandbox.url}/bot${TOKEN}/sendPhoto`, { method: 'POST', body: form });
	assert.equal(answer.status, 200, await answer.text());
}

test('the page loads in Persian, right to left, with four phones and no fault', async () => {
	assert.equal(await page.getAttribute('html', 'lang'), 'fa');
	assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
	assert.equal(await page.locator('.phone:visible').count(), 4);
	assert.match(await page.title(), /سپارکس/);
	await assertFits(page);
	await screenshot(page, 'sandbox-empty-wide-fa');
	assertNoFaults(page);
});

test('the policy of the page allows nothing from outside and nothing inline', async () => {
	const answer = await fetch(`${sandbox.url}/`);
	const source = await answer.text();
	const inPage = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(source)?.[1];
	for (const policy of [inPage, answer.headers.get('content-security-policy') ?? inPage]) {
		assert.match(policy, /default-src '(self|none)'/);
		assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/);
	}
	assert.doesNotMatch(source, /<script(?![^>]*src=)|\son[a-z]+=|<style|\sstyle=/i);
});

test('what a person types arrives as an update and stands on the right', async () => {
	await types('sara', '/sell گوشی آیفون ۱۳ ۲۵ میلیون');
	const u = await nextUpdate((x) => x.message?.from.id === SARA, 'Sara’s text');
	assert.equal(u.message.text, '/sell گوشی آیفون ۱۳ ۲۵ میلیون');
	assert.equal(u.message.chat.id, SARA);
	const own = phone('sara').locator('.message.own .bubble').last();
	await own.waitFor();
	const [bubble, frame] = [await own.boundingBox(), await phone('sara').boundingBox()];
	assert.ok(frame.x + frame.width - (bubble.x + bubble.width) < bubble.x - frame.x, 'an own bubble belongs to the right');
	assert.equal(await phone('sara').locator('textarea').inputValue(), '');
});

test('shift and Enter makes a new line, Enter sends', async () => {
	const box = phone('sara').locator('textarea');
	await box.fill('یک');
	await box.press('Shift+Enter');
	await box.pressSequentially('two');
	await box.press('Enter');
	const u = await nextUpdate((x) => x.message?.text?.startsWith('یک'), 'two lines');
	assert.equal(u.message.text, 'یک\ntwo');
});

test('a person who has not begun sees Start, and it starts', async () => {
	await button('reza', 'شروع').click();
	await nextUpdate((x) => x.message?.from.id === REZA && x.message.text === '/start', 'Reza’s /start');
});

test('the bot’s message shows with its formatting, links and buttons', async () => {
	const text =
		'<b>معاملهٔ تازه</b>\nکالا: \u2068گوشی <i>آیفون</i> ۱۳\u2069 🎁 <u>نو</u>\nمبلغ: <b>۲۵٬۰۰۰٬۰۰۰ <i>تومان</i></b>\n' +
		`پیوند: ${LINK}\n<code>IR840120000000000123456789</code>\n<blockquote>تا پول در امان نباشد کالا را نفرستید.</blockquote>` +
		'\n<tg-spoiler>پنهان</tg-spoiler> <a href="https://example.org/x">قاعده‌ها</a> /help';
	const inline_keyboard = [
		[
			{ text: 'می‌پذیرم', callback_data: 'yes:1', style: 'success' },
			{ text: 'نمی‌خواهم', callback_data: 'no:1', style: 'danger' },
		],
		[{ text: 'صفحهٔ پرداخت', url: 'https://example.org/pay' }],
		[{ text: 'گشودن معامله', url: LINK }],
		[{ text: 'کد', copy_text: { text: '12345' } }],
	];
	await say(SARA, text, { reply_markup: { inline_keyboard } });
	const m = bubbles('sara').last();
	await m.getByText('نمی‌خواهم').waitFor();
	const shown = m.locator('.text');
	assert.deepEqual(await shown.locator('b').allTextContents(), ['معاملهٔ تازه', '۲۵٬۰۰۰٬۰۰۰ تومان']);
	assert.deepEqual(await shown.locator('i').allTextContents(), ['آیفون', 'تومان']);
	assert.equal(await shown.locator('u').textContent(), 'نو', 'offsets after an emoji count UTF-16 units');
	assert.equal(await shown.locator('code').textContent(), 'IR840120000000000123456789');
	assert.match(await shown.locator('blockquote').textContent(), /کالا را نفرستید/);
	assert.equal(await shown.locator('a').getAttribute('href'), 'https://example.org/x');
	assert.equal(await shown.getAttribute('dir'), 'auto');
	assert.equal(await shown.evaluate((e) => getComputedStyle(e).direction), 'rtl');
	assert.match(await m.getByText('می‌پذیرم').getAttribute('class'), /success/);
	assert.match(await m.getByText('نمی‌خواهم').getAttribute('class'), /danger/);
	const url = m.getByText('صفحهٔ پرداخت');
	assert.deepEqual([await url.getAttribute('target'), await url.getAttribute('rel')], ['_blank', 'noopener']);
});

test('words of people are never taken for markup', async () => {
	await say(SARA, '&lt;img src=x onerror=alert(1)&gt; javascript:alert(1) <a href="tg://user?id=1">x</a>');
	const text = bubbles('sara').last().locator('.text');
	await text.filter({ hasText: 'onerror' }).waitFor();
	assert.equal(await text.locator('img').count(), 0);
	assert.equal(await text.locator('a').count(), 0);
	assertNoFaults(page);
});

test('a pressed button arrives with its data; its answer shows as a toast', async () => {
	await button('sara', 'می‌پذیرم').last().click();
	const u = await nextUpdate((x) => x.callback_query, 'the callback');
	assert.equal(u.callback_query.data, 'yes:1');
	assert.equal(u.callback_query.from.id, SARA);
	await sandbox.api('answerCallbackQuery', { callback_query_id: u.callback_query.id, text: 'پذیرفته شد' });
	await phone('sara').locator('.toast').filter({ hasText: 'پذیرفته شد' }).waitFor();
	assert.equal(await phone('reza').locator('.toast').count(), 0);
});

test('an alert must be closed, also by the keyboard', async () => {
	await button('sara', 'نمی‌خواهم').last().click();
	const u = await nextUpdate((x) => x.callback_query, 'the callback');
	await sandbox.api('answerCallbackQuery', { callback_query_id: u.callback_query.id, text: 'مطمئن‌اید؟', show_alert: true });
	const alert = phone('sara').getByRole('alertdialog');
	await alert.getByText('مطمئن‌اید؟').waitFor();
	await page.keyboard.press('Escape');
	await alert.waitFor({ state: 'detached' });
});

/** Presses twice and has each press answered by an alert. */
async function twoAlerts() {
	for (const text of ['هشدار یکم', 'هشدار دوم']) {
		await sandbox.call('/sim/press', { as: 'sara', chat: 'private', button: 'نمی‌خواهم' });
		const u = await nextUpdate((x) => x.callback_query, 'the callback');
		await sandbox.api('answerCallbackQuery', { callback_query_id: u.callback_query.id, text, show_alert: true });
	}
}

test('alerts come one at a time, and each is closed by itself', async () => {
	await twoAlerts();
	const alert = phone('sara').getByRole('alertdialog');
	await alert.getByText('هشدار یکم').waitFor();
	await waitFor(async () => (await page.evaluate(async () => (await import('/page_tools.js')).phoneOf('sara').alerts.length)) === 2, { what: 'both alerts' });
	assert.equal(await alert.count(), 1);
	await alert.getByRole('button').click();
	await alert.getByText('هشدار دوم').waitFor();
	assert.equal(await alert.count(), 1);
	await alert.getByRole('button').click();
	assert.equal(await alert.count(), 0);
});

test('the same label on two messages: the one that was touched is pressed', async () => {
	const keys = (data) => ({ reply_markup: { inline_keyboard: [[{ text: 'همین', callback_data: data }]] } });
	const older = await say(SARA, 'نخست', keys('same'));
	await say(SARA, 'دوم', keys('same'));
	await phone('sara').locator(`[data-id="${older.message_id}"] .keys button`).click();
	const u = await nextUpdate((x) => x.callback_query, 'the callback of the older message');
	assert.equal(u.callback_query.message.message_id, older.message_id);
	await sandbox.api('answerCallbackQuery', { callback_query_id: u.callback_query.id });
});

test('an edit takes the old text’s place and is marked', async () => {
	const m = await say(SARA, 'پیش از ویرایش');
	await phone('sara').getByText('پیش از ویرایش').waitFor();
	await sandbox.api('editMessageText', { chat_id: SARA, message_id: m.message_id, text: 'پس از ویرایش' });
	const shown = phone('sara').locator(`[data-id="${m.message_id}"]`);
	await shown.getByText('پس از ویرایش').waitFor();
	assert.match(await shown.locator('.meta').textContent(), /ویرایش‌شده/);
	assert.equal(await phone('sara').getByText('پیش از ویرایش').count(), 0);
});

test('a deleted message goes away', async () => {
	const m = await say(SARA, 'پاک می‌شوم');
	const shown = phone('sara').locator(`[data-id="${m.message_id}"]`);
	await shown.waitFor();
	await sandbox.api('deleteMessage', { chat_id: SARA, message_id: m.message_id });
	await shown.waitFor({ state: 'detached' });
});

test('a picture of the bot is shown with its caption', async () => {
	await sendsPhoto(SARA, 'کد پرداخت');
	const m = bubbles('sara').filter({ hasText: 'کد پرداخت' });
	await waitFor(() => m.locator('img').evaluate((i) => i.complete && i.naturalWidth), { what: 'the picture' });
	assert.ok(await m.locator('img').getAttribute('alt'));
});

/** How far a chat's end is below what is seen, in pixels. */
const below = (p, as) => p.locator(`#phone-${as} .log`).evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight);

test('the end stays in sight when a picture comes late, unless somebody scrolled up', async () => {
	const small = await openPage(all.browser, `${sandbox.url}/`, { viewport: PHONE });
	const chip = small.locator('#phone-sara .below');
	let release;
	const held = new Promise((done) => (release = done));
	try {
		await live(small);
		for (let i = 0; i < 12; i++) await say(SARA, `سطر ${i}\n\n\n.`);
		await small.route('**/sim/file?*', async (route) => {
			await held;
			const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>';
			await route.fulfill({ contentType: 'image/svg+xml', body: svg });
		});
		await sendsPhoto(SARA, 'عکس دیرآمده');
		const late = small.locator('#phone-sara .message', { hasText: 'عکس دیرآمده' });
		await late.waitFor();
		const before = await late.evaluate((e) => e.offsetHeight);
		release();
		await waitFor(async () => (await late.evaluate((e) => e.offsetHeight)) > before || (await late.locator('img').evaluate((i) => i.complete)), { what: 'the late picture' });
		await waitFor(async () => (await below(small, 'sara')) < 2, { what: 'the end of the chat after the picture' });
		await small.locator('#phone-sara .log').evaluate((e) => (e.scrollTop = 0));
		await waitFor(async () => (await below(small, 'sara')) > 200, { what: 'the beginning of the chat' });
		assert.ok(await chip.isHidden());
		await say(SARA, 'تازه‌ترین');
		await chip.waitFor();
		assert.ok((await below(small, 'sara')) > 200, 'who reads above is left there');
		await chip.tap();
		await waitFor(async () => (await below(small, 'sara')) < 2, { what: 'the end of the chat by the chip' });
		assert.ok(await chip.isHidden());
		assertNoFaults(small);
	} finally {
		release();
		await small.context().close();
	}
});

test('on a small screen another one’s chat opens at its newest message', async () => {
	for (let i = 0; i < 12; i++) await say(REZA, `سطر ${i}\n\n\n.`);
	const small = await openPage(all.browser, `${sandbox.url}/`, { viewport: PHONE });
	await live(small);
	await small.locator('#tabs [data-person=reza]').tap();
	assert.ok(await small.locator('#phone-reza .log').evaluate((e) => e.scrollTop > 200));
	assert.ok((await below(small, 'reza')) < 2);
	await small.context().close();
});

test('photo, document, location and contact are attached', async () => {
	const attach = async (label) => {
		await button('sara', 'پیوست').click();
		await phone('sara').getByRole('menuitem', { name: label }).click();
	};
	await attach('عکس نمونه');
	const photo = await nextUpdate((x) => x.message?.photo, 'a photo');
	const file = await sandbox.api('getFile', { file_id: photo.message.photo.at(-1).file_id });
	const bytes = Buffer.from(await (await fetch(`${sandbox.url}/file/bot${TOKEN}/${file.file_path}`)).arrayBuffer());
	assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
	const shown = phone('sara').locator('.message.own img').last();
	await waitFor(() => shown.evaluate((i) => i.naturalWidth === 480), { what: 'the own picture' });
	await attach('فایل');
	assert.match((await nextUpdate((x) => x.message?.document, 'a document')).message.document.file_name, /\.pdf$/);
	await attach('موقعیت مکانی');
	assert.ok((await nextUpdate((x) => x.message?.location, 'a location')).message.location.latitude > 35);
	await attach('شمارهٔ من');
	assert.equal((await nextUpdate((x) => x.message?.contact, 'a contact')).message.contact.user_id, SARA);
});

test('the chip under a deal link opens it on the other phone', async () => {
	await say(SARA, `پیوند معامله: ${LINK}`);
	await button('sara', 'باز کردن در گوشی رضا').last().click();
	const u = await nextUpdate((x) => x.message?.text?.startsWith('/start d_'), 'Reza’s start');
	assert.equal(u.message.text, '/start d_Xk29fLq0ZpA');
	assert.equal(u.message.from.id, REZA);
});

test('a deal link in a text asks who opens it', async () => {
	await phone('sara').locator('.text .link', { hasText: 't.me' }).last().click();
	const menu = phone('sara').getByRole('menu');
	assert.equal(await menu.getByRole('menuitem').first().textContent(), 'باز کردن به‌عنوان سارا');
	await menu.getByRole('menuitem', { name: 'باز کردن به‌عنوان مینا' }).click();
	const u = await nextUpdate((x) => x.message?.text?.startsWith('/start d_'), 'Mina’s start');
	assert.equal(u.message.from.username, 'mina_admin');
	await show('mina', 'bazaar');
});

test('a button that holds a deal link opens it for the one who presses', async () => {
	await button('sara', 'گشودن معامله').last().click();
	const u = await nextUpdate((x) => x.message?.text?.startsWith('/start d_'), 'Sara’s start');
	assert.equal(u.message.from.id, SARA);
});

test('a command in a text is sent when it is touched', async () => {
	await say(SARA, 'راهنما: /help');
	await phone('sara').getByRole('button', { name: '/help' }).last().click();
	await nextUpdate((x) => x.message?.text === '/help', '/help');
});

test('a reply keyboard shows, shares the number and goes', async () => {
	const keyboard = [[{ text: 'فرستادن شمارهٔ من', request_contact: true }], [{ text: 'راهنما' }, { text: 'لغو' }]];
	await say(REZA, 'شماره‌تان؟', { reply_markup: { keyboard, resize_keyboard: true } });
	await button('reza', 'فرستادن شمارهٔ من').click();
	const u = await nextUpdate((x) => x.message?.contact, 'the contact');
	assert.equal(u.message.contact.user_id, REZA);
	await button('reza', 'لغو').click();
	await nextUpdate((x) => x.message?.text === 'لغو', 'the key’s text');
	await say(REZA, 'ممنون', { reply_markup: { remove_keyboard: true } });
	await phone('reza').locator('.reply-keys').waitFor({ state: 'detached' });
});

test('the menu lists the bot’s commands in the person’s language', async () => {
	const set = (language_code, description) => sandbox.api('setMyCommands', { commands: [{ command: 'sell', description }], ...(language_code ? { language_code } : {}) });
	await set('', 'Sell safely');
	await set('fa', 'فروش امن');
	const menu = async (as) => {
		await button(as, 'دستورهای ربات').click();
		return phone(as).getByRole('menu');
	};
	await waitFor(
		async () => {
			const found = await (await menu('sara')).getByText('فروش امن').count();
			if (!found) await page.keyboard.press('Escape');
			return found;
		},
		{ what: 'the Persian command' },
	);
	await phone('sara').getByRole('menuitem').first().click();
	await nextUpdate((x) => x.message?.text === '/sell', '/sell');
});

test('the app language of a person is changed', async () => {
	await phone('reza').locator('select').selectOption('en');
	await types('reza', 'hello');
	const u = await nextUpdate((x) => x.message?.text === 'hello', 'hello');
	assert.equal(u.message.from.language_code, 'en');
	await phone('reza').locator('select').selectOption('fa');
});

test('a group’s messages reach its members and nobody else', async () => {
	await types('mina', 'سلام، برای معاملهٔ امن بنویسید /sell');
	const u = await nextUpdate((x) => x.message?.chat.id === BAZAAR, 'a group message');
	assert.equal(u.message.from.username, 'mina_admin');
	await show('sara', 'bazaar');
	const author = bubbles('sara').last().locator('.author');
	assert.match(await author.textContent(), /مینا/);
	assert.equal(await phone('sara').locator('[data-chat=staff]').count(), 0);
	assert.equal(await phone('omid').locator('[data-chat=staff]').count(), 1);
	await show('sara', 'private');
});

test('a message in another chat is marked until it is looked at', async () => {
	await types('omid', 'کسی هست؟');
	await show('omid', 'private');
	await types('omid', '/start');
	await show('omid', 'staff');
	await say(OMID, 'تازه');
	await phone('omid').locator('[data-chat=private] .dot').waitFor();
	await show('omid', 'private');
	await phone('omid').locator('[data-chat=private] .dot').waitFor({ state: 'detached' });
	await show('omid', 'staff');
});

test('the clock is moved ahead by its buttons', async () => {
	const before = (await sandbox.call('/sim/clock')).ahead_ms;
	const shown = await page.getAttribute('#clock', 'datetime');
	await page.locator('[data-advance="600"]').click();
	await page.locator('[data-advance="259200"]').click();
	await waitFor(async () => (await sandbox.call('/sim/clock')).ahead_ms === before + 259_800_000, { what: 'the clock' });
	await waitFor(async () => Date.parse(await page.getAttribute('#clock', 'datetime')) - Date.parse(shown) >= 259_800_000, { what: 'the shown clock' });
	assert.match(await page.textContent('#clock'), /[۰-۹]/);
});

test('any other amount of time is asked for in the clock’s panel', async () => {
	const before = (await sandbox.call('/sim/clock')).ahead_ms;
	await page.click('#open-clock');
	await page.locator('#panel-clock input').fill('3');
	await page.locator('#panel-clock select').selectOption('3600');
	await page.locator('#panel-clock').getByRole('button', { name: 'جلو برو', exact: true }).click();
	await waitFor(async () => (await sandbox.call('/sim/clock')).ahead_ms === before + 10_800_000, { what: 'three hours' });
	await page.keyboard.press('Escape');
	await page.locator('#panel-clock').waitFor({ state: 'hidden' });
});

test('the bank panel shows a payment and pays it', async () => {
	const port = await freePort();
	const callbacks = [];
	const shop = createServer((q, r) => {
		let body = '';
		q.on('data', (d) => (body += d));
		q.on('end', () => {
			callbacks.push(new URLSearchParams(body));
			r.end('ok');
		});
	}).listen(port, '127.0.0.1');
	try {
		const made = await sandbox.call('/bank/api/token', { terminal: 'test', password: 'test', order_id: '77', amount: 251_250_000, callback: `http://127.0.0.1:${port}/back` });
		assert.equal(made.code, 0, JSON.stringify(made));
		await page.locator('#bank-badge').filter({ hasText: '۱' }).waitFor();
		await page.click('#open-bank');
		const row = page.locator('#panel-bank [data-payment]').first();
		assert.match(await row.textContent(), /۲۵٬۱۲۵٬۰۰۰ تومان/);
		assert.equal(await row.locator('.id').textContent(), '#77');
		assert.equal(await row.locator('[data-since]').textContent(), 'همین حالا');
		assert.deepEqual(await row.locator('[data-do]').evaluateAll((all_) => all_.map((b) => b.dataset.do)), ['pay', 'refuse', 'vanish', 'twice', 'late', 'forge']);
		assert.match(await row.locator('a').getAttribute('href'), /\/bank\/pay\?token=/);
		await screenshot(page, 'sandbox-bank-wide-fa');
		await row.locator('[data-do=pay]').click();
		await row.locator('[data-state=paid]').waitFor();
		const decided = await (await fetch(`${sandbox.url}/bank/pay?token=${made.token}`)).text();
		assert.match(decided, /پیش‌تر انجام یا لغو شده است.*<a href="\/">/);
		await waitFor(() => callbacks.length === 1, { what: 'the callback' });
		assert.equal(callbacks[0].get('status'), '0');
		await page.keyboard.press('Escape');
		await page.locator('#panel-bank').waitFor({ state: 'hidden' });
	} finally {
		shop.close();
	}
});

test('an SMS inbox shows from the first short message on', async () => {
	assert.equal(await page.locator('#open-sms').isVisible(), false);
	const other = await openPage(all.browser, 'about:blank', { origins: [sandbox.url] });
	const sms = [{ to: '09121234567', text: 'پول شما رسید.', at_ms: Date.now() }];
	await other.route('**/sim/state', async (r) => r.fulfill({ json: { ...(await (await r.fetch()).json()), sms } }));
	await other.goto(`${sandbox.url}/`);
	await live(other);
	await other.locator('#sms-badge').filter({ hasText: '۱' }).waitFor();
	await other.click('#open-sms');
	await other.locator('#panel-sms li').filter({ hasText: 'پول شما رسید.' }).waitFor();
	await other.locator('#sms-badge').waitFor({ state: 'hidden' });
	assertNoFaults(other);
	await other.context().close();
});

test('a fault button makes the next call fail', async () => {
	await page.click('#open-faults');
	await page.locator('#panel-faults select').selectOption('sendMessage');
	await page.locator('#panel-faults input').fill('2');
	await page.locator('[data-fault="429"]').click();
	await waitFor(async () => JSON.stringify((await sandbox.state()).faults).includes('429'), { what: 'the fault' });
	const pending = page.locator('#panel-faults .rows li').filter({ hasText: '429' });
	assert.match(await pending.textContent(), /sendMessage.*× ۲/);
	const refused = await sandbox.call(`/bot${TOKEN}/sendMessage`, { chat_id: SARA, text: 'x' }, { raw: true });
	assert.equal(refused.status, 429);
	await sandbox.call(`/bot${TOKEN}/sendMessage`, { chat_id: SARA, text: 'x' }, { raw: true });
	await pending.waitFor({ state: 'detached' });
	assert.equal((await say(SARA, 'باز هم درست')).chat.id, SARA);
	await screenshot(page, 'sandbox-faults-wide-fa');
	await page.click('#open-faults');
});

test('a wrong call of the bot is counted where one sees it', async () => {
	await sandbox.call(`/bot${TOKEN}/sendMessage`, { chat_id: SARA, text: '<b>x', parse_mode: 'HTML' }, { raw: true });
	await page.locator('#fault-badge:visible').waitFor();
	await page.click('#open-faults');
	await page.locator('#panel-faults .pill.bad').first().waitFor();
	await sandbox.call(`/bot${TOKEN}/editMessageText`, { chat_id: SARA, message_id: 999999, text: 'x' }, { raw: true });
	const refusals = page.locator('#panel-faults details').last();
	await refusals.locator('summary').click();
	await refusals.getByText('message to edit not found').first().waitFor();
	await sandbox.call(`/bot${TOKEN}/editMessageText`, { chat_id: SARA, message_id: 999998, text: 'x' }, { raw: true });
	await refusals.getByText('message to edit not found').nth(1).waitFor(); // what is new does not fold the list away
	await page.click('#open-faults');
});

test('the first steps fill in samples that are valid', async () => {
	await page.click('#open-hints');
	const samples = page.locator('#hints .sample');
	await samples.first().click();
	assert.equal(await phone('sara').locator('textarea').inputValue(), '/sell گوشی آیفون ۱۳ ۲۵ میلیون');
	const texts = await samples.allTextContents();
	assert.ok(texts.some((x) => /^\d{24}$/.test(x)), 'a tracking code of 24 digits');
	const iban = texts.find((x) => /^IR\d{24}$/.test(x));
	assert.equal(BigInt(`${iban.slice(4)}1827${iban.slice(2, 4)}`) % 97n, 1n, 'a valid IBAN');
	await phone('sara').locator('textarea').fill('');
	await page.click('#open-hints');
	await samples.first().waitFor({ state: 'hidden' });
});

test('every control has a name, and the keyboard reaches the chats', async () => {
	const nameless = await page.evaluate(() =>
		[...document.querySelectorAll('button, a, select, input, textarea, img')]
			.filter((e) => e.offsetParent && !(e.getAttribute('aria-label') || e.textContent.trim() || e.alt || e.labels?.length))
			.map((e) => e.outerHTML),
	);
	assert.deepEqual(nameless, []);
	await phone('sara').locator('[data-chat=private]').focus();
	await page.keyboard.press('ArrowLeft'); // onwards, right to left
	assert.equal(await phone('sara').locator('[aria-selected=true]').getAttribute('data-chat'), 'direct');
	await page.keyboard.press('ArrowLeft');
	assert.equal(await page.evaluate(() => document.activeElement.dataset.chat), 'bazaar');
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	assert.equal(await phone('sara').locator('[aria-selected=true]').getAttribute('data-chat'), 'private');
});

test('what happened is there again after a reload', async () => {
	const before = await bubbles('sara').count();
	await page.reload();
	await live(page);
	assert.equal(await bubbles('sara').count(), before);
	assert.equal(await phone('sara').locator('.toast').count(), 0, 'old answers are not told again');
});

/** The text colours that are too near to their background (WCAG 2 AA: 4.5, large text 3). */
const faintTexts = (p) =>
	p.evaluate(() => {
		const rgba = (c) => (c.match(/[\d.]+/g) ?? []).map(Number);
		const light = (c) => c.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
		const luminance = (c) => light(c).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
		const over = (top, under) => top.slice(0, 3).map((v, i) => v * (top[3] ?? 1) + under[i] * (1 - (top[3] ?? 1)));
		const behind = (e) => {
			const layers = [];
			for (let x = e; x; x = x.parentElement) layers.push(rgba(getComputedStyle(x).backgroundColor));
			return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
		};
		const faint = [];
		for (const e of document.querySelectorAll('button, a, p, h1, h2, h3, time, span, div, li, b, small')) {
			const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
			if (!own || !e.offsetParent || e.closest('.spoiler, [aria-hidden=true]')) continue;
			const style = getComputedStyle(e);
			const ground = behind(e);
			const [a, b] = [luminance(over(rgba(style.color), ground)), luminance(ground)].sort((x, y) => y - x);
			const ratio = (a + 0.05) / (b + 0.05);
			if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.push(`${ratio.toFixed(2)} ${e.className} ${e.textContent.slice(0, 30)}`);
		}
		return faint;
	});

for (const [size, viewport] of [['wide', WIDE], ['phone', PHONE]])
	for (const code of ['fa', 'en'])
		for (const dark of [false, true]) {
			const name = `sandbox-${size}-${code}-${dark ? 'dark' : 'light'}`;
			test(`${name}: fits, reads and has no fault`, async () => {
				const other = await openPage(all.browser, `${sandbox.url}/`, { viewport, dark });
				await live(other);
				if (code === 'en') await other.click('#language');
				assert.equal(await other.getAttribute('html', 'lang'), code);
				assert.equal(await other.getAttribute('html', 'dir'), code === 'fa' ? 'rtl' : 'ltr');
				assert.ok(await other.locator('#hint-steps').isHidden(), 'the guide is one line until it is asked for');
				await other.click('#open-hints');
				await screenshot(other, `${name}-hints`);
				assert.deepEqual(await faintTexts(other), []);
				assert.equal(await other.locator('#hint-steps li:visible').count(), 6);
				if (viewport === PHONE) {
					assert.ok((await other.locator('#hints').boundingBox()).height <= PHONE.height * 0.31, 'the steps leave the screen to the phone');
					await other.locator('#hint-steps').evaluate((e) => e.scrollTo(0, e.scrollHeight));
					await screenshot(other, `${name}-hints-end`);
				}
				await other.click('#open-hints');
				await other.waitForFunction(() => [...document.images].every((i) => i.complete));
				await other.evaluate(() => {
					for (const log of document.querySelectorAll('.log')) log.scrollTop = log.scrollHeight;
				});
				await screenshot(other, name);
				await assertFits(other);
				assertNoFaults(other);
				await other.context().close();
			});
		}

test('on a small screen a tab bar switches between the phones', async () => {
	const small = await openPage(all.browser, `${sandbox.url}/`, { viewport: PHONE });
	await live(small);
	assert.equal(await small.locator('.phone:visible').count(), 1);
	for (const as of ['reza', 'mina', 'omid']) {
		await small.locator(`#tabs [data-person=${as}]`).tap();
		assert.equal(await small.locator('.phone:visible').getAttribute('data-person'), as);
	}
	const swipe = (from, to) =>
		small.evaluate(
			([x1, x2]) => {
				const log = document.querySelector('.phone.front .log');
				const at = (x) => new Touch({ identifier: 1, target: log, clientX: x, clientY: 400 });
				log.dispatchEvent(new TouchEvent('touchstart', { bubbles: true, touches: [at(x1)], changedTouches: [at(x1)] }));
				log.dispatchEvent(new TouchEvent('touchend', { bubbles: true, changedTouches: [at(x2)] }));
			},
			[from, to],
		);
	await swipe(300, 100); // back, right to left
	assert.equal(await small.locator('.phone:visible').getAttribute('data-person'), 'mina');
	await swipe(100, 300);
	assert.equal(await small.locator('.phone:visible').getAttribute('data-person'), 'omid');
	await say(SARA, 'خبر برای سارا');
	await small.locator('#tabs [data-person=sara] .dot').waitFor();
	await small.locator('#tabs [data-person=sara]').tap();
	await small.locator('#phone-sara').getByText('خبر برای سارا').waitFor();
	assert.equal(await small.locator('#tabs [data-person=sara] .dot').count(), 0);
	const box = await small.locator('#phone-sara .composer').boundingBox();
	assert.ok(box.y + box.height <= PHONE.height, 'the input line is on the screen');
	await small.locator('#open-bank').tap();
	await screenshot(small, 'sandbox-bank-phone-fa');
	assertNoFaults(small);
	await small.context().close();
});

test('the language is remembered', async () => {
	await page.click('#language');
	await page.reload();
	await live(page);
	assert.equal(await page.getAttribute('html', 'lang'), 'en');
	await phone('sara').getByRole('button', { name: 'Attach' }).waitFor();
	await page.click('#language');
});

test('starting over empties the phones and takes their alerts away', async () => {
	await say(SARA, 'پایان', { reply_markup: { inline_keyboard: [[{ text: 'نمی‌خواهم', callback_data: 'no' }]] } });
	await twoAlerts();
	await phone('sara').getByRole('alertdialog').waitFor();
	page.once('dialog', (d) => d.accept());
	await page.click('#reset');
	await button('sara', 'شروع').waitFor();
	assert.equal(await bubbles('sara').count(), 0);
	assert.equal(await page.getByRole('alertdialog').count(), 0);
	await types('sara', 'دوباره');
	await bubbles('sara').first().waitFor();
	assertNoFaults(page);
});

test('the phones speak the page’s language while nobody has written', async () => {
	await sandbox.call('/sim/reset', {});
	const spoken = async () => Object.values((await sandbox.state()).people).map((p) => p.user.language_code).join(' ');
	const foreign = await openPage(all.browser, `${sandbox.url}/`, { locale: 'en-GB' });
	await live(foreign);
	assert.equal(await foreign.getAttribute('html', 'lang'), 'en');
	await waitFor(async () => (await spoken()) === 'en en en en', { what: 'English phones' });
	await foreign.click('#language');
	await waitFor(async () => (await spoken()) === 'fa fa fa fa', { what: 'Persian phones' });
	await types('sara', 'سلام');
	await nextUpdate((x) => x.message?.text === 'سلام', 'a word of Sara');
	await foreign.click('#language');
	await types('reza', 'hi');
	const u = await nextUpdate((x) => x.message?.text === 'hi', 'a word of Reza');
	assert.equal(u.message.from.language_code, 'fa', 'later a person’s language is that person’s own matter');
	await foreign.context().close();
});

await run({
	before: async () => {
		all = await start({ bot: false });
		sandbox = all.sandbox;
		updates = updatesOf(sandbox);
		page = await openPage(all.browser, `${sandbox.url}/`);
		await live(page);
	},
	after: () => all?.stop(),
});
