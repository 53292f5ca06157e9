// What lies beside the phones: the clock, the bank, SMS, faults, and the steps of a deal that one can follow by hand.
import { HOUR, age, language, number, t, toman, when } from '/page_texts.js';
import { $, act, button, call, closer, h, notice, phoneOf, virtualNow, world } from '/page_tools.js';

const CLOCK_STEPS = [600, 3600, 43200, 86400, 259200];
const CLOCK_UNITS = [60, 3600, 86400];
const BANK_ACTS = ['pay', 'refuse', 'vanish', 'twice', 'late', 'forge'];
const FAULTS = ['429', '500', '502html', 'lost', 'cut', '409', '401', '403', 'notfound', 'hang', 'reset', 'empty', 'badjson', 'migrate', 'double', 'busy'];
const FAULT_METHODS = [
	'*', 'getUpdates', 'sendMessage', 'sendPhoto', 'sendMediaGroup', 'sendDocument', 'editMessageText', 'editMessageMedia', 'answerCallbackQuery',
	'answerInlineQuery', 'deleteMessage', 'getFile', 'file', 'bank.*', 'bank.token', 'bank.verify', 'bank.settle', 'bank.inquiry', 'bank.reverse', 'bank.refund', 'bank.payout',
	'mellat.*', 'parsian.*', 'zarinpal.*', 'vandar.*', 'kavenegar.*', 'smsir.*',
];
const GOOD_STATES = ['paid', 'verified', 'settled', 'done'];
const BAD_STATES = ['refused', 'reversed', 'returned'];
const SHOWN_MAX = 20; // the newest mistakes and refusals
const SMS_MAX = 100;
const PANELS = ['clock', 'bank', 'sms', 'faults'];

// A 24-digit code as Iran Post prints, and an IBAN with a right check number (bank 012; its account is made up).
export const SAMPLES = { TRACKING: '207350402500018563254111', IBAN: 'IR840120000000000123456789' };

const panel = (name) => $(`panel-${name}`);
const drawn = {}; // panel -> what it was drawn from

/* ---- lists ---- */

function pill(state) {
	const kind = GOOD_STATES.includes(state) ? 'good' : BAD_STATES.includes(state) ? 'bad' : 'wait';
	return h('span', { class: `pill ${kind}`, 'data-state': state }, t(state));
}

function panelTop(name) {
	return h('div', { class: 'top-line' }, h('h2', null, t(name)), closer(() => toggle(name, false)));
}

function listOf(title, rows, none) {
	return [h('h3', null, title), rows.length ? h('ul', { class: 'rows' }, rows) : h('p', { class: 'quiet' }, none)];
}

/** A list that is folded away, open when `open`. */
function foldOf(title, rows, none, open) {
	return h('details', { open }, h('summary', null, title, ' ', h('span', { class: 'badge plain' }, number(rows.length))), rows.length ? h('ul', { class: 'rows' }, rows) : h('p', { class: 'quiet' }, none));
}

/** Draws a panel again only when what it shows has changed: an open list or the focus in it must not be lost. */
function redraw(name, source, make) {
	const print = JSON.stringify([language, source]);
	if (drawn[name] === print) return;
	drawn[name] = print;
	const folds = () => [...panel(name).querySelectorAll('details')];
	const opened = folds().map((d) => d.open);
	panel(name).replaceChildren(...make());
	folds().forEach((d, i) => (d.open ||= Boolean(opened[i])));
}

function badge(id, n) {
	$(id).hidden = n === 0;
	$(id).textContent = number(n);
}

const since = (ms) => (ms ? h('time', { class: 'quiet', 'data-since': ms }, age(ms, virtualNow())) : null);

/* ---- the bank ---- */

/** "… 4821": the end of an order's id, enough to tell two payments apart. */
const orderEnd = (id) => h('span', { class: 'id', title: id }, `#${id.length > 4 ? '…' : ''}${id.slice(-4)}`);

