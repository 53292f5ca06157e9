// The practice Telegram by itself: a bot of a few lines calls its API, people act by /sim. Each point with a refusal.
import { TOKEN, TestFailure, run, startSandbox, test } from './lib.mjs';

const KINDS = ['message', 'edited_message', 'callback_query', 'my_chat_member', 'inline_query', 'chosen_inline_result'];
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==', 'base64');
const BAZAAR = -1001000000001;
const MARKET = -1001000000003;

let s;
let offset = 0;

const shown = (v) => JSON.stringify(v);

function same(is, shouldBe, what) {
	if (shown(is) !== shown(shouldBe)) throw new TestFailure(`${what}: ${shown(is)}, not ${shown(shouldBe)}`);
}

function fits(text, pattern, what) {
	if (!pattern.test(text ?? '')) throw new TestFailure(`${what}: "${text}" does not fit ${pattern}`);
}

/** A call that is refused with this code and text. */
async function refused(method, parameters, pattern, code = 400) {
	const { status, text } = await s.call(`/bot${TOKEN}/${method}`, parameters, { raw: true });
	same(status, code, `${method} ${shown(parameters)} ${text}`);
	fits(JSON.parse(text).description, pattern, method);
}

/** A control request that is refused. */
async function wrong(path, body, pattern) {
	const { status, text } = await s.call(path, body, { raw: true });
	same(status, 400, `${path} ${shown(body)}`);
	fits(JSON.parse(text).description, pattern, path);
}

/** A call with files as parts of a form. */
async function upload(method, fields, files) {
	const form = new FormData();
	for (const [name, v] of Object.entries(fields)) form.set(name, typeof v === 'string' ? v : shown(v));
	for (const [name, [bytes, filename]] of Object.entries(files)) form.set(name, new Blob([bytes]), filename);
	return (await fetch(`${s.url}/bot${TOKEN}/${method}`, { method: 'POST', body: form })).json();
}

async function poll(timeout) {
	const list = await s.api('getUpdates', { offset, timeout, allowed_updates: KINDS });
	if (list.length) offset = list.at(-1).update_id + 1;
	return list;
}

/** The updates that are there, as [kind, object]. */
const pending = async () => (await poll(0)).map(({ update_id, ...rest }) => Object.entries(rest)[0]);

/** The one update that is there or comes; it must be of this kind. */
async function next(kind) {
	const list = await poll(20);
	same(list.map((u) => Object.keys(u)[1]), [kind], 'updates');
	return list[0][kind];
}

const sim = (path, body) => s.call(`/sim/${path}`, body);
const says = (as, chat, text, more = {}) => sim('message', { as, chat, text, ...more });
const seen = async (as, chat = 'private') => (await s.chat(as, chat)).messages;
const violations = async () => (await s.state()).violations.length;

/** What a person saw of the bot's answer to an inline query. */
async function asks(as, chat, query, results, more = {}) {
	const answer = sim('inline', { as, chat, query });
	const q = await next('inline_query');
	await s.api('answerInlineQuery', { inline_query_id: q.id, results, ...more });
	return { q, answer: await answer };
}

