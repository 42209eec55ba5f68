-- The rules that need a procedure, in PostgreSQL's words. The same rules: 0001_house.sqlite.sql.

CREATE FUNCTION transfers_post() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- In one order, so that two transfers between the same accounts never wait for each other in a circle; and no
  -- stronger than the foreign keys of transfers, which have locked both rows already and share them.
  PERFORM 1 FROM accounts WHERE id IN (NEW.debit, NEW.credit) ORDER BY id FOR NO KEY UPDATE;
  UPDATE accounts SET balance = balance - NEW.amount, version = version + 1 WHERE id = NEW.debit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT id, version, NEW.id, -NEW.amount, balance FROM accounts WHERE id = NEW.debit;
  UPDATE accounts SET balance = balance + NEW.amount, version = version + 1 WHERE id = NEW.credit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT id, version, NEW.id, NEW.amount, balance FROM accounts WHERE id = NEW.credit;
  RETURN NULL;
END $$;
CREATE TRIGGER transfers_post AFTER INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION transfers_post();

CREATE FUNCTION accounts_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version + 1 AND (NEW.version, NEW.balance) IS DISTINCT FROM (OLD.version, OLD.balance) THEN
    RAISE EXCEPTION 'a balance moves by one entry at a time' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_step BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION accounts_step();

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER transfers_keep BEFORE UPDATE OR DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER entries_keep BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE FUNCTION entries_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM accounts a JOIN transfers t ON t.id = NEW.transfer
    WHERE a.id = NEW.account AND a.version = NEW.version AND a.balance = NEW.balance
      AND ((t.debit = a.id AND NEW.amount = -t.amount) OR (t.credit = a.id AND NEW.amount = t.amount))) THEN
    RAISE EXCEPTION 'an entry belongs to its transfer' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entries_true BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION entries_true();