function paymentRow(p) {
	const key = p.token;
	const acts = BANK_ACTS.map((a) => button({ 'data-do': a, onclick: () => act('/sim/bank', { payment: key, do: a }) }, t(a)));
	const page = h('a', { class: 'link', href: `/bank/pay?token=${encodeURIComponent(p.token)}${language === 'en' ? '&lang=en' : ''}`, target: '_blank', rel: 'noopener' }, t('bank_page'));
	return h('li', { 'data-payment': key }, h('span', { class: 'sum' }, toman(p.amount)), pill(p.state), orderEnd(p.order_id), since(p.created_ms), p.state === 'created' ? h('div', { class: 'does' }, page, acts) : null);
}

function moneyRow(p) {
	const id = [p.track_id ?? p.order_id, p.iban].filter(Boolean).join(' · ');
	return h('li', { 'data-payout': p.iban ? p.track_id : null }, h('span', { class: 'sum' }, toman(p.amount)), pill(p.state), h('span', { class: 'id' }, id));
}

function drawBank() {
	const { payments, payouts, refunds } = world.model;
	const newest = (list) => [...(list ?? [])].reverse();
	badge('bank-badge', newest(payments).filter((p) => p.state === 'created').length);
	redraw('bank', [payments, payouts, refunds], () => [
		panelTop('bank'),
		...listOf(t('payments'), newest(payments).map(paymentRow), t('no_payments')),
		...listOf(t('payouts'), newest(payouts).map(moneyRow), t('none')),
		...listOf(t('refunds'), newest(refunds).map(moneyRow), t('none')),
	]);
}

/* ---- SMS ---- */

let smsRead = 0;

/** The inbox is there from the first short message on. */
export function lookForSms() {
	const { sms } = world.model;
	$('open-sms').hidden = !sms?.length;
	if (sms?.length) drawSms(sms.slice(-SMS_MAX));
}

function drawSms(list) {
	if (!panel('sms').hidden) smsRead = list.length;
	badge('sms-badge', Math.max(0, list.length - smsRead));
	const row = (s) => h('li', null, h('span', { class: 'id' }, s.to ?? s.phone ?? ''), since(s.at_ms ?? s.sent_ms), h('p', { dir: 'auto' }, s.text ?? ''));
	redraw('sms', list, () => [panelTop('sms'), ...listOf(t('sms'), [...list].reverse().map(row), t('no_sms')).slice(1)]);
}

/* ---- faults ---- */

const order = { method: '*', times: 1 };

async function fault(kind) {
	const done = await act('/sim/fault', { method: order.method, kind, times: order.times });
	if (done) notice(t('fault_set'));
}

function faultForm() {
	const name = (m) => (m === '*' ? t('any_method') : m === 'bank.*' ? t('any_bank') : m);
	const where = h('select', { onchange: (e) => (order.method = e.target.value) }, FAULT_METHODS.map((m) => h('option', { value: m, selected: m === order.method }, name(m))));
	const times = h('input', { type: 'number', min: 1, max: 100, value: order.times, onchange: (e) => (order.times = Math.max(1, Math.min(100, Number(e.target.value) || 1))) });
	return h('div', { class: 'fields' }, h('label', null, t('fault_where'), where), h('label', null, t('fault_times'), times));
}

const recordRow = (kind) => (v) => h('li', null, h('span', { class: `pill ${kind}` }, v.method), h('span', { class: 'id' }, v.description));

function drawFaults() {
	const { faults = [], violations = [], refusals = [] } = world.model;
	badge('fault-badge', violations.length);
	const pending = faults.map((f) => h('li', null, h('span', { class: 'pill wait' }, f.kind), h('span', { class: 'id' }, f.method), h('span', null, `× ${number(f.times)}`)));
	const newest = (list) => list.slice(-SHOWN_MAX).reverse();
	redraw('faults', [faults, violations, refusals], () => [
		panelTop('faults'),
		h('p', { class: 'quiet' }, t('faults_about')),
		faultForm(),
		h('div', { class: 'chips', role: 'group', 'aria-label': t('fault_kinds') }, FAULTS.map((k) => button({ 'data-fault': k, onclick: () => fault(k) }, t(`f_${k}`)))),
		...listOf(t('pending_faults'), pending, t('no_faults')),
		foldOf(t('violations'), newest(violations).map(recordRow('bad')), t('no_violations'), violations.length > 0),
		foldOf(t('refusals'), newest(refusals).map(recordRow('wait')), t('no_refusals'), false),
	]);
}

