-- Fills a new store with :deals deals as a house has them after some years: most are over, a few in a hundred are open.
-- The first 1,000 are drafts of the people whom the sandbox's bench plays (outside ids from 1,000,000 on); everybody has
-- a few deals. Every clock ends in 2040, so that nothing is due while something else is measured.
-- The books have the shape and number of real ones; they are not meant for `separex audit`.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -400000;
PRAGMA foreign_keys = OFF;
CREATE TEMP TABLE day AS SELECT 1700000000000 AS past, 2208988800000 AS future;
BEGIN;

WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :deals / 2)
INSERT INTO person (id, channel, outside_id, name, username, language, reachable, iban, first_seen_ms)
SELECT i, 'telegram', CASE WHEN i <= 1000 THEN 999999 + i ELSE 5000000000 + i * 7919 % 2000000000 END,
	'رضا کریمی ' || i, 'user' || i, 'fa', 1, CASE WHEN i % 3 THEN '' ELSE printf('IR%024d', i) END, past
FROM n, day;

-- k, the place in a hundred, says how far a deal came: 1 draft, 2 to 6 under way, 7 to 85 completed, 86 to 90 refunded,
-- then cancelled or expired.
CREATE TEMP TABLE kind AS
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :deals)
SELECT i, CASE WHEN i <= 1000 THEN 1 ELSE i % 99 + 2 END AS k, (100000 + i % 4900 * 10000) * 10 AS price FROM n;

INSERT INTO deal (id, code, version, state, creator, buyer_id, seller_id, title, origin_chat, price, fee, fee_payer,
	inspection_h, ship_h, terms_hash, held, suspense, payable, refund, inflight, rest, carrier, tracking, created_ms,
	changed_ms, closed_ms)
SELECT i, printf('%08x', i * 2654435761 % 4294967296), CASE WHEN k = 1 THEN 1 WHEN k < 7 THEN k + 2 ELSE 9 END,
	CASE k WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 5 WHEN 4 THEN 8 WHEN 5 THEN 9 WHEN 6 THEN 10
	ELSE CASE WHEN k <= 85 THEN 20 WHEN k <= 90 THEN 21 WHEN k <= 95 THEN 23 ELSE 24 END END,
	2, CASE WHEN k = 1 THEN NULL ELSE (i + :deals / 6) % (:deals / 2) + 1 END, (i - 1) % (:deals / 2) + 1,
	'گوشی موبایل مدل ' || i, 0, price, price / 100, 3, 48, 72, printf('%064x', i),
	CASE WHEN k BETWEEN 4 AND 6 THEN price + price / 200 ELSE 0 END, 0, 0, 0, 0,
	CASE WHEN k < 4 THEN '{}' ELSE printf('{"buyer_agreed":1,"seller_agreed":1,"paid_in":%d}', price + price / 200) END,
	CASE WHEN k BETWEEN 5 AND 90 THEN 1 ELSE 0 END, CASE WHEN k BETWEEN 5 AND 90 THEN printf('%024d', i) ELSE '' END,
	past + i * 1000, past + i * 1000, CASE WHEN k < 7 THEN 0 ELSE past + i * 1000 END
FROM kind, day;

WITH steps (version, table_row, event, role, before, after) AS (VALUES (1, 1, 1, 2, 0, 1), (2, 2, 3, 2, 1, 2),
	(3, 3, 4, 1, 2, 2), (4, 5, 6, 1, 2, 4), (5, 7, 9, 8, 4, 5), (6, 9, 12, 6, 5, 8), (7, 20, 23, 2, 8, 9),
	(8, 26, 30, 1, 9, 10), (9, 28, 36, 1, 10, 17))
INSERT INTO deal_history (deal_id, version, table_row, event, role, actor_id, second_id, state_before, state_after, amount,
	note, at_ms)
SELECT deal.id, steps.version, table_row, event, role, CASE role WHEN 1 THEN buyer_id WHEN 2 THEN seller_id ELSE 0 END, 0,
	before, after, 0, '', created_ms
FROM deal JOIN steps ON steps.version <= deal.version;

