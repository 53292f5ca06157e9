-- The house: people, deals, books, payments, and the work that waits to be done.
-- Times are ms since 1970 UTC, money is whole rial, persons and deals are named by our own ids.

-- A person as one channel knows them.
CREATE TABLE person (
	id @ID,
	channel TEXT NOT NULL,
	outside_id @INT NOT NULL,
	name TEXT NOT NULL,
	username TEXT NOT NULL,
	language TEXT NOT NULL,
	language_chosen @INT NOT NULL DEFAULT 0,
	reachable @INT NOT NULL DEFAULT 0,
	strikes @INT NOT NULL DEFAULT 0,
	iban TEXT NOT NULL DEFAULT '',
	iban_changed_ms @INT NOT NULL DEFAULT 0,
	first_seen_ms @INT NOT NULL,
	UNIQUE (channel, outside_id)
) @STRICT;

-- Where a person stands in a conversation; survives a restart at any step.
CREATE TABLE conversation (
	person_id @INT PRIMARY KEY REFERENCES person (id),
	step TEXT NOT NULL,
	data TEXT NOT NULL,
	since_ms @INT NOT NULL
) @STRICT;

-- How far each source of updates was read. Moves in the transaction that holds the updates' effects.
CREATE TABLE cursor (
	source TEXT PRIMARY KEY,
	position @INT NOT NULL
) @STRICT;

-- Updates already handled, kept for a while: a source may say the same again.
CREATE TABLE inbox (
	source TEXT NOT NULL,
	outside_id @INT NOT NULL,
	seen_ms @INT NOT NULL,
	PRIMARY KEY (source, outside_id)
) @STRICT;
CREATE INDEX inbox_seen ON inbox (seen_ms);

-- Small facts that must survive a restart, by name.
CREATE TABLE fact (
	name TEXT PRIMARY KEY,
	number @INT NOT NULL,
	text TEXT NOT NULL
) @STRICT;

CREATE TABLE deal (
	id @ID,
	code TEXT NOT NULL UNIQUE,
	version @INT NOT NULL,
	state @INT NOT NULL CHECK (state BETWEEN 1 AND 24),
	creator @INT NOT NULL CHECK (creator IN (1, 2)),
	buyer_id @INT REFERENCES person (id),
	seller_id @INT REFERENCES person (id),
	title TEXT NOT NULL,
	origin_chat @INT NOT NULL,
	price @INT NOT NULL CHECK (price > 0),
	fee @INT NOT NULL CHECK (fee >= 0 AND fee * 100 <= price),
	fee_payer @INT NOT NULL CHECK (fee_payer IN (1, 2, 3)),
	inspection_h @INT NOT NULL,
	ship_h @INT NOT NULL,
	terms_hash TEXT NOT NULL,
	held @INT NOT NULL CHECK (held >= 0),
	suspense @INT NOT NULL CHECK (suspense >= 0),
	payable @INT NOT NULL CHECK (payable >= 0),
	refund @INT NOT NULL CHECK (refund >= 0),
	inflight @INT NOT NULL CHECK (inflight >= 0),
	rest TEXT NOT NULL,
	carrier @INT NOT NULL DEFAULT 0,
	tracking TEXT NOT NULL DEFAULT '',
	created_ms @INT NOT NULL,
	changed_ms @INT NOT NULL,
	closed_ms @INT NOT NULL,
	CHECK (buyer_id IS NULL OR seller_id IS NULL OR buyer_id <> seller_id)
) @STRICT;
CREATE INDEX deal_buyer ON deal (buyer_id, id);
CREATE INDEX deal_seller ON deal (seller_id, id);
-- The deals that are not finished: few among many.
CREATE INDEX deal_open ON deal (id) WHERE state < 20;

-- What happened to a deal, who did it, why. Written once.
CREATE TABLE deal_history (
	deal_id @INT NOT NULL REFERENCES deal (id),
	version @INT NOT NULL,
	table_row @INT NOT NULL,
	event @INT NOT NULL,
	role @INT NOT NULL,
	actor_id @INT NOT NULL,
	second_id @INT NOT NULL,
	state_before @INT NOT NULL,
	state_after @INT NOT NULL,
	amount @INT NOT NULL,
	note TEXT NOT NULL,
	at_ms @INT NOT NULL,
	PRIMARY KEY (deal_id, version)
) @STRICT;

-- What people said and showed about a deal: stories, photos, files. Written once; when a file has been fetched, the
-- SHA-256 of its bytes (which is also its name in the folder store.files) and their number are added.
CREATE TABLE evidence (
	id @ID,
	deal_id @INT NOT NULL REFERENCES deal (id),
	person_id @INT NOT NULL REFERENCES person (id),
	role @INT NOT NULL,
	text TEXT NOT NULL,
	file_id TEXT NOT NULL,
	file_kind TEXT NOT NULL,
	file_sha256 TEXT NOT NULL DEFAULT '',
	file_bytes @INT NOT NULL DEFAULT 0,
	message_id @INT NOT NULL,
	at_ms @INT NOT NULL
) @STRICT;
CREATE INDEX evidence_deal ON evidence (deal_id, id);

-- A tracking code belongs to one deal for ever.
CREATE TABLE tracking_code (
	code TEXT PRIMARY KEY,
	deal_id @INT NOT NULL REFERENCES deal (id),
	at_ms @INT NOT NULL
) @STRICT;

