// The sandbox's page: four phones beside one another, a clock, a bank and faults, all over the control interface /sim/*.
// No framework and no build step. Texts of the page itself are in TEXTS; what the bot says is shown as it comes.
'use strict';

/* ---- texts ---- */

const TEXTS = {
	fa: {
		title: 'Separex؛ میز تمرین معاملهٔ امن',
		brand: 'میز تمرین Separex',
		skip: 'رفتن به گوشی‌ها',
		clock: 'ساعت مجازی',
		bank: 'بانک',
		faults: 'خرابی‌ها',
		help: 'راهنما',
		reset: 'از نو',
		reset_sure: 'همهٔ گفت‌وگوها، پرداخت‌ها و ساعت پاک شود؟',
		phones: 'گوشی‌ها',
		close: 'بستن',
		steps: { 600: '۱۰ دقیقه', 3600: '۱ ساعت', 43200: '۱۲ ساعت', 86400: '۱ روز', 259200: '۳ روز' },
		ahead: '{x} جلو برو',
		sara: 'سارا', reza: 'رضا', mina: 'مینا', omid: 'امید',
		role_sara: 'فروشنده', role_reza: 'خریدار', role_mina: 'مدیر گروه بازار', role_omid: 'کارشناس عملیات',
		private: 'ربات', bazaar: 'گروه بازار', staff: 'اتاق عملیات',
		phone_of: 'گوشی {x}',
		chats_of: 'گفت‌وگوهای {x}',
		app_language: 'زبان برنامهٔ {x}',
		empty_private: 'هنوز گفت‌وگویی نیست. با «شروع» ربات را روشن کنید.',
		empty_group: 'هنوز کسی در این گروه چیزی ننوشته است.',
		start: 'شروع',
		write: 'پیام…',
		send: 'فرستادن',
		attach: 'پیوست',
		commands: 'دستورهای ربات',
		no_commands: 'ربات هنوز دستوری معرفی نکرده است.',
		a_photo: 'عکس نمونه', a_document: 'پرونده', a_location: 'موقعیت مکانی', a_contact: 'شمارهٔ من',
		edited: 'ویرایش‌شده',
		photo_of: 'عکس در گفت‌وگو',
		service: 'رویداد گروه',
		location: 'موقعیت مکانی',
		answer_to: 'پاسخ',
		cancel: 'لغو',
		open_on: 'باز کردن در گوشی {x}',
		open_as: 'باز کردن به‌عنوان {x}',
		post_in: 'فرستادن در {x}',
		copy: 'کپی لینک',
		copied: 'کپی شد.',
		ok: 'باشد',
		unread: 'پیام تازه',
		new_below: 'پیام‌های تازه ↓',
		more: 'بیشتر…', less: 'کمتر',
		just_now: 'همین حالا',
		payments: 'پرداخت‌ها', payouts: 'واریزها به فروشنده', refunds: 'پول‌های برگشتی',
		no_payments: 'هنوز پرداختی ساخته نشده است. وقتی خریدار دکمهٔ پرداخت را بزند این‌جا دیده می‌شود.',
		none: 'هنوز چیزی نیست.',
		bank_page: 'صفحهٔ بانک',
		pay: 'پرداخت', refuse: 'انصراف', vanish: 'پرداخت و بستن صفحه', twice: 'پرداخت، دو بازگشت', late: 'پرداخت، بازگشت دیر', forge: 'بازگشت جعلی',
		created: 'در انتظار پرداخت', paid: 'پرداخت‌شده', verified: 'تأییدشده', settled: 'قطعی‌شده', refused: 'لغوشده', reversed: 'برگشت‌خورده', refunded: 'پس‌داده‌شده',
		queued: 'در صف', sent: 'فرستاده‌شده', done: 'انجام‌شده', returned: 'برگشت‌خورده',
		toman: '{x} تومان',
		faults_about: 'تلگرام یا بانک را خراب کنید و ببینید ربات چه می‌کند.',
		fault_where: 'در', fault_times: 'چند بار',
		any_method: 'همهٔ کارهای تلگرام', any_bank: 'همهٔ کارهای بانک',
		f_429: 'شلوغی (429)', f_500: 'خطای سرور (500)', f_502html: 'صفحهٔ خطای HTML (502)', f_lost: 'انجام بی‌پاسخ (lost)', f_cut: 'پاسخ بریده (cut)', f_409: 'گیرندهٔ دوم (409)',
		fault_set: 'خرابی آماده شد.',
		pending_faults: 'خرابی‌های در راه',
		violations: 'درخواست‌های نادرست ربات',
		no_violations: 'ربات هیچ درخواست نادرستی نفرستاده است.',
		lost: 'ارتباط با سندباکس قطع است؛ دوباره امتحان می‌شود…',
		hints_title: 'یک معاملهٔ کامل در یک دقیقه',
		hints: [
			['در گوشی سارا، فروشنده، بنویسید: ', { as: 'sara', fill: '/sell گوشی آیفون ۱۳ ۲۵ میلیون' }, ' و بفرستید؛ سپس «ساختن لینک معامله» را بزنید.'],
			['زیر پیامی که لینک معامله دارد «باز کردن در گوشی رضا» را بزنید تا خریدار وارد شود.'],
			['رضا شرط‌ها را می‌پذیرد و دکمهٔ پرداخت را می‌زند. در صفحهٔ بانک، یا در «بانک» همین بالا، پرداخت کنید.'],
			['سارا کد رهگیری پست را می‌فرستد: ', { as: 'sara', fill: 'TRACKING', latin: true }],
			['رضا «به دستم رسید»، سپس «تأیید و آزادسازی پول» و «بله، مطمئنم» را می‌زند.'],
			['سارا «ثبت شمارهٔ شبا» را می‌زند و این را می‌فرستد: ', { as: 'sara', fill: 'IBAN', latin: true }, ' حالا ساعت را ۱۲ ساعت جلو ببرید و واریز را در «بانک» ببینید.'],
		],
	},
	en: {
		title: 'Separex: practise a safe trade',
		brand: 'Separex practice desk',
		skip: 'Skip to the phones',
		clock: 'Virtual clock',
		bank: 'Bank',
		faults: 'Faults',
		help: 'Help',
		reset: 'Start over',
		reset_sure: 'Forget all chats, payments and the clock?',
		phones: 'Phones',
		close: 'Close',
		steps: { 600: '10 min', 3600: '1 h', 43200: '12 h', 86400: '1 day', 259200: '3 days' },
		ahead: 'Move {x} ahead',
		sara: 'Sara', reza: 'Reza', mina: 'Mina', omid: 'Omid',
		role_sara: 'seller', role_reza: 'buyer', role_mina: 'admin of the bazaar group', role_omid: 'operator',
		private: 'Bot', bazaar: 'Bazaar group', staff: 'Staff room',
		phone_of: 'Phone of {x}',
		chats_of: 'Chats of {x}',
		app_language: 'App language of {x}',
		empty_private: 'No conversation yet. Press Start to wake the bot.',
		empty_group: 'Nobody has written in this group yet.',
		start: 'Start',
		write: 'Message…',
		send: 'Send',
		attach: 'Attach',
		commands: 'Commands of the bot',
		no_commands: 'The bot has not set any commands yet.',
		a_photo: 'Sample photo', a_document: 'Document', a_location: 'Location', a_contact: 'My number',
		edited: 'edited',
		photo_of: 'Photo in the chat',
		service: 'Group event',
		location: 'Location',
		answer_to: 'Reply',
		cancel: 'Cancel',
		open_on: 'Open on {x}’s phone',
		open_as: 'Open as {x}',
		post_in: 'Post in: {x}',
		copy: 'Copy link',
		copied: 'Copied.',
		ok: 'OK',
		unread: 'New message',
		new_below: 'New messages ↓',
		more: 'More…', less: 'Less',
		just_now: 'just now',
		payments: 'Payments', payouts: 'Payouts to sellers', refunds: 'Refunds',
		no_payments: 'No payment yet. It shows here once the buyer presses the pay button.',
		none: 'Nothing yet.',
		bank_page: 'Bank page',
		pay: 'Pay', refuse: 'Refuse', vanish: 'Pay, then vanish', twice: 'Pay, return twice', late: 'Pay, return late', forge: 'Forged return',
		created: 'waiting', paid: 'paid', verified: 'verified', settled: 'settled', refused: 'refused', reversed: 'reversed', refunded: 'refunded',
		queued: 'queued', sent: 'sent', done: 'done', returned: 'returned',
		toman: '{x} toman',
		faults_about: 'Break Telegram or the bank and watch what the bot does.',
		fault_where: 'In', fault_times: 'Times',
		any_method: 'every Telegram call', any_bank: 'every bank call',
		f_429: 'Too many requests (429)', f_500: 'Server error (500)', f_502html: 'HTML error page (502)', f_lost: 'Done, answer lost', f_cut: 'Answer cut short', f_409: 'Second poller (409)',
		fault_set: 'The fault is set.',
		pending_faults: 'Faults still to come',
		violations: 'Wrong calls of the bot',
		no_violations: 'The bot has made no wrong call.',
		lost: 'The sandbox does not answer; trying again…',
		hints_title: 'One whole deal in a minute',
		hints: [
			['On the phone of Sara, the seller, type ', { as: 'sara', fill: '/sell iPhone 13 25m' }, ' and send it; then press “Make the deal link”.'],
			['Under the message that holds the deal link press “Open on Reza’s phone”: the buyer comes in.'],
			['Reza agrees to the terms and presses the pay button. Pay on the bank page, or in “Bank” above.'],
			['Sara sends the tracking code of the parcel: ', { as: 'sara', fill: 'TRACKING', latin: true }],
			['Reza presses “It has arrived”, then “All good, release money” and “Yes, I am sure”.'],
			['Sara presses “Enter my IBAN” and sends this: ', { as: 'sara', fill: 'IBAN', latin: true }, ' Now move the clock 12 hours ahead and see the payout in “Bank”.'],
		],
	},
};