INSERT INTO tracking_code (code, deal_id, at_ms) SELECT tracking, id, created_ms FROM deal WHERE tracking <> '';

INSERT INTO deal_timer (deal_id, kind, set_ms, due_ms, stage, next_ms)
SELECT i, CASE k WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 3 WHEN 4 THEN 6 WHEN 5 THEN 11 ELSE 12 END, past, future + i, 0,
	future + i
FROM kind, day WHERE k < 7;

INSERT INTO card (deal_id, place, chat_id, message_id)
SELECT deal.id, 1, outside_id, 100 + deal.id FROM deal JOIN person ON person.id = buyer_id
UNION ALL SELECT deal.id, 2, outside_id, 101 + deal.id FROM deal JOIN person ON person.id = seller_id;

-- Four decisions for a deal that ended well: paid in, released with the fee, sent out, arrived. Two for a refund.
CREATE TEMP TABLE decision AS
WITH names (number, name, least, most) AS (VALUES (0, 'pay', 4, 90), (1, 'release', 7, 85), (2, 'payout', 7, 85),
	(3, 'payout-done', 7, 85), (1, 'refund', 86, 90), (2, 'refund-done', 86, 90))
SELECT i, number, name, price, row_number() OVER () AS id FROM kind JOIN names ON k BETWEEN least AND most;
INSERT INTO ledger_set (id, natural_key, content, deal_id, at_ms)
SELECT id, name || ':' || i, '1 BANK:1 HOLD:' || i || ' ' || price, i, past + i * 1000 FROM decision, day;
INSERT INTO ledger_transfer (set_id, number, debit_kind, debit_id, credit_kind, credit_id, amount, code)
SELECT id, 0, CASE number WHEN 0 THEN 1 WHEN 1 THEN 3 ELSE 4 + number END, CASE number WHEN 0 THEN 1 ELSE i END,
	CASE number WHEN 0 THEN 3 WHEN 1 THEN 4 WHEN 2 THEN 6 ELSE 1 END, CASE number WHEN 3 THEN 1 ELSE i END, price,
	CASE number WHEN 0 THEN 1 WHEN 1 THEN 8 WHEN 2 THEN 11 ELSE 12 END FROM decision;
INSERT INTO ledger_transfer (set_id, number, debit_kind, debit_id, credit_kind, credit_id, amount, code)
SELECT id, 1, 3, i, 7, 1, price / 100, 9 FROM decision WHERE name = 'release';
INSERT INTO ledger_balance (kind, id, balance) SELECT 3, id, held FROM deal WHERE state BETWEEN 8 AND 21
UNION ALL SELECT 4, id, 0 FROM deal WHERE state = 20 UNION ALL SELECT 6, id, 0 FROM deal WHERE state = 20
UNION ALL SELECT 5, id, 0 FROM deal WHERE state = 21 UNION ALL SELECT 1, 1, 1000000000000 UNION ALL SELECT 7, 1, 1000000000000;

INSERT INTO payment (deal_id, page, gateway, order_id, amount, state, pay_url, ref, card_mask, paid, refunded, created_ms,
	changed_ms)
SELECT i, printf('p%031x', i), 'sandbox', printf('o%015x', i), price + price / 200,
	CASE k WHEN 3 THEN 2 ELSE 4 END, 'http://127.0.0.1/bank/pay?token=' || i, printf('%012d', i), '6037********' || i % 10000,
	CASE k WHEN 3 THEN 0 ELSE price + price / 200 END, 0, past, past
FROM kind, day WHERE k BETWEEN 3 AND 90;
INSERT INTO settlement (deal_id, kind, track_id, payment_id, person_id, iban, amount, state, reason, created_ms, changed_ms)
SELECT i, 1, printf('t%015x', i), NULL, (i - 1) % (:deals / 2) + 1, printf('IR%024d', i), price, 3, '', past, past
FROM kind, day WHERE k BETWEEN 7 AND 85;

-- A week of updates that were handled.
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :deals / 10)
INSERT INTO inbox (source, outside_id, seen_ms) SELECT 'telegram', -i, future FROM n, day;
COMMIT;
