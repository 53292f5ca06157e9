// What can be said, sent and shown in a chat of the sandbox's page. The test itself is the bot.
import assert from 'node:assert/strict';
import { TOKEN, assertNoFaults, live, openPage, run, screenshot, start, test, updatesOf, waitFor } from './lib.mjs';

const SARA = 1001;
const REZA = 1002;
const BAZAAR = -1001000000001;

/** A picture of 2 × 2 pixels. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGNoOH4MiBggFAA5UAez9jVWkgAAAABJRU5ErkJggg==', 'base64');

let all;
let sandbox;
let page;
let updates;

const nextUpdate = (wanted, what) => updates.next(wanted, what);

const phone = (as) => page.locator(`#phone-${as}`);
const last = (as) => phone(as).locator('.message').last();
const show = (as, chat) => phone(as).locator(`[data-chat=${chat}]`).click();
const say = (chat_id, text, more = {}) => sandbox.api('sendMessage', { chat_id, text, parse_mode: 'HTML', ...more });
const hits = (as) => phone(as).locator('.hits').getByRole('option');
const input = (as) => phone(as).locator('textarea');

async function attach(as, label) {
	await phone(as).getByRole('button', { name: 'پیوست' }).click();
	await phone(as).getByRole('menuitem', { name: label }).click();
}

/** Opens the menu of the newest message that holds `text` and chooses from it. */
async function choose(as, text, label) {
	const m = phone(as).locator('.message').filter({ hasText: text }).last();
	await m.hover();
	await m.getByRole('button', { name: 'کارهای این پیام' }).click();
	await phone(as).getByRole('menuitem', { name: label, exact: true }).click();
}

test('an album is one message with a grid, its words once, and a picture opens large', async () => {
	await input('sara').fill('سه عکس از گوشی');
	await attach('sara', 'آلبوم سه‌عکسی');
	const first = await nextUpdate((x) => x.message?.media_group_id, 'the first picture');
	const group = phone('sara').locator('.message').filter({ has: page.locator('.album') });
	await group.waitFor();
	assert.equal(first.message.caption, 'سه عکس از گوشی');
	assert.equal(await group.locator('.album .picture').count(), 3);
	assert.equal(await group.locator('.text').count(), 1);
	assert.equal(await input('sara').inputValue(), '');
	await group.locator('.picture').first().click();
	const box = page.getByRole('dialog');
	await waitFor(() => box.locator('img').evaluate((i) => i.naturalWidth === 480), { what: 'the large picture' });
	await page.keyboard.press('Escape');
	await box.waitFor({ state: 'hidden' });
});

test('a photo of this device goes along, other files do not', async () => {
	await phone('sara').locator('input[type=file]').setInputFiles({ name: 'گوشی.png', mimeType: 'image/png', buffer: PNG });
	const u = await nextUpdate((x) => x.message?.photo && !x.message.media_group_id, 'the photo');
	assert.equal(u.message.photo.at(-1).width, 2);
});

test('voice and sticker are sent and shown', async () => {
	await attach('sara', 'پیام صوتی');
	assert.ok((await nextUpdate((x) => x.message?.voice, 'a voice message')).message.voice.duration > 0);
	await last('sara').locator('.wave').waitFor();
	await attach('sara', 'استیکر');
	await nextUpdate((x) => x.message?.sticker, 'a sticker');
	await last('sara').getByRole('img', { name: 'استیکر' }).waitFor();
});

test('a forwarded message names who wrote it, also somebody hidden', async () => {
	await attach('sara', 'پیام فورواردشده از…');
	await phone('sara').getByRole('menuitem', { name: 'رضا' }).click();
	await input('sara').fill('گوشی من است');
	await input('sara').press('Enter');
	const known = await nextUpdate((x) => x.message?.forward_origin, 'a forwarded message');
	assert.equal(known.message.forward_origin.sender_user.id, REZA);
	assert.equal(await last('sara').locator('.forwarded').textContent(), 'فورواردشده از رضا کریمی');
	await attach('sara', 'پیام فورواردشده از…');
	await phone('sara').getByRole('menuitem', { name: 'کاربر ناشناس' }).click();
	await input('sara').press('Enter');
	const hidden = await nextUpdate((x) => x.message?.forward_origin, 'a hidden one’s message');
	assert.equal(hidden.message.forward_origin.type, 'hidden_user');
	await input('sara').fill('بعدی');
	await input('sara').press('Enter');
	const plain = await nextUpdate((x) => x.message?.text === 'بعدی', 'the next message');
	assert.equal(plain.message.forward_origin, undefined, 'only one message is forwarded');
});

