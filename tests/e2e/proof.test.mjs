// Sending is one message, and proof of it is welcome: codes in sentences and captions, photos that the buyer sees as an
// album, every mistake with its own answer, in both languages.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, fault, messageText, person, plain, run, test, waitFor } from './lib.mjs';
import {
	DAY, IDS, MINUTE, asks, closeHouse, closed, draft, expect, forges, idle, later, nothingWrong, one, openHouse, postCode, same, settled, sql,
} from './deals.mjs';

const STAFF = { chat: 'staff' };
const WAYBILL = 2;
const PACKING = 3;
const GOODS = 4;
const FETCH = 3; // enum work_kind
const PERSIAN = '۰۱۲۳۴۵۶۷۸۹';

const said = Object.fromEntries(['fa', 'en'].map((l) => [l, JSON.parse(readFileSync(join(ROOT, 'locales', `${l}.json`), 'utf8'))]));
const persian = (s) => s.replace(/[0-9]/g, (c) => PERSIAN[c]);

let house, sara, reza, omid;

const at = async (wanted, options) => (await draft(options)).goes(wanted);
const step = (who) => one(`SELECT step FROM conversation JOIN person ON person.id = person_id WHERE outside_id = ${IDS[who.name]}`);
const pieces = (d) => sql(`SELECT * FROM evidence WHERE deal_id = ${d.id} AND purpose > 1 ORDER BY id`);
const purposes = async (d) => (await pieces(d)).map((e) => e.purpose);

/** A text of the catalogue as a pattern for what is on the screen: whatever its arguments, and no tags. */
function words(language, key) {
	const text = key.split('.').reduce((o, k) => o[k], said[language]);
	const parts = plain(text).replace(/<[^>]+>/g, '').split(/\{\{[^}]+\}\}/);
	return new RegExp(parts.map((p) => p.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^]*'));
}

async function speak(language) {
	for (const who of [sara, reza]) await forges(who, `lang:${language}`);
	await settled();
}

/** How many messages the person wrote and buttons they pressed while `act` ran. */
async function effort(who, act) {
	const count = async () => {
		const v = await who.view();
		return [v.messages.filter((m) => !m.from.is_bot).length, v.answers.length];
	};
	const [messages, taps] = await count();
	await act();
	await settled();
	const [after, tapped] = await count();
	return { messages: after - messages, taps: tapped - taps };
}

/** The bot's messages that this person got since `mark()`, oldest first. */
async function got(who) {
	await idle();
	const before = who.seen.get('private') ?? new Map();
	return (await who.view()).messages.filter((m) => m.from.is_bot && !before.has(m.message_id));
}

/** Waits until what was shown is kept under its SHA-256, and checks the bytes. */
async function keptWhole(d) {
	await waitFor(async () => (await one(`SELECT COUNT(*) FROM work WHERE kind = ${FETCH} AND state <> 3`)) === 0, { what: 'the files to be fetched' });
	for (const e of await pieces(d)) {
		const bytes = readFileSync(join(house.bot.folder, 'files', e.file_sha256));
		same(createHash('sha256').update(bytes).digest('hex'), e.file_sha256, 'the file in the folder');
		same(bytes.length, e.file_bytes, 'its length');
	}
}

for (const language of ['fa', 'en'])
	test(`${language}: one message ships, a code in a sentence; the parcel can be followed, and photos are asked for`, async () => {
		await speak(language);
		const d = await at('FUNDED');
		const code = postCode();
		const sentence = language === 'fa' ? `سلام، فرستادم؛ کد رهگیری ${persian(code)} است، ممنون` : `Hi, sent it, the code is ${code}, thanks.`;
		await reza.mark();
		same(await effort(sara, () => sara.says(sentence)), { messages: 1, taps: 0 }, 'what shipping took');
		await d.reaches('SHIPPED');
		same([(await d.row()).carrier, (await d.row()).tracking], [1, code], 'carrier and code');
		expect(plain(messageText(await sara.sees(words(language, 'proof.ask')))).includes(d.code), 'the code for the slip');
		for (const who of [sara, reza]) {
			const { button } = await who.seesButton(said[language].proof.button_track);
			same(button.url, `https://tracking.post.ir/?id=${code}`, `${who.name}'s link`);
		}
		await sara.presses('proof_done');
		await sara.sees(words(language, 'proof.done_none'));
		same([await step(sara) ?? '', (await got(reza)).filter((m) => m.photo).length], ['', 0], 'without photos all goes on');
		await sara.says(code);
		await sara.sees(words(language, 'ship.already'));
		await d.goes('COMPLETED');
	});

