CREATE TRIGGER board_posts_keep BEFORE UPDATE ON board_posts
WHEN (NEW.id, NEW.board, NEW.reply_to, NEW.author, NEW.month, NEW.digest, NEW.day, NEW.threshold)
  IS NOT (OLD.id, OLD.board, OLD.reply_to, OLD.author, OLD.month, OLD.digest, OLD.day, OLD.threshold)
  OR (NEW.body <> OLD.body AND NEW.body <> '') OR (NEW.salt <> OLD.salt AND NEW.salt <> '')
  OR (OLD.state <> 'shown' AND NEW.state <> OLD.state)
BEGIN SELECT RAISE(ABORT, 'posts are append-only'); END;
CREATE TRIGGER board_posts_stay BEFORE DELETE ON board_posts
BEGIN SELECT RAISE(ABORT, 'posts are append-only'); END;

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
CREATE TRIGGER board_heads_keep BEFORE UPDATE ON board_heads
BEGIN SELECT RAISE(ABORT, 'heads of the log are append-only'); END;
CREATE TRIGGER board_heads_stay BEFORE DELETE ON board_heads
BEGIN SELECT RAISE(ABORT, 'heads of the log are append-only'); END;