test('an answer quotes what it answers', async () => {
	await say(SARA, 'قیمت چند است؟');
	await choose('sara', 'قیمت چند است؟', 'پاسخ');
	await phone('sara').locator('.reply-to').filter({ hasText: 'قیمت چند است؟' }).waitFor();
	await input('sara').fill('۲۵ میلیون');
	await input('sara').press('Enter');
	const u = await nextUpdate((x) => x.message?.reply_to_message, 'the answer');
	assert.equal(u.message.reply_to_message.text, 'قیمت چند است؟');
	const quote = last('sara').locator('.reply');
	assert.match(await quote.textContent(), /قیمت چند است؟/);
	await quote.click();
	await phone('sara').locator('.message.found').filter({ hasText: 'قیمت چند است؟' }).waitFor();
});

test('the keyboard reaches every message’s menu with one stop of Tab', async () => {
	const stops = await phone('sara').locator('.log .more').evaluateAll((all_) => all_.map((b) => b.tabIndex));
	assert.equal(stops.at(-1), 0);
	assert.ok(stops.length > 3 && stops.slice(0, -1).every((n) => n === -1), stops.join());
	await last('sara').locator('.more').focus();
	await page.keyboard.press('ArrowUp');
	const before = phone('sara').locator('.message').filter({ has: page.locator('.more:focus') });
	assert.match(await before.textContent(), /قیمت چند است؟/);
	await page.keyboard.press('Enter');
	await phone('sara').getByRole('menuitem', { name: 'پاسخ' }).press('ArrowDown');
	assert.equal(await page.evaluate(() => document.activeElement.textContent), 'کپی متن');
	await page.keyboard.press('Escape');
	await phone('sara').getByRole('menu').waitFor({ state: 'detached' });
});

test('an own message is edited and deleted; another’s offers no edit', async () => {
	await choose('sara', '۲۵ میلیون', 'ویرایش');
	assert.equal(await input('sara').inputValue(), '۲۵ میلیون');
	await input('sara').fill('۲۴ میلیون');
	await input('sara').press('Enter');
	const u = await nextUpdate((x) => x.edited_message, 'the edit');
	assert.equal(u.edited_message.text, '۲۴ میلیون');
	const m = phone('sara').locator('.message').filter({ hasText: '۲۴ میلیون' });
	assert.match(await m.locator('.meta').textContent(), /ویرایش‌شده/);
	await choose('sara', '۲۴ میلیون', 'پاک کردن');
	await m.waitFor({ state: 'detached' });
	const theirs = phone('sara').locator('.message').filter({ hasText: 'قیمت چند است؟' }).first();
	await theirs.hover();
	await theirs.getByRole('button', { name: 'کارهای این پیام' }).click();
	assert.equal(await phone('sara').getByRole('menuitem', { name: 'ویرایش' }).count(), 0);
	await page.keyboard.press('Escape');
});

test('a sandbox that cannot edit is told of calmly', async () => {
	await page.route('**/sim/edit', (r) => r.fulfill({ status: 404, json: { ok: false, description: 'x' } }));
	await input('reza').fill('سلام');
	await input('reza').press('Enter');
	await last('reza').filter({ hasText: 'سلام' }).waitFor();
	await choose('reza', 'سلام', 'ویرایش');
	await input('reza').fill('درود');
	await input('reza').press('Enter');
	await page.locator('#notice').filter({ hasText: 'محیط تمرین هنوز این کار را بلد نیست.' }).waitFor();
	await page.unroute('**/sim/edit');
	page.faults.splice(0, page.faults.length, ...page.faults.filter((f) => !f.includes('404')));
});

