// Small tools of the page: elements, icons, calls to the sandbox, notices, lists of tabs; and what the sandbox last said.
import { t } from '/page_texts.js';

const NOTICE_MS = 4000;
const SVG = 'http://www.w3.org/2000/svg';

export const PEOPLE = ['sara', 'reza', 'mina', 'omid'];
export const COLOURS = ['#b4487c', '#3767b0', '#7c54ad', '#2b7d5b', '#a3552b', '#176b7a'];

/** What everything on the page is drawn from: GET /sim/state as it was last, and the phones. */
export const world = {
	model: { people: {}, chats: {}, payments: [], payouts: [], refunds: [], faults: [], violations: [], refusals: [], profile: { commands: {} } },
	clockOffset: 0, // virtual minus browser time
	phones: [],
	front: () => {}, // brings a person's phone to the front of a small screen
};

export const phoneOf = (as) => world.phones.find((p) => p.as === as);
export const virtualNow = () => Date.now() + world.clockOffset;
export const botName = () => world.model.bot_username ?? '';
export const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

export const $ = (id) => document.getElementById(id);

/** An element; properties that begin with "on" are listeners, the rest are attributes, null leaves one out. */
export function h(tag, properties, ...children) {
	const e = document.createElement(tag);
	for (const [k, v] of Object.entries(properties ?? {})) {
		if (v === null || v === undefined || v === false) continue;
		if (k.startsWith('on')) e.addEventListener(k.slice(2), v);
		else e.setAttribute(k, v === true ? '' : v);
	}
	e.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
	return e;
}

export const button = (properties, ...children) => h('button', { type: 'button', ...properties }, ...children);
export const closer = (onclick, label = t('close')) => button({ class: 'close', 'aria-label': label, onclick }, '×');

const ICONS = {
	attach: 'M20 11l-8.4 8.4a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.7-7.7',
	send: 'M5 12h14M13 6l6 6-6 6',
	url: 'M9 7h8v8M17 7L7 17',
	copy: 'M9 9h10v11H9zM15 9V5H5v11h4',
	inline: 'M4 8h13l-4-4M20 16H7l4 4',
	tick: 'M4 13l5 5L20 7',
	ticks: 'M1 13l5 5L16 7M11 17l1 1L23 7',
	play: 'M8 5v14l11-7z',
	pause: 'M8 5v14M16 5v14',
	step: 'M6 5v14l9-7zM18 5v14',
	stop: 'M6 6h12v12H6z',
	pin: 'M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.500C5 14.800 12 21 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
	file: 'M6 3h8l4 4v14H6zM14 3v4h4',
	eye: 'M2 12s4-6 10-6 10 6 10 6-4 6-10 6S2 12 2 12zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z',
	more: 'M12 5.500v.01M12 12v.01M12 18.500v.01',
};

export function icon(name) {
	const svg = document.createElementNS(SVG, 'svg');
	svg.setAttribute('viewBox', '0 0 24 24');
	svg.setAttribute('aria-hidden', 'true');
	svg.setAttribute('class', `icon-${name}`);
	const path = document.createElementNS(SVG, 'path');
	path.setAttribute('d', ICONS[name]);
	svg.append(path);
	return svg;
}

/** A round letter in a colour that belongs to this person. */
export function avatar(user, known = user?.id ?? 0, small = false) {
	const place = PEOPLE.findIndex((as) => world.model.people[as]?.user.id === known || as === known);
	const e = h('span', { class: small ? 'avatar small' : 'avatar', 'aria-hidden': 'true' }, [...(user?.first_name ?? '')][0] ?? '?');
	e.style.background = COLOURS[place >= 0 ? place : user?.is_bot ? 5 : 4];
	return e;
}