test('a code as the caption of the waybill’s photo: one message, and the buyer sees the photo', async () => {
	await speak('fa');
	const d = await at('FUNDED');
	const code = postCode();
	await reza.mark();
	same(await effort(sara, () => sara.says(`کد: ${code}`, { photo: true })), { messages: 1, taps: 0 }, 'what shipping took');
	await d.reaches('SHIPPED');
	same(await purposes(d), [WAYBILL], 'what the photo is of');
	await sara.sees(words('fa', 'proof.ask_more'));
	const photo = (await got(reza)).find((m) => m.photo);
	for (const part of ['Phone', said.fa.proof.what_waybill, said.fa.carrier.post, code]) expect(plain(photo.caption).includes(part), `${part} in ${photo.caption}`);
	await keptWhole(d);
	await d.goes('COMPLETED');
});

for (const language of ['fa', 'en'])
	test(`${language}: an album with the code: waybill, packing, goods; the buyer sees an album; later ones come silently`, async () => {
		await speak(language);
		const d = await at('FUNDED');
		const code = postCode();
		await reza.mark();
		await sara.says(code, { album: [true, true, true] });
		await d.reaches('SHIPPED');
		await waitFor(async () => (await pieces(d)).length === 3, { what: 'three pieces' });
		same(await purposes(d), [WAYBILL, PACKING, GOODS], 'what they are of');
		same((await got(sara)).filter((m) => words(language, 'proof.ask_more').test(plain(messageText(m)))).length, 1, 'one question');
		await sara.presses('proof_done');
		await sara.sees(words(language, 'proof.done'));
		const album = (await got(reza)).filter((m) => m.photo);
		same([album.length, new Set(album.map((m) => m.media_group_id)).size, Boolean(album[0].media_group_id)], [3, 1, true], 'one album of three');
		for (const what of ['what_waybill', 'what_packing']) expect(plain(album[0].caption).includes(said[language].proof[what]), `${what} in the caption`);
		for (const part of [d.code, code]) expect(album[0].caption.includes(part), `${part} in the caption`);

		await sara.presses('d:' + d.code + ':proof');
		await sara.sees(words(language, 'proof.ask_more'));
		await sara.says(language === 'fa' ? 'رسيد پست' : 'Receipt', { photo: true }); // an Arabic yeh
		await sara.sees(words(language, 'proof.kept'));
		same(await purposes(d), [WAYBILL, PACKING, GOODS, WAYBILL], 'the caption decides');
		await fault('sendPhoto', '429', 1, { retry_after: 30 });
		await sara.says(language === 'fa' ? 'تمام شد' : 'Done');
		const waiting = await waitFor(() => one("SELECT payload FROM work WHERE payload LIKE '%photo%' AND reason <> '' AND kind = 1"), { what: 'the photo that waits' });
		expect(JSON.parse(waiting).silent, `silent: ${waiting}`);
		await reza.mark();
		await later(31);
		same((await got(reza)).filter((m) => m.photo).length, 1, 'only the new one');

		for (const who of [sara, reza]) {
			await d.press(who, 'see_proof');
			same((await got(who)).filter((m) => m.photo && m.media_group_id).length, 4, `${who.name} looks at all`);
		}
		await keptWhole(d);
		await d.goes('COMPLETED');
	});

