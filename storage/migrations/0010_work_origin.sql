-- What a row of work was decided in, as the log names it: "update 17". For the log alone.
ALTER TABLE work ADD COLUMN origin TEXT NOT NULL DEFAULT '';