/** Asks the sandbox; throws what it refuses, with its `status`, and `unserved` when it knows no such path. */
export async function call(path, body) {
	const post = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
	const answer = await fetch(path, post);
	const json = await answer.json().catch(() => null);
	if (answer.ok && json && json.ok !== false) return json;
	const error = new Error(json?.description ?? `HTTP ${answer.status}`);
	error.unserved = answer.status === 404 || error.message.startsWith('there is no /sim/');
	throw error;
}

/** Does something by the control interface; what it refuses is shown as a notice. */
export async function act(path, body) {
	try {
		return await call(path, body);
	} catch (e) {
		notice(e.unserved ? t('not_served') : e.message);
		return null;
	}
}

let noticeTimer = 0;
export function notice(text) {
	const box = $('notice');
	box.textContent = text;
	box.dir = 'auto';
	box.hidden = false;
	clearTimeout(noticeTimer);
	noticeTimer = setTimeout(hideNotice, NOTICE_MS);
}

export function hideNotice() {
	$('notice').hidden = true;
}

export async function copy(text) {
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

/** Arrow keys move among those in a list that `which` selects; a tab is chosen as it is reached. */
export function arrows(list, which = '[role=tab]') {
	list.addEventListener('keydown', (e) => {
		const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
		const all = [...list.querySelectorAll(which)];
		const at = all.indexOf(document.activeElement);
		if (!step || at < 0) return;
		const sideways = e.key === 'ArrowLeft' || e.key === 'ArrowRight';
		const forward = sideways && getComputedStyle(list).direction === 'rtl' ? -step : step;
		const next = all[(at + forward + all.length) % all.length];
		next.focus();
		if (which === '[role=tab]') next.click();
		e.preventDefault();
	});
}

/** Makes the children of `parent` be `wanted`, moving nothing that already stands right. */
export function sync(parent, wanted) {
	const keep = new Set(wanted);
	for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
	wanted.forEach((e, i) => parent.children[i] !== e && parent.insertBefore(e, parent.children[i] ?? null));
}

/** Puts new tabs into a tab list without losing the focus in it; `mark` is the data attribute that names a tab. */
export function replaceTabs(list, made, mark) {
	const focused = list.contains(document.activeElement) ? document.activeElement.dataset[mark] : null;
	list.replaceChildren(...made);
	if (focused) made.find((b) => b.dataset[mark] === focused)?.focus();
}

/** A sample picture, drawn here so that nothing is fetched: a telephone from the front, the back or the side. */
export function samplePicture(colour, turn = 0) {
	const canvas = h('canvas', { width: 480, height: 360 });
	const c = canvas.getContext('2d');
	const ground = c.createLinearGradient(0, 0, 480, 360);
	ground.addColorStop(0, '#f3f0ea');
	ground.addColorStop(1, '#cfd8dc');
	c.fillStyle = ground;
	c.fillRect(0, 0, 480, 360);
	c.fillStyle = 'rgb(0 0 0 / 14%)';
	c.beginPath();
	c.ellipse(240, 330, turn === 2 ? 60 : 110, 12, 0, 0, 2 * Math.PI);
	c.fill();
	const [x, width] = turn === 2 ? [220, 40] : [170, 140];
	const box = (bx, by, w, hgt, r, fill) => {
		c.fillStyle = fill;
		c.beginPath();
		c.roundRect(bx, by, w, hgt, r);
		c.fill();
	};
	box(x, 36, width, 290, turn === 2 ? 14 : 24, colour);
	if (turn === 0) box(x + 8, 46, width - 16, 270, 16, '#10181d');
	if (turn === 0) box(x + 52, 54, 36, 8, 4, '#2c3a42');
	if (turn === 1) box(x + 14, 52, 56, 56, 16, 'rgb(0 0 0 / 25%)');
	for (const [dx, dy] of turn === 1 ? [[30, 68], [54, 92]] : []) {
		c.fillStyle = '#10181d';
		c.beginPath();
		c.arc(x + dx, dy, 10, 0, 2 * Math.PI);
		c.fill();
	}
	return canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '');
}