test('Sara and Reza talk directly; the bot hears nothing of it, and ticks say who has seen it', async () => {
	await show('sara', 'direct');
	await input('sara').fill('گوشی را می‌خواهی؟');
	await input('sara').press('Enter');
	await last('sara').filter({ hasText: 'گوشی را می‌خواهی؟' }).waitFor();
	assert.equal(await last('sara').locator('.tick.twice').count(), 0);
	await phone('reza').locator('[data-chat=direct] .dot').waitFor();
	await show('reza', 'direct');
	await last('reza').filter({ hasText: 'گوشی را می‌خواهی؟' }).waitFor();
	await input('reza').fill('بله');
	await input('reza').press('Enter');
	await phone('sara').locator('.message.own .tick.twice').waitFor();
	assert.equal(await phone('mina').locator('[data-chat=direct]').count(), 0);
	assert.deepEqual((await sandbox.api('getUpdates', { offset: updates.offset, timeout: 0 })).filter((u) => u.message?.text === 'بله'), []);
});

const result = (n) => ({
	type: 'article',
	id: `r${n}`,
	title: `فروش گوشی ${n}`,
	description: '۲۵ میلیون تومان',
	input_message_content: { message_text: `<b>کارت ${n}</b>`, parse_mode: 'HTML' },
	reply_markup: { inline_keyboard: [[{ text: 'باز کردن', callback_data: `open:${n}` }]] },
});

async function suggests(query, more = {}) {
	const u = await nextUpdate((x) => x.inline_query?.query === query, `the inline query ${query}`);
	await sandbox.api('answerInlineQuery', { inline_query_id: u.inline_query.id, cache_time: 0, results: [result(1), result(2)], ...more });
}

test('the bot is called by its name in a foreign chat; arrows and Enter send what it suggests', async () => {
	await input('sara').fill('');
	await input('sara').pressSequentially('@');
	const named = hits('sara').first();
	assert.match(await named.textContent(), /@separex_sandbox_bot/);
	await input('sara').press('Enter');
	assert.equal(await input('sara').inputValue(), '@separex_sandbox_bot ');
	await input('sara').pressSequentially('25m');
	await suggests('25m', { button: { text: 'معاملهٔ تازه', start_parameter: 'new' } });
	await hits('sara').nth(1).waitFor();
	await screenshot(page, 'sandbox-inline-wide-fa');
	await input('sara').press('ArrowDown');
	assert.equal(await phone('sara').locator('.hits [aria-selected=true] b').textContent(), 'فروش گوشی 2');
	await input('sara').press('Enter');
	const chosen = await nextUpdate((x) => x.chosen_inline_result, 'the chosen result');
	assert.equal(chosen.chosen_inline_result.result_id, 'r2');
	for (const as of ['sara', 'reza']) {
		await last(as).filter({ hasText: 'کارت 2' }).waitFor();
		assert.equal(await last(as).locator('.via').textContent(), 'با @separex_sandbox_bot');
	}
	await phone('reza').getByRole('button', { name: 'باز کردن', exact: true }).click();
	const press = await nextUpdate((x) => x.callback_query, 'the press');
	assert.ok(press.callback_query.inline_message_id);
	await sandbox.api('answerCallbackQuery', { callback_query_id: press.callback_query.id });
});

test('the button above the suggestions opens the bot’s private chat', async () => {
	await input('sara').fill('@separex_sandbox_bot هیچ');
	await suggests('هیچ', { results: [], button: { text: 'معاملهٔ تازه', start_parameter: 'new' } });
	await phone('sara').getByRole('button', { name: 'معاملهٔ تازه' }).click();
	const u = await nextUpdate((x) => x.message?.text?.startsWith('/start'), 'the start');
	assert.equal(u.message.text, '/start new');
	assert.equal(await phone('sara').locator('[aria-selected=true]').getAttribute('data-chat'), 'private');
});

test('a button that calls the bot elsewhere asks where, and fills the input line there', async () => {
	await say(SARA, 'کجا؟', { reply_markup: { inline_keyboard: [[{ text: 'فرستادن کارت', switch_inline_query: 'N4S2' }]] } });
	await phone('sara').getByRole('button', { name: 'فرستادن کارت' }).click();
	await phone('sara').getByRole('menuitem', { name: 'ادامه در رضا' }).click();
	assert.equal(await phone('sara').locator('[aria-selected=true]').getAttribute('data-chat'), 'direct');
	assert.equal(await input('sara').inputValue(), '@separex_sandbox_bot N4S2');
	await suggests('N4S2');
	await hits('sara').first().click();
	await last('reza').filter({ hasText: 'کارت 1' }).waitFor();
});

