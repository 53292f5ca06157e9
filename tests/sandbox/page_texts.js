// The page's own words in two languages, and how it writes numbers, sums and times. What the bot says is shown as it comes.

const TEXTS = {
	fa: {
		title: 'سپارکس؛ میز تمرین معاملهٔ امن',
		brand: 'میز تمرین سپارکس',
		skip: 'رفتن به گوشی‌ها',
		clock: 'ساعت مجازی',
		bank: 'بانک', sms: 'پیامک‌ها', faults: 'خرابی‌ها', reset: 'از نو',
		reset_sure: 'همهٔ گفت‌وگوها، پرداخت‌ها و ساعت پاک شود؟',
		phones: 'گوشی‌ها',
		close: 'بستن', cancel: 'لغو', ok: 'باشد',
		steps: { 600: '۱۰ دقیقه', 3600: '۱ ساعت', 43200: '۱۲ ساعت', 86400: '۱ روز', 259200: '۳ روز' },
		units: { 60: 'دقیقه', 3600: 'ساعت', 86400: 'روز' },
		ahead: '{x} جلو برو',
		other_step: 'مقدار دلخواه', amount: 'چند', unit: 'واحد', go: 'جلو برو',
		sara: 'سارا', reza: 'رضا', mina: 'مینا', omid: 'امید', bot: 'ربات',
		role_sara: 'فروشنده', role_reza: 'خریدار', role_mina: 'مدیر گروه بازار', role_omid: 'کارشناس سپارکس',
		private: 'ربات', bazaar: 'گروه بازار', staff: 'اتاق عملیات',
		direct: 'دو نفره', direct_sara: 'رضا', direct_reza: 'سارا',
		phone_of: 'گوشی {x}', chats_of: 'گفت‌وگوهای {x}', talk_of: 'گفت‌وگو در گوشی {x}', app_language: 'زبان برنامهٔ {x}',
		empty_private: 'هنوز گفت‌وگویی نیست. با «شروع» ربات را روشن کنید.',
		empty_group: 'هنوز کسی در این گروه چیزی ننوشته است.',
		empty_direct: 'این گفت‌وگو فقط میان سارا و رضاست و ربات در آن نیست. @ را بزنید تا ربات را همین‌جا صدا کنید.',
		start: 'شروع', write: 'پیام…', send: 'فرستادن', attach: 'پیوست', commands: 'دستورهای ربات',
		no_commands: 'ربات هنوز دستوری معرفی نکرده است.',
		a_photo: 'عکس نمونه', a_file_photo: 'عکس از این دستگاه…', an_album: 'آلبوم سه‌عکسی', a_document: 'فایل', a_location: 'موقعیت مکانی',
		a_contact: 'شمارهٔ من', a_voice: 'پیام صوتی', a_sticker: 'استیکر', a_forward: 'پیام فورواردشده از…',
		too_large: 'این عکس بزرگ‌تر از ۵ مگابایت است.',
		hidden_user: 'کاربر ناشناس', forward_sample: 'سلام، این گوشی هنوز هست؟',
		forwarding_as: 'پیام بعدی فورواردشده از {x} است', forwarded_from: 'فورواردشده از {x}', via: 'با {x}',
		edited: 'ویرایش‌شده', sent_tick: 'فرستاده شد', read_tick: 'دیده شد',
		photo_of: 'عکس در گفت‌وگو', enlarge: 'بزرگ کردن عکس', voice: 'پیام صوتی', video: 'ویدئو', sticker: 'استیکر', service: 'رویداد گروه',
		location: 'موقعیت مکانی', only_you: 'فقط شما می‌بینید', whole: 'ادامه', spoiler: 'نمایش متن پنهان',
		message_menu: 'کارهای این پیام', answer_to: 'پاسخ', change: 'ویرایش', remove: 'پاک کردن', pass_on: 'فوروارد به {x}', copy_text: 'کپی متن',
		answering: 'پاسخ به {x}', changing: 'ویرایش پیام',
		not_served: 'محیط تمرین هنوز این کار را بلد نیست.',
		inline_of: 'پیشنهادهای ربات', inline_wait: 'ربات فکر می‌کند…', inline_none: 'ربات برای این نوشته پیشنهادی ندارد.',
		open_on: 'باز کردن در گوشی {x}', open_where: 'باز کردن در گوشیِ…', open_as: 'باز کردن به‌عنوان {x}', post_in: 'فرستادن در {x}', call_in: 'ادامه در {x}',
		copy: 'کپی لینک', copied: 'کپی شد.', unread: 'پیام تازه', new_below: 'پیام‌های تازه ↓', just_now: 'همین حالا',
		payments: 'پرداخت‌ها', payouts: 'واریزها به فروشنده', refunds: 'پول‌های برگشتی',
		no_payments: 'هنوز پرداختی ساخته نشده است. وقتی خریدار «پرداخت» را بزند، این‌جا دیده می‌شود.',
		none: 'هنوز چیزی نیست.', no_sms: 'هنوز پیامکی نیامده است.', bank_page: 'صفحهٔ بانک',
		pay: 'پرداخت', refuse: 'انصراف', vanish: 'پرداخت و بستن صفحه', twice: 'پرداخت، دو بازگشت', late: 'پرداخت، بازگشت دیر', forge: 'بازگشت جعلی',
		created: 'در انتظار پرداخت', paid: 'پرداخت‌شده', verified: 'تأییدشده', settled: 'قطعی‌شده', refused: 'لغوشده', reversed: 'برگشت‌خورده', refunded: 'پس‌داده‌شده',
		queued: 'در صف', sent: 'فرستاده‌شده', done: 'انجام‌شده', returned: 'برگشت‌خورده',
		toman: '{x} تومان',
		faults_about: 'تلگرام یا بانک را خراب کنید و ببینید ربات چه می‌کند.',
		fault_where: 'در', fault_times: 'چند بار', fault_kinds: 'نوع خرابی',
		any_method: 'همهٔ کارهای تلگرام', any_bank: 'همهٔ کارهای بانک',
		f_429: 'شلوغی (429)', f_500: 'خطای سرور (500)', f_502html: 'صفحهٔ خطا (502)', f_lost: 'انجام بی‌پاسخ', f_cut: 'پاسخ بریده', f_409: 'گیرندهٔ دوم (409)',
		f_401: 'توکن نادرست (401)', f_403: 'ممنوع (403)', f_notfound: 'پیدا نشد', f_hang: 'سکوت دراز', f_reset: 'قطع ناگهانی', f_empty: 'پاسخ خالی',
		f_badjson: 'پاسخ درهم', f_migrate: 'جابه‌جایی گروه', f_double: 'دوبار رسیدن', f_busy: 'بانک مشغول (113)',
		fault_set: 'خرابی آماده شد.',
		pending_faults: 'خرابی‌های در راه', no_faults: 'هیچ خرابی در راه نیست.',
		violations: 'درخواست‌های نادرست ربات', no_violations: 'ربات هیچ درخواست نادرستی نفرستاده است.',
		refusals: 'پاسخ‌های منفی تلگرام', no_refusals: 'تلگرام به چیزی «نه» نگفته است.',
		lost: 'ارتباط با محیط تمرین قطع است؛ دوباره امتحان می‌شود…',
		hints_title: 'یک معاملهٔ کامل در یک دقیقه',
		play: 'برایم بازی کن', by_hand: 'خودم قدم‌به‌قدم', fewer: 'بستن قدم‌ها',
		pause: 'مکث', resume: 'ادامه', step: 'یک قدم', stop: 'پایان', speed: 'سرعت', slow: 'آرام', normal: 'معمولی', fast: 'تند',
		playing: 'معاملهٔ نمونه',
		play_line: '/sell گوشی آیفون ۱۳ ۲۵ میلیون',
		p_offer: 'سارا در یک خط می‌گوید چه می‌فروشد و به چه قیمتی.',
		p_publish: 'پیش‌نویس درست است؛ سارا لینک معامله را می‌سازد.',
		p_open: 'رضا لینکی را که سارا فرستاده باز می‌کند.',
		p_agree: 'رضا شرایط را می‌خواند و موافقت می‌کند.',
		p_bill: 'ربات صفحهٔ پرداخت را برای رضا آورد.',
		p_pay: 'رضا در بانک می‌پردازد. پول نزد سپارکس می‌ماند، نه نزد سارا.',
		p_ship: 'پول امن است؛ سارا بسته را پست می‌کند و کد رهگیری را ثبت می‌کند.',
		p_code: 'سارا کد ۲۴ رقمی پست را می‌فرستد.',
		p_received: 'بسته رسید؛ رضا خبر می‌دهد.',
		p_accept: 'رضا کالا را دید و درست بود: پول را آزاد می‌کند.',
		p_sure: 'پول برنمی‌گردد؛ پس ربات یک بار دیگر می‌پرسد.',
		p_iban: 'پول آزاد شد؛ سارا می‌گوید به کدام حساب واریز شود.',
		p_iban_number: 'سارا شمارهٔ شبای خودش را می‌فرستد. ربات فقط یک بار آن را می‌پرسد.',
		p_hour: 'واریز یک ساعت پس از آزاد شدن پول شروع می‌شود؛ ساعت مجازی را جلو می‌بریم.',
		p_payout: 'سپارکس پول را به بانک سپرد؛ بانک آن را به شبای سارا واریز می‌کند.',
		p_done: 'تمام شد. پول به حساب سارا رسید و هر دو رسید معامله را دارند.',
		p_stuck: 'ربات این قدم را پاسخ نداد. «از نو» را بزنید و دوباره ببینید.',
		hints: [
			['در گوشی سارا، فروشنده، بنویسید: ', { as: 'sara', fill: '/sell گوشی آیفون ۱۳ ۲۵ میلیون' }, ' و بفرستید؛ سپس «می‌فروشم؛ لینک بساز» را بزنید.'],
			['زیر پیامی که لینک معامله دارد «باز کردن در گوشی رضا» را بزنید تا خریدار وارد شود.'],
			['رضا «موافقم» و سپس «پرداخت» را می‌زند. در صفحهٔ بانک، یا در «بانک» همین بالا، پرداخت کنید.'],
			['سارا کد رهگیری پست را می‌فرستد: ', { as: 'sara', fill: 'TRACKING', latin: true }],
			['رضا «به دستم رسید»، سپس «تأیید و آزادسازی پول» و «بله، مطمئنم» را می‌زند.'],
			['سارا «ثبت شمارهٔ شبا» را می‌زند و این را می‌فرستد: ', { as: 'sara', fill: 'IBAN', latin: true }, ' حالا ساعت را ۱۲ ساعت جلو ببرید و واریز را در «بانک» ببینید.'],
		],
	},
	en: {
		title: 'Separex: practise a safe trade',
		brand: 'Separex practice desk',
		skip: 'Skip to the phones',
		clock: 'Virtual clock',
		bank: 'Bank', sms: 'SMS', faults: 'Faults', reset: 'Start over',
		reset_sure: 'Forget all chats, payments and the clock?',
		phones: 'Phones',
		close: 'Close', cancel: 'Cancel', ok: 'OK',
		steps: { 600: '10 min', 3600: '1 h', 43200: '12 h', 86400: '1 day', 259200: '3 days' },
		units: { 60: 'minutes', 3600: 'hours', 86400: 'days' },
		ahead: 'Move {x} ahead',
		other_step: 'Another amount', amount: 'How many', unit: 'Unit', go: 'Move ahead',
		sara: 'Sara', reza: 'Reza', mina: 'Mina', omid: 'Omid', bot: 'the bot',
		role_sara: 'seller', role_reza: 'buyer', role_mina: 'admin of the bazaar group', role_omid: 'Separex staff',
		private: 'Bot', bazaar: 'Bazaar', staff: 'Staff room',
		direct: 'Direct chat', direct_sara: 'Reza', direct_reza: 'Sara',
		phone_of: 'Phone of {x}', chats_of: 'Chats of {x}', talk_of: 'Conversation on {x}’s phone', app_language: 'App language of {x}',
		empty_private: 'No conversation yet. Press Start to wake the bot.',
		empty_group: 'Nobody has written in this group yet.',
		empty_direct: 'This chat is between Sara and Reza alone; the bot is not in it. Type @ to call the bot right here.',
		start: 'Start', write: 'Message…', send: 'Send', attach: 'Attach', commands: 'Commands of the bot',
		no_commands: 'The bot has not set any commands yet.',
		a_photo: 'Sample photo', a_file_photo: 'Photo from this device…', an_album: 'Album of three photos', a_document: 'Document', a_location: 'Location',
		a_contact: 'My number', a_voice: 'Voice message', a_sticker: 'Sticker', a_forward: 'Forwarded message from…',
		too_large: 'This photo is larger than 5 MB.',
		hidden_user: 'Hidden user', forward_sample: 'Hello, is this phone still there?',
		forwarding_as: 'The next message is forwarded from {x}', forwarded_from: 'Forwarded from {x}', via: 'via {x}',
		edited: 'edited', sent_tick: 'sent', read_tick: 'seen',
		photo_of: 'Photo in the chat', enlarge: 'Enlarge the photo', voice: 'Voice message', video: 'Video', sticker: 'Sticker', service: 'Group event',
		location: 'Location', only_you: 'Only you see this', whole: 'Show all', spoiler: 'Show the hidden text',
		message_menu: 'What to do with this message', answer_to: 'Reply', change: 'Edit', remove: 'Delete', pass_on: 'Forward to {x}', copy_text: 'Copy text',
		answering: 'Reply to {x}', changing: 'Editing',
		not_served: 'This sandbox cannot do that yet.',
		inline_of: 'What the bot suggests', inline_wait: 'The bot is thinking…', inline_none: 'The bot has no suggestion for this.',
		open_on: 'Open on {x}’s phone', open_where: 'Open on the phone of…', open_as: 'Open as {x}', post_in: 'Post in: {x}', call_in: 'Go on in: {x}',
		copy: 'Copy link', copied: 'Copied.', unread: 'New message', new_below: 'New messages ↓', just_now: 'just now',
		payments: 'Payments', payouts: 'Payouts to sellers', refunds: 'Refunds',
		no_payments: 'No payment yet. It shows here once the buyer presses “Pay”.',
		none: 'Nothing yet.', no_sms: 'No SMS has come yet.', bank_page: 'Bank page',
		pay: 'Pay', refuse: 'Refuse', vanish: 'Pay, then vanish', twice: 'Pay, return twice', late: 'Pay, return late', forge: 'Forged return',
		created: 'waiting', paid: 'paid', verified: 'verified', settled: 'settled', refused: 'refused', reversed: 'reversed', refunded: 'refunded',
		queued: 'queued', sent: 'sent', done: 'done', returned: 'returned',
		toman: '{x} toman',
		faults_about: 'Break Telegram or the bank and watch what the bot does.',
		fault_where: 'In', fault_times: 'Times', fault_kinds: 'Kind of fault',
		any_method: 'every Telegram call', any_bank: 'every bank call',
		f_429: 'Too many requests (429)', f_500: 'Server error (500)', f_502html: 'HTML error page (502)', f_lost: 'Done, answer lost', f_cut: 'Answer cut short', f_409: 'Second poller (409)',
		f_401: 'Wrong token (401)', f_403: 'Forbidden (403)', f_notfound: 'Not found', f_hang: 'Long silence', f_reset: 'Connection breaks', f_empty: 'Empty answer',
		f_badjson: 'Broken JSON', f_migrate: 'Group moves', f_double: 'Comes twice', f_busy: 'Bank busy (113)',
		fault_set: 'The fault is set.',
		pending_faults: 'Faults still to come', no_faults: 'No fault is on its way.',
		violations: 'Wrong calls of the bot', no_violations: 'The bot has made no wrong call.',
		refusals: 'What Telegram refused', no_refusals: 'Telegram has refused nothing.',
		lost: 'The sandbox does not answer; trying again…',
		hints_title: 'One whole deal in a minute',
		play: 'Play it for me', by_hand: 'Let me do it, step by step', fewer: 'Close the steps',
		pause: 'Pause', resume: 'Go on', step: 'One step', stop: 'Stop', speed: 'Speed', slow: 'slow', normal: 'normal', fast: 'fast',
		playing: 'Sample deal',
		play_line: '/sell iPhone 13 25m',
		p_offer: 'Sara says in one line what she sells and for how much.',
		p_publish: 'The draft is right; Sara makes the deal link.',
		p_open: 'Reza opens the link that Sara sent him.',
		p_agree: 'Reza reads the terms and agrees.',
		p_bill: 'The bot has brought Reza the payment page.',
		p_pay: 'Reza pays at the bank. Separex keeps the money, not Sara.',
		p_ship: 'The money is safe; Sara posts the parcel and enters its tracking code.',
		p_code: 'Sara sends the 24 digits of the post’s code.',
		p_received: 'The parcel is there; Reza says so.',
		p_accept: 'Reza has looked and all is well: he releases the money.',
		p_sure: 'Money does not come back, so the bot asks once more.',
		p_iban: 'The money is free; Sara says which account it shall go to.',
		p_iban_number: 'Sara sends her IBAN. The bot asks for it only once.',
		p_hour: 'A payout starts an hour after the release; we move the virtual clock ahead.',
		p_payout: 'Separex has handed the money to the bank, which pays it to Sara’s IBAN.',
		p_done: 'Done. The money has reached Sara’s account, and both have the receipt.',
		p_stuck: 'The bot did not answer this step. Press “Start over” and look again.',
		hints: [
			['On the phone of Sara, the seller, type ', { as: 'sara', fill: '/sell iPhone 13 25m' }, ' and send it; then press “I sell: make the link”.'],
			['Under the message that holds the deal link press “Open on Reza’s phone”: the buyer comes in.'],
			['Reza presses “I agree”, then “Pay”. Pay on the bank page, or in “Bank” above.'],
			['Sara sends the tracking code of the parcel: ', { as: 'sara', fill: 'TRACKING', latin: true }],
			['Reza presses “It has arrived”, then “All good, release money” and “Yes, I am sure”.'],
			['Sara presses “Enter my IBAN” and sends this: ', { as: 'sara', fill: 'IBAN', latin: true }, ' Now move the clock 12 hours ahead and see the payout in “Bank”.'],
		],
	},
};

