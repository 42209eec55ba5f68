-- What an answer had been stays; words may be forgotten with who said them. Also: 0013_amendments.sqlite.sql.
CREATE TRIGGER amendments_keep BEFORE UPDATE ON amendments FOR EACH ROW
  WHEN ((NEW.submission, NEW.number, NEW.gold, NEW.made_at) IS DISTINCT FROM
    (OLD.submission, OLD.number, OLD.gold, OLD.made_at) OR NEW.answer IS NOT NULL)
  EXECUTE FUNCTION append_only();
CREATE TRIGGER amendments_stay BEFORE DELETE ON amendments FOR EACH ROW EXECUTE FUNCTION append_only();