// A 24-digit code as Iran Post prints, and an IBAN with a right check number (bank 012; its account is made up).
const SAMPLES = { TRACKING: '207350402500018563254111', IBAN: 'IR840120000000000123456789' };

// An empty PDF file, in base64.
const SAMPLE_PDF = btoa('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

const PEOPLE = ['sara', 'reza', 'mina', 'omid'];
const LOOK = {
	sara: { colour: '#b4487c', chat: 'private', other: 'reza' },
	reza: { colour: '#3767b0', chat: 'private', other: 'sara' },
	mina: { colour: '#7c54ad', chat: 'bazaar', other: 'reza' },
	omid: { colour: '#2b7d5b', chat: 'staff', other: 'reza' },
};
const MEMBERS = { private: PEOPLE, bazaar: PEOPLE, staff: ['omid'] };
const CLOCK_STEPS = [600, 3600, 43200, 86400, 259200];
const BANK_ACTS = ['pay', 'refuse', 'vanish', 'twice', 'late', 'forge'];
const FAULTS = ['429', '500', '502html', 'lost', 'cut', '409'];
const FAULT_METHODS = ['*', 'getUpdates', 'sendMessage', 'sendPhoto', 'editMessageText', 'answerCallbackQuery', 'bank.*', 'bank.token', 'bank.verify', 'bank.settle', 'bank.refund', 'bank.payout'];
const GOOD_STATES = ['paid', 'verified', 'settled', 'done'];
const BAD_STATES = ['refused', 'reversed', 'returned'];
const AGES = [['day', 86400], ['hour', 3600], ['minute', 60]];
const HOUR = { hour: '2-digit', minute: '2-digit' };
const WAIT_MS = 25000;
const RETRY_MS = 1000;
const TOAST_MS = 3200;
const NOTICE_MS = 4000;
const NEAR_END_PX = 80;

let language = firstLanguage();
let model = { people: {}, payments: [], payouts: [], refunds: [], faults: [], violations: [], profile: { commands: {} } }; // GET /sim/state
let clockOffset = 0; // virtual minus browser time
let phones = [];

function remembered(key) {
	try {
		return localStorage.getItem(`separex.${key}`);
	} catch {
		return null;
	}
}

/** What was chosen here before; else Persian where the browser speaks it or stands in Iran, where many are in English. */
function firstLanguage() {
	const chosen = remembered('language');
	if (chosen) return chosen === 'en' ? 'en' : 'fa';
	const persian = (navigator.languages ?? [navigator.language]).some((l) => /^fa\b/i.test(l));
	return persian || Intl.DateTimeFormat().resolvedOptions().timeZone === 'Asia/Tehran' ? 'fa' : 'en';
}

function remember(key, value) {
	try {
		localStorage.setItem(`separex.${key}`, value);
	} catch {
		/* a browser without storage forgets, that is all */
	}
}

function t(key, x) {
	const text = TEXTS[language][key] ?? key;
	return x === undefined ? text : text.replace('{x}', x);
}

const number = (n) => new Intl.NumberFormat(language === 'fa' ? 'fa-IR' : 'en-US', { maximumFractionDigits: 1 }).format(n);
const toman = (rial) => t('toman', number(rial / 10));

function when(ms, parts) {
	const locale = language === 'fa' ? 'fa-IR-u-ca-persian' : 'en-GB';
	return new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Tehran', ...parts }).format(ms);
}

/* ---- small tools ---- */

const $ = (id) => document.getElementById(id);

/** An element; properties that begin with "on" are listeners, the rest are attributes, null leaves one out. */
function h(tag, properties, ...children) {
	const e = document.createElement(tag);
	for (const [k, v] of Object.entries(properties ?? {})) {
		if (v === null || v === undefined || v === false) continue;
		if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
		else e.setAttribute(k, v === true ? '' : v);
	}
	e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
	return e;
}

const ICONS = {
	attach: 'M20 11l-8.4 8.4a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7',
	send: 'M5 12h14M13 6l6 6-6 6',
};

function icon(name) {
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('aria-hidden', 'true');
	const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
	path.setAttribute('d', ICONS[name]);
	svg.append(path);
	return svg;
}

async function call(path, body) {
	const post = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
	const answer = await fetch(path, post);
	const json = await answer.json().catch(() => null);
	if (!answer.ok || !json || json.ok === false) throw new Error(json?.description ?? `HTTP ${answer.status}`);
	return json;
}

/** Does something by the control interface; what it refuses is shown as a notice. */
async function act(path, body) {
	try {
		return await call(path, body);
	} catch (e) {
		notice(e.message);
		return null;
	}
}

let noticeTimer = 0;
function notice(text) {
	const box = $('notice');
	box.textContent = text;
	box.dir = 'auto';
	box.hidden = false;
	clearTimeout(noticeTimer);
	noticeTimer = setTimeout(() => (box.hidden = true), NOTICE_MS);
}

async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = h('textarea', { readonly: true });
		area.value = text;
		document.body.append(area);
		area.select();
		document.execCommand('copy');
		area.remove();
	}
	notice(t('copied'));
}