test('every mistake has its own answer, in the question and without one, in both languages', async () => {
	const d = await at('FUNDED');
	const all = [
		['20588000441000000000012', 'one_missing', true],
		['کد ۲۰۵۸۸۰۰۰۴۴۱۰۰۰۰۰۰۰۰۰۰۱۲ است', 'one_missing', true],
		['2058800044100000000001234', 'long', true],
		['2058800044100000000001', 'short', true],
		['2.05880404401E+23', 'spreadsheet', true],
		['205880404401000000000000', 'spreadsheet', true],
		['09123456789', 'phone', false],
		['1'.repeat(24), 'fake', false],
		['sent it!', 'letters', false],
		['TX_9081#7263', 'signs', false],
		[`${postCode()} ${postCode()}`, 'several', true],
		['90817263 or 90817264', 'several', false],
	];
	for (const language of ['fa', 'en']) {
		await speak(language);
		for (const [text, key, loosely] of all)
			if (loosely) {
				await sara.says(text);
				await sara.sees(words(language, `tracking.${key}`));
			}
		await d.press(sara, 'ship');
		await sara.sees(words(language, 'ship.ask'));
		for (const [text, key] of all) {
			await sara.says(text);
			await sara.sees(words(language, `tracking.${key}`));
			same([await step(sara), await d.state()], ['ship', 'FUNDED'], `after ${text}`);
		}
		await sara.sends({ sticker: true });
		await sara.sees(words(language, 'ship.words_please'));
		await asks(sara, '/cancel');
	}
	same(await one(`SELECT COUNT(*) FROM tracking_code WHERE deal_id = ${d.id}`), 0, 'codes taken');
	await sara.says(postCode());
	await d.goes('COMPLETED');
});

test('a code of another deal is refused, and the answer names no other deal', async () => {
	const other = await at('SHIPPED', { title: 'Secretbicycle', seller: person('mina'), buyer: reza });
	const used = (await other.row()).tracking;
	const d = await at('FUNDED');
	for (const language of ['fa', 'en']) {
		await speak(language);
		await sara.says(`${used}`, { photo: true });
		const m = await sara.sees(words(language, 'tracking.used'));
		expect(!messageText(m).includes('Secret') && !messageText(m).includes(other.code), messageText(m));
		same([await d.state(), (await d.row()).tracking, await purposes(d)], ['FUNDED', '', []], 'nothing was taken');
	}
	await sara.says(postCode());
	await d.goes('COMPLETED');
	await other.goes('COMPLETED');
});

test('two deals wait: one tap says which, and the photos go with it', async () => {
	await speak('en');
	const d = await at('FUNDED', { title: 'First' });
	const second = await at('FUNDED', { title: 'Second' });
	const code = postCode();
	same(
		await effort(sara, async () => {
			await sara.says(code);
			await sara.sees(words('en', 'ship.which'));
			await sara.presses('Second');
			await second.reaches('SHIPPED');
		}),
		{ messages: 1, taps: 1 },
		'what it took',
	);
	same([await d.state(), (await second.row()).tracking], ['FUNDED', code], 'the chosen one');
	await second.refuses(sara, `ship.1.${postCode()}`); // a list is no correction
	await second.refuses(reza, `ship.1.${postCode()}`);
	await d.refuses(sara, 'ship.1.nonsense');

	const third = await at('FUNDED', { title: 'Third' });
	const next = postCode();
	await sara.says(next, { album: [true, true] });
	await sara.sees(words('en', 'ship.which'));
	await settled();
	await reza.mark();
	await sara.presses('First');
	await d.reaches('SHIPPED');
	same([await purposes(d), await purposes(third), await third.state()], [[WAYBILL, PACKING], [], 'FUNDED'], 'whose photos they are');
	same((await got(reza)).filter((m) => m.photo && m.media_group_id).length, 2, 'the buyer sees the album');
	await sara.says(postCode());
	for (const x of [third, second, d]) await x.goes('COMPLETED');
});

test('another carrier’s code: one message and one tap; none when the carrier is named', async () => {
	await speak('en');
	const d = await at('FUNDED');
	same(
		await effort(sara, async () => {
			await sara.says('TX-90817299', { photo: true });
			await sara.sees(words('en', 'ship.ask_carrier'));
			await sara.presses(said.en.carrier.mahex);
			await d.reaches('SHIPPED');
		}),
		{ messages: 1, taps: 1 },
		'what it took',
	);
	same([(await d.row()).carrier, await purposes(d)], [3, [WAYBILL]], 'carrier and photo');
	await d.goes('COMPLETED');
	const typed = await at('FUNDED');
	await asks(sara, '90817290');
	await sara.says('Alopeyk');
	await typed.reaches('SHIPPED');
	same([(await typed.row()).carrier, (await typed.row()).tracking], [5, '90817290'], 'the carrier’s name instead of its button');
	await typed.goes('COMPLETED');
	const named = await at('FUNDED');
	same(await effort(sara, () => sara.says('با تیپاکس فرستادم، کد ۹۰۸۱۷۲۹۸')), { messages: 1, taps: 0 }, 'what it took');
	await named.reaches('SHIPPED');
	same([(await named.row()).carrier, (await named.row()).tracking], [2, '90817298'], 'carrier and code');
	same((await reza.seesButton(said.en.proof.button_track)).button.url, 'https://tipaxco.com/tracking?id=90817298', 'the link');
	await named.goes('COMPLETED');
});

