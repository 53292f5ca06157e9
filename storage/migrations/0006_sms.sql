-- Short messages: one for each event of a deal and person, for ever. The number is the person's, read when it is sent.
CREATE TABLE sms (
	id @ID,
	person_id @INT NOT NULL REFERENCES person (id),
	deal_id @INT NOT NULL DEFAULT 0,
	natural_key TEXT NOT NULL UNIQUE,
	event TEXT NOT NULL,
	money @INT NOT NULL,
	token1 TEXT NOT NULL,
	token2 TEXT NOT NULL,
	state @INT NOT NULL,
	provider TEXT NOT NULL DEFAULT '',
	message_id TEXT NOT NULL DEFAULT '',
	cost @INT NOT NULL DEFAULT 0,
	created_ms @INT NOT NULL,
	changed_ms @INT NOT NULL
) @STRICT;
CREATE INDEX sms_person ON sms (person_id, created_ms);

-- 1: no messages but those about money.
ALTER TABLE person ADD COLUMN sms_off @INT NOT NULL DEFAULT 0;
