// One message, or one album, as an element: bubble, media, quotation, buttons. What a touch does is the phone's matter.
import { HOUR, language, number, t, when } from '/page_texts.js';
import { $, PEOPLE, avatar, botName, button, copy, h, icon, phoneOf, world } from '/page_tools.js';
import { deepLinkOf, isDeepLink, isWebLink, sharedBy, textElement } from '/page_rich.js';

const ALBUM_MAX = 10;
const BARS = 28;

const fileUrl = (id) => `/sim/file?file_id=${encodeURIComponent(id)}`;
const fullName = (u) => [u?.first_name, u?.last_name].filter(Boolean).join(' ');

/** Messages in their order; those of one album stand together. Each entry has a key that stays the same over edits. */
export function entriesOf(messages) {
	const entries = [];
	for (const m of messages) {
		const last = entries.at(-1);
		const together = m.media_group_id && last?.album === m.media_group_id && last.messages.length < ALBUM_MAX;
		if (together) last.messages.push(m);
		else entries.push({ key: keyOf(m), album: m.media_group_id, messages: [m] });
	}
	return entries;
}

const keyOf = (m) => (m.ephemeral_message_id ? `e${m.ephemeral_message_id}` : String(m.message_id));

/* ---- what it carries ---- */

export function enlarge(src) {
	const box = $('lightbox');
	box.replaceChildren(
		button({ class: 'close', 'aria-label': t('close'), onclick: () => box.close() }, '×'),
		h('img', { src, alt: t('photo_of'), onclick: () => box.close() }),
	);
	box.setAttribute('aria-label', t('photo_of'));
	box.showModal();
}

function picture(m) {
	const largest = m.photo.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b));
	const src = fileUrl(largest.file_id);
	const size = { width: largest.width || null, height: largest.height || null };
	const veil = m.has_media_spoiler ? ' veiled' : '';
	return button({ class: `picture${veil}`, 'aria-label': t('enlarge'), onclick: () => enlarge(src) }, h('img', { src, alt: t('photo_of'), ...size }));
}

function attachment(symbol, title, detail, href = null) {
	const inside = [h('span', { class: 'icon', 'aria-hidden': 'true' }, symbol), h('span', { class: 'about', dir: 'auto' }, title, detail ? h('small', null, detail) : null)];
	return href ? h('a', { class: 'attachment', href, download: title }, inside) : h('div', { class: 'attachment' }, inside);
}

const kilobytes = (n) => (n ? `${number(Math.max(1, Math.round(n / 1024)))} KB` : null);

/** Bars like those of a voice message; the same message has the same bars. */
function bars(seed) {
	const wave = h('span', { class: 'wave', 'aria-hidden': 'true' });
	let x = [...String(seed)].reduce((a, c) => (a * 31 + c.charCodeAt(0)) >>> 0, 7);
	for (let i = 0; i < BARS; i++) {
		x = (x * 1103515245 + 12345) >>> 0;
		const bar = h('i');
		bar.style.blockSize = `${4 + ((x >>> 16) % 16)}px`;
		wave.append(bar);
	}
	return wave;
}

function sound(v) {
	const s = v.duration ?? 0;
	const length = `${number(Math.floor(s / 60))}:${number(s % 60).padStart(2, number(0))}`;
	return h('div', { class: 'attachment', role: 'group', 'aria-label': t('voice') }, h('span', { class: 'icon' }, icon('play')), h('span', { class: 'about' }, bars(v.file_unique_id ?? s), h('small', null, length)));
}

function place(l) {
	const where = `${l.latitude.toFixed(4)}, ${l.longitude.toFixed(4)}`;
	return h('div', { class: 'place' }, h('div', { class: 'map', 'aria-hidden': 'true' }, icon('pin')), h('span', { class: 'about', dir: 'auto' }, t('location'), h('small', null, where)));
}

