// A phone: its frame, its chats, what the person sees and what they do. The input line is page_compose.js.
import { t, when } from '/page_texts.js';
import { PEOPLE, act, arrows, avatar, button, calm, copy, h, phoneOf, replaceTabs, sync, world } from '/page_tools.js';
import { isDeepLink } from '/page_rich.js';
import { entriesOf, messageElement } from '/page_message.js';
import { Composer } from '/page_compose.js';

const BEGINS_AT = { sara: 'private', reza: 'private', mina: 'bazaar', omid: 'staff' };
const OTHER = { sara: 'reza', reza: 'sara', mina: 'reza', omid: 'reza' };
const MEMBERS = { private: PEOPLE, direct: ['sara', 'reza'], bazaar: PEOPLE, staff: ['omid'] };
const TOAST_MS = 3200;
const FLASH_MS = 1200;
const NEAR_END_PX = 80;

const eyesOnly = (m) => (m.ephemeral_message_id ? { ephemeral_message_id: m.ephemeral_message_id } : {});

export class Phone {
	constructor(as) {
		this.as = as;
		this.other = OTHER[as];
		this.chat = BEGINS_AT[as];
		this.element = h('section', { class: 'phone', id: `phone-${as}`, 'data-person': as });
		this.element.addEventListener('keydown', (e) => e.key === 'Escape' && this.composer.escape());
		this.resized = new ResizeObserver(() => this.keepUp());
		this.top = 0; // where the chat was scrolled to
		this.following = true; // the newest message is kept in sight
		this.composer = new Composer(this);
		this.forget();
	}

	/** Everything seen so far is gone: the sandbox began anew. */
	forget() {
		this.views = {}; // chat -> {messages, answers}
		this.read = {}; // chat -> last message id that was on the screen
		this.taken = {}; // chat -> last own message id that the other side has
		this.heard = {}; // chat -> answers already told
		this.pressed = {}; // callback query id -> the button that waits for its answer
		this.shown = new Map(); // entry key -> {print, element}
		this.alerts = []; // texts that must be closed, the one on the screen first
		this.alertBox?.remove();
		this.said?.replaceChildren();
	}

	/** The chats of this person that the sandbox has. */
	chats() {
		return Object.keys(MEMBERS).filter((c) => MEMBERS[c].includes(this.as) && (c !== 'direct' || world.model.chats.direct));
	}

	person() {
		return world.model.people[this.as]?.user;
	}

	/** Builds the frame in the page's language; the messages follow by draw(). */
	build() {
		this.shown.clear();
		this.log = h('div', { class: 'log', role: 'log', tabindex: '0', 'aria-label': t('talk_of', t(this.as)), onscroll: () => this.scrolled() });
		this.log.addEventListener('load', () => this.keepUp(), true); // a picture has its height only now
		arrows(this.log, '.more');
		this.resized.disconnect();
		this.resized.observe(this.log);
		this.following = true;
		this.below = button({ class: 'below', hidden: true, onclick: () => this.toNewest() }, t('new_below'));
		this.tabs = h('div', { class: 'chats', role: 'tablist', 'aria-label': t('chats_of', t(this.as)) });
		arrows(this.tabs);
		this.said = h('div', { class: 'said', role: 'status' });
		this.element.setAttribute('aria-label', t('phone_of', t(this.as)));
		this.element.replaceChildren(this.header(), this.tabs, this.log, this.composer.build(), this.said);
		this.composer.foot.append(this.below);
		this.draw();
		this.drawAlert();
	}

	header() {
		this.languageBox = h('select', { class: 'app-language', 'aria-label': t('app_language', t(this.as)), onchange: (e) => act('/sim/person', { as: this.as, language: e.target.value }) });
		for (const [code, name] of [['fa', 'فارسی'], ['en', 'English']]) this.languageBox.append(h('option', { value: code, lang: code }, name));
		const face = avatar({ first_name: t(this.as) }, this.as);
		return h('div', { class: 'top-line' }, face, h('div', { class: 'who' }, h('h2', null, t(this.as)), h('p', null, t(`role_${this.as}`))), this.languageBox);
	}

	/* ---- what the person does ---- */

	send(what) {
		return act('/sim/message', { as: this.as, chat: this.chat, ...this.composer.takeAbout(), ...what });
	}

	say(text) {
		return this.send({ text });
	}

	fill(text) {
		this.composer.fill(text);
	}

	async press(m, b, key = null) {
		key?.setAttribute('aria-busy', 'true');
		const done = await act('/sim/press', { as: this.as, chat: this.chat, data: b.callback_data, message_id: m.message_id, ...eyesOnly(m) });
		if (done && key) this.pressed[done.callback_query_id] = key;
		else key?.removeAttribute('aria-busy');
		this.answered(this.views[this.chat]?.answers ?? []);
		return done;
	}

