// The input line of a phone: writing, answering, editing, attaching, the reply keyboard, menus, and calling the bot inline.
import { t } from '/page_texts.js';
import { COLOURS, PEOPLE, act, arrows, avatar, botName, button, call, closer, h, icon, notice, samplePicture, world } from '/page_tools.js';
import { commandsFor, forwarders, gist } from '/page_message.js';

const LINE_PX = 38;
const INPUT_MAX_PX = 110;
const FILE_MAX = 5 * 1024 * 1024;
const INLINE_PAUSE_MS = 300; // no question while the person still types
const RESULTS_MAX = 50;
const MENTION = /(?:^|\s)@(\w*)$/;

// An empty PDF file, in base64.
const SAMPLE_PDF = btoa('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

function base64Of(file) {
	return new Promise((done, fail) => {
		const reader = new FileReader();
		reader.onload = () => done(reader.result.replace(/^data:[^,]*,/, ''));
		reader.onerror = () => fail(reader.error);
		reader.readAsDataURL(file);
	});
}

export class Composer {
	constructor(phone) {
		this.phone = phone;
		this.about = null; // {reply} an answered message, {edit} one that is changed, {from} whose words are forwarded
		this.asked = 0; // the newest inline question: older answers are not shown
		this.picked = -1; // the place of the marked suggestion
	}

	build() {
		const kept = this.input?.value ?? '';
		const { as } = this.phone;
		this.opened = null;
		this.keysPrint = '';
		this.input = h('textarea', { rows: 1, dir: 'auto', maxlength: 5000, placeholder: t('write'), 'aria-label': `${t('write')} ${t(as)}`, 'aria-autocomplete': 'list', 'aria-controls': `hits-${as}`, autocomplete: 'off', enterkeyhint: 'send' });
		this.input.value = kept;
		this.input.addEventListener('keydown', (e) => this.key(e));
		this.input.addEventListener('input', () => this.changed());
		this.file = h('input', { type: 'file', accept: 'image/*', hidden: true, 'aria-label': t('a_file_photo'), onchange: () => this.sendFile() });
		this.strip = h('div', { class: 'strip' });
		this.hits = h('div', { class: 'pop hits', id: `hits-${as}`, hidden: true });
		const round = (label, onclick, child, extra = '') => button({ class: `round ${extra}`, title: label, 'aria-label': label, onclick }, child);
		const line = h(
			'div',
			{ class: 'composer' },
			round(t('attach'), () => this.attachMenu(), icon('attach')),
			round(t('commands'), () => this.commandMenu(), '/', 'slash'),
			this.input,
			round(t('send'), () => this.submit(), icon('send'), 'send'),
		);
		this.foot = h('div', { class: 'foot' }, this.strip, line, this.file, this.hits);
		this.setAbout(this.about);
		return this.foot;
	}

	/* ---- writing ---- */

	key(e) {
		if (!this.hits.hidden && this.hits.querySelector('[role=option]') && ['ArrowDown', 'ArrowUp'].includes(e.key)) {
			e.preventDefault();
			return this.mark(this.picked + (e.key === 'ArrowDown' ? 1 : -1));
		}
		if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return;
		e.preventDefault();
		const marked = this.hits.hidden ? null : this.hits.querySelector('[aria-selected=true]');
		marked ? marked.click() : this.submit();
	}

	changed() {
		this.grow();
		this.suggest();
	}

	grow() {
		this.input.style.blockSize = `${LINE_PX}px`;
		if (this.input.scrollHeight > LINE_PX + 2) this.input.style.blockSize = `${Math.min(this.input.scrollHeight + 2, INPUT_MAX_PX)}px`;
	}

	fill(text) {
		this.input.value = text;
		this.changed();
		this.input.focus();
	}

	submit() {
		const text = this.input.value.trim();
		if (!text && !this.about?.from) return;
		this.fill('');
		this.closeMenu();
		const edit = this.about?.edit;
		if (!edit) return this.phone.say(text || t('forward_sample'));
		this.setAbout(null);
		return act('/sim/edit', { as: this.phone.as, chat: this.phone.chat, message_id: edit.message_id, text });
	}

	/* ---- what the next message is about ---- */

	/** What it adds to the next message; it is used up by that. */
	takeAbout() {
		const { reply, from } = this.about ?? {};
		this.setAbout(null);
		return { ...(reply ? { reply_to: reply.message_id } : {}), ...(from ? { forward_from: from } : {}) };
	}

	setAbout(about, title = this.title, words = this.words) {
		Object.assign(this, { about, title, words });
		this.strip.replaceChildren();
		if (!about) return;
		this.strip.append(h('div', { class: 'reply-to' }, h('span', { dir: 'auto' }, h('b', null, title), words), closer(() => this.cancelAbout(), t('cancel'))));
	}

	cancelAbout() {
		if (this.about?.edit) this.fill('');
		this.setAbout(null);
		this.input.focus();
	}

	clearAbout() {
		if (this.about?.edit) this.input.value = '';
		this.setAbout(null);
	}

	answerTo(m) {
		this.setAbout({ reply: m }, t('answering', m.from?.first_name ?? ''), gist(m));
		this.input.focus();
	}

	change(m) {
		this.setAbout({ edit: m }, t('changing'), gist(m));
		this.fill(m.text);
	}

	/* ---- attaching ---- */

	attachMenu() {
		const colour = COLOURS[PEOPLE.indexOf(this.phone.as)];
		const album = () => [0, 1, 2].map((turn) => samplePicture(colour, turn));
		const send = (label, make) => this.item(t(label), () => this.phone.send(make()));
		this.menu(
			[
				send('a_photo', () => ({ photo: samplePicture(colour), ...this.caption() })),
				this.item(t('a_file_photo'), () => this.file.click()),
				send('an_album', () => ({ album: album(), ...this.caption() })),
				send('a_document', () => ({ document: { name: 'waybill.pdf', data: SAMPLE_PDF }, ...this.caption() })),
				send('a_location', () => ({ location: true })),
				send('a_contact', () => ({ contact: true })),
				send('a_voice', () => ({ voice: true })),
				send('a_sticker', () => ({ sticker: true })),
				this.item(t('a_forward'), () => this.forwardMenu()),
			],
			t('attach'),
			{ quiet: true },
		);
	}

	/** What is written already goes along under the picture. */
	caption() {
		const text = this.input.value.trim();
		if (text) this.fill('');
		return text ? { text } : {};
	}

	async sendFile() {
		const [file] = this.file.files;
		this.file.value = '';
		if (!file) return;
		if (file.size > FILE_MAX) return notice(t('too_large'));
		this.phone.send({ photo: { name: file.name, data: await base64Of(file) }, ...this.caption() });
	}

	forwardMenu() {
		const from = (key, name) => this.item(name, () => {
			this.setAbout({ from: key }, t('forwarding_as', name), '');
			this.fill(this.input.value || t('forward_sample'));
		});
		this.menu(forwarders(this.phone.as).map(([key, name]) => from(key, name)), t('a_forward'));
	}

	commandMenu() {
		const { phone } = this;
		const commands = commandsFor(phone.person()?.language_code ?? 'fa', phone.chat);
		const items = commands.map((c) => this.item([h('bdi', { dir: 'ltr' }, `/${c.command}`), h('span', { dir: 'auto' }, c.description)], () => phone.say(`/${c.command}`)));
		this.menu(items, t('commands'), items.length ? { quiet: true } : { words: t('no_commands') });
	}

	/* ---- menus above the line ---- */

	/** Opens a menu, or closes it when it is open. `quiet`: its name is not written above it, only said. */
	menu(items, name, { quiet = false, dir = 'auto', words = null } = {}) {
		const again = this.opened === name;
		this.closeMenu();
		if (again) return;
		this.opened = name;
		const list = items.length ? h('div', { role: 'menu', 'aria-label': name }, items) : null;
		if (list) arrows(list, '[role=menuitem]');
		this.foot.append(h('div', { class: 'pop menu' }, quiet ? null : h('p', { dir }, words ?? name), list));
		list?.querySelector('button').focus();
	}

	item(children, onclick) {
		const chosen = () => {
			this.closeMenu();
			onclick();
		};
		return button({ role: 'menuitem', onclick: chosen }, children);
	}

	closeMenu(focus = false) {
		const box = this.foot.querySelector('.menu');
		if (focus && box) this.input.focus();
		box?.remove();
		this.opened = null;
		this.closeHits();
	}

	escape() {
		if (this.opened || !this.hits.hidden) this.closeMenu(true);
		else if (this.about) this.cancelAbout();
	}

	/** The reply keyboard that the bot put up in this chat, if any. */
	drawReplyKeys(keyboard) {
		const print = JSON.stringify(keyboard ?? null);
		if (print === this.keysPrint) return;
		this.keysPrint = print;
		this.foot.querySelector('.reply-keys')?.remove();
		this.input.placeholder = keyboard?.input_field_placeholder ?? t('write');
		const rows = keyboard?.keyboard;
		if (rows) this.foot.append(h('div', { class: 'reply-keys' }, rows.map((row) => h('div', null, row.map((b) => this.replyKey(b))))));
	}

	replyKey(b) {
		const key = typeof b === 'string' ? { text: b } : b;
		const use = () => {
			if (key.request_contact) return this.phone.send({ contact: true });
			if (key.request_location) return this.phone.send({ location: true });
			return this.phone.say(key.text);
		};
		return button({ class: ['primary', 'success', 'danger'].includes(key.style) ? key.style : null, dir: 'auto', onclick: use }, key.text);
	}

	/* ---- calling the bot inline ---- */

	callBot(query) {
		this.fill(`@${botName()} ${query}`);
	}

	/** After "@": who can be named. After "@bot ": what the bot suggests for the rest. */
	suggest() {
		const text = this.input.value;
		const called = text.toLowerCase().startsWith(`@${botName().toLowerCase()} `);
		clearTimeout(this.timer);
		if (called) {
			const query = text.slice(botName().length + 2);
			this.asked++;
			this.timer = setTimeout(() => this.ask(query, this.asked), INLINE_PAUSE_MS);
			return;
		}
		this.asked++;
		const part = MENTION.exec(text)?.[1].toLowerCase();
		if (part === undefined) return this.closeHits();
		const people = Object.values(world.model.people).map((p) => p.user).filter((u) => u.username && u.id !== this.phone.person()?.id);
		const named = [{ username: botName(), first_name: t('bot'), is_bot: true }, ...people].filter((u) => u.username.toLowerCase().startsWith(part) && u.username.toLowerCase() !== part);
		this.showHits(named.map((u) => this.hit(avatar(u, u.id, true), u.first_name, `@${u.username}`, () => this.name(u.username))));
	}

	name(username) {
		this.fill(`${this.input.value.replace(/@\w*$/, '')}@${username} `);
	}

	async ask(query, asked) {
		if (this.hits.hidden || !this.hits.querySelector('.hit')) this.showHits([], t('inline_wait'));
		const { as, chat } = this.phone;
		let answer;
		try {
			answer = await call('/sim/inline', { as, chat, query });
		} catch (e) {
			answer = { results: [], wrong: e.message };
		}
		if (asked !== this.asked) return;
		const results = (answer.results ?? []).slice(0, RESULTS_MAX);
		const hits = results.map((r, i) => this.resultHit(r, i));
		this.showHits(hits, hits.length ? null : answer.wrong ?? t('inline_none'), answer.button);
	}

	resultHit(r, place) {
		const file = r.photo_file_id ?? r.document_file_id;
		const thumb = file ? h('img', { src: `/sim/file?file_id=${encodeURIComponent(file)}`, alt: '' }) : h('span', { class: 'thumb', 'aria-hidden': 'true' }, [...(r.title ?? '✓')][0]);
		return this.hit(thumb, r.title ?? r.caption ?? r.id, r.description ?? '', () => this.choose(place));
	}

	hit(face, title, detail, onclick) {
		return h('div', { class: 'hit', role: 'option', 'aria-selected': 'false', onclick }, face, h('span', null, h('b', { dir: 'auto' }, title), h('small', { dir: 'auto' }, detail)));
	}

	choose(place) {
		const { as, chat } = this.phone;
		this.fill('');
		this.closeHits();
		return act('/sim/choose', { as, chat, result: place });
	}

	/** Shows suggestions, the first marked; `words` when there are none, the bot's own button on top. */
	showHits(hits, words = null, top = null) {
		hits.forEach((e, i) => (e.id = `hit-${this.phone.as}-${i}`));
		const open = top && button({ class: 'top', dir: 'auto', onclick: () => this.topButton(top) }, top.text);
		const list = hits.length ? h('div', { role: 'listbox', 'aria-label': t('inline_of') }, hits) : null;
		this.hits.replaceChildren(...[open, words && h('p', { dir: 'auto', role: 'status' }, words), list].filter(Boolean));
		this.hits.hidden = !this.hits.children.length;
		this.mark(hits.length ? 0 : -1);
	}

	topButton(b) {
		this.fill('');
		this.closeHits();
		this.phone.open(b.start_parameter ?? '');
	}

	mark(place) {
		const hits = [...this.hits.querySelectorAll('[role=option]')];
		this.picked = hits.length ? (place + hits.length) % hits.length : -1;
		hits.forEach((e, i) => e.setAttribute('aria-selected', String(i === this.picked)));
		const marked = hits[this.picked];
		marked ? this.input.setAttribute('aria-activedescendant', marked.id) : this.input.removeAttribute('aria-activedescendant');
		marked?.scrollIntoView({ block: 'nearest' });
	}

	closeHits() {
		clearTimeout(this.timer);
		this.hits.hidden = true;
		this.hits.replaceChildren();
		this.mark(-1);
	}
}