test('photos before sending: kept, and shown with the code when it comes', async () => {
	await speak('fa');
	const d = await at('FUNDED');
	await sara.sends({ photo: true }); // without any button, and without a word
	await sara.sees(words('fa', 'proof.is_it'));
	same(await purposes(d), [], 'nothing is kept unasked');
	await d.press(sara, 'proof.yes');
	await sara.sees(words('fa', 'proof.ask_more'));
	same(await purposes(d), [WAYBILL], 'the first');
	await sara.says('داخل جعبه', { photo: true });
	await sara.sees(words('fa', 'proof.kept'));
	same(await purposes(d), [WAYBILL, PACKING], 'by its caption');
	expect(!(await d.offers(reza, 'see_proof')), 'the buyer is offered photos that were not shown');
	await d.press(sara, 'ship');
	await sara.sees(words('fa', 'ship.ask'));
	await sara.sends({ photo: true });
	await sara.sees(words('fa', 'ship.code_too'));
	same([await step(sara), (await pieces(d)).length], ['ship', 3], 'the code is still asked for');
	await reza.mark();
	await sara.says(postCode());
	await d.reaches('SHIPPED');
	same((await got(reza)).filter((m) => m.photo && m.media_group_id).length, 3, 'the buyer sees all');
	await reza.seesButton(said.fa.proof.button_see);
	await d.goes('COMPLETED');
});

for (const language of ['fa', 'en'])
	test(`${language}: a photo that was not meant is shown to nobody: asked about first, gone by “no”, by /cancel and by its button`, async () => {
		await speak(language);
		const d = await at('FUNDED');
		const nothingSeen = async (what) => {
			same((await got(reza)).filter((m) => m.photo || m.document).length, 0, `photos that the buyer got ${what}`);
			expect((await d.forge(reza, 'see_proof')).text, `photos that the buyer can look at ${what}`);
		};
		const sendsLone = async (album) => {
			await sara.sends(album ? { album: [true, true, true] } : { photo: true });
			await sara.sees(words(language, 'proof.is_it'));
			await settled();
		};
		await idle(); // the payment's own pictures have come
		await reza.mark();
		await sendsLone();
		await sara.presses('proof.no');
		await sara.sees(words(language, 'proof.not_kept'));
		same([await pieces(d), await step(sara) ?? ''], [[], ''], 'kept after “no”');
		await d.refuses(sara, 'proof.yes'); // an old question
		await sendsLone();
		await sara.says('/cancel');
		await sara.sees(words(language, 'talk.left'));
		same(await pieces(d), [], 'kept after /cancel');

		await sara.mark();
		await sendsLone(true);
		same((await got(sara)).filter((m) => words(language, 'proof.is_it').test(plain(messageText(m)))).length, 1, 'questions about an album');
		await sara.says(said[language].proof.button_yes);
		await sara.sees(words(language, 'proof.ask_more'));
		same(await purposes(d), [WAYBILL, PACKING, GOODS], 'the album');
		await sara.says('/cancel');
		expect(/[3۳]/.test(messageText(await sara.sees(words(language, 'proof.taken_back')))), 'how many');
		same(await purposes(d), [5, 5, 5], 'withdrawn');
		await nothingSeen('after /cancel');
		await d.refuses(sara, 'proof_done'); // the button of the question that was left
		await nothingSeen('after an old “Done”');

		await d.press(sara, 'proof');
		await sara.sees(words(language, 'proof.ask'));
		await sara.sends({ photo: true });
		await sara.sees(words(language, 'proof.kept'));
		await asks(sara, '/deals');
		await sara.presses('proof.drop');
		await sara.sees(words(language, 'proof.taken_back'));
		await nothingSeen('after they were taken back');

		await d.press(sara, 'proof');
		await sara.sees(words(language, 'proof.ask'));
		await sara.sends({ photo: true });
		await sara.sees(words(language, 'proof.kept'));
		await sara.presses('proof_done');
		await sara.sees(words(language, 'proof.done'));
		same((await got(reza)).filter((m) => m.photo).length, 1, 'what was finished');
		await d.press(sara, 'proof');
		await sara.sees(words(language, 'proof.ask_more'));
		await sara.sends({ photo: true });
		await sara.sees(words(language, 'proof.kept'));
		await sara.says('/cancel');
		await sara.sees(words(language, 'proof.taken_back'));
		await d.press(sara, 'ship');
		await sara.sees(words(language, 'ship.ask'));
		await sara.sends({ photo: true });
		await sara.sees(words(language, 'ship.code_too'));
		await sara.says('/cancel');
		await sara.sees(words(language, 'proof.taken_back'));
		await reza.mark();
		await sara.says(postCode());
		await d.reaches('SHIPPED');
		same((await got(reza)).filter((m) => m.photo).length, 0, 'photos with the code');
		await d.press(reza, 'see_proof');
		same((await got(reza)).filter((m) => m.photo).length, 1, 'the one that was finished');
		await d.goes('COMPLETED');
	});

