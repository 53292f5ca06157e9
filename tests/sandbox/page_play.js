// The guide above the phones: the steps of a deal by hand, and "Play it for me", which plays a whole deal slowly.
// It finds what to press by the act at the end of a button's data, so that it works in every language of the bot.
import { language, number, remember, remembered, t } from '/page_texts.js';
import { $, act, button, calm, h, icon, phoneOf, world } from '/page_tools.js';
import { SAMPLES, advance, stepsByHand, toggle } from '/page_panels.js';

const SPEEDS = { slow: 1.7, normal: 1, fast: 0.4 };
const READ_MS = 1300; // a caption is read in this time and
const READ_LETTER_MS = 40; // this for each letter
const KEY_MS = 28; // one typed letter
const TICK_MS = 50;
const PATIENCE_MS = 20000; // for the bot to do its part
const SPARED_MS = 2500; // for the question about the IBAN, after the news that the money is free
const CODE_DIGITS = 24;
const UNTIL_PAYOUT_S = 3660; // money that is released leaves an hour later
const BANK_S = 70; // the practice bank has a transfer done within it
const NUDGE_MS = 1500; // and the bot has asked for it, or asks again after some more of the bank's time

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
	{ as: 'sara', words: 'p_iban', act: 'iban', once: true },
	{ as: 'sara', words: 'p_iban_number', types: () => SAMPLES.IBAN, once: true },
	{ as: 'sara', words: 'p_hour', hour: true },
	{ as: 'sara', words: 'p_payout', payout: true },
	{ as: 'sara', words: 'p_done', end: true },
];

class Player {
	constructor() {
		this.playing = false;
		this.paused = false;
		this.credit = false; // "One step": the next rest is skipped
		this.at = 0;
		this.caption = [];
		this.last = null; // the sentence that stays when the deal has been played
		this.marked = null;
		this.speed = Object.hasOwn(SPEEDS, remembered('speed') ?? '') ? remembered('speed') : 'normal';
	}

	async play() {
		Object.assign(this, { playing: true, paused: false, credit: false, stopping: false, deal: null, last: null, told: null, spared: false, at: 0 });
		this.before = Object.fromEntries(world.phones.map((p) => [p.as, p.lastId('private')])); // older messages are another deal's
		this.known = new Set([...world.model.payments.map((p) => p.token), ...world.model.payouts.map((p) => p.track_id)]);
		drawGuide();
		$('play-pause').focus();
		try {
			for (this.at = 0; this.at < STEPS.length; this.at++) await this.step(STEPS[this.at]);
		} catch (e) {
			if (e instanceof Stuck) this.last = 'p_stuck';
			else if (!(e instanceof Stopped)) throw e;
		}
		this.mark(null);
		const within = $('hints').contains(document.activeElement);
		this.playing = false;
		drawGuide();
		if (within) $('play').focus();
	}

	/** Takes away the sentence that stayed. */
	forget() {
		this.last = null;
		drawGuide();
	}

	/** Says what comes, shows what is pressed, rests so that one can read it, and does it. */
	async step(s) {
		const phone = phoneOf(s.as);
		phone.show('private');
		world.front(s.as);
		if (s.once && this.spared) return;
		if (s.bank || s.payout) toggle('bank', true);
		const target = await this.wait(() => this.find(s, phone) ?? this.spares(s, phone), s.end ? () => advance(BANK_S) : null);
		if (this.spared && s.once) return;
		this.tell(s.words, s.act || s.bill ? target.textContent : null);
		this.mark(target);
		await this.rest(() => this.find(s, phone));
		this.mark(null);
		phone.toNewest();
		if (s.act === 'accept.yes') this.released = phoneOf('sara').lastId('private');
		if (s.types) await this.type(phone, s.types());
		else if (s.bank) await this.pay();
		else if (s.hour) await advance(UNTIL_PAYOUT_S);
		else if (s.payout) await this.bankWorks();
		else if (s.end) this.last = s.words;
		else if (!s.bill) (target.isConnected ? target : this.find(s, phone) ?? target).click();
	}