const content = (id) => ({ message_text: `<b>card</b> ${id}`, parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
const article = (id, more = {}) => ({ type: 'article', id, title: `title ${id}`, input_message_content: content(id), ...more });
const keys = (...row) => ({ inline_keyboard: [row] });
const agree = keys({ text: 'agree', callback_data: 'x:1', style: 'success' });

function fresh(name, body) {
	test(name, async () => {
		await sim('reset', {});
		await poll(0);
		await body();
	});
}

fresh('an inline answer comes back as it was given, with its button', async () => {
	const button = { text: 'my deals', start_parameter: 'deals' };
	const { q, answer } = await asks('sara', 'direct', '500000 گوشی', [article('a')], { button, cache_time: 0, is_personal: true });
	same([q.query, q.chat_type, q.from.id], ['500000 گوشی', 'private', 1001], 'the query');
	same([answer.query, answer.results, answer.button, answer.cache_time, answer.is_personal], ['500000 گوشی', [article('a')], button, 0, true], 'the answer');
	same(await violations(), 0, 'violations');
});

fresh('an inline answer is refused where Telegram would', async () => {
	const asked = sim('inline', { as: 'sara', chat: 'bazaar', query: 'x' });
	const { id, chat_type } = await next('inline_query');
	same(chat_type, 'supergroup', 'chat_type');
	const bad = (results, pattern, more = {}) => refused('answerInlineQuery', { inline_query_id: id, results, ...more }, pattern);
	await bad(Array.from({ length: 51 }, (_, i) => article(`${i}`)), /results/);
	await bad([article('a'), article('a')], /RESULT_ID_DUPLICATE/);
	await bad([article('')], /id/);
	await bad([article('ی'.repeat(33))], /66/);
	await bad([article('a', { input_message_content: { message_text: '<b>x', parse_mode: 'HTML' } })], /can't parse entities/);
	await bad([article('a', { input_message_content: { text: 'x' } })], /unknown field/);
	await bad([article('a', { reply_markup: keys({ text: 'x', callback_data: 'y'.repeat(65) }) })], /BUTTON_DATA_INVALID/);
	await bad([{ type: 'photo', id: 'p', photo_file_id: 'AgACAgQAAxkBnone' }], /wrong file identifier/);
	await bad([{ type: 'gif', id: 'p', gif_file_id: 'x' }], /Separex does not use/);
	await bad([article('a')], /exactly one/, { button: { text: 'x' } });
	await bad([article('a')], /START_PARAM_INVALID/, { button: { text: 'x', start_parameter: 'a b' } });
	await bad([article('a')], /next_offset/, { next_offset: 'x'.repeat(65) });
	await s.api('answerInlineQuery', { inline_query_id: id, results: [] });
	same((await asked).results, [], 'results');
	await bad([], /query is too old/);

	const late = sim('inline', { as: 'sara', chat: 'bazaar', query: 'y' });
	const old = await next('inline_query');
	await sim('clock', { advance_s: 31 });
	await refused('answerInlineQuery', { inline_query_id: old.id, results: [] }, /query is too old/);
	await sim('reset', {});
	await late.catch(() => {});
});

fresh('a card in a chat that the bot does not see lives on by its inline_message_id', async () => {
	const { answer } = await asks('sara', 'direct', 'گوشی', [article('a', { reply_markup: agree })]);
	same(answer.results.length, 1, 'results');
	const { inline_message_id: id } = await sim('choose', { as: 'sara', chat: 'direct', result: 'title a' });
	const chosen = await next('chosen_inline_result');
	same([chosen.result_id, chosen.query, chosen.from.id, chosen.inline_message_id], ['a', 'گوشی', 1001, id], 'chosen_inline_result');
	const [card] = await seen('reza', 'direct');
	same([card.via_bot.id, card.from.id, card.text, card.entities[0].type, card.link_preview_options, card.inline_message_id], [4242, 1001, 'card a', 'bold', { is_disabled: true }, id], 'the card');

	await sim('press', { as: 'reza', chat: 'direct', button: 'agree' });
	const press = await next('callback_query');
	same([press.inline_message_id, press.message, press.data, press.from.id], [id, undefined, 'x:1', 1002], 'the press');
	await sim('press', { as: 'sara', chat: 'direct', button: 'agree' });
	same((await next('callback_query')).chat_instance, press.chat_instance, 'chat_instance of both people');
	same(await s.api('answerCallbackQuery', { callback_query_id: press.id, text: 'ok' }), true, 'answerCallbackQuery');
	same((await s.chat('reza', 'direct')).answers[0].text, 'ok', 'the toast');

	same(await s.api('editMessageText', { inline_message_id: id, text: 'agreed', reply_markup: agree }), true, 'editMessageText');
	await refused('editMessageText', { inline_message_id: id, text: 'agreed', reply_markup: agree }, /not modified/);
	same(await s.api('editMessageReplyMarkup', { inline_message_id: id }), true, 'editMessageReplyMarkup');
	same((await seen('sara', 'direct')).map((m) => [m.text, m.reply_markup]), [['agreed', undefined]], 'what is seen');
	await refused('editMessageText', { inline_message_id: 'AAQ1', text: 'x' }, /MESSAGE_ID_INVALID/);

	await says('reza', 'direct', 'سلام');
	same(await pending(), [], 'the bot hears nothing of this chat');
	const { chat } = await s.chat('sara', 'direct');
	same([chat.id, chat.first_name], [1002, 'رضا'], 'the chat as sara sees it');
	await refused('sendMessage', { chat_id: 900, text: 'x' }, /chat not found/);
	await wrong('/sim/message', { as: 'omid', chat: 'direct', text: 'x' }, /in no such chat/);
	await sim('delete', { as: 'sara', chat: 'direct', message_id: card.message_id });
	await refused('editMessageText', { inline_message_id: id, text: 'y' }, /MESSAGE_ID_INVALID/);
});

fresh('a photo card: by file_id, caption and media edited, never uploaded', async () => {
	await says('sara', 'private', '/start');
	const sent = await upload('sendPhoto', { chat_id: '1001' }, { photo: [PNG, 'a.png'] });
	const file = sent.result.photo.at(-1).file_id;
	await pending();
	const result = { type: 'photo', id: 'p', photo_file_id: file, caption: '<i>a</i>', parse_mode: 'HTML', reply_markup: agree };
	await asks('sara', 'market', '', [result]);
	const { inline_message_id } = await sim('choose', { as: 'sara', chat: 'market', result: 'p' });
	await next('chosen_inline_result');
	const [card] = await seen('mina', 'market');
	same([card.photo.at(-1).file_id, card.caption, card.caption_entities[0].type, card.via_bot.id], [file, 'a', 'italic', 4242], 'the card');
	same(await s.api('editMessageCaption', { inline_message_id, caption: 'b', reply_markup: agree }), true, 'editMessageCaption');
	same((await upload('editMessageMedia', { inline_message_id, media: { type: 'photo', media: 'attach://x' } }, { x: [PNG, 'x.png'] })).error_code, 400, 'an upload');
	same(await s.api('editMessageMedia', { inline_message_id, media: { type: 'photo', media: file, caption: 'c' } }), true, 'editMessageMedia');
	same((await seen('mina', 'market'))[0].caption, 'c', 'caption');
	await refused('sendMessage', { chat_id: MARKET, text: 'x' }, /chat not found/);
	await sim('group', { chat: 'market', bot_inside: true });
	const inside = await next('my_chat_member');
	same([inside.chat.id, inside.old_chat_member.status, inside.new_chat_member.status], [MARKET, 'left', 'administrator'], 'my_chat_member');
	await s.api('sendMessage', { chat_id: MARKET, text: 'here now' });
});

fresh('without inline feedback nothing tells the bot what was chosen; without buttons there is no inline_message_id', async () => {
	await asks('sara', 'direct', 'q', [article('plain'), article('keys', { reply_markup: agree })]);
	same((await sim('choose', { as: 'sara', chat: 'direct', result: 'plain' })).inline_message_id, undefined, 'inline_message_id');
	same((await next('chosen_inline_result')).inline_message_id, undefined, 'inline_message_id');
	same((await sim('telegram', { inline_feedback: false })).inline_feedback, false, 'the setting');
	await sim('choose', { as: 'sara', chat: 'direct', result: 'keys' });
	same(await pending(), [], 'updates');
	await sim('press', { as: 'reza', chat: 'direct', button: 'agree' });
	fits((await next('callback_query')).inline_message_id, /^AAQ/, 'the press tells it all the same');
	same((await s.state()).telegram, { inline_feedback: false, ephemeral: true }, 'state');
	await wrong('/sim/choose', { as: 'reza', chat: 'direct', result: 0 }, /reza's last inline query/);
});

fresh('buttons that switch to inline mode, copy, or have a style', async () => {
	await says('sara', 'private', '/start');
	await pending();
	const chosen = { text: 'share', switch_inline_query_chosen_chat: { query: 'd:1', allow_user_chats: true } };
	const rows = [[chosen, { text: 'any', switch_inline_query: '' }], [{ text: 'here', switch_inline_query_current_chat: 'q', style: 'primary' }, { text: 'copy', copy_text: { text: 'c'.repeat(256) }, style: 'danger' }]];
	await s.api('sendMessage', { chat_id: 1001, text: 'x', reply_markup: { inline_keyboard: rows } });
	const press = async (button) => (await sim('press', { as: 'sara', button }));
	same((await press('share')).switch_inline, { query: 'd:1', chat: 'chosen', allow_user_chats: true }, 'chosen chat');
	same((await press('any')).switch_inline, { query: '', chat: 'any' }, 'any chat');
	same((await press('here')).switch_inline, { query: 'q', chat: 'current' }, 'this chat');
	same((await press('copy')).copied, 'c'.repeat(256), 'copied');
	same(await pending(), [], 'updates');
	const bad = (b, pattern) => refused('sendMessage', { chat_id: 1001, text: 'x', reply_markup: keys(b) }, pattern);
	await bad({ text: 'x', callback_data: 'y', style: 'blue' }, /invalid button style/);
	await bad({ text: 'x', copy_text: { text: 'c'.repeat(257) } }, /copy_text/);
	await bad({ text: 'x', switch_inline_query_chosen_chat: { query: 'q' } }, /at least one chat type/);
	await bad({ text: 'x', switch_inline_query: 'q', callback_data: 'y' }, /exactly one action/);
	await wrong('/sim/press', { as: 'sara', button: 'nothing like it' }, /no button here/);
});

fresh('albums, both ways', async () => {
	const { message_ids, media_group_id } = await says('sara', 'private', 'سه عکس', { album: [true, PNG.toString('base64'), true] });
	const got = (await pending()).map(([, m]) => m);
	same(got.map((m) => [m.message_id, m.media_group_id, m.photo.length, m.caption]), message_ids.map((id, i) => [id, media_group_id, 1, i ? undefined : 'سه عکس']), 'the updates');
	const file = got[0].photo[0].file_id;
	const media = [{ type: 'photo', media: file, caption: '<b>1</b>', parse_mode: 'HTML' }, { type: 'photo', media: 'attach://two' }];
	const { result } = await upload('sendMediaGroup', { chat_id: '1001', media }, { two: [PNG, 'two.png'] });
	same([result.length, result[0].caption, new Set(result.map((m) => m.media_group_id)).size], [2, '1', 1], 'the answer');
	same((await seen('sara')).slice(-2).map((m) => m.media_group_id), result.map((m) => m.media_group_id), 'what is seen');
	await refused('sendMediaGroup', { chat_id: 1001, media: media.slice(0, 1) }, /media/);
	await refused('sendMediaGroup', { chat_id: 1001, media: Array(11).fill(media[0]) }, /media/);
	await refused('sendMediaGroup', { chat_id: 1001, media: [media[0], { type: 'document', media: file }] }, /mixed/);
	await refused('sendMediaGroup', { chat_id: 1001, media: Array(2).fill({ type: 'audio', media: file }) }, /photos or documents/);
	await refused('sendMediaGroup', { chat_id: 1001, media: Array(2).fill({ type: 'photo', media: 'AgACAgQAAxkBnone' }) }, /wrong file identifier/);
	await wrong('/sim/message', { as: 'sara', album: [true] }, /2 to 10 photos/);
});

fresh('forwards keep photos and albums and say where they come from', async () => {
	await says('sara', 'private', 'آگهی', { photo: true, forward_from: 'reza' });
	const one = await next('message');
	same([one.forward_origin.type, one.forward_origin.sender_user.id, one.caption, one.photo.length], ['user', 1002, 'آگهی', 1], 'a photo');
	await says('sara', 'private', undefined, { album: [one.photo[0].file_id, true], forward_from: 'کسی' });
	same((await pending()).map(([, m]) => [m.forward_origin.type, m.forward_origin.sender_user_name]), Array(2).fill(['hidden_user', 'کسی']), 'an album');
	await wrong('/sim/edit', { as: 'sara', message_id: one.message_id, text: 'x' }, /no forwards/);
});

fresh('voice, sticker and video arrive as such', async () => {
	await sim('message', { as: 'sara', voice: true });
	await sim('message', { as: 'sara', sticker: true });
	await sim('message', { as: 'sara', video: true, text: 'فیلم' });
	const [voice, sticker, video] = (await pending()).map(([, m]) => m);
	same([voice.voice.duration, voice.voice.mime_type], [3, 'audio/ogg'], 'voice');
	same([sticker.sticker.type, sticker.sticker.is_animated], ['regular', false], 'sticker');
	same([video.video.duration, video.caption], [5, 'فیلم'], 'video');
	fits((await s.api('getFile', { file_id: voice.voice.file_id })).file_path, /^voice\//, 'file_path');
	await refused('sendPhoto', { chat_id: 1001, photo: voice.voice.file_id }, /can't use file of type VoiceNote as Photo/);
});

fresh('people edit and delete their messages', async () => {
	const { message_id } = await says('sara', 'private', 'قیمت ۱۰');
	const photo = await says('sara', 'private', 'عکس', { photo: true });
	await pending();
	await sim('edit', { as: 'sara', message_id, text: 'قیمت ۲۰ @reza_k' });
	const edited = await next('edited_message');
	same([edited.message_id, edited.text, edited.entities[0].type, edited.edit_date > 0], [message_id, 'قیمت ۲۰ @reza_k', 'mention', true], 'edited_message');
	await sim('edit', { as: 'sara', message_id: photo.message_id, text: 'بهتر' });
	same((await next('edited_message')).caption, 'بهتر', 'caption');
	same((await seen('sara'))[0].text, 'قیمت ۲۰ @reza_k', 'what is seen');

	const bot = await s.api('sendMessage', { chat_id: 1001, text: 'card' });
	await wrong('/sim/edit', { as: 'sara', message_id: bot.message_id, text: 'x' }, /only what sara wrote/);
	await sim('delete', { as: 'sara', message_id: bot.message_id });
	await refused('editMessageText', { chat_id: 1001, message_id: bot.message_id, text: 'y' }, /message to edit not found/);
	await wrong('/sim/delete', { as: 'sara', message_id: bot.message_id }, /still there/);
	const group = await says('sara', 'bazaar', 'سلام');
	await wrong('/sim/delete', { as: 'reza', chat: 'bazaar', message_id: group.message_id }, /only what reza wrote/);
	await sim('delete', { as: 'mina', chat: 'bazaar', message_id: group.message_id });

	await pending();
	await s.api('getUpdates', { offset, allowed_updates: ['message'] });
	await sim('edit', { as: 'sara', message_id, text: 'خیر' });
	same(await s.api('getUpdates', { offset }), [], 'nobody asked for edits');
});

fresh('documents, photos by file_id, and their captions', async () => {
	await says('sara', 'private', '/start');
	const { result: doc } = await upload('sendDocument', { chat_id: '1001', caption: 'رسید' }, { document: [Buffer.from('%PDF-1.4'), 'receipt.pdf'] });
	same([doc.document.file_name, doc.document.mime_type, doc.caption], ['receipt.pdf', 'application/pdf', 'رسید'], 'the document');
	same((await seen('sara')).at(-1).document.file_id, doc.document.file_id, 'what is seen');
	const { result: first } = await upload('sendPhoto', { chat_id: '1001' }, { photo: [PNG, 'a.png'] });
	const file = first.photo.at(-1).file_id;
	const again = await s.api('sendPhoto', { chat_id: 1001, photo: file, caption: 'one' });
	const at = { chat_id: 1001, message_id: again.message_id };
	same((await s.api('editMessageCaption', { ...at, caption: 'two' })).caption, 'two', 'caption');
	const { result: other } = await upload('editMessageMedia', { ...at, chat_id: '1001', message_id: String(at.message_id), media: { type: 'photo', media: 'attach://n', caption: 'three' } }, { n: [PNG, 'n.png'] });
	same([other.caption, other.photo.at(-1).file_id === file], ['three', false], 'new media');
	same((await s.api('editMessageMedia', { ...at, media: { type: 'photo', media: file } })).photo.at(-1).file_id, file, 'media by file_id');
	await refused('sendPhoto', { chat_id: 1001, photo: 'AgACAgQAAxkBnone' }, /wrong file identifier\/HTTP URL specified/);
	await refused('editMessageMedia', { ...at, media: { type: 'photo', media: 'AgACAgQAAxkBnone' } }, /wrong file identifier/);
	await refused('editMessageText', { ...at, text: 'x' }, /no text in the message/);
	same((await upload('sendPhoto', { chat_id: '1001' }, { photo: [Buffer.from('no picture'), 'a.png'] })).description, 'Bad Request: IMAGE_PROCESS_FAILED', 'no picture');
});

fresh('an ephemeral message is seen by one person of the group', async () => {
	const to = (receiver_user_id, more = {}) => ({ chat_id: BAZAAR, text: 'فقط برای شما', ephemeral_message_parameters: { receiver_user_id, ...more } });
	const sent = await s.api('sendMessage', { ...to(1002), reply_markup: agree });
	same([sent.message_id, sent.ephemeral_message_id > 0, sent.receiver_user.id], [0, true, 1002], 'the answer');
	same((await seen('reza', 'bazaar')).map((m) => m.ephemeral_for), ['reza'], 'reza sees it');
	same(await seen('sara', 'bazaar'), [], 'sara does not');
	await wrong('/sim/press', { as: 'sara', chat: 'bazaar', button: 'agree' }, /there are: none/);
	await sim('press', { as: 'reza', chat: 'bazaar', button: 'agree' });
	const press = await next('callback_query');
	same([press.message.message_id, press.message.ephemeral_message_id], [0, sent.ephemeral_message_id], 'the press');
	await s.api('sendMessage', to(1002, { callback_query_id: press.id }));

	const it = { chat_id: BAZAAR, receiver_user_id: 1002, ephemeral_message_id: sent.ephemeral_message_id };
	same(await s.api('editEphemeralMessageText', { ...it, text: 'تازه' }), true, 'editEphemeralMessageText');
	same((await seen('reza', 'bazaar'))[0].text, 'تازه', 'the new text');
	await refused('editEphemeralMessageText', { ...it, text: 'تازه' }, /not modified/);
	await refused('editEphemeralMessageText', { ...it, receiver_user_id: 1001, text: 'x' }, /message to edit not found/);
	same(await s.api('deleteEphemeralMessage', it), true, 'deleteEphemeralMessage');
	await refused('deleteEphemeralMessage', it, /message to delete not found/);

	await refused('sendMessage', to(9), /user not found/);
	await refused('sendMessage', to(1001, { callback_query_id: press.id }), /query is too old/);
	await sim('clock', { advance_s: 16 });
	await refused('sendMessage', to(1002, { callback_query_id: press.id }), /query is too old/);
	await says('reza', 'private', '/start');
	same(await violations(), 0, 'violations until here');
	await refused('sendMessage', { ...to(1002), chat_id: 1002 }, /groups and supergroups only/);

	await sim('telegram', { ephemeral: false });
	const before = await violations();
	await refused('sendMessage', to(1002), /can't parse ephemeral_message_parameters/);
	await refused('editEphemeralMessageText', { ...it, text: 'x' }, /Not Found/, 404);
	same(await violations(), before, 'an older server makes no violation');
});

fresh('replies, mentions, names and times', async () => {
	await sim('person', { as: 'reza', name: 'رضا جان', username: 'reza_new' });
	const { message_id } = await says('reza', 'bazaar', 'گوشی @sara_shop', { photo: true });
	await says('sara', 'bazaar', 'با رضا جان و @reza_new', { reply_to: message_id, text_mention: 'reza' });
	const [[, first], [, reply]] = await pending();
	same([first.caption_entities[0].type, first.from.username, first.from.last_name], ['mention', 'reza_new', undefined], 'the first');
	same([reply.reply_to_message.message_id, reply.reply_to_message.from.first_name, reply.reply_to_message.caption, reply.reply_to_message.photo.length], [message_id, 'رضا جان', 'گوشی @sara_shop', 1], 'what is replied to');
	same(reply.entities.map((e) => [e.type, e.offset, e.length, e.user?.id]), [['text_mention', 3, 7, 1002], ['mention', 13, 9, undefined]], 'entities');
	await says('reza', 'private', '/start');
	same((await s.api('getChat', { chat_id: 1002 })).username, 'reza_new', 'the chat has the new name');
	const { entities } = await s.api('sendMessage', { chat_id: 1002, text: 'تا <tg-time unix="1700000000" format="r">فردا</tg-time>', parse_mode: 'HTML' });
	same(entities, [{ type: 'date_time', offset: 3, length: 4, unix_time: 1700000000, date_time_format: 'r' }], 'tg-time');
	await refused('sendMessage', { chat_id: 1002, text: '<tg-time unix="soon">x</tg-time>', parse_mode: 'HTML' }, /can't parse entities/);
	await wrong('/sim/message', { as: 'sara', chat: 'bazaar', text: 'x', text_mention: 'reza' }, /text_mention/);
	await wrong('/sim/message', { as: 'sara', chat: 'bazaar', text: 'x', reply_to: 999999 }, /no message of this chat/);
});

fresh('the state tells who sits where', async () => {
	const { chats } = await s.state();
	same([chats.direct.members, chats.direct.bot_inside, chats.market.bot_inside, chats.bazaar.members.length], [['sara', 'reza'], false, false, 4], 'chats');
});

await run({
	before: async () => {
		s = await startSandbox();
	},
	after: () => s.stop(),
});
