-- When an outside authority saw a day's head (RFC 3161): its answer (DER) and the root certificate it was checked
-- against, both in base64; `stamped_at` is its clock. Without an answer yet: how often it was tried, when next, and why
-- not the last time.
CREATE TABLE head_timestamps (
  day TEXT PRIMARY KEY REFERENCES chain_heads (day),
  tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0),
  try_at BIGINT NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '',
  answer TEXT,
  root TEXT,
  stamped_at BIGINT,
  CHECK ((answer IS NULL) = (stamped_at IS NULL)),
  CHECK ((answer IS NULL) = (root IS NULL))
);
