-- An account's name may change once, to one that names nobody. Also: 0011_forgotten.postgresql.sql.
DROP TRIGGER accounts_same;
CREATE TRIGGER accounts_same BEFORE UPDATE OF id, name, currency, overdraft ON accounts
WHEN (NEW.id, NEW.currency, NEW.overdraft) <> (OLD.id, OLD.currency, OLD.overdraft)
  OR (NEW.name <> OLD.name AND (NEW.name NOT LIKE '%:erased-%:%' OR OLD.name LIKE '%:erased-%:%'))
BEGIN SELECT RAISE(ABORT, 'an account stays what it is'); END;