	/** Opens a link of the bot in this person's private chat. */
	open(link) {
		this.show('private');
		world.front(this.as);
		return act('/sim/open', { as: this.as, link });
	}

	answerTo(m) {
		this.composer.answerTo(m);
	}

	/** A switch-inline button: the bot is called by name where the button wants it. */
	callBot(b, query) {
		const kinds = b.switch_inline_query_chosen_chat;
		const fits = (c) => (c === 'private' ? !kinds || kinds.allow_bot_chats : c === 'direct' ? !kinds || kinds.allow_user_chats : !kinds || kinds.allow_group_chats);
		const call = (chat) => {
			if (chat !== this.chat) this.show(chat);
			this.composer.callBot(query);
		};
		const chats = this.chats().filter(fits);
		if (b.switch_inline_query_current_chat !== undefined || !chats.length) return call(this.chat);
		return this.composer.menu(chats.map((c) => this.composer.item(t('call_in', this.nameOf(c)), () => call(c))), b.text);
	}

	nameOf(chat) {
		return chat === 'direct' ? t(`direct_${this.as}`) : t(chat);
	}

	/** A deep link was touched: whose phone shall open it? */
	offer(link, text = link) {
		const { composer } = this;
		const order = [this.as, ...PEOPLE.filter((p) => p !== this.as)];
		const items = isDeepLink(link) ? order.map((p) => composer.item(t('open_as', t(p)), () => phoneOf(p).open(link))) : [];
		for (const c of this.chats()) if (c === 'direct' || c === 'bazaar') items.push(composer.item(t('post_in', this.nameOf(c)), () => this.post(c, text)));
		items.push(composer.item(t('copy'), () => copy(link)));
		composer.menu(items, link, { dir: 'ltr' });
	}

	post(chat, text) {
		this.show(chat);
		this.say(text);
	}

	/** What can be done with one message. */
	messageMenu(m, own) {
		const { composer } = this;
		const text = m.text ?? m.caption;
		const items = [composer.item(t('answer_to'), () => this.answerTo(m))];
		if (text) items.push(composer.item(t('copy_text'), () => copy(text)));
		if (own && m.text) items.push(composer.item(t('change'), () => composer.change(m)));
		for (const c of this.chats()) if (c !== this.chat && (m.text || m.photo)) items.push(composer.item(t('pass_on', this.nameOf(c)), () => this.passOn(c, m)));
		items.push(composer.item(t('remove'), () => act('/sim/delete', { as: this.as, chat: this.chat, message_id: m.message_id })));
		composer.menu(items, t('message_menu'), { quiet: true });
	}

	passOn(chat, m) {
		const author = PEOPLE.find((p) => world.model.people[p]?.user.id === m.from?.id) ?? 'bot';
		this.show(chat);
		this.send({ forward_from: author, ...(m.photo ? { photo: m.photo.at(-1).file_id } : {}), ...(m.text ?? m.caption ? { text: m.text ?? m.caption } : {}) });
	}

	/* ---- what the person sees ---- */

	show(chat) {
		if (chat === this.chat) return;
		this.chat = chat;
		this.composer.clearAbout();
		this.composer.closeMenu();
		this.shown.clear();
		this.log.replaceChildren();
		this.following = true;
		this.below.hidden = true;
		this.draw();
	}

	/** True when this chat of this person is on the screen. */
	looksAt(chat) {
		return this.chat === chat && this.log.clientHeight > 0;
	}

	lastId(chat) {
		return Math.max(0, ...(this.views[chat]?.messages ?? []).map((m) => m.message_id));
	}

	unread(chat) {
		return this.lastId(chat) > (this.read[chat] ?? 0);
	}

	drawTabs() {
		const chats = this.chats();
		this.tabs.hidden = chats.length < 2;
		const made = chats.map((c) => {
			const on = c === this.chat;
			const dot = !on && this.unread(c) ? h('span', { class: 'dot', role: 'img', 'aria-label': t('unread') }) : null;
			return button({ role: 'tab', 'aria-selected': String(on), tabindex: on ? '0' : '-1', 'data-chat': c, onclick: () => this.show(c) }, this.nameOf(c), dot);
		});
		replaceTabs(this.tabs, made, 'chat');
	}

	draw() {
		const view = this.views[this.chat];
		if (!view) return this.drawTabs();
		if (this.person()) this.languageBox.value = this.person().language_code === 'en' ? 'en' : 'fa';
		this.drawMessages(view.messages);
		this.composer.drawReplyKeys(view.keyboard);
		if (this.log.clientHeight) this.read[this.chat] = this.lastId(this.chat);
		this.drawTabs();
		this.drawTicks();
		this.tellAnswers(view.answers ?? []);
	}

