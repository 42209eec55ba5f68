-- What was launched pays no less than it did; a draft is its requester's to change. Also: 0024_effort.postgresql.sql.
DROP TRIGGER projects_only_up;
CREATE TRIGGER projects_only_up BEFORE UPDATE OF pay, fee ON projects
WHEN OLD.state <> 'draft' AND (NEW.pay < OLD.pay OR NEW.fee < OLD.fee)
BEGIN SELECT RAISE(ABORT, 'pay only goes up'); END;
