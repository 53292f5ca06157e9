// Links and formatted text: what a link means on this page, and Telegram's entities turned into elements.
import { age, t, when } from '/page_texts.js';
import { botName, button, copy, h, virtualNow } from '/page_tools.js';

function parseUrl(text) {
	try {
		return new URL(text);
	} catch {
		return null;
	}
}

/** True for t.me/<our bot>?start=…, which opens the bot's private chat. */
export function isDeepLink(text) {
	const url = parseUrl(text);
	if (!url) return false;
	if (url.protocol === 'tg:') return url.hostname === 'resolve' && url.searchParams.get('domain') === botName() && url.searchParams.has('start');
	const here = ['t.me', 'telegram.me'].includes(url.hostname) && url.pathname.slice(1).toLowerCase() === botName().toLowerCase();
	return here && url.searchParams.has('start');
}

/** What a t.me/share link shares, or null. */
export function sharedBy(text) {
	const url = parseUrl(text);
	if (!url || url.hostname !== 't.me' || !/^\/(share\/url|share|msg\/url)$/.test(url.pathname)) return null;
	const link = url.searchParams.get('url') ?? '';
	return { link, text: [url.searchParams.get('text'), link].filter(Boolean).join('\n') };
}

export const isWebLink = (text) => ['http:', 'https:', 'mailto:', 'tel:'].includes(parseUrl(text)?.protocol);

/** The first deep link that a message holds, in its text, its entities or its buttons. */
export function deepLinkOf(m) {
	const text = m.text ?? m.caption ?? '';
	const places = text.match(/(https?|tg):\/\/[^\s<>\u2066-\u2069]+/g) ?? [];
	for (const e of m.entities ?? m.caption_entities ?? []) if (e.url) places.push(e.url);
	for (const b of (m.reply_markup?.inline_keyboard ?? []).flat()) places.push(b.url ?? '', b.copy_text?.text ?? '', sharedBy(b.url ?? '')?.link ?? '');
	return places.find(isDeepLink) ?? null;
}

const SIMPLE_TAGS = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', blockquote: 'blockquote', pre: 'pre' };
const BLOCKS = ['blockquote', 'expandable_blockquote', 'pre']; // these end a line by themselves
const OPAQUE = ['code', 'pre', 'url', 'text_link', 'bot_command'];
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

const commandLink = (command, phone) => button({ class: 'link', dir: 'ltr', onclick: () => phone.say(command) }, command);

function linkTo(url, children, phone) {
	if (isDeepLink(url)) return button({ class: 'link', onclick: () => phone.offer(url) }, children);
	if (!isWebLink(url)) return h('span', null, children);
	return h('a', { href: url, target: '_blank', rel: 'noopener', class: 'link' }, children);
}

/** A quotation that shows three lines until it is opened. */
function folded(children) {
	const quote = h('blockquote', { class: 'folded' }, children);
	const open = button({ class: 'unfold', onclick: () => (quote.classList.remove('folded'), open.remove()) }, t('whole'));
	quote.append(open);
	return quote;
}

const DATE_PARTS = { t: { hour: '2-digit', minute: '2-digit' }, T: { hour: '2-digit', minute: '2-digit', second: '2-digit' }, d: { year: 'numeric', month: '2-digit', day: '2-digit' }, D: { year: 'numeric', month: 'long', day: 'numeric' }, w: { weekday: 'long' } };

/** A moment as the reader's own clock tells it: "r" is relative, letters add a date or a time, none keeps the bot's words. */
function moment(entity, children) {
	const ms = entity.unix_time * 1000;
	const format = entity.date_time_format ?? '';
	const parts = Object.assign({}, ...[...format].map((f) => DATE_PARTS[f] ?? {}));
	const words = format === 'r' ? age(ms, virtualNow()) : Object.keys(parts).length ? when(ms, parts) : null;
	const relative = format === 'r' ? { 'data-since': ms } : {};
	return h('time', { class: 'moment', datetime: new Date(ms).toISOString(), title: when(ms, { dateStyle: 'full', timeStyle: 'short' }), ...relative }, words ?? children);
}

function wrap(entity, text, children, phone) {
	const tag = SIMPLE_TAGS[entity.type];
	if (tag) return h(tag, null, children);
	switch (entity.type) {
	case 'expandable_blockquote':
		return folded(children);
	case 'code':
		return h('code', { tabindex: '0', role: 'button', title: t('copy_text'), onclick: () => copy(text), onkeydown: (e) => e.key === 'Enter' && copy(text) }, children);
	case 'text_link':
		return linkTo(entity.url ?? '', children, phone);
	case 'url':
		return linkTo(/^[a-z]+:/i.test(text) ? text : `https://${text}`, children, phone);
	case 'bot_command':
		return commandLink(text, phone);
	case 'spoiler':
		return spoiler(children);
	case 'date_time':
		return Number.isFinite(entity.unix_time) ? moment(entity, children) : h('span', null, children);
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

function spoiler(children) {
	const open = () => {
		const shown = h('span', { class: 'spoiler shown' }, children);
		e.replaceWith(shown);
	};
	const e = button({ class: 'spoiler', 'aria-label': t('spoiler'), onclick: open }, h('span', { 'aria-hidden': 'true' }, children));
	return e;
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
		const children = OPAQUE.includes(e.type) && !inner.length ? [piece] : rich(text, inner, phone, e.offset, end);
		nodes.push(...leaf(text.slice(at, e.offset), phone), wrap(e, piece, children, phone));
		at = BLOCKS.includes(e.type) && text[end] === '\n' && end < to ? end + 1 : end;
	}
	nodes.push(...leaf(text.slice(at, to), phone));
	return nodes;
}

/** The words of a message or its caption with their formatting, or null. */
export function textElement(m, phone) {
	const text = m.text ?? m.caption;
	if (text === undefined || text === '') return null;
	const entities = [...(m.entities ?? m.caption_entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
	return h('div', { class: 'text', dir: 'auto' }, rich(text, entities, phone));
}
