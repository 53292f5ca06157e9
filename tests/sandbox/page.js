// The sandbox's page: four phones beside one another, a clock, a bank and faults, all over the control interface /sim/*.
// No framework and no build step: page_texts (words), page_tools, page_rich (links, formatted text), page_message (one
// bubble), page_phone, page_compose (the input line), page_panels (clock, bank, faults), page_play (the guide), and here
// the frame around them and the loop that keeps everything fresh.
import { language, setLanguage, t } from '/page_texts.js';
import { $, PEOPLE, act, arrows, button, call, h, hideNotice, notice, replaceTabs, world } from '/page_tools.js';
import { Phone } from '/page_phone.js';
import { beginPanels, buildPanels, closePanels, drawClock, drawPanels, lookForSms } from '/page_panels.js';
import { beginGuide, drawGuide, stopPlaying } from '/page_play.js';

const WAIT_MS = 25000;
const RETRY_MS = 1000;
const SWIPE_PX = 70;

/* ---- one phone at a time on a small screen ---- */

const inFront = () => world.phones.find((p) => p.element.classList.contains('front'));

world.front = (as) => {
	for (const p of world.phones) {
		const comes = p.as === as && p !== inFront();
		p.element.classList.toggle('front', p.as === as);
		if (!comes || !p.log) continue;
		p.draw();
		p.toNewest();
	}
	drawPhoneTabs();
};

function drawPhoneTabs() {
	const made = world.phones.map((p) => {
		const on = p === inFront();
		if (on) p.news = false;
		const dot = p.news ? h('span', { class: 'dot', role: 'img', 'aria-label': t('unread') }) : null;
		return button({ role: 'tab', 'aria-selected': String(on), 'aria-controls': `phone-${p.as}`, tabindex: on ? '0' : '-1', 'data-person': p.as, onclick: () => world.front(p.as) }, t(p.as), dot);
	});
	replaceTabs($('tabs'), made, 'person');
}

/** A swipe over the phones brings the next person, as pages are turned in the page's direction. */
function swipes(area) {
	let from = null;
	area.addEventListener('touchstart', (e) => (from = e.touches.length === 1 ? e.touches[0] : null), { passive: true });
	area.addEventListener('touchend', (e) => {
		const to = e.changedTouches[0];
		const [dx, dy] = from ? [to.clientX - from.clientX, to.clientY - from.clientY] : [0, 0];
		from = null;
		if (Math.abs(dx) < SWIPE_PX || Math.abs(dx) < 2 * Math.abs(dy) || $('tabs').offsetParent === null) return;
		const onwards = (document.documentElement.dir === 'rtl') === dx > 0 ? 1 : -1;
		const next = world.phones[world.phones.indexOf(inFront()) + onwards];
		if (next) world.front(next.as);
	}, { passive: true });
}

/* ---- the frame ---- */

/** Writes every text of the page anew in the chosen language. */
function build() {
	document.documentElement.lang = language;
	document.documentElement.dir = language === 'fa' ? 'rtl' : 'ltr';
	document.title = t('title');
	for (const e of document.querySelectorAll('[data-t]')) e.textContent = t(e.dataset.t);
	for (const e of document.querySelectorAll('[data-label]')) e.setAttribute('aria-label', t(e.dataset.label));
	$('language').textContent = language === 'fa' ? 'English' : 'فارسی';
	$('language').lang = language === 'fa' ? 'en' : 'fa';
	for (const p of world.phones) p.build();
	buildPanels();
	drawGuide();
	drawPhoneTabs();
}

async function startOver() {
	if (!window.confirm(t('reset_sure'))) return;
	stopPlaying();
	if (!(await act('/sim/reset', {}))) return;
	for (const p of world.phones) p.forget();
	hideNotice();
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
	const before = phone.views[chat] ? phone.lastId(chat) : null;
	phone.views[chat] = await call(`/sim/chat?as=${phone.as}&chat=${chat}`);
	const last = phone.views[chat].messages.at(-1);
	if (before !== null && phone.lastId(chat) > before && last.from?.id !== phone.person()?.id) phone.news = true;
}

async function refresh() {
	world.model = { ...world.model, ...(await call('/sim/state')) };
	world.clockOffset = (world.model.clock?.now_ms ?? Date.now()) - Date.now();
	await Promise.all(world.phones.flatMap((p) => p.chats().map((c) => look(p, c))));
	for (const p of world.phones) p.draw();
	drawPhoneTabs();
	drawPanels();
	lookForSms();
	return world.model.version;
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
	world.phones = PEOPLE.map((as) => new Phone(as));
	$('phones').append(...world.phones.map((p) => p.element));
	arrows($('tabs'));
	swipes($('phones'));
	world.front('sara');
	beginPanels();
	beginGuide();
	$('reset').addEventListener('click', startOver);
	$('language').addEventListener('click', () => {
		setLanguage(language === 'fa' ? 'en' : 'fa');
		build();
		phonesSpeak();
	});
	document.addEventListener('keydown', (e) => e.key === 'Escape' && closePanels());
	document.addEventListener('visibilitychange', () => world.phones.forEach((p) => p.draw()));
	build();
	setInterval(drawClock, 1000);
	if (language !== 'fa') phonesSpeak();
	follow();
}

begin();
