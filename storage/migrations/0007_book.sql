-- The book keeps currencies apart (an account is a name in a currency: beside this file, for each database), knows what
-- was asked under a key, and is sealed. The inbox knows what it was given.

-- sha256 of what was asked: Transfer.digest in domain/ledger.py. Names and memo can be held against it.
ALTER TABLE transfers ADD COLUMN digest TEXT NOT NULL DEFAULT '';

-- The chain: each hash covers the one before it and one transfer with its two entries (storage/seals.py).
CREATE TABLE seals (
  position BIGINT PRIMARY KEY CHECK (position >= 1),
  transfer BIGINT NOT NULL UNIQUE REFERENCES transfers (id),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
);
-- Where the chain stood when a day (UTC) had ended: what others may keep, and compare with later.
CREATE TABLE heads (
  day TEXT PRIMARY KEY CHECK (length(day) = 10),
  position BIGINT NOT NULL REFERENCES seals (position),
  hash TEXT NOT NULL
);

-- Which updates were received: runs of numbers without a gap, a new one every day. What is in them is confirmed to
-- Telegram, which forgets it: the inbox must have it.
CREATE TABLE receipts (
  first_update BIGINT PRIMARY KEY,
  last_update BIGINT NOT NULL CHECK (last_update >= first_update),
  started_at BIGINT NOT NULL
);
CREATE INDEX receipts_by_last ON receipts (last_update);
