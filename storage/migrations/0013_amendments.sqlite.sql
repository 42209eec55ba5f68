-- What an answer had been stays; words may be forgotten with who said them. Also: 0013_amendments.postgresql.sql.
CREATE TRIGGER amendments_new BEFORE INSERT ON amendments
WHEN EXISTS (SELECT 1 FROM amendments WHERE submission = NEW.submission AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'amendments are append-only'); END;
CREATE TRIGGER amendments_keep BEFORE UPDATE ON amendments
WHEN (NEW.submission, NEW.number, NEW.gold, NEW.made_at) IS NOT (OLD.submission, OLD.number, OLD.gold, OLD.made_at)
  OR NEW.answer IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'amendments are append-only'); END;
CREATE TRIGGER amendments_stay BEFORE DELETE ON amendments
BEGIN SELECT RAISE(ABORT, 'amendments are append-only'); END;
