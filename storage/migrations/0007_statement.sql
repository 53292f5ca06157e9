-- What banks say of our accounts: the rows of their statements, each once.
CREATE TABLE statement_row (
	id @ID,
	account TEXT NOT NULL,
	row_key TEXT NOT NULL,
	day @INT NOT NULL,
	amount @INT NOT NULL CHECK (amount <> 0),
	words TEXT NOT NULL,
	state @INT NOT NULL,
	matched_id @INT NOT NULL DEFAULT 0,
	seen_ms @INT NOT NULL,
	UNIQUE (account, row_key)
) @STRICT;
CREATE INDEX statement_state ON statement_row (account, state, id);
CREATE INDEX statement_match ON statement_row (matched_id, state);

-- What is not zero: the live part of the books, for the daily proof.
CREATE INDEX ledger_balance_open ON ledger_balance (kind, balance) WHERE balance <> 0;