test('the longest caption that can be: ten photos, a long title, and Telegram takes it', async () => {
	await speak('en');
	const d = await at('FUNDED', { title: 'W'.repeat(99) });
	await sara.says(postCode(), { album: Array(10).fill(true) });
	await d.reaches('SHIPPED');
	await waitFor(async () => (await pieces(d)).length === 10, { what: 'ten pieces' });
	await reza.mark();
	await sara.presses('proof_done');
	const album = (await got(reza)).filter((m) => m.photo);
	same([album.length, plain(album[0].caption).split('\n').length], [10, 12], 'photos and lines');
	await d.goes('COMPLETED');
});

test('what cannot be kept is refused kindly: the eleventh, 25 MB, voices, stickers; a PDF is fine', async () => {
	for (const language of ['fa', 'en']) {
		await speak(language);
		const d = await at('SHIPPED');
		await sara.sees(words(language, 'proof.ask'));
		await sara.sends({ document: { name: 'waybill.pdf', data: Buffer.from('%PDF-1.4 waybill').toString('base64') } });
		await sara.sees(words(language, 'proof.kept'));
		if (language === 'fa') {
			await sara.sends({ document: { name: 'film.bin', data: Buffer.alloc(25 << 20, 7).toString('base64') } });
			await sara.sees(words(language, 'proof.too_big'));
		}
		for (const what of ['voice', 'sticker', 'location']) {
			await sara.sends({ [what]: true });
			await sara.sees(words(language, 'proof.wrong_kind'));
		}
		await sara.says('?!');
		await sara.sees(words(language, 'proof.words'));
		same(await purposes(d), [WAYBILL], 'kept so far');
		await sara.sends({ album: Array(10).fill(true) });
		await sara.sees(words(language, 'proof.full'));
		await idle();
		same((await pieces(d)).length, 10, 'ten and no more');
		await sara.sends({ photo: true });
		await sara.sees(words(language, 'proof.full'));
		await reza.mark();
		await sara.presses('proof_done');
		await sara.sees(words(language, 'proof.done'));
		const seen = await got(reza);
		same([seen.filter((m) => m.photo).length, seen.filter((m) => m.document).length], [9, 1], 'the buyer sees photos and file');
		await d.forge(sara, 'proof');
		same(await step(sara) ?? '', '', 'nobody is asked for an eleventh');
		await keptWhole(d);
		await d.goes('COMPLETED');
	}
});

test('the buyer has blocked the bot in the middle, and sees everything afterwards', async () => {
	await speak('en');
	const d = await at('FUNDED');
	await house.sandbox.call('/sim/person', { as: 'reza', blocked: true });
	await sara.says(postCode(), { album: [true, true] });
	await d.reaches('SHIPPED');
	await waitFor(async () => (await pieces(d)).length === 2, { what: 'both pieces' });
	await sara.presses('proof_done');
	await sara.sees(words('en', 'proof.done'));
	await idle();
	await asks(reza, '/start');
	await reza.says(`/deal ${d.code}`);
	await reza.seesButton(said.en.proof.button_see);
	await d.press(reza, 'see_proof');
	same((await got(reza)).filter((m) => m.photo).length, 2, 'what was sent meanwhile');
	await d.goes('COMPLETED');
});