	/** What the step presses or shows, as soon as it is on the screen. */
	find(s, phone) {
		if (s.types) return phone.composer.input;
		if (s.bank) return this.payment() ? document.querySelector(`[data-payment="${CSS.escape(this.payment().token)}"] [data-do=pay]`) : null;
		if (s.hour) return phone.log.querySelector(`[data-callback="${this.deal}iban"]`) ? null : $('clock');
		if (s.payout) return this.payout() ? document.querySelector(`[data-payout="${CSS.escape(this.payout().track_id)}"]`) : null;
		const fresh = [...phone.log.querySelectorAll('.message')].filter((m) => Number(m.dataset.id) > this.before[s.as]);
		const all = (what) => fresh.flatMap((m) => [...m.querySelectorAll(what)]);
		if (s.end) return fresh.filter((m) => Number(m.dataset.id) > this.released && m.querySelector('.picture')).at(-1) ?? null; // the receipt
		if (s.opens) return all('[data-pass]').at(-1) ?? null;
		if (s.bill) return all('.keys a').at(-1) ?? null;
		const found = all('[data-callback]').filter((b) => this.means(b.dataset.callback, s)).at(-1);
		if (found && !this.deal) this.deal = found.dataset.callback.slice(0, -s.act.length);
		return found ?? null;
	}

	/** The bot asks for the IBAN once for ever: when it says something else about the money, it knows one already. */
	spares(s, phone) {
		if (s.act !== 'iban' || phone.lastId('private') <= this.released) return null;
		this.told ??= Date.now();
		this.spared = Date.now() - this.told > SPARED_MS;
		return this.spared ? phone.log : null;
	}

	means(data, { act: wish, more }) {
		if (!this.deal) return data.endsWith(`:${wish}`);
		return data === this.deal + wish || (more === true && data.startsWith(`${this.deal}${wish}.`));
	}

	payment() {
		return world.model.payments.filter((p) => p.state === 'created' && !this.known.has(p.token)).at(-1);
	}

	payout() {
		return world.model.payouts.filter((p) => !this.known.has(p.track_id)).at(-1);
	}

	async pay() {
		await act('/sim/bank', { payment: this.payment()?.token ?? 'newest', do: 'pay' });
		this.leaveBank();
	}

	async bankWorks() {
		await advance(BANK_S);
		this.leaveBank();
	}

	leaveBank() {
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

	/** Waits until `found` gives something; now and then `nudge` helps it along. */
	async wait(found, nudge = null) {
		for (let waited = 0; waited < PATIENCE_MS; waited += TICK_MS) {
			if (this.stopping) throw new Stopped();
			const it = found();
			if (it) return it;
			if (nudge && waited % NUDGE_MS === NUDGE_MS - TICK_MS) await nudge();
			await new Promise((r) => setTimeout(r, TICK_MS));
		}
		throw new Stuck();
	}

	/** Time to read the caption; a pause holds it, "One step" ends it. What is marked and drawn anew is `found` again. */
	async rest(found) {
		const whole = (READ_MS + READ_LETTER_MS * this.caption.join('').length) * SPEEDS[this.speed];
		for (let gone = 0; gone < whole && !this.credit; gone += this.paused ? 0 : TICK_MS) {
			if (this.stopping) throw new Stopped();
			if (!this.marked.isConnected) this.mark(found() ?? this.marked);
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

export function stopPlaying() {
	player.stop();
	player.forget();
}

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
	player.forget();
	$('open-hints')?.focus();
}

export function beginGuide() {
	$('caption-close').addEventListener('click', () => {
		player.forget();
		$('play').focus();
	});
}

/** Draws the guide; a focused control in it keeps the focus. */
export function drawGuide() {
	const focused = $('hints').contains(document.activeElement) ? document.activeElement.id : null;
	const list = stepsByHand();
	list.hidden = player.playing || !open;
	$('guide').replaceChildren(player.playing ? playLine() : idleLine(), list);
	$('hints').classList.toggle('playing', player.playing);
	const stays = !player.playing && player.last !== null;
	const words = player.playing ? player.caption.join('') : stays ? t(player.last) : '';
	if ($('caption').textContent !== words) $('caption').textContent = words;
	$('caption').hidden = !player.playing && !stays;
	$('hints').classList.toggle('told', stays);
	$('caption-close').hidden = !stays;
	if (focused) $(focused)?.focus();
}
