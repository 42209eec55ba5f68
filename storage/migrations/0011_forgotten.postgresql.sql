-- An account's name may change once, to one that names nobody. Also: 0011_forgotten.sqlite.sql.
DROP TRIGGER accounts_same ON accounts;
CREATE TRIGGER accounts_same BEFORE UPDATE OF id, name, currency, overdraft ON accounts FOR EACH ROW
  WHEN ((NEW.id, NEW.currency, NEW.overdraft) IS DISTINCT FROM (OLD.id, OLD.currency, OLD.overdraft)
    OR (NEW.name <> OLD.name AND (NEW.name NOT LIKE '%:erased-%:%' OR OLD.name LIKE '%:erased-%:%')))
  EXECUTE FUNCTION accounts_same();
