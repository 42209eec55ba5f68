CREATE FUNCTION board_posts_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.board, NEW.reply_to, NEW.author, NEW.month, NEW.digest, NEW.day, NEW.threshold)
    IS DISTINCT FROM (OLD.id, OLD.board, OLD.reply_to, OLD.author, OLD.month, OLD.digest, OLD.day, OLD.threshold)
    OR (NEW.body <> OLD.body AND NEW.body <> '') OR (NEW.salt <> OLD.salt AND NEW.salt <> '')
    OR (OLD.state <> 'shown' AND NEW.state <> OLD.state) THEN
    RAISE EXCEPTION 'posts are append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER board_posts_keep BEFORE UPDATE ON board_posts FOR EACH ROW EXECUTE FUNCTION board_posts_keep();
CREATE TRIGGER board_posts_stay BEFORE DELETE ON board_posts FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER board_posts_full BEFORE TRUNCATE ON board_posts FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

CREATE FUNCTION board_log_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM board_log) THEN
    RAISE EXCEPTION 'a line of the log follows the last one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION board_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.hash IS NOT NULL OR (NEW.position, NEW.post, NEW.kind, NEW.person, NEW.rule, NEW.day, NEW.digest)
    IS DISTINCT FROM (OLD.position, OLD.post, OLD.kind, OLD.person, OLD.rule, OLD.day, OLD.digest) THEN
    RAISE EXCEPTION 'the log of the board is append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER board_log_new BEFORE INSERT ON board_log FOR EACH ROW EXECUTE FUNCTION board_log_new();
CREATE TRIGGER board_log_keep BEFORE UPDATE ON board_log FOR EACH ROW EXECUTE FUNCTION board_log_keep();
CREATE TRIGGER board_log_stay BEFORE DELETE ON board_log FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER board_log_full BEFORE TRUNCATE ON board_log FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

CREATE FUNCTION board_heads_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM board_heads WHERE day >= NEW.day)
    OR NOT EXISTS (SELECT 1 FROM board_log WHERE position = NEW.position AND hash = NEW.hash) THEN
    RAISE EXCEPTION 'a head is a line of the log, one a day' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER board_heads_new BEFORE INSERT ON board_heads FOR EACH ROW EXECUTE FUNCTION board_heads_new();
CREATE TRIGGER board_heads_keep BEFORE UPDATE OR DELETE ON board_heads FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER board_heads_full BEFORE TRUNCATE ON board_heads FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
