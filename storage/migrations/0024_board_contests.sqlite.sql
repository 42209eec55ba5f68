-- The log has lines of contests, too: SQLite changes a check by writing the table anew.
DROP TRIGGER board_heads_new;
CREATE TABLE board_log_anew (
  position INTEGER PRIMARY KEY,
  post INTEGER NOT NULL REFERENCES board_posts (id),
  kind TEXT NOT NULL
    CHECK (kind = 'posted' OR kind = 'hidden' OR kind = 'withdrawn' OR kind = 'reached'
      OR kind = 'answered' OR kind = 'unanswered' OR kind = 'lapsed' OR kind = 'contested'
      OR kind = 'restored' OR kind = 'upheld' OR kind = 'undecided'),
  person INTEGER REFERENCES people (id),
  rule INTEGER NOT NULL DEFAULT 0,
  day INTEGER NOT NULL,
  digest TEXT NOT NULL,
  hash TEXT
) STRICT;
INSERT INTO board_log_anew (position, post, kind, person, rule, day, digest, hash)
SELECT position, post, kind, person, rule, day, digest, hash FROM board_log ORDER BY position;
DROP TABLE board_log;
ALTER TABLE board_log_anew RENAME TO board_log;
CREATE INDEX board_log_by_post ON board_log (post, kind);
CREATE INDEX board_log_waiting ON board_log (position) WHERE hash IS NULL;

CREATE TRIGGER board_log_new BEFORE INSERT ON board_log
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM board_log)
BEGIN SELECT RAISE(ABORT, 'a line of the log follows the last one'); END;
CREATE TRIGGER board_log_keep BEFORE UPDATE ON board_log
WHEN OLD.hash IS NOT NULL OR (NEW.position, NEW.post, NEW.kind, NEW.person, NEW.rule, NEW.day, NEW.digest)
  IS NOT (OLD.position, OLD.post, OLD.kind, OLD.person, OLD.rule, OLD.day, OLD.digest)
BEGIN SELECT RAISE(ABORT, 'the log of the board is append-only'); END;
CREATE TRIGGER board_log_stay BEFORE DELETE ON board_log
BEGIN SELECT RAISE(ABORT, 'the log of the board is append-only'); END;
CREATE TRIGGER board_heads_new BEFORE INSERT ON board_heads
WHEN EXISTS (SELECT 1 FROM board_heads WHERE day >= NEW.day)
  OR NOT EXISTS (SELECT 1 FROM board_log WHERE position = NEW.position AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a head is a line of the log, one a day'); END;
