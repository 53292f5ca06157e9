-- What makes the conversation: emblems, invitations, ads with pictures, inline offers, shown cards everywhere, receipts,
-- and what each person wishes to hear.

-- The safety emblem (0: none yet); whether it was picked by the person or given for a start.
ALTER TABLE person ADD COLUMN emblem @INT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN emblem_picked @INT NOT NULL DEFAULT 0;
-- The name before the last change, and when that was (0: never).
ALTER TABLE person ADD COLUMN former_name TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN renamed_ms @INT NOT NULL DEFAULT 0;
-- The version of the terms of use that was accepted last (0: none).
ALTER TABLE person ADD COLUMN terms_version @INT NOT NULL DEFAULT 0;
-- 1: dark pictures. 1: notices only when it is the person's turn. Hours of Tehran's day between which what can wait
-- comes without a sound; equal: never.
ALTER TABLE person ADD COLUMN dark_pictures @INT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN few_notices @INT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN quiet_from_h @INT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN quiet_to_h @INT NOT NULL DEFAULT 0;
CREATE INDEX person_username ON person (channel, LOWER(username));

-- When each version of the terms of use was accepted. Written once.
CREATE TABLE terms_accepted (
	person_id @INT NOT NULL REFERENCES person (id),
	version @INT NOT NULL,
	at_ms @INT NOT NULL,
	PRIMARY KEY (person_id, version)
) @STRICT;

-- person_id wants no deal with other_id.
CREATE TABLE blocked (
	person_id @INT NOT NULL REFERENCES person (id),
	other_id @INT NOT NULL REFERENCES person (id),
	at_ms @INT NOT NULL,
	PRIMARY KEY (person_id, other_id)
) @STRICT;

-- Who pays the carrier: 0 the seller, 1 the buyer. Part of the terms.
ALTER TABLE deal ADD COLUMN ship_payer @INT NOT NULL DEFAULT 0;
-- For whom the other seat is kept: the channel's id of a person, or a username in lower case; 0 and '' for anybody.
ALTER TABLE deal ADD COLUMN invited_id @INT NOT NULL DEFAULT 0;
ALTER TABLE deal ADD COLUMN invited_name TEXT NOT NULL DEFAULT '';
-- What was published: a card that others read never shows what the two bargain about. 0: not published yet.
ALTER TABLE deal ADD COLUMN public_price @INT NOT NULL DEFAULT 0;
ALTER TABLE deal ADD COLUMN public_payer @INT NOT NULL DEFAULT 0;
-- What the ad said beside title and price, and the album whose further pictures belong to it.
ALTER TABLE deal ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE deal ADD COLUMN album TEXT NOT NULL DEFAULT '';

-- Pictures of the goods, from the ad.
CREATE TABLE deal_photo (
	deal_id @INT NOT NULL REFERENCES deal (id),
	number @INT NOT NULL,
	file_id TEXT NOT NULL,
	PRIMARY KEY (deal_id, number)
) @STRICT;

-- What a piece of evidence is for: 1 a story, 2 the waybill, 3 the packing, 4 the goods with their code slip.
ALTER TABLE evidence ADD COLUMN purpose @INT NOT NULL DEFAULT 1;

-- A card in a chat where the bot is no member is named by inline_id instead of chat and message.
ALTER TABLE card ADD COLUMN inline_id TEXT NOT NULL DEFAULT '';

-- A ready card offered for what was typed after the bot's name in any chat, until it is sent there (deal_id then). Its
-- code is all that the card's link says: on which side its writer stands, and who pays the fee, nobody else can choose.
CREATE TABLE inline_offer (
	code TEXT PRIMARY KEY,
	person_id @INT NOT NULL REFERENCES person (id),
	seat @INT NOT NULL CHECK (seat IN (1, 2)),
	fee_payer @INT NOT NULL CHECK (fee_payer IN (1, 2, 3)),
	title TEXT NOT NULL,
	price @INT NOT NULL CHECK (price > 0),
	deal_id @INT NOT NULL DEFAULT 0,
	at_ms @INT NOT NULL
) @STRICT;
CREATE INDEX inline_offer_person ON inline_offer (person_id, at_ms);
CREATE INDEX inline_offer_price ON inline_offer (person_id, price);

-- Pictures that the channel already has, by the SHA-256 of their recipe.
CREATE TABLE picture (
	recipe_sha256 TEXT PRIMARY KEY,
	file_id TEXT NOT NULL,
	at_ms @INT NOT NULL
) @STRICT;
CREATE INDEX picture_at ON picture (at_ms);

-- A finished deal's receipt, confirmed by its code. Written once.
CREATE TABLE receipt (
	code TEXT PRIMARY KEY,
	deal_id @INT NOT NULL UNIQUE REFERENCES deal (id),
	at_ms @INT NOT NULL
) @STRICT;
