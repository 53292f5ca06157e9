-- Payouts that leave in a file for the bank. A batch's file is written once, after two treasurers approved it; a settlement is
-- in one live batch at most.
CREATE TABLE payout_batch (
	id @ID,
	state @INT NOT NULL,
	rows @INT NOT NULL,
	sum @INT NOT NULL CHECK (sum > 0),
	file_name TEXT NOT NULL,
	file_sha256 TEXT NOT NULL DEFAULT '',
	made_by @INT NOT NULL REFERENCES person (id),
	first_by @INT NOT NULL DEFAULT 0,
	second_by @INT NOT NULL DEFAULT 0,
	made_ms @INT NOT NULL,
	approved_ms @INT NOT NULL DEFAULT 0,
	sent_ms @INT NOT NULL DEFAULT 0
) @STRICT;
CREATE INDEX payout_batch_state ON payout_batch (state, id);

CREATE TABLE payout_batch_row (
	settlement_id @INT PRIMARY KEY REFERENCES settlement (id),
	batch_id @INT NOT NULL REFERENCES payout_batch (id),
	number @INT NOT NULL
) @STRICT;
CREATE INDEX payout_batch_rows ON payout_batch_row (batch_id, number);

-- The name of the account's owner as the bank has it, from the identity provider.
ALTER TABLE person ADD COLUMN owner_name TEXT NOT NULL DEFAULT '';
