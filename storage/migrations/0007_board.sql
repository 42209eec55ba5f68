-- The board: one for the house (0) and one a project. Nothing here leads from a post to a person: `author` is the hash
-- of a pen, which is not kept; see docs/fairness.md.

-- `day` is its first moment: no hour is kept. `settled`: rewritten by a sweep, together with all others that waited, so
-- that it no longer shares a transaction with the person who wrote it.
-- Triggers: board_posts_* (never deleted; only the text and the salt may go, and the state change).
CREATE TABLE board_posts (
  id BIGSERIAL PRIMARY KEY,
  board BIGINT NOT NULL,
  reply_to BIGINT REFERENCES board_posts (id),
  author TEXT NOT NULL,
  month BIGINT NOT NULL,
  body TEXT NOT NULL,
  salt TEXT NOT NULL,
  digest TEXT NOT NULL,
  day BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('shown', 'hidden', 'withdrawn')),
  threshold BIGINT NOT NULL DEFAULT 0 CHECK (threshold >= 0),
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  CHECK (state = 'shown' OR body = '')
);
CREATE INDEX board_posts_by_board ON board_posts (board, id);
CREATE INDEX board_posts_by_thread ON board_posts (reply_to, id) WHERE reply_to IS NOT NULL;
CREATE INDEX board_posts_by_author ON board_posts (author, day);
CREATE INDEX board_posts_waiting ON board_posts (id) WHERE settled = 0;

-- What was done on the boards, each line sealed together with all before it.
-- Triggers: board_log_* (append-only; a line is sealed once).
CREATE TABLE board_log (
  position BIGINT PRIMARY KEY,
  post BIGINT NOT NULL REFERENCES board_posts (id),
  kind TEXT NOT NULL
    CHECK (kind IN ('posted', 'hidden', 'withdrawn', 'reached', 'answered', 'unanswered', 'lapsed')),
  person BIGINT REFERENCES people (id),
  rule BIGINT NOT NULL DEFAULT 0,
  day BIGINT NOT NULL,
  digest TEXT NOT NULL,
  hash TEXT
);
CREATE INDEX board_log_by_post ON board_log (post, kind);
CREATE INDEX board_log_waiting ON board_log (position) WHERE hash IS NULL;

-- Where the log stood when a day of the ledger's chain ended. Triggers: board_heads_* (append-only).
CREATE TABLE board_heads (
  day TEXT PRIMARY KEY REFERENCES chain_heads (day),
  position BIGINT NOT NULL,
  hash TEXT NOT NULL
);

-- How far somebody has read, and the month of the last pen they took there.
CREATE TABLE board_readers (
  person BIGINT NOT NULL REFERENCES people (id),
  board BIGINT NOT NULL,
  read_to BIGINT NOT NULL DEFAULT 0,
  pen_month BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (person, board)
);
-- How many pens of a board were handed over in a month: no more of them may have written or signed.
CREATE TABLE board_pens (
  board BIGINT NOT NULL,
  month BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  PRIMARY KEY (board, month)
);

CREATE TABLE board_petitions (
  post BIGINT PRIMARY KEY REFERENCES board_posts (id),
  board BIGINT NOT NULL,
  voices BIGINT NOT NULL DEFAULT 0,
  closes BIGINT NOT NULL,
  due BIGINT,
  answer TEXT,
  answered_on BIGINT,
  state TEXT NOT NULL CHECK (state IN ('open', 'lapsed', 'asked', 'answered', 'unanswered')),
  CHECK ((state IN ('asked', 'answered', 'unanswered')) = (due IS NOT NULL)),
  CHECK (state <> 'answered' OR answer IS NOT NULL)
);
CREATE INDEX board_petitions_running ON board_petitions (post) WHERE state IN ('open', 'asked');
-- One voice a pen; `signer` is its hash, as an author's.
CREATE TABLE board_signatures (
  post BIGINT NOT NULL REFERENCES board_petitions (post),
  signer TEXT NOT NULL,
  month BIGINT NOT NULL,
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  PRIMARY KEY (post, signer)
);
CREATE INDEX board_signatures_waiting ON board_signatures (post) WHERE settled = 0;

-- Letters of the board that have ended are deleted within minutes.
CREATE INDEX outbox_of_board_running ON outbox (ended_at)
  WHERE state <> 'waiting' AND screen >= 'fairness.Board' AND screen < 'fairness.Boare';

-- The hour of the board's digest, -1 for none, and the moment the next one is due.
ALTER TABLE preferences ADD COLUMN board_hour BIGINT NOT NULL DEFAULT -1 CHECK (board_hour BETWEEN -1 AND 23);
ALTER TABLE preferences ADD COLUMN digest_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX preferences_digest_waiting ON preferences (digest_at) WHERE board_hour >= 0;
CREATE INDEX drafts_by_journey ON drafts (journey, updated_at);
