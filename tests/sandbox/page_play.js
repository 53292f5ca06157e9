// The guide above the phones: the steps of a deal by hand, and "Play it for me", which plays a whole deal slowly.
// It finds what to press by the act at the end of a button's data, so that it works in every language of the bot.
import { language, number, remember, remembered, t } from '/page_texts.js';
import { $, act, button, calm, h, icon, phoneOf, world } from '/page_tools.js';
import { stepsByHand, toggle } from '/page_panels.js';

const SPEEDS = { slow: 1.7, normal: 1, fast: 0.4 };
const READ_MS = 1300; // a caption is read in this time and
const READ_LETTER_MS = 40; // this for each letter
const KEY_MS = 28; // one typed letter
const TICK_MS = 50;
const PATIENCE_MS = 20000; // for the bot to do its part
const CODE_DIGITS = 24;

class Stopped extends Error {}
class Stuck extends Error {}

/** A tracking code of Iran Post that no other deal here has: the bot takes each only once. */
function trackingCode() {
	const some = crypto.getRandomValues(new Uint8Array(CODE_DIGITS - 10));
	return `2073504025${[...some].map((b) => b % 10).join('')}`;
}

const STEPS = [
	{ as: 'sara', words: 'p_offer', types: () => t('play_line') },
	{ as: 'sara', words: 'p_publish', act: 'publish' },
	{ as: 'sara', words: 'p_open', opens: 'reza' },
	{ as: 'reza', words: 'p_agree', act: 'agree', more: true },
	{ as: 'reza', words: 'p_bill', bill: true },
	{ as: 'reza', words: 'p_pay', bank: true },
	{ as: 'sara', words: 'p_ship', act: 'ship' },
	{ as: 'sara', words: 'p_code', types: trackingCode },
	{ as: 'reza', words: 'p_received', act: 'received' },
	{ as: 'reza', words: 'p_accept', act: 'accept' },
	{ as: 'reza', words: 'p_sure', act: 'accept.yes', more: true },
	{ as: 'sara', words: 'p_done', end: true },
];

class Player {
	constructor() {
		this.playing = false;
		this.paused = false;
		this.credit = false; // "One step": the next rest is skipped
		this.at = 0;
		this.caption = [];
		this.marked = null;
		this.speed = Object.hasOwn(SPEEDS, remembered('speed') ?? '') ? remembered('speed') : 'normal';
	}

	async play() {
		Object.assign(this, { playing: true, paused: false, credit: false, stopping: false, deal: null, at: 0 });
		this.before = Object.fromEntries(world.phones.map((p) => [p.as, p.lastId('private')])); // older messages are another deal's
		this.known = new Set(world.model.payments.map((p) => p.token));
		drawGuide();
		$('play-pause').focus();
		try {
			for (this.at = 0; this.at < STEPS.length; this.at++) await this.step(STEPS[this.at]);
		} catch (e) {
			if (e instanceof Stuck) this.tell('p_stuck');
			else if (!(e instanceof Stopped)) throw e;
			if (e instanceof Stuck) await this.rest().catch(() => {});
		}
		this.mark(null);
		const within = $('hints').contains(document.activeElement);
		this.playing = false;
		drawGuide();
		if (within) $('play').focus();
	}

	/** Says what comes, shows what is pressed, rests so that one can read it, and does it. */
	async step(s) {
		const phone = phoneOf(s.as);
		phone.show('private');
		world.front(s.as);
		if (s.bank) toggle('bank', true);
		const target = await this.wait(() => this.find(s, phone));
		this.tell(s.words, s.act || s.bill ? target.textContent : null);
		this.mark(target);
		await this.rest();
		this.mark(null);
		phone.toNewest();
		if (s.types) await this.type(phone, s.types());
		else if (s.bank) await this.pay();
		else if (!s.bill && !s.end) (target.isConnected ? target : this.find(s, phone) ?? target).click();
	}

	/** What the step presses or shows, as soon as it is on the screen. */
	find(s, phone) {
		if (s.types) return phone.composer.input;
		if (s.bank) return this.payment() ? document.querySelector(`[data-payment="${CSS.escape(this.payment().token)}"] [data-do=pay]`) : null;
		const fresh = [...phone.log.querySelectorAll('.message')].filter((m) => Number(m.dataset.id) > this.before[s.as]);
		const all = (what) => fresh.flatMap((m) => [...m.querySelectorAll(what)]);
		if (s.end) return phoneOf('reza').log.querySelector(`[data-callback^="${this.deal}accept"]`) ? null : fresh.at(-1) ?? null;
		if (s.opens) return all('[data-pass]').at(-1) ?? null;
		if (s.bill) return all('.keys a').at(-1) ?? null;
		const found = all('[data-callback]').filter((b) => this.means(b.dataset.callback, s)).at(-1);
		if (found && !this.deal) this.deal = found.dataset.callback.slice(0, -s.act.length);
		return found ?? null;
	}

