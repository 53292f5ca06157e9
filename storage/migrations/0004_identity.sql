-- Who a payee is, as they say, and what the identity provider says to it: 0 not asked, 1 asked, 2 theirs, 3 somebody else's.
-- Each change of a number makes what was said about it void.
ALTER TABLE person ADD COLUMN mobile TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN national_id TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN mobile_state @INT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN iban_state @INT NOT NULL DEFAULT 0;
