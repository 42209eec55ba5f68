-- A bank file's payouts are asked for as instant credit transfers (SCT Inst), or not: the file is the same each time.
ALTER TABLE bank_files ADD COLUMN instant BIGINT NOT NULL DEFAULT 0 CHECK (instant IN (0, 1));