	means(data, { act: wish, more }) {
		if (!this.deal) return data.endsWith(`:${wish}`);
		return data === this.deal + wish || (more === true && data.startsWith(`${this.deal}${wish}.`));
	}

	payment() {
		return world.model.payments.filter((p) => p.state === 'created' && !this.known.has(p.token)).at(-1);
	}

	async pay() {
		await act('/sim/bank', { payment: this.payment()?.token ?? 'newest', do: 'pay' });
		toggle('bank', false);
		$('play-pause')?.focus();
	}

	async type(phone, text) {
		const { composer } = phone;
		const pause = KEY_MS * SPEEDS[this.speed];
		for (let n = 1; n <= text.length && !calm(); n++) {
			composer.input.value = text.slice(0, n);
			composer.grow();
			await new Promise((r) => setTimeout(r, pause));
			if (this.stopping) throw new Stopped();
		}
		composer.input.value = '';
		composer.grow();
		const sent = await phone.say(text);
		if (!sent) throw new Stuck();
	}

	/** Waits until `found` gives something. */
	async wait(found) {
		for (let waited = 0; waited < PATIENCE_MS; waited += TICK_MS) {
			if (this.stopping) throw new Stopped();
			const it = found();
			if (it) return it;
			await new Promise((r) => setTimeout(r, TICK_MS));
		}
		throw new Stuck();
	}

	/** Time to read the caption; a pause holds it, "One step" ends it. */
	async rest() {
		const whole = (READ_MS + READ_LETTER_MS * this.caption.join('').length) * SPEEDS[this.speed];
		for (let gone = 0; gone < whole && !this.credit; gone += this.paused ? 0 : TICK_MS) {
			if (this.stopping) throw new Stopped();
			await new Promise((r) => setTimeout(r, TICK_MS));
		}
		this.credit = false;
		if (this.stopping) throw new Stopped();
	}

	tell(key, label = null) {
		this.caption = [t(key), label ? (language === 'fa' ? ` «${label}»` : ` “${label}”`) : ''];
		drawGuide();
	}

	mark(e) {
		this.marked?.classList.remove('pressing');
		this.marked = e;
		e?.classList.add('pressing');
		e?.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
	}

	pause() {
		this.paused = !this.paused;
		drawGuide();
	}

	one() {
		this.paused = true;
		this.credit = true;
		drawGuide();
	}

	stop() {
		this.stopping = true;
	}
}

const player = new Player();
let open = false; // the steps by hand are shown

export const stopPlaying = () => player.stop();

function speedBox() {
	const chosen = (e) => remember('speed', (player.speed = e.target.value));
	return h('label', { class: 'speed' }, h('span', null, t('speed')), h('select', { id: 'play-speed', onchange: chosen }, Object.keys(SPEEDS).map((s) => h('option', { value: s, selected: s === player.speed }, t(s)))));
}

function playControls() {
	const tool = (id, sign, words, onclick) => button({ id, class: 'tool', title: t(words), onclick }, icon(sign), h('span', { class: 'word' }, t(words)));
	return h(
		'div',
		{ class: 'controls', role: 'group', 'aria-label': t('playing') },
		tool('play-pause', player.paused ? 'play' : 'pause', player.paused ? 'resume' : 'pause', () => player.pause()),
		tool('play-step', 'step', 'step', () => player.one()),
		tool('play-stop', 'stop', 'stop', () => player.stop()),
		speedBox(),
	);
}

function idleLine() {
	const steps = button({ class: 'more-steps', id: 'open-hints', 'aria-expanded': String(open), 'aria-controls': 'hint-steps', onclick: () => toggleSteps() }, t(open ? 'fewer' : 'by_hand'));
	return h('div', { class: 'top' }, button({ id: 'play', class: 'play', onclick: () => player.play() }, icon('play'), t('play')), h('h2', null, t('hints_title')), speedBox(), steps);
}

function playLine() {
	const place = `${number(Math.min(player.at + 1, STEPS.length))}/${number(STEPS.length)}`;
	return h('div', { class: 'top' }, h('span', { class: 'pill' }, place), playControls());
}

export function toggleSteps(wanted = !open) {
	open = wanted;
	drawGuide();
	$('open-hints')?.focus();
}

/** Draws the guide; a focused control in it keeps the focus. */
export function drawGuide() {
	const focused = $('hints').contains(document.activeElement) ? document.activeElement.id : null;
	const list = stepsByHand();
	list.hidden = player.playing || !open;
	$('guide').replaceChildren(player.playing ? playLine() : idleLine(), list);
	$('hints').classList.toggle('playing', player.playing);
	const words = player.playing ? player.caption.join('') : '';
	if ($('caption').textContent !== words) $('caption').textContent = words;
	$('caption').hidden = !player.playing;
	if (focused) $(focused)?.focus();
}