/** Arrow keys move among the tabs of a tab list. */
function arrows(list) {
	list.addEventListener('keydown', (e) => {
		const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
		if (!step) return;
		const tabs = [...list.querySelectorAll('[role=tab]')];
		const forward = getComputedStyle(list).direction === 'rtl' && e.key.startsWith('ArrowL') | e.key.startsWith('ArrowR') ? -step : step;
		const next = tabs[(tabs.indexOf(document.activeElement) + forward + tabs.length) % tabs.length];
		next.focus();
		next.click();
		e.preventDefault();
	});
}

/* ---- links ---- */

const botName = () => model.bot_username ?? '';

function parseUrl(text) {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}

/** True for t.me/<our bot>?start=…, which opens the bot's private chat. */
function isDeepLink(text) {
	const url = parseUrl(text);
	if (!url) return false;
	if (url.protocol === 'tg:') return url.hostname === 'resolve' && url.searchParams.get('domain') === botName() && url.searchParams.has('start');
	const here = ['t.me', 'telegram.me'].includes(url.hostname) && url.pathname.slice(1).toLowerCase() === botName().toLowerCase();
	return here && url.searchParams.has('start');
}

/** What a t.me/share link shares, or null. */
function sharedBy(text) {
	const url = parseUrl(text);
	if (!url || url.hostname !== 't.me' || !/^\/(share\/url|share|msg\/url)$/.test(url.pathname)) return null;
	const link = url.searchParams.get('url') ?? '';
	return { link, text: [url.searchParams.get('text'), link].filter(Boolean).join('\n') };
}

const isWebLink = (text) => ['http:', 'https:', 'mailto:', 'tel:'].includes(parseUrl(text)?.protocol);

/** The first deep link that a message holds, in its text, its entities or its buttons. */
function deepLinkOf(m) {
	const text = m.text ?? m.caption ?? '';
	const places = text.match(/(https?|tg):\/\/[^\s<>\u2066-\u2069]+/g) ?? [];
	for (const e of m.entities ?? m.caption_entities ?? []) if (e.url) places.push(e.url);
	for (const b of (m.reply_markup?.inline_keyboard ?? []).flat()) places.push(b.url ?? '', b.copy_text?.text ?? '', sharedBy(b.url ?? '')?.link ?? '');
	return places.find(isDeepLink) ?? null;
}

/* ---- rich text: entities to elements ---- */

const SIMPLE_TAGS = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', blockquote: 'blockquote', expandable_blockquote: 'blockquote', pre: 'pre' };
const LEAF = /(https?:\/\/[^\s<>\u2066-\u2069]*[^\s<>\u2066-\u2069.,;:!?)»،؛])|(?<![\w/])(\/[a-z][a-z0-9_]{0,31}(?:@\w+)?)(?![\w/])/giu;

/** Text between entities: bare links and commands become links as in Telegram. */
function leaf(text, phone) {
	const nodes = [];
	let at = 0;
	for (const m of text.matchAll(LEAF)) {
		nodes.push(text.slice(at, m.index), m[1] ? linkTo(m[1], [m[1]], phone) : commandLink(m[2], phone));
		at = m.index + m[0].length;
	}
	nodes.push(text.slice(at));
	return nodes.filter((n) => n !== '');
}

function commandLink(command, phone) {
	return h('button', { type: 'button', class: 'link', dir: 'ltr', onclick: () => phone.say(command) }, command);
}

function linkTo(url, children, phone) {
	if (isDeepLink(url)) return h('button', { type: 'button', class: 'link', onclick: () => phone.offer(url) }, children);
	if (!isWebLink(url)) return h('span', null, children);
	return h('a', { href: url, target: '_blank', rel: 'noopener', class: 'link' }, children);
}

function wrap(entity, text, children, phone) {
	const tag = SIMPLE_TAGS[entity.type];
	if (tag) return h(tag, null, children);
	switch (entity.type) {
	case 'code':
		return h('code', { tabindex: '0', role: 'button', title: t('copy'), onclick: () => copy(text), onkeydown: (e) => e.key === 'Enter' && copy(text) }, children);
	case 'text_link':
		return linkTo(entity.url ?? '', children, phone);
	case 'url':
		return linkTo(/^[a-z]+:/i.test(text) ? text : `https://${text}`, children, phone);
	case 'bot_command':
		return commandLink(text, phone);
	case 'spoiler':
		return h('button', { type: 'button', class: 'spoiler', onclick: (e) => e.currentTarget.classList.add('shown') }, children);
	case 'mention':
	case 'text_mention':
	case 'hashtag':
	case 'cashtag':
	case 'phone_number':
	case 'email':
		return h('span', { class: 'link' }, children);
	default: // a kind of a newer Bot API: its text is all that matters
		return h('span', null, children);
	}
}

