-- What was promised when stays. Also: 0014_raises.postgresql.sql.
CREATE TRIGGER raises_new BEFORE INSERT ON raises
WHEN EXISTS (SELECT 1 FROM raises WHERE project = NEW.project AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'raises are append-only'); END;
CREATE TRIGGER raises_keep BEFORE UPDATE ON raises BEGIN SELECT RAISE(ABORT, 'raises are append-only'); END;
CREATE TRIGGER raises_stay BEFORE DELETE ON raises BEGIN SELECT RAISE(ABORT, 'raises are append-only'); END;
CREATE TRIGGER projects_only_up BEFORE UPDATE OF pay, fee ON projects
WHEN NEW.pay < OLD.pay OR NEW.fee < OLD.fee BEGIN SELECT RAISE(ABORT, 'pay only goes up'); END;
