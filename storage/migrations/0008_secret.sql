-- What opens other people's doors, such as Vandar's tokens: sealed.
CREATE TABLE secret (
	id @ID,
	name TEXT NOT NULL UNIQUE,
	text TEXT NOT NULL
) @STRICT;
INSERT INTO secret (name, text) SELECT name, text FROM fact WHERE name IN ('vandar.access', 'vandar.refresh');
UPDATE fact SET text = '' WHERE name IN ('vandar.access', 'vandar.refresh');
