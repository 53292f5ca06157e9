// What people read and do, as tests of whole conversations need it: texts of the catalogues, everybody's screens, and
// hands whose messages and taps are counted.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, buttonsOf, messageText, plain } from './lib.mjs';
import { expect } from './deals.mjs';

export const PEOPLE = ['sara', 'reza', 'mina', 'omid'];
export const CHATS = ['private', 'bazaar', 'staff', 'market', 'direct'];
export const LINES_MOST = 12;
export const LETTERS_MOST = 4096;

const said = Object.fromEntries(['fa', 'en'].map((l) => [l, JSON.parse(readFileSync(join(ROOT, 'locales', `${l}.json`), 'utf8'))]));

/** A text of the catalogue, as it is written there. */
export function text(language, key) {
	const found = key.split('.').reduce((o, k) => o?.[k], said[language]);
	expect(typeof found === 'string', `no text ${key}`);
	return found;
}

/** The same as a pattern for what is on the screen: whatever its arguments, and no tags. */
export function words(language, key) {
	const parts = plain(text(language, key)).replace(/<[^>]+>/g, '').split(/\{\{[^}]+\}\}/);
	return new RegExp(parts.map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*'));
}

/** Every message of the bot that anybody can see now. */
export async function screens(house) {
	const views = await Promise.all(PEOPLE.flatMap((name) => CHATS.map((chat) => house.sandbox.chat(name, chat).catch(() => ({ messages: [] })))));
	return views.flatMap((v) => v.messages.filter((m) => m.from.is_bot));
}

/** Throws when a message of the bot is longer than people read or Telegram takes. */
export async function assertShort(house) {
	for (const m of await screens(house)) {
		const seen = messageText(m);
		expect(seen.split('\n').length <= LINES_MOST && seen.length <= LETTERS_MOST, () => `more than ${LINES_MOST} lines:\n${seen}`);
		for (const b of buttonsOf(m)) expect(b.text.length > 0 && !b.text.includes('\n'), () => `the button ${JSON.stringify(b)}`);
	}
}

/** Somebody whose messages and taps are counted. After each of them everybody's screens are looked at. */
export class Hands {
	constructor(house, who) {
		Object.assign(this, { house, who, typed: [], messages: 0, taps: 0 });
	}

	async says(words, options = {}) {
		this.messages++;
		if (words) this.typed.push(words);
		await this.who.says(words, options);
	}

	/** A tap on what the screen shows, by its label. */
	async taps_on(label) {
		this.taps++;
		await assertShort(this.house);
		return this.who.presses(label);
	}

	/** A tap on a link and on Telegram's own START. */
	async opens(link) {
		this.taps++;
		await this.who.opens(link);
	}

	/** What it took since the last question. */
	taken() {
		const t = { messages: this.messages, taps: this.taps };
		this.messages = this.taps = 0;
		return t;
	}
}