function media(m) {
	if (m.photo?.length) return picture(m);
	if (m.document) return attachment(icon('file'), m.document.file_name ?? t('a_document'), [kilobytes(m.document.file_size), m.document.mime_type].filter(Boolean).join(' · '), fileUrl(m.document.file_id));
	if (m.location) return place(m.location);
	if (m.contact) return attachment([...(m.contact.first_name ?? '☎')][0], fullName(m.contact), m.contact.phone_number);
	if (m.voice ?? m.audio) return sound(m.voice ?? m.audio);
	if (m.sticker) return h('div', { class: 'sticker', role: 'img', 'aria-label': t('sticker') }, m.sticker.emoji ?? '🙂');
	if (m.video ?? m.animation ?? m.video_note) return attachment(icon('play'), t('video'), kilobytes((m.video ?? m.animation ?? m.video_note).file_size));
	return null;
}

/** In a few words what a message is: for quotations. */
export function gist(m) {
	if (m.text ?? m.caption) return m.text ?? m.caption;
	const kind = ['photo', 'document', 'location', 'contact', 'voice', 'sticker'].find((k) => m[k]);
	return kind ? t(kind === 'contact' ? 'a_contact' : kind === 'document' ? 'a_document' : kind === 'photo' ? 'photo_of' : kind) : '…';
}

/* ---- its buttons ---- */

function inlineButton(b, m, phone) {
	const style = ['primary', 'success', 'danger'].includes(b.style) ? b.style : null;
	const make = (onclick, sign) => button({ class: style, dir: 'auto', onclick, disabled: b.disabled ? true : null, 'data-callback': b.callback_data }, b.text, sign ? icon(sign) : null);
	const url = b.url ?? b.web_app?.url ?? b.login_url?.url;
	const query = b.switch_inline_query_current_chat ?? b.switch_inline_query ?? b.switch_inline_query_chosen_chat?.query;
	if (b.callback_data !== undefined) return make((e) => phone.press(m, b, e.currentTarget));
	if (b.copy_text) return make(() => copy(b.copy_text.text), 'copy');
	if (url && isDeepLink(url)) return make(() => phone.open(url));
	if (url && sharedBy(url)) return make(() => phone.offer(sharedBy(url).link, sharedBy(url).text), 'inline');
	if (url && isWebLink(url)) return h('a', { class: style, dir: 'auto', href: url, target: '_blank', rel: 'noopener' }, b.text, icon('url'));
	if (query !== undefined) return make(() => phone.callBot(b, query), 'inline');
	return make(() => {});
}

function inlineKeyboard(m, phone) {
	const rows = m.reply_markup?.inline_keyboard;
	if (!rows?.length) return null;
	return h('div', { class: 'keys', role: 'group' }, rows.map((row) => h('div', null, row.map((b) => inlineButton(b, m, phone)))));
}

/** Whose phone shall open a link: what the bot told the seller or the buyer alone, and what one posts, is for the other
 * side; what stands before others' eyes or for one's own is for who reads it. Null: that cannot be known. */
function opener(m, own, phone) {
	if (m.ephemeral_message_id) return phone.as;
	if (phone.chat === 'private') return ['sara', 'reza'].includes(phone.as) ? phone.other : null;
	return own ? phone.other : phone.as;
}

/** The small buttons that carry a deal link to the one who shall open it. */
function passOn(m, own, phone) {
	const link = deepLinkOf(m);
	if (!link) return null;
	const reader = opener(m, own, phone);
	const open = button({ 'data-pass': link, onclick: () => (reader ? phoneOf(reader).open(link) : phone.offer(link)) }, reader ? t('open_on', t(reader)) : t('open_where'));
	return h('div', { class: 'passes', dir: 'auto' }, open, button({ onclick: () => copy(link) }, t('copy')));
}

/* ---- the whole ---- */

function originOf(o) {
	return o.sender_user ? fullName(o.sender_user) : o.sender_user_name ?? o.chat?.title ?? o.sender_chat?.title ?? t('hidden_user');
}