test('words in between are understood, and a day later photos are of something else', async () => {
	await speak('en');
	const d = await at('SHIPPED');
	await sara.sees(words('en', 'proof.ask'));
	const next = await at('FUNDED', { title: 'Next' });
	await d.press(sara, 'proof');
	await sara.sees(words('en', 'proof.ask'));
	await sara.says(postCode());
	await next.reaches('SHIPPED');
	await d.press(sara, 'proof');
	await sara.sees(words('en', 'proof.ask'));
	await sara.sends({ photo: true });
	await sara.sees(words('en', 'proof.kept'));
	await reza.mark();
	await asks(sara, '/fee 1000000');
	await sara.sees(words('en', 'proof.wait'));
	same((await got(reza)).filter((m) => m.photo).length, 0, 'shown before the seller said that it is all');
	await sara.presses('proof_done');
	await sara.sees(words('en', 'proof.done'));
	same((await got(reza)).filter((m) => m.photo).length, 1, 'shown to the buyer');
	await d.press(sara, 'proof');
	await sara.sees(words('en', 'proof.ask_more'));
	await later(DAY + MINUTE);
	await sara.sends({ photo: true });
	await sara.sees(words('en', 'help.not_expected'));
	same([(await pieces(d)).length, await step(sara) ?? ''], [1, ''], 'kept');
	for (const x of [next, d]) await x.goes('COMPLETED');
});

test('goods go back: one message with a photo, which the seller sees; operators see all with captions', async () => {
	await speak('en');
	const d = await at('DELIVERED');
	await asks(sara, '/start');
	await d.press(sara, 'proof');
	await sara.sees(words('en', 'proof.ask'));
	await sara.sends({ photo: true });
	await sara.sees(words('en', 'proof.kept'));
	await sara.presses('proof_done');
	await sara.sees(words('en', 'proof.done'));
	await omid.mark('staff');
	await d.reports('The screen is broken');
	const story = await omid.sees(/The screen is broken/, STAFF).then(async () =>
		omid.waits('staff', 20_000, 'sees the photo', (v) => v.messages.filter((m) => m.photo).at(-1)),
	);
	for (const part of [said.fa.proof.side_buyer, said.fa.proof.what_story, d.code]) expect(plain(story.caption).includes(part), `${part} in ${story.caption}`);
	await d.escalates();
	await omid.mark('staff');
	await d.press(omid, 'see_proof', STAFF);
	const shown = await omid.waits('staff', 20_000, 'sees the proof', (v) =>
		v.messages.find((m) => m.photo && !omid.seen.get('staff').has(m.message_id)),
	);
	expect(plain(shown.caption).includes(said.fa.proof.what_waybill), shown.caption);
	await d.refuses(person('mina'), 'see_proof');
	await d.refuses(sara, 'proof');
	await d.press(omid, 'rule.return', STAFF);
	await d.reaches('RULED');
	await later(2 * DAY + MINUTE);
	await d.is('RETURN_DUE');
	const code = postCode();
	await sara.mark();
	same(await effort(reza, () => reza.says(`I sent it back: ${code}`, { photo: true })), { messages: 1, taps: 0 }, 'what it took');
	await d.reaches('RETURN_SENT');
	const back = (await got(sara)).find((m) => m.photo);
	expect(plain(back.caption).includes(code), back.caption);
	same((await pieces(d)).map((e) => [e.role, e.purpose]), [[2, WAYBILL], [1, WAYBILL]], 'who showed what');
	await reza.sees(words('en', 'proof.ask_back'));
	await d.press(sara, 'got_back');
	await d.press(sara, 'return_fine');
	await d.press(sara, 'return_fine.yes');
	await closed(d, 'REFUNDED');
});

test('audit, books, calls and log are clean', () => nothingWrong());

await run({
	before: async () => {
		house = await openHouse();
		[sara, reza, omid] = ['sara', 'reza', 'omid'].map(person);
	},
	after: closeHouse,
});

