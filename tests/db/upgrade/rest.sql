-- What full_book.h does not write: a row in every other table, with something in every column that later versions must
-- keep. In the schema of this version; test_upgrade.c takes of it what an earlier one had.
UPDATE person SET iban = 'IR062960000000100324200001', iban_changed_ms = 11, strikes = 2, reachable = 1, language_chosen = 1,
	emblem = 3, emblem_picked = 1, former_name = 'old', renamed_ms = 12, terms_version = 1, dark_pictures = 1, few_notices = 1,
	quiet_from_h = 23, quiet_to_h = 7, card_said = '4321', mobile = '09120000000', national_id = '0013542419', mobile_state = 2,
	iban_state = 2, owner_name = 'Sara Rezaei', sms_off = 1 WHERE id = 1;
UPDATE deal SET carrier = 1, tracking = '123456789012345678901234', ship_payer = 1, invited_id = 5, invited_name = 'reza',
	public_price = 9, public_payer = 1, description = 'as new', album = 'a1' WHERE id = 1;
INSERT INTO conversation (person_id, step, data, since_ms) VALUES (1, 'iban', '{"a":"ب"}', 13);
INSERT INTO cursor (source, position) VALUES ('telegram', 9007199254740993);
INSERT INTO inbox (source, outside_id, seen_ms) VALUES ('telegram', 77, 14);
INSERT INTO fact (name, number, text) VALUES ('heard', 15, ''), ('bot', 4242, 'separex_bot'),
	('vandar.configured', 0, 'hash');
INSERT INTO evidence (deal_id, person_id, role, text, file_id, file_kind, file_sha256, file_bytes, message_id, at_ms, purpose)
	VALUES (1, 2, 1, 'broken', 'F1', 'photo', printf('%064d', 1), 16, 17, 18, 2);
INSERT INTO tracking_code (code, deal_id, at_ms) VALUES ('123456789012345678901234', 1, 19);
INSERT INTO card (deal_id, place, chat_id, message_id, inline_id) VALUES (1, 1, 101, 20, ''), (1, 6, 0, 0, 'AQAA');
INSERT INTO work (kind, lane, chain, collapse, subject_id, payload, edition, state, due_ms, tries, reason, created_ms) VALUES
	(1, 1, 'telegram:101', 'card:1:1', 1, '{"kind":1}', 2, 1, 21, 3, 'slow', 22),
	(2, 0, 'settlement:1', '', 1, '{"op":9}', 0, 2, 23, 0, '', 24),
	(1, 2, 'telegram:102', '', 0, '{}', 0, 3, 25, 8, 'gone', 26);
INSERT INTO terms_accepted (person_id, version, at_ms) VALUES (1, 1, 27);
INSERT INTO blocked (person_id, other_id, at_ms) VALUES (1, 2, 28);
INSERT INTO deal_photo (deal_id, number, file_id) VALUES (1, 1, 'P1');
INSERT INTO inline_offer (code, person_id, seat, fee_payer, title, price, deal_id, at_ms) VALUES ('c1', 1, 2, 3, 'phone', 29, 1, 30);
INSERT INTO picture (recipe_sha256, file_id, at_ms) VALUES (printf('%064d', 2), 'F2', 31);
INSERT INTO receipt (code, deal_id, at_ms) VALUES ('GADN634FT5', 1, 32);
INSERT INTO staff_act (person_id, second_id, deal_id, act, detail, at_ms) VALUES (3, 4, 1, 'PAYOUT_APPROVED', 'x', 33);
INSERT INTO payout_batch (state, rows, sum, file_name, file_sha256, made_by, first_by, second_by, made_ms, approved_ms, sent_ms)
	VALUES (4, 1, 34, 'a.ccti', printf('%064d', 3), 3, 3, 4, 35, 36, 37);
INSERT INTO payout_batch_row (settlement_id, batch_id, number) VALUES (1, 1, 1);
INSERT INTO sms (person_id, deal_id, natural_key, event, money, token1, token2, state, provider, message_id, cost, created_ms,
	changed_ms) VALUES (1, 1, 'k', 'paid', 1, 'a', 'b', 2, 'smsir', '38', 39, 40, 41);
INSERT INTO statement_row (account, row_key, day, amount, words, state, matched_id, seen_ms) VALUES
	('bank', 'r1', 42, -43, 'w', 1, 0, 44);
INSERT INTO secret (name, text) VALUES ('vandar.access', 'A'), ('another', 'S');