function quotation(m, phone) {
	const old = m.reply_to_message;
	if (!old) return null;
	return button({ class: 'reply', onclick: () => phone.goTo(old.message_id) }, h('b', { dir: 'auto' }, old.from?.first_name ?? ''), h('span', { dir: 'auto' }, m.quote?.text ?? gist(old)));
}

/** Who it is from, and by which way it came. */
function heads(m, own, phone) {
	const group = !['private', 'direct'].includes(phone.chat);
	const via = m.via_bot ? h('span', { class: 'via', dir: 'auto' }, t('via', `@${m.via_bot.username}`)) : null;
	return [
		m.ephemeral_message_id ? h('div', { class: 'only', dir: 'auto' }, icon('eye'), t('only_you')) : null,
		!own && group ? h('div', { class: 'author', dir: 'auto' }, m.sender_chat?.title ?? m.from?.first_name ?? '') : null,
		m.forward_origin ? h('div', { class: 'forwarded', dir: 'auto' }, t('forwarded_from', originOf(m.forward_origin))) : null,
		via && h('div', null, via),
		quotation(m, phone),
	];
}

function meta(m, own) {
	const time = when(m.date * 1000, HOUR);
	const edited = m.edit_date ? `${t('edited')} ` : '';
	const tick = own ? h('span', { class: 'tick', role: 'img', 'aria-label': t('sent_tick') }, icon('tick'), icon('ticks')) : null;
	return h('span', { class: 'meta', lang: language }, edited, time, tick);
}

function isService(m) {
	return m.text === undefined && m.caption === undefined && !media(m);
}

/** The element of an entry. */
export function messageElement({ messages }, phone) {
	const [m] = messages;
	if (isService(m)) return h('div', { class: 'message service' }, t('service'));
	const own = m.from?.id === phone.person()?.id;
	const words = messages.find((x) => x.text ?? x.caption) ?? m;
	const keys = messages.find((x) => x.reply_markup) ?? m;
	const shown = messages.length > 1 ? h('div', { class: `album of-${Math.min(messages.length, 4)}` }, messages.map(media)) : media(m);
	const kind = ['bubble', m.photo ? 'wide' : null, m.sticker ? 'bare' : null].filter(Boolean).join(' ');
	const bubble = h('div', { class: kind, ondblclick: () => phone.answerTo(m) }, heads(m, own, phone), shown, textElement(words, phone), meta(messages.find((x) => x.edit_date) ?? m, own));
	const more = m.ephemeral_message_id ? null : button({ class: 'more', 'aria-label': t('message_menu'), 'aria-haspopup': 'menu', onclick: () => phone.messageMenu(words === m ? m : { ...m, caption: words.caption }, own) }, icon('more'));
	const face = !own && !['private', 'direct'].includes(phone.chat) ? avatar(m.from, m.from?.id, true) : null;
	const stack = h('div', { class: 'stack' }, h('div', { class: 'line' }, bubble, more), inlineKeyboard(keys, phone), passOn(keys, own, phone));
	const classes = ['message', own ? 'own' : null, m.ephemeral_message_id ? 'ephemeral' : null].filter(Boolean).join(' ');
	return h('article', { class: classes, 'data-id': m.message_id, 'data-key': keyOf(m) }, face, stack);
}

/** The commands that Telegram would show: the narrowest scope that has any, in the person's language or the default. */
export function commandsFor(code, chat) {
	const scopes = chat === 'private' ? ['all_private_chats', 'default'] : ['all_group_chats', 'default'];
	for (const scope of scopes)
		for (const lang of [code, '']) {
			const set = world.model.profile.commands[`${scope} ${lang}`];
			if (set?.length) return set;
		}
	return [];
}

/** Who can be named as the one whose words are forwarded: the other people, the bot, somebody hidden. */
export function forwarders(as) {
	return [...PEOPLE.filter((p) => p !== as).map((p) => [p, t(p)]), ['bot', `@${botName()}`], [t('hidden_user'), t('hidden_user')]];
}