	drawMessages(messages) {
		const first = this.shown.size === 0;
		const order = messages.length ? [] : [this.emptyElement()];
		const next = new Map();
		let day = '';
		for (const entry of entriesOf(messages)) {
			const its = when(entry.messages[0].date * 1000, { day: 'numeric', month: 'long' });
			if (its !== day) order.push(h('div', { class: 'day', dir: 'auto' }, (day = its)));
			const print = JSON.stringify(entry.messages);
			let known = this.shown.get(entry.key);
			if (known?.print !== print) {
				const fresh = !known && !first;
				known = { print, element: messageElement(entry, this) };
				if (fresh) this.arrived(known.element, entry.messages[0]);
			}
			next.set(entry.key, known);
			order.push(known.element);
		}
		this.shown = next;
		sync(this.log, order);
		// One stop of the Tab key for all messages' menus: the newest's; arrows go on from there.
		const menus = [...this.log.querySelectorAll('.more')];
		menus.forEach((b, i) => (b.tabIndex = i === menus.length - 1 ? 0 : -1));
		this.keepUp();
	}

	arrived(element, m) {
		element.classList.add('fresh');
		if (m.from?.id === this.person()?.id) this.following = true;
		else if (!this.following) this.below.hidden = false;
	}

	/** One tick: sent. Two: the bot has taken it, or another person has it on the screen. */
	drawTicks() {
		const bot = this.chat !== 'direct' && world.model.pending_updates === 0;
		const seen = this.chat !== 'private' && world.phones.some((p) => p !== this && p.looksAt(this.chat));
		if (bot || seen) this.taken[this.chat] = this.lastId(this.chat);
		for (const tick of this.log.querySelectorAll('.tick')) {
			const twice = Number(tick.closest('[data-id]').dataset.id) <= (this.taken[this.chat] ?? 0);
			tick.classList.toggle('twice', twice);
			tick.setAttribute('aria-label', t(twice ? 'read_tick' : 'sent_tick'));
		}
	}

	/** Scrolls to a message and marks it for a moment. */
	goTo(id) {
		const e = this.log.querySelector(`[data-id="${id}"]`);
		if (!e) return;
		this.following = false;
		e.scrollIntoView({ block: 'center', behavior: calm() ? 'auto' : 'smooth' });
		e.classList.add('found');
		setTimeout(() => e.classList.remove('found'), FLASH_MS);
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
		if (this.chat !== 'private') return h('div', { class: 'empty', dir: 'auto' }, t(this.chat === 'direct' ? 'empty_direct' : 'empty_group'));
		return h('div', { class: 'empty', dir: 'auto' }, t('empty_private'), h('br'), button({ onclick: () => this.say('/start') }, t('start')));
	}

	/* ---- answers to pressed buttons ---- */

	answered(answers) {
		for (const a of answers) {
			this.pressed[a.callback_query_id]?.removeAttribute('aria-busy');
			delete this.pressed[a.callback_query_id];
		}
	}

	/** Shows the answers that came since the last look. */
	tellAnswers(answers) {
		this.answered(answers);
		const known = this.heard[this.chat];
		this.heard[this.chat] = new Set(answers.map((a) => a.callback_query_id));
		if (!known) return;
		for (const a of answers) {
			if (known.has(a.callback_query_id)) continue;
			if (a.url && isDeepLink(a.url)) this.open(a.url);
			if (a.text) a.show_alert ? this.alert(a.text) : this.toast(a.text);
		}
	}

	toast(text) {
		const box = h('div', { class: 'toast', dir: 'auto' }, text);
		this.said.replaceChildren(box);
		setTimeout(() => box.remove(), TOAST_MS);
	}

	/** One alert at a time: the next comes when this one is closed. */
	alert(text) {
		this.alerts.push(text);
		if (this.alerts.length === 1) this.drawAlert();
	}

	drawAlert() {
		this.alertBox?.remove();
		if (!this.alerts.length) return;
		const before = document.activeElement;
		const close = () => {
			this.alerts.shift();
			box.remove();
			before?.focus();
			this.drawAlert();
		};
		const ok = button({ onclick: close }, t('ok'));
		const box = h('div', { class: 'alert-box', role: 'alertdialog', 'aria-label': t(this.as), onkeydown: (e) => e.key === 'Escape' && close() }, h('div', null, h('p', { dir: 'auto' }, this.alerts[0]), ok));
		this.alertBox = box;
		this.element.append(box);
		ok.focus();
	}
}