/* ---- the clock ---- */

export async function advance(seconds) {
	const clock = await act('/sim/clock', { advance_s: seconds });
	if (clock?.now_ms) world.clockOffset = clock.now_ms - Date.now();
	drawClock();
}

export function drawClock() {
	const now = virtualNow();
	const narrow = $('tabs').offsetParent !== null;
	const day = when(now, narrow ? { day: 'numeric', month: 'short' } : { weekday: 'long', day: 'numeric', month: 'long' });
	$('clock').textContent = `${day}${language === 'fa' ? '،' : ','} ${when(now, HOUR)}`;
	$('clock').dateTime = new Date(now).toISOString();
	for (const e of document.querySelectorAll('[data-since]')) {
		const text = age(Number(e.dataset.since), now);
		if (e.textContent !== text) e.textContent = text;
	}
}

function buildClock() {
	const steps = t('steps');
	const units = t('units');
	const many = h('input', { type: 'number', min: 1, max: 1000, value: 7, 'aria-label': t('amount') });
	const unit = h('select', { 'aria-label': t('unit') }, CLOCK_UNITS.map((u) => h('option', { value: u, selected: u === 86400 }, units[u])));
	const go = button({ onclick: () => advance(Math.max(1, Math.min(1000, Math.floor(Number(many.value)) || 1)) * Number(unit.value)) }, t('go'));
	$('clock-steps').replaceChildren(...CLOCK_STEPS.map((s) => button({ 'data-advance': s, 'aria-label': t('ahead', steps[s]), onclick: () => advance(s) }, `+${language === 'fa' ? '' : ' '}${steps[s]}`)));
	const again = CLOCK_STEPS.map((s) => button({ onclick: () => advance(s) }, `+ ${steps[s]}`));
	panel('clock').replaceChildren(panelTop('clock'), h('div', { class: 'chips only-small' }, again), h('div', { class: 'fields' }, h('span', null, t('other_step')), many, unit, go));
}

/* ---- the steps by hand ---- */

/** A command stands first in its line also where the rest is Persian. */
function sampleText(text) {
	const command = /^\/\w+/.exec(text)?.[0];
	return command ? [h('bdi', { dir: 'ltr' }, command), text.slice(command.length)] : [text];
}

function sample(s) {
	const fill = () => {
		const phone = phoneOf(s.as);
		phone.show('private');
		world.front(s.as);
		phone.fill(SAMPLES[s.fill] ?? s.fill);
	};
	return button({ class: 'sample', dir: 'auto', 'data-latin': s.latin ?? null, onclick: fill }, sampleText(SAMPLES[s.fill] ?? s.fill));
}

export const stepsByHand = () => h('ol', { id: 'hint-steps' }, t('hints').map((parts) => h('li', null, parts.map((p) => (typeof p === 'string' ? p : sample(p))))));

/* ---- all of them ---- */

/** Opens or closes a panel; one is open at a time. */
export function toggle(name, open = panel(name).hidden) {
	for (const other of PANELS) if (other !== name && open && !panel(other).hidden) toggle(other, false);
	panel(name).hidden = !open;
	$(`open-${name}`).setAttribute('aria-expanded', String(open));
	if (!open) $(`open-${name}`).focus();
	if (open && name === 'sms') lookForSms();
}

export function closePanels() {
	for (const name of PANELS) if (!panel(name).hidden) toggle(name, false);
}

export function beginPanels() {
	for (const name of PANELS) $(`open-${name}`).addEventListener('click', () => toggle(name));
}

export function buildPanels() {
	buildClock();
	drawPanels();
}

export function drawPanels() {
	drawClock();
	drawBank();
	drawFaults();
}