-- A running clock of a deal: reminders at half and nine tenths, then its event.
CREATE TABLE deal_timer (
	deal_id @INT NOT NULL REFERENCES deal (id),
	kind @INT NOT NULL,
	set_ms @INT NOT NULL,
	due_ms @INT NOT NULL,
	stage @INT NOT NULL,
	next_ms @INT NOT NULL,
	PRIMARY KEY (deal_id, kind)
) @STRICT;
CREATE INDEX deal_timer_next ON deal_timer (next_ms);

-- The newest card of a deal in a chat: the message that is edited as the deal moves.
CREATE TABLE card (
	deal_id @INT NOT NULL REFERENCES deal (id),
	place @INT NOT NULL,
	chat_id @INT NOT NULL,
	message_id @INT NOT NULL,
	PRIMARY KEY (deal_id, place)
) @STRICT;

-- The books. A set is one decision with one natural key; its transfers are written once and never changed.
CREATE TABLE ledger_set (
	id @ID,
	natural_key TEXT NOT NULL UNIQUE,
	content TEXT NOT NULL,
	deal_id @INT NOT NULL REFERENCES deal (id),
	at_ms @INT NOT NULL
) @STRICT;
CREATE INDEX ledger_set_deal ON ledger_set (deal_id, id);

CREATE TABLE ledger_transfer (
	set_id @INT NOT NULL REFERENCES ledger_set (id),
	number @INT NOT NULL,
	debit_kind @INT NOT NULL,
	debit_id @INT NOT NULL,
	credit_kind @INT NOT NULL,
	credit_id @INT NOT NULL,
	amount @INT NOT NULL CHECK (amount > 0),
	code @INT NOT NULL,
	PRIMARY KEY (set_id, number)
) @STRICT;

-- Balances, derived: debits less credits for assets, credits less debits for the others; never below zero.
CREATE TABLE ledger_balance (
	kind @INT NOT NULL,
	id @INT NOT NULL,
	balance @INT NOT NULL CHECK (balance >= 0),
	PRIMARY KEY (kind, id)
) @STRICT;

CREATE TRIGGER ledger_set_stays BEFORE UPDATE ON ledger_set
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER ledger_set_remains BEFORE DELETE ON ledger_set
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER ledger_transfer_stays BEFORE UPDATE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER ledger_transfer_remains BEFORE DELETE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER deal_history_stays BEFORE UPDATE ON deal_history
BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;
CREATE TRIGGER deal_history_remains BEFORE DELETE ON deal_history
BEGIN SELECT RAISE(ABORT, 'history is only added to'); END;

-- A payment asked of a bank. The order id is ours and is used once.
CREATE TABLE payment (
	id @ID,
	deal_id @INT NOT NULL REFERENCES deal (id),
	page TEXT NOT NULL UNIQUE,
	gateway TEXT NOT NULL,
	order_id TEXT NOT NULL UNIQUE,
	amount @INT NOT NULL CHECK (amount > 0),
	state @INT NOT NULL,
	pay_url TEXT NOT NULL,
	ref TEXT NOT NULL,
	card_mask TEXT NOT NULL,
	paid @INT NOT NULL,
	refunded @INT NOT NULL,
	created_ms @INT NOT NULL,
	changed_ms @INT NOT NULL,
	CHECK (refunded BETWEEN 0 AND paid)
) @STRICT;
CREATE INDEX payment_deal ON payment (deal_id, id);

-- Money sent out: to a seller's IBAN or back along a payment. The track id is stored before the bank hears of it.
CREATE TABLE settlement (
	id @ID,
	deal_id @INT NOT NULL REFERENCES deal (id),
	kind @INT NOT NULL CHECK (kind IN (1, 2)),
	track_id TEXT NOT NULL UNIQUE,
	payment_id @INT REFERENCES payment (id),
	person_id @INT NOT NULL REFERENCES person (id),
	iban TEXT NOT NULL,
	amount @INT NOT NULL CHECK (amount > 0),
	state @INT NOT NULL,
	reason TEXT NOT NULL,
	created_ms @INT NOT NULL,
	changed_ms @INT NOT NULL
) @STRICT;
CREATE INDEX settlement_deal ON settlement (deal_id, id);

-- What waits to be done outside: messages to send, banks to ask. Written by the transaction that decided it.
-- `chain` keeps order: of the rows with the same chain only the oldest is done at a time. `collapse` names what a newer
-- row replaces while it waits.
CREATE TABLE work (
	id @ID,
	kind @INT NOT NULL,
	lane @INT NOT NULL,
	chain TEXT NOT NULL,
	collapse TEXT NOT NULL,
	subject_id @INT NOT NULL,
	payload TEXT NOT NULL,
	edition @INT NOT NULL DEFAULT 0,
	state @INT NOT NULL,
	due_ms @INT NOT NULL,
	tries @INT NOT NULL,
	reason TEXT NOT NULL,
	created_ms @INT NOT NULL
) @STRICT;
CREATE INDEX work_order ON work (state, lane, id);
CREATE INDEX work_due ON work (state, due_ms);
CREATE INDEX work_chain ON work (chain, state, id);
