-- Real money: payments in parts through several banks, refunds by IBAN, accounts that are of no deal, and who of the staff
-- did what.

-- A payment is one try at one part of what is due: part 2 of 3. The parts of a deal add up to what was missing.
ALTER TABLE payment ADD COLUMN part @INT NOT NULL DEFAULT 1;
ALTER TABLE payment ADD COLUMN parts @INT NOT NULL DEFAULT 1;
-- What the bank's START brought, and when; a page there lives only so long.
ALTER TABLE payment ADD COLUMN token TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN opened_ms @INT NOT NULL DEFAULT 0;
ALTER TABLE payment ADD COLUMN credited_ms @INT NOT NULL DEFAULT 0;
-- The bank's one-way hash of the payer's card, and the last four digits that the buyer had said before.
ALTER TABLE payment ADD COLUMN card_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE payment ADD COLUMN card_said TEXT NOT NULL DEFAULT '';
-- What the bank's last no meant to the person: a word of bank.said.…
ALTER TABLE payment ADD COLUMN said TEXT NOT NULL DEFAULT '';
-- The last four digits of the card that a buyer pays with, as the buyer says.
ALTER TABLE person ADD COLUMN card_said TEXT NOT NULL DEFAULT '';
CREATE INDEX payment_part ON payment (deal_id, part, id);
CREATE INDEX payment_token ON payment (gateway, token);
CREATE INDEX payment_ref ON payment (gateway, ref);

-- How money leaves: along the payment that brought it, through the payout gateway, or in a file for the bank; and whose
-- account it leaves.
ALTER TABLE settlement ADD COLUMN rail TEXT NOT NULL DEFAULT 'bank';
ALTER TABLE settlement ADD COLUMN gateway TEXT NOT NULL DEFAULT '';
ALTER TABLE settlement ADD COLUMN ref TEXT NOT NULL DEFAULT '';
UPDATE settlement SET rail = 'along' WHERE kind = 2;
CREATE INDEX settlement_waits ON settlement (person_id, state) WHERE state = 1;
CREATE INDEX settlement_rail ON settlement (rail, state, id);

-- The books again, with sets that are of no deal (a gateway hands over to our bank account), and with accounts at banks
-- that may go below zero until a statement tells what filled them. What we owe to people never may.
DROP TRIGGER ledger_set_stays;
DROP TRIGGER ledger_set_remains;
DROP TRIGGER ledger_transfer_stays;
DROP TRIGGER ledger_transfer_remains;
DROP INDEX ledger_set_deal;
CREATE TABLE new_set (
	id @ID,
	natural_key TEXT NOT NULL UNIQUE,
	content TEXT NOT NULL,
	deal_id @INT REFERENCES deal (id),
	at_ms @INT NOT NULL
) @STRICT;
CREATE TABLE new_transfer (
	set_id @INT NOT NULL REFERENCES new_set (id),
	number @INT NOT NULL,
	debit_kind @INT NOT NULL,
	debit_id @INT NOT NULL,
	credit_kind @INT NOT NULL,
	credit_id @INT NOT NULL,
	amount @INT NOT NULL CHECK (amount > 0),
	code @INT NOT NULL,
	PRIMARY KEY (set_id, number)
) @STRICT;
CREATE TABLE new_balance (
	kind @INT NOT NULL,
	id @INT NOT NULL,
	balance @INT NOT NULL CHECK (balance >= 0 OR kind IN (1, 8)),
	PRIMARY KEY (kind, id)
) @STRICT;
INSERT INTO new_set (id, natural_key, content, deal_id, at_ms)
	SELECT id, natural_key, content, deal_id, at_ms FROM ledger_set;
INSERT INTO new_transfer SELECT set_id, number, debit_kind, debit_id, credit_kind, credit_id, amount, code FROM ledger_transfer;
INSERT INTO new_balance SELECT kind, id, balance FROM ledger_balance;
DROP TABLE ledger_transfer;
DROP TABLE ledger_set;
DROP TABLE ledger_balance;
ALTER TABLE new_set RENAME TO ledger_set;
ALTER TABLE new_transfer RENAME TO ledger_transfer;
ALTER TABLE new_balance RENAME TO ledger_balance;
CREATE INDEX ledger_set_deal ON ledger_set (deal_id, id);
CREATE TRIGGER ledger_set_stays BEFORE UPDATE ON ledger_set
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER ledger_set_remains BEFORE DELETE ON ledger_set
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER ledger_transfer_stays BEFORE UPDATE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;
CREATE TRIGGER ledger_transfer_remains BEFORE DELETE ON ledger_transfer
BEGIN SELECT RAISE(ABORT, 'the books are only added to'); END;

-- Who of the staff did what, and when. Written once.
CREATE TABLE staff_act (
	id @ID,
	person_id @INT NOT NULL REFERENCES person (id),
	second_id @INT NOT NULL DEFAULT 0,
	deal_id @INT REFERENCES deal (id),
	act TEXT NOT NULL,
	detail TEXT NOT NULL,
	at_ms @INT NOT NULL
) @STRICT;
CREATE INDEX staff_act_deal ON staff_act (deal_id, id);
CREATE TRIGGER staff_act_stays BEFORE UPDATE ON staff_act
BEGIN SELECT RAISE(ABORT, 'what the staff did is only added to'); END;
CREATE TRIGGER staff_act_remains BEFORE DELETE ON staff_act
BEGIN SELECT RAISE(ABORT, 'what the staff did is only added to'); END;
