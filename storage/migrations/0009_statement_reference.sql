-- The column in which a bank writes its number of a movement, kept to look again; and the mobile that a warning goes to,
-- until it has gone: both sealed.
ALTER TABLE statement_row ADD COLUMN reference TEXT NOT NULL DEFAULT '';
ALTER TABLE sms ADD COLUMN mobile TEXT NOT NULL DEFAULT '';
