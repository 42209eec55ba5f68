ALTER TABLE accounts DROP CONSTRAINT accounts_name_key;
ALTER TABLE accounts ADD UNIQUE (name, currency);

CREATE FUNCTION accounts_same() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an account stays what it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_same BEFORE UPDATE OF id, name, currency, overdraft ON accounts FOR EACH ROW
  WHEN ((NEW.id, NEW.name, NEW.currency, NEW.overdraft) IS DISTINCT FROM (OLD.id, OLD.name, OLD.currency, OLD.overdraft))
  EXECUTE FUNCTION accounts_same();

-- What was asked under the keys there are.
ALTER TABLE transfers DISABLE TRIGGER transfers_keep;
UPDATE transfers SET digest = encode(sha256(convert_to(kind || E'\n' || d.name || E'\n' || c.name || E'\n' || amount || E'\n'
  || transfers.currency || E'\n' || coalesce(CAST(project AS TEXT), '') || E'\n'
  || coalesce(CAST(submission AS TEXT), '') || E'\n' || coalesce(CAST(reverses AS TEXT), '') || E'\n' || memo, 'UTF8')),
  'hex')
FROM accounts d, accounts c WHERE d.id = transfers.debit AND c.id = transfers.credit;
ALTER TABLE transfers ENABLE TRIGGER transfers_keep;

CREATE FUNCTION seals_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM seals) THEN
    RAISE EXCEPTION 'a seal follows the last one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER seals_new BEFORE INSERT ON seals FOR EACH ROW EXECUTE FUNCTION seals_new();
CREATE TRIGGER seals_keep BEFORE UPDATE OR DELETE ON seals FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE FUNCTION heads_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM heads WHERE day >= NEW.day)
    OR NOT EXISTS (SELECT 1 FROM seals WHERE position = NEW.position AND hash = NEW.hash) THEN
    RAISE EXCEPTION 'a head is a seal of the chain, one a day' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER heads_new BEFORE INSERT ON heads FOR EACH ROW EXECUTE FUNCTION heads_new();
CREATE TRIGGER heads_keep BEFORE UPDATE OR DELETE ON heads FOR EACH ROW EXECUTE FUNCTION append_only();

-- TRUNCATE asks no row.
CREATE FUNCTION never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_full BEFORE TRUNCATE ON accounts FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
CREATE TRIGGER transfers_full BEFORE TRUNCATE ON transfers FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
CREATE TRIGGER entries_full BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
CREATE TRIGGER audit_full BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
CREATE TRIGGER seals_full BEFORE TRUNCATE ON seals FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
CREATE TRIGGER heads_full BEFORE TRUNCATE ON heads FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