test('what only one person may see is marked, and nobody else sees it', async () => {
	for (const as of ['sara', 'reza']) await show(as, 'bazaar');
	await input('sara').fill('سلام @reza_k');
	await input('sara').press('Enter');
	await last('reza').filter({ hasText: 'سلام' }).waitFor();
	const reply_markup = { inline_keyboard: [[{ text: 'دیدم', callback_data: 'seen' }]] };
	await say(BAZAAR, 'پول شما در امان است.', { ephemeral_message_parameters: { receiver_user_id: REZA }, reply_markup });
	const m = phone('reza').locator('.message.ephemeral');
	await m.getByText('فقط شما می‌بینید').waitFor();
	await say(BAZAAR, 'همه');
	await last('sara').filter({ hasText: 'همه' }).waitFor();
	assert.equal(await phone('sara').getByText('پول شما در امان است.').count(), 0);
	await m.getByRole('button', { name: 'دیدم' }).click();
	await nextUpdate((x) => x.callback_query?.data === 'seen', 'the press under it');
	await show('mina', 'bazaar');
	await say(BAZAAR, 'پیوند شما: https://t.me/separex_sandbox_bot?start=d_Xk29fLq0ZpA', { ephemeral_message_parameters: { receiver_user_id: 1003 } });
	await phone('mina').locator('.message.ephemeral').last().getByRole('button', { name: 'باز کردن در گوشی مینا' }).click();
	const u = await nextUpdate((x) => x.message?.text?.startsWith('/start d_'), 'Mina’s start');
	assert.equal(u.message.from.id, 1003, 'a link for her eyes is opened by her');
	await show('mina', 'bazaar');
	await say(BAZAAR, 'برای همه: https://t.me/separex_sandbox_bot?start=d_Xk29fLq0ZpA');
	for (const [as, label] of [['mina', 'باز کردن در گوشی مینا'], ['sara', 'باز کردن در گوشی سارا']]) await last(as).getByRole('button', { name: label }).waitFor();
	await say(1003, 'پیوند: https://t.me/separex_sandbox_bot?start=d_Xk29fLq0ZpA');
	await show('mina', 'private');
	await last('mina').getByRole('button', { name: 'باز کردن در گوشیِ…' }).click();
	await phone('mina').getByRole('menuitem', { name: 'باز کردن به‌عنوان رضا' }).waitFor();
	await page.keyboard.press('Escape');
	await show('mina', 'bazaar');
});

test('a moment is told by the reader’s clock, a long quotation unfolds, a spoiler opens', async () => {
	await show('reza', 'private');
	const unix = Math.floor((await sandbox.call('/sim/clock')).now_ms / 1000) + 7200;
	await say(REZA, `<tg-time unix="${unix}" format="r">دو ساعت دیگر</tg-time> <tg-spoiler>راز</tg-spoiler><blockquote expandable>یک\nدو\nسه\nچهار\nپنج</blockquote>`);
	const m = last('reza');
	await m.locator('time.moment').filter({ hasText: '۲ ساعت بعد' }).waitFor();
	await m.getByRole('button', { name: 'نمایش متن پنهان' }).click();
	await m.locator('.spoiler.shown').filter({ hasText: 'راز' }).waitFor();
	await m.getByRole('button', { name: 'ادامه' }).click();
	assert.equal(await m.locator('.folded').count(), 0);
});

test('a document from the bot can be taken', async () => {
	const form = new FormData();
	form.set('chat_id', String(REZA));
	form.set('document', new Blob(['%PDF-1.4'], { type: 'application/pdf' }), 'receipt.pdf');
	const answer = await fetch(`${sandbox.url}/bot${TOKEN}/sendDocument`, { method: 'POST', body: form });
	assert.equal(answer.status, 200, await answer.text());
	const link = last('reza').locator('a.attachment');
	await link.filter({ hasText: 'receipt.pdf' }).waitFor();
	assert.equal((await fetch(new URL(await link.getAttribute('href'), sandbox.url))).status, 200);
	assertNoFaults(page);
	assert.deepEqual((await sandbox.state()).violations, []);
});

await run({
	before: async () => {
		all = await start({ bot: false });
		sandbox = all.sandbox;
		updates = updatesOf(sandbox);
		page = await openPage(all.browser, `${sandbox.url}/`);
		await live(page);
		for (const as of ['sara', 'reza', 'mina']) await sandbox.call('/sim/message', { as, chat: 'private', text: '/start' });
	},
	after: () => all?.stop(),
});