export const HOUR = { hour: '2-digit', minute: '2-digit' };
const AGES = [['day', 86400], ['hour', 3600], ['minute', 60]];

export function remembered(key) {
	try {
		return localStorage.getItem(`separex.${key}`);
	} catch {
		return null;
	}
}

export function remember(key, value) {
	try {
		localStorage.setItem(`separex.${key}`, value);
	} catch {
		/* a browser without storage forgets, that is all */
	}
}

/** What was chosen here before; else Persian where the browser speaks it or stands in Iran, where many are in English. */
function firstLanguage() {
	const chosen = remembered('language');
	if (chosen) return chosen === 'en' ? 'en' : 'fa';
	const persian = (navigator.languages ?? [navigator.language]).some((l) => /^fa\b/i.test(l));
	return persian || Intl.DateTimeFormat().resolvedOptions().timeZone === 'Asia/Tehran' ? 'fa' : 'en';
}

export let language = firstLanguage();

export function setLanguage(code) {
	language = code;
	remember('language', code);
}

/** The page's word for a key; `x` takes the place of {x}. A key without words is shown itself. */
export function t(key, x) {
	const text = TEXTS[language][key] ?? key;
	return x === undefined ? text : text.replace('{x}', x);
}

export const number = (n) => new Intl.NumberFormat(language === 'fa' ? 'fa-IR' : 'en-US', { maximumFractionDigits: 1 }).format(n);
export const toman = (rial) => t('toman', number(rial / 10));

/** A moment in Tehran, in the page's language and calendar. */
export function when(ms, parts) {
	const locale = language === 'fa' ? 'fa-IR-u-ca-persian' : 'en-GB';
	return new Intl.DateTimeFormat(locale, { timeZone: 'Asia/Tehran', ...parts }).format(ms);
}

/** How far `ms` is from `now`, like "2 hours ago" or "in 3 days". */
export function age(ms, now) {
	const s = Math.floor((ms - now) / 1000);
	const [unit, size] = AGES.find(([, seconds]) => Math.abs(s) >= seconds) ?? [null];
	return unit ? new Intl.RelativeTimeFormat(language === 'fa' ? 'fa-IR' : 'en', { numeric: 'always' }).format(s > 0 ? Math.round(s / size) : Math.trunc(s / size), unit) : t('just_now');
}