/** Elements for text[from, to) with its entities, whose offsets are UTF-16 units, as JavaScript counts. */
function rich(text, entities, phone, from = 0, to = text.length) {
	const nodes = [];
	let at = from;
	for (let i = 0; i < entities.length; i++) {
		const e = entities[i];
		if (e.offset < at || e.offset >= to) continue;
		const end = Math.min(e.offset + e.length, to);
		const inner = entities.slice(i + 1).filter((x) => x.offset >= e.offset && x.offset < end);
		const piece = text.slice(e.offset, end);
		const opaque = ['code', 'pre', 'url', 'text_link', 'bot_command'].includes(e.type);
		const children = opaque && !inner.length ? [piece] : rich(text, inner, phone, e.offset, end);
		nodes.push(...leaf(text.slice(at, e.offset), phone), wrap(e, piece, children, phone));
		at = end;
	}
	nodes.push(...leaf(text.slice(at, to), phone));
	return nodes;
}

function textElement(m, phone) {
	const text = m.text ?? m.caption;
	if (text === undefined || text === '') return null;
	const entities = [...(m.entities ?? m.caption_entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
	return h('div', { class: 'text', dir: 'auto' }, rich(text, entities, phone));
}

/* ---- one message ---- */

function attachment(symbol, title, detail) {
	return h('div', { class: 'attachment' }, h('span', { class: 'icon', 'aria-hidden': 'true' }, symbol), h('div', { dir: 'auto' }, title, detail ? h('small', null, detail) : null));
}

function media(m) {
	if (m.photo?.length) {
		const largest = m.photo.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
		return h('img', { src: `/sim/file?file_id=${encodeURIComponent(largest.file_id)}`, alt: t('photo_of'), width: largest.width || null });
	}
	if (m.document) return attachment('▤', m.document.file_name ?? t('a_document'), m.document.mime_type);
	if (m.location) return attachment('◎', t('location'), `${m.location.latitude}, ${m.location.longitude}`);
	if (m.contact) return attachment('☎', [m.contact.first_name, m.contact.last_name].filter(Boolean).join(' '), m.contact.phone_number);
	return null;
}

function inlineButton(b, m, phone) {
	const look = { class: ['primary', 'success', 'danger'].includes(b.style) ? b.style : null, dir: 'auto' };
	const button = (onclick) => h('button', { type: 'button', ...look, onclick }, b.text);
	if (b.callback_data !== undefined) return button(() => phone.press(m, b));
	if (b.copy_text) return button(() => copy(b.copy_text.text));
	if (b.url && isDeepLink(b.url)) return button(() => phone.open(b.url));
	if (b.url && sharedBy(b.url)) return button(() => phone.offer(sharedBy(b.url).link, sharedBy(b.url).text));
	if (b.url && isWebLink(b.url)) return h('a', { ...look, href: b.url, target: '_blank', rel: 'noopener' }, b.text);
	return button(() => phone.fill(`@${botName()} ${b.switch_inline_query_current_chat ?? b.switch_inline_query ?? ''}`));
}

function inlineKeyboard(m, phone) {
	const rows = m.reply_markup?.inline_keyboard;
	if (!rows?.length) return null;
	return h('div', { class: 'keys', role: 'group' }, rows.map((row) => h('div', null, row.map((b) => inlineButton(b, m, phone)))));
}

/** The small buttons that carry a deal link to the other person. */
function passOn(m, phone) {
	const link = deepLinkOf(m);
	if (!link) return null;
	const other = LOOK[phone.as].other;
	return h(
		'div',
		{ class: 'passes', dir: 'auto' },
		h('button', { type: 'button', onclick: () => openAs(other, link) }, t('open_on', t(other))),
		h('button', { type: 'button', onclick: () => copy(link) }, t('copy')),
	);
}

function isService(m) {
	return m.text === undefined && m.caption === undefined && !media(m);
}

function messageElement(m, phone) {
	if (isService(m)) return h('div', { class: 'message service' }, t('service'));
	const own = m.from?.id === phone.person()?.id;
	const author = !own && phone.chat !== 'private' ? h('div', { class: 'author', dir: 'auto' }, m.sender_chat?.title ?? m.from?.first_name ?? '') : null;
	const quoted = m.reply_to_message && h('div', { class: 'reply', dir: 'auto' }, m.reply_to_message.text ?? m.reply_to_message.caption ?? '…');
	const time = when(m.date * 1000, HOUR);
	const meta = h('span', { class: 'meta', lang: language }, m.edit_date ? `${t('edited')} ` : '', time);
	const bubble = h('div', { class: m.photo ? 'bubble wide' : 'bubble', ondblclick: () => phone.answerTo(m) }, author, quoted, media(m), textElement(m, phone), meta);
	return h('article', { class: own ? 'message own' : 'message', 'data-id': m.message_id }, bubble, inlineKeyboard(m, phone), passOn(m, phone));
}

/* ---- a sample picture, drawn here so that nothing is fetched ---- */

function samplePicture(colour) {
	const canvas = h('canvas', { width: 320, height: 240 });
	const c = canvas.getContext('2d');
	c.fillStyle = '#e8eef0';
	c.fillRect(0, 0, 320, 240);
	c.fillStyle = colour;
	c.fillRect(110, 30, 100, 180);
	c.fillStyle = '#f7fafb';
	c.fillRect(118, 46, 84, 140);
	c.beginPath();
	c.arc(160, 198, 6, 0, 2 * Math.PI);
	c.fill();
	return canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '');
}

/* ---- a phone ---- */

class Phone {
	constructor(as) {
		this.as = as;
		this.chat = LOOK[as].chat;
		this.views = {}; // chat -> {messages, answers}
		this.read = {}; // chat -> last message id that was on the screen
		this.shown = new Map(); // message id -> {print, element}
		this.heard = {}; // chat -> answers already told
		this.replyTo = null;
		this.top = 0; // where the chat was scrolled to
		this.following = true; // the newest message is kept in sight
		this.resized = new ResizeObserver(() => this.keepUp());
		this.element = h('section', { class: 'phone', id: `phone-${as}`, 'data-person': as });
		this.element.addEventListener('keydown', (e) => {
			if (e.key === 'Escape') this.closeMenu(true);
		});
	}

	chats() {
		return Object.keys(MEMBERS).filter((c) => MEMBERS[c].includes(this.as));
	}

	person() {
		return model.people[this.as]?.user;
	}

	/** Builds the frame in the page's language; the messages follow by draw(). */
	build() {
		const kept = this.input?.value ?? '';
		this.shown.clear();
		this.log = h('div', { class: 'log', role: 'log', tabindex: '0', 'aria-label': t('phone_of', t(this.as)), onscroll: () => this.scrolled() });
		this.log.addEventListener('load', () => this.keepUp(), true); // a picture has its height only now
		this.resized.disconnect();
		this.resized.observe(this.log);
		this.following = true;
		this.below = h('button', { type: 'button', class: 'below', hidden: true, onclick: () => this.toNewest() }, t('new_below'));
		this.tabs = h('div', { class: 'chats', role: 'tablist', 'aria-label': t('chats_of', t(this.as)) });
		arrows(this.tabs);
		this.foot = h('div', { class: 'foot' });
		this.element.setAttribute('aria-label', t('phone_of', t(this.as)));
		this.element.replaceChildren(this.header(), this.tabs, this.log, this.foot);
		this.foot.append(this.composer(), this.below);
		this.input.value = kept;
		this.draw();
	}

	header() {
		const language_ = h('select', { class: 'app-language', 'aria-label': t('app_language', t(this.as)), onchange: (e) => act('/sim/person', { as: this.as, language: e.target.value }) });
		for (const [code, name] of [['fa', 'فارسی'], ['en', 'English']]) language_.append(h('option', { value: code, lang: code }, name));
		this.languageBox = language_;
		const avatar = h('div', { class: 'avatar', 'aria-hidden': 'true' }, t(this.as).slice(0, 1));
		avatar.style.background = LOOK[this.as].colour;
		return h('div', { class: 'top-line' }, avatar, h('div', { class: 'who' }, h('h2', null, t(this.as)), h('p', null, t(`role_${this.as}`))), language_);
	}

	composer() {
		this.input = h('textarea', { rows: 1, dir: 'auto', maxlength: 5000, placeholder: t('write'), 'aria-label': `${t('write')} ${t(this.as)}`, autocomplete: 'off' });
		this.input.addEventListener('keydown', (e) => {
			if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
			e.preventDefault();
			this.submit();
		});
		this.input.addEventListener('input', () => this.grow());
		const round = (label, onclick, child, extra = '') => h('button', { type: 'button', class: `round ${extra}`, title: label, 'aria-label': label, onclick }, child);
		return h(
			'div',
			{ class: 'composer' },
			round(t('attach'), () => this.attachMenu(), icon('attach')),
			round(t('commands'), () => this.commandMenu(), '/', 'slash'),
			this.input,
			round(t('send'), () => this.submit(), icon('send'), 'send'),
		);
	}

	grow() {
		this.input.style.blockSize = '38px';
		if (this.input.scrollHeight > 40) this.input.style.blockSize = `${Math.min(this.input.scrollHeight + 2, 110)}px`;
	}

	/* what the person does */

	send(what) {
		const reply = this.replyTo ? { reply_to: this.replyTo.message_id } : {};
		this.answerTo(null);
		return act('/sim/message', { as: this.as, chat: this.chat, ...reply, ...what });
	}

	say(text) {
		return this.send({ text });
	}

	submit() {
		const text = this.input.value.trim();
		if (!text) return;
		this.input.value = '';
		this.grow();
		this.closeMenu();
		this.say(text);
	}

	fill(text) {
		this.input.value = text;
		this.grow();
		this.input.focus();
	}

	press(m, b) {
		return act('/sim/press', { as: this.as, chat: this.chat, data: b.callback_data, message_id: m.message_id });
	}

	open(link) {
		openAs(this.as, link);
	}

	answerTo(m) {
		this.replyTo = m;
		this.foot.querySelector('.reply-to')?.remove();
		if (!m) return;
		const cancel = h('button', { type: 'button', class: 'close', 'aria-label': t('cancel'), onclick: () => this.answerTo(null) }, '×');
		this.foot.prepend(h('div', { class: 'reply-to' }, h('span', { dir: 'auto' }, m.text ?? m.caption ?? '…'), cancel));
		this.input.focus();
	}

	/* menus above the input line */

	menu(items, about) {
		const again = this.opened === about;
		this.closeMenu();
		if (again) return;
		this.opened = about;
		const box = h('div', { class: 'menu', role: 'menu', 'aria-label': about }, items);
		this.foot.append(box);
		box.querySelector('button')?.focus();
	}

	closeMenu(focus = false) {
		const box = this.foot.querySelector('.menu');
		if (focus && box) this.input.focus();
		box?.remove();
		this.opened = null;
	}

	item(children, onclick) {
		const chosen = () => {
			this.closeMenu();
			onclick();
		};
		return h('button', { type: 'button', role: 'menuitem', onclick: chosen }, children);
	}

	attachMenu() {
		this.menu(
			[
				this.item(t('a_photo'), () => this.send({ photo: samplePicture(LOOK[this.as].colour) })),
				this.item(t('a_document'), () => this.send({ document: { name: 'waybill.pdf', data: SAMPLE_PDF } })),
				this.item(t('a_location'), () => this.send({ location: true })),
				this.item(t('a_contact'), () => this.send({ contact: true })),
			],
			t('attach'),
		);
	}

	commandMenu() {
		const commands = commandsFor(this.person()?.language_code ?? 'fa', this.chat);
		const items = commands.map((c) => this.item([h('bdi', { dir: 'ltr' }, `/${c.command}`), h('span', { dir: 'auto' }, c.description)], () => this.say(`/${c.command}`)));
		this.menu(items.length ? items : [h('p', null, t('no_commands'))], t('commands'));
	}

	/** A deep link was touched: whose phone shall open it? */
	offer(link, text = link) {
		const order = [this.as, ...PEOPLE.filter((p) => p !== this.as)];
		const items = isDeepLink(link) ? order.map((p) => this.item(t('open_as', t(p)), () => openAs(p, link))) : [];
		if (MEMBERS.bazaar.includes(this.as)) items.push(this.item(t('post_in', t('bazaar')), () => this.post('bazaar', text)));
		items.push(this.item(t('copy'), () => copy(link)));
		this.menu([h('p', { dir: 'ltr' }, link), ...items], link);
	}

	post(chat, text) {
		this.show(chat);
		this.say(text);
	}

	/* what the person sees */

	show(chat) {
		this.chat = chat;
		this.answerTo(null);
		this.closeMenu();
		this.shown.clear();
		this.log.replaceChildren();
		this.following = true;
		this.below.hidden = true;
		this.draw();
	}

	unread(chat) {
		const last = this.views[chat]?.messages.at(-1)?.message_id ?? 0;
		return last > (this.read[chat] ?? 0);
	}

	drawTabs() {
		const chats = this.chats();
		this.tabs.hidden = chats.length < 2;
		const made = chats.map((c) => {
			const on = c === this.chat;
			const dot = !on && this.unread(c) ? h('span', { class: 'dot', role: 'img', 'aria-label': t('unread') }) : null;
			return h('button', { type: 'button', role: 'tab', 'aria-selected': String(on), tabindex: on ? '0' : '-1', 'data-chat': c, onclick: () => this.show(c) }, t(c), dot);
		});
		const focused = this.tabs.contains(document.activeElement) ? document.activeElement.dataset.chat : null;
		this.tabs.replaceChildren(...made);
		if (focused) made.find((b) => b.dataset.chat === focused)?.focus();
	}

	draw() {
		const view = this.views[this.chat];
		if (!view) return this.drawTabs();
		if (this.person()) this.languageBox.value = this.person().language_code === 'en' ? 'en' : 'fa';
		this.drawMessages(view.messages);
		this.drawReplyKeys(view.keyboard?.keyboard);
		this.read[this.chat] = view.messages.at(-1)?.message_id ?? 0;
		this.drawTabs();
		this.tellAnswers(view.answers ?? []);
	}

	drawMessages(messages) {
		const log = this.log;
		const first = this.shown.size === 0;
		const order = messages.length ? [] : [this.emptyElement()];
		const next = new Map();
		let day = '';
		for (const m of messages) {
			const its = when(m.date * 1000, { day: 'numeric', month: 'long' });
			if (its !== day) order.push(h('div', { class: 'day', dir: 'auto' }, (day = its)));
			const print = JSON.stringify(m);
			let known = this.shown.get(m.message_id);
			if (known?.print !== print) {
				const fresh = !known && !first;
				known = { print, element: messageElement(m, this) };
				if (fresh) known.element.classList.add('fresh');
				if (fresh && m.from?.id === this.person()?.id) this.following = true;
				else if (fresh && !this.following) this.below.hidden = false;
			}
			next.set(m.message_id, known);
			order.push(known.element);
		}
		this.shown = next;
		sync(log, order);
		this.keepUp();
	}

	/** Holds the end of the chat in sight, also when a picture, the keyboard or the screen changes the heights. A phone
	 * that is not on the screen has no height: it comes here again when it is shown. */
	keepUp() {
		if (!this.following || !this.log.clientHeight) return;
		this.log.scrollTop = this.log.scrollHeight;
		this.top = this.log.scrollTop;
	}

	/** Only a way upwards is somebody's wish to read what was before; heights that change move nothing upwards. */
	scrolled() {
		const { scrollHeight, scrollTop, clientHeight } = this.log;
		if (!clientHeight) return;
		const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
		if (atEnd) this.following = true;
		else if (scrollTop < this.top) this.following = false;
		this.top = scrollTop;
		if (this.following) this.below.hidden = true;
	}

	toNewest() {
		this.following = true;
		this.below.hidden = true;
		this.keepUp();
	}

	emptyElement() {
		if (this.chat !== 'private') return h('div', { class: 'empty', dir: 'auto' }, t('empty_group'));
		return h('div', { class: 'empty', dir: 'auto' }, t('empty_private'), h('br'), h('button', { type: 'button', onclick: () => this.say('/start') }, t('start')));
	}

	/** The reply keyboard that the bot put up in this chat, if any. */
	drawReplyKeys(rows) {
		const print = JSON.stringify(rows ?? null);
		if (print === this.keysPrint && this.foot.querySelector('.reply-keys')) return;
		this.keysPrint = print;
		this.foot.querySelector('.reply-keys')?.remove();
		if (rows) this.foot.append(h('div', { class: 'reply-keys' }, rows.map((row) => h('div', null, row.map((b) => this.replyKey(b))))));
	}

	replyKey(b) {
		const key = typeof b === 'string' ? { text: b } : b;
		const use = () => {
			if (key.request_contact) return this.send({ contact: true });
			if (key.request_location) return this.send({ location: true });
			return this.say(key.text);
		};
		return h('button', { type: 'button', dir: 'auto', onclick: use }, key.text);
	}

	/** Shows the answers to pressed buttons that came since the last look. */
	tellAnswers(answers) {
		const id = (a) => a.callback_query_id;
		const known = this.heard[this.chat];
		this.heard[this.chat] = new Set(answers.map(id));
		if (!known) return;
		for (const a of answers) if (!known.has(id(a)) && a.text) a.show_alert ? this.alert(a.text) : this.toast(a.text);
	}

	toast(text) {
		this.element.querySelector('.toast')?.remove();
		const box = h('div', { class: 'toast', role: 'status', dir: 'auto' }, text);
		this.element.append(box);
		setTimeout(() => box.remove(), TOAST_MS);
	}

	alert(text) {
		const close = () => box.remove();
		const ok = h('button', { type: 'button', onclick: close }, t('ok'));
		const box = h('div', { class: 'alert-box', role: 'alertdialog', 'aria-label': t(this.as), onkeydown: (e) => e.key === 'Escape' && close() }, h('div', null, h('p', { dir: 'auto' }, text), ok));
		this.element.append(box);
		ok.focus();
	}
}

/** Makes the children of `parent` be `wanted`, moving nothing that already stands right. */
function sync(parent, wanted) {
	const keep = new Set(wanted);
	for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
	wanted.forEach((e, i) => parent.children[i] !== e && parent.insertBefore(e, parent.children[i] ?? null));
}

function openAs(as, link) {
	const phone = phones.find((p) => p.as === as);
	phone.show('private');
	front(as);
	return act('/sim/open', { as, link });
}

/** The commands that Telegram would show: the narrowest scope that has any, in the person's language or the default. */
function commandsFor(code, chat) {
	const scopes = chat === 'private' ? ['all_private_chats', 'default'] : ['all_group_chats', 'default'];
	for (const scope of scopes)
		for (const lang of [code, '']) {
			const set = model.profile.commands[`${scope} ${lang}`];
			if (set?.length) return set;
		}
	return [];
}

/* ---- panels ---- */

function pill(state) {
	const kind = GOOD_STATES.includes(state) ? 'good' : BAD_STATES.includes(state) ? 'bad' : 'wait';
	return h('span', { class: `pill ${kind}`, 'data-state': state }, t(state));
}

function panelTop(title, id) {
	return h('div', { class: 'top-line' }, h('div', { class: 'who' }, h('h2', null, title)), h('button', { type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => toggle(id, false) }, '×'));
}

/** How long ago a moment of the virtual clock was, like "2 hours ago". */
function age(ms) {
	const s = Math.max(0, Math.floor((Date.now() + clockOffset - ms) / 1000));
	const [unit, size] = AGES.find(([, seconds]) => s >= seconds) ?? [null];
	return unit ? new Intl.RelativeTimeFormat(language === 'fa' ? 'fa-IR' : 'en', { numeric: 'always' }).format(-Math.floor(s / size), unit) : t('just_now');
}

/** "… 4821": the end of an order's id, enough to tell two payments apart. */
const orderEnd = (id) => h('span', { class: 'id', title: id }, `#${id.length > 4 ? '…' : ''}${id.slice(-4)}`);

function ageElement(ms) {
	return ms ? h('time', { class: 'quiet', 'data-since': ms }, age(ms)) : null;
}

function paymentRow(p) {
	const key = p.token;
	const acts = BANK_ACTS.map((a) => h('button', { type: 'button', 'data-do': a, onclick: () => act('/sim/bank', { payment: key, do: a }) }, t(a)));
	const page = h('a', { class: 'link', href: `/bank/pay?token=${encodeURIComponent(p.token)}${language === 'en' ? '&lang=en' : ''}`, target: '_blank', rel: 'noopener' }, t('bank_page'));
	const open = p.state === 'created';
	return h('li', { 'data-payment': key }, h('span', { class: 'sum' }, toman(p.amount)), pill(p.state), orderEnd(p.order_id), ageElement(p.created_ms), open ? h('div', { class: 'does' }, page, acts) : null);
}

function moneyRow(p) {
	const id = [p.track_id ?? p.order_id, p.iban].filter(Boolean).join(' · ');
	return h('li', null, h('span', { class: 'sum' }, toman(p.amount)), pill(p.state), h('span', { class: 'id' }, id));
}

function listOf(title, rows, none) {
	return [h('h3', null, title), rows.length ? h('ul', { class: 'rows' }, rows) : h('p', { class: 'quiet' }, none)];
}

const drawn = {}; // panel -> what it was drawn from

/** Draws a panel again only when what it shows has changed: an open list or the focus in it must not be lost. */
function redraw(id, source, make) {
	const print = JSON.stringify([language, source]);
	if (drawn[id] === print) return;
	drawn[id] = print;
	$(id).replaceChildren(...make());
}

function drawBank() {
	const newest = (list) => [...(list ?? [])].reverse();
	const waiting = newest(model.payments).filter((p) => p.state === 'created').length;
	badge('bank-badge', waiting);
	redraw('panel-bank', [model.payments, model.payouts, model.refunds], () => [
		panelTop(t('bank'), 'bank'),
		...listOf(t('payments'), newest(model.payments).map(paymentRow), t('no_payments')),
		...listOf(t('payouts'), newest(model.payouts).map(moneyRow), t('none')),
		...listOf(t('refunds'), newest(model.refunds).map(moneyRow), t('none')),
	]);
}

function badge(id, n) {
	$(id).hidden = n === 0;
	$(id).textContent = number(n);
}

let faultMethod = '*';
let faultTimes = 1;

async function fault(kind) {
	const done = await act('/sim/fault', { method: faultMethod, kind, times: faultTimes });
	if (done) notice(t('fault_set'));
}

function faultForm() {
	const name = (m) => (m === '*' ? t('any_method') : m === 'bank.*' ? t('any_bank') : m);
	const where = h('select', { onchange: (e) => (faultMethod = e.target.value) }, FAULT_METHODS.map((m) => h('option', { value: m, selected: m === faultMethod }, name(m))));
	const times = h('input', { type: 'number', min: 1, max: 100, value: faultTimes, onchange: (e) => (faultTimes = Math.max(1, Math.min(100, Number(e.target.value) || 1))) });
	return h('div', { class: 'fields' }, h('label', null, t('fault_where'), where), h('label', null, t('fault_times'), times));
}

function drawFaults() {
	const violations = model.violations ?? [];
	badge('fault-badge', violations.length);
	const pending = (model.faults ?? []).map((f) => h('li', null, h('span', { class: 'pill wait' }, f.kind), h('span', { class: 'id' }, f.method), h('span', null, `× ${number(f.times)}`)));
	const wrong = violations.slice(-20).reverse().map((v) => h('li', null, h('span', { class: 'pill bad' }, v.method), h('span', { class: 'id' }, v.description)));
	redraw('panel-faults', [model.faults, violations], () => [
		panelTop(t('faults'), 'faults'),
		h('p', { class: 'quiet' }, t('faults_about')),
		faultForm(),
		h('div', { class: 'chips' }, FAULTS.map((k) => h('button', { type: 'button', 'data-fault': k, onclick: () => fault(k) }, t(`f_${k}`)))),
		...(pending.length ? listOf(t('pending_faults'), pending) : []),
		...listOf(t('violations'), wrong, t('no_violations')),
	]);
}

/** A command stands first in its line also where the rest is Persian. */
function sampleText(text) {
	const command = /^\/\w+/.exec(text)?.[0];
	return command ? [h('bdi', { dir: 'ltr' }, command), text.slice(command.length)] : [text];
}

function drawHints() {
	const sample = (s) => {
		const text = SAMPLES[s.fill] ?? s.fill;
		const fill = () => {
			const phone = phones.find((p) => p.as === s.as);
			if (phone.chat !== 'private') phone.show('private');
			front(s.as);
			phone.fill(text);
		};
		return h('button', { type: 'button', class: 'sample', dir: 'auto', 'data-latin': s.latin ?? null, onclick: fill }, sampleText(text));
	};
	const steps = TEXTS[language].hints.map((parts) => h('li', null, parts.map((p) => (typeof p === 'string' ? p : sample(p)))));
	const close = h('button', { type: 'button', class: 'close', 'aria-label': t('close'), onclick: () => toggle('hints', false) }, '×');
	const box = $('hints');
	const label = () => t(box.classList.contains('whole') ? 'less' : 'more');
	const more = h('button', { type: 'button', class: 'more', 'aria-expanded': String(box.classList.contains('whole')), 'aria-controls': 'hint-steps' }, label());
	more.addEventListener('click', () => {
		more.setAttribute('aria-expanded', String(box.classList.toggle('whole')));
		more.textContent = label();
	});
	box.replaceChildren(h('div', { class: 'top' }, h('h2', null, t('hints_title')), more, close), h('ol', { id: 'hint-steps' }, steps));
}

const PANELS = { bank: 'panel-bank', faults: 'panel-faults', hints: 'hints' };

function toggle(name, open = $(PANELS[name]).hidden) {
	$(PANELS[name]).hidden = !open;
	$(`open-${name}`).setAttribute('aria-expanded', String(open));
	if (name === 'hints') remember('hints', open ? 'open' : 'closed');
	if (!open) $(`open-${name}`).focus();
	if (open && name !== 'hints') for (const other of ['bank', 'faults']) if (other !== name && !$(PANELS[other]).hidden) toggle(other, false);
}

/* ---- the frame ---- */

/** On a small screen: the phone that is in front. */
function front(as) {
	for (const p of phones) {
		const come = p.as === as && !p.element.classList.contains('front');
		p.element.classList.toggle('front', p.as === as);
		if (come && p.log) p.toNewest();
	}
	drawPhoneTabs();
}

function drawPhoneTabs() {
	const inFront = phones.find((p) => p.element.classList.contains('front'))?.as;
	const made = phones.map((p) => {
		const on = p.as === inFront;
		const news = !on && p.news;
		if (on) p.news = false;
		const dot = news ? h('span', { class: 'dot', role: 'img', 'aria-label': t('unread') }) : null;
		return h('button', { type: 'button', role: 'tab', 'aria-selected': String(on), 'aria-controls': `phone-${p.as}`, tabindex: on ? '0' : '-1', 'data-person': p.as, onclick: () => front(p.as) }, t(p.as), dot);
	});
	const focused = $('tabs').contains(document.activeElement) ? document.activeElement.dataset.person : null;
	$('tabs').replaceChildren(...made);
	if (focused) made.find((b) => b.dataset.person === focused)?.focus();
}

function drawClock() {
	const now = Date.now() + clockOffset;
	const small = matchMedia('(max-width: 760px)').matches;
	const day = when(now, small ? { day: 'numeric', month: 'short' } : { weekday: 'long', day: 'numeric', month: 'long' });
	$('clock').textContent = `${day}${language === 'fa' ? '،' : ','} ${when(now, small ? HOUR : { ...HOUR, second: '2-digit' })}`;
	$('clock').dateTime = new Date(now).toISOString();
	for (const e of document.querySelectorAll('[data-since]')) {
		const text = age(Number(e.dataset.since));
		if (e.textContent !== text) e.textContent = text;
	}
}

async function advance(seconds) {
	const clock = await act('/sim/clock', { advance_s: seconds });
	if (clock?.now_ms) clockOffset = clock.now_ms - Date.now();
	drawClock();
}

/** Writes every text of the page anew in the chosen language. */
function build() {
	document.documentElement.lang = language;
	document.documentElement.dir = language === 'fa' ? 'rtl' : 'ltr';
	document.title = t('title');
	for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
	for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', t(e.dataset.label));
	$('language').textContent = language === 'fa' ? 'English' : 'فارسی';
	$('language').lang = language === 'fa' ? 'en' : 'fa';
	$('clock-steps').replaceChildren(...CLOCK_STEPS.map((s) => h('button', { type: 'button', 'data-advance': s, 'aria-label': t('ahead', TEXTS[language].steps[s]), onclick: () => advance(s) }, `+ ${TEXTS[language].steps[s]}`)));
	for (const p of phones) p.build();
	drawHints();
	drawPhoneTabs();
	draw();
}

function draw() {
	drawClock();
	drawBank();
	drawFaults();
}

async function startOver() {
	if (!window.confirm(t('reset_sure'))) return;
	if (!(await act('/sim/reset', {}))) return;
	for (const p of phones) Object.assign(p, { read: {}, heard: {}, views: {} });
	if (language !== 'fa') await phonesSpeak();
}

/** While nobody has written anything the phones' apps speak the page's language; later that is each one's own matter. */
async function phonesSpeak() {
	const state = await act('/sim/state');
	if (!state || Object.values(state.chats).some((c) => c.messages > 0)) return;
	const others = PEOPLE.filter((as) => state.people[as].user.language_code !== language);
	await Promise.all(others.map((as) => act('/sim/person', { as, language })));
}

/* ---- live updates ---- */

async function look(phone, chat) {
	const view = await call(`/sim/chat?as=${phone.as}&chat=${chat}`);
	const before = phone.views[chat]?.messages.at(-1)?.message_id;
	phone.views[chat] = view;
	const last = view.messages.at(-1);
	if (before !== undefined && last && last.message_id > before && last.from?.id !== phone.person()?.id) phone.news = true;
	return view;
}

async function refresh() {
	model = { ...model, ...(await call('/sim/state')) };
	clockOffset = (model.clock?.now_ms ?? Date.now()) - Date.now();
	await Promise.all(phones.flatMap((p) => p.chats().map((c) => look(p, c))));
	for (const p of phones) p.draw();
	drawPhoneTabs();
	draw();
	return model.version;
}

/** Looks, waits for a change, looks again, for ever. A connection that was let go is tried again at once, a sandbox
 * that is away once a second. */
async function follow() {
	for (let failures = 0; ; ) {
		try {
			const version = await refresh();
			document.body.dataset.live = 'yes';
			failures = 0;
			await call(`/sim/wait?version=${version}&timeout_ms=${WAIT_MS}`);
		} catch {
			if (++failures === 1) continue;
			document.body.dataset.live = 'no';
			notice(t('lost'));
			await new Promise((r) => setTimeout(r, RETRY_MS));
		}
	}
}

function begin() {
	phones = PEOPLE.map((as) => new Phone(as));
	$('phones').append(...phones.map((p) => p.element));
	arrows($('tabs'));
	front('sara');
	for (const name of Object.keys(PANELS)) $(`open-${name}`).addEventListener('click', () => toggle(name));
	$('reset').addEventListener('click', startOver);
	$('language').addEventListener('click', () => {
		language = language === 'fa' ? 'en' : 'fa';
		remember('language', language);
		build();
		phonesSpeak();
	});
	document.addEventListener('keydown', (e) => {
		if (e.key === 'Escape') for (const name of ['bank', 'faults']) if (!$(PANELS[name]).hidden) toggle(name, false);
	});
	build();
	if (remembered('hints') === 'closed') toggle('hints', false);
	setInterval(drawClock, 1000);
	if (language !== 'fa') phonesSpeak();
	follow();
}

begin();
