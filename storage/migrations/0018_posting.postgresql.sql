-- The same rules as before, asked less often. A transfer is posted by one statement: both rows are held in one order,
-- moved, and noted in their entries. It is the only writer of entries, so that what it writes is true by construction;
-- whoever else tries is checked as before. An account and a transfer are never deleted and keep their names
-- (accounts_stay, accounts_same, transfers_keep): that they are there, in the same currency, is seen while posting.
CREATE OR REPLACE FUNCTION transfers_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE posted BIGINT;
BEGIN
  WITH held AS MATERIALIZED (
    SELECT id FROM accounts WHERE id IN (NEW.debit, NEW.credit) AND currency = NEW.currency
    ORDER BY id FOR NO KEY UPDATE),
  moved AS (
    UPDATE accounts SET version = version + 1,
      balance = balance + CASE WHEN accounts.id = NEW.credit THEN NEW.amount ELSE -NEW.amount END
    FROM held WHERE accounts.id = held.id RETURNING accounts.id, version, balance)
  INSERT INTO entries (account, version, transfer, amount, balance)
  SELECT id, version, NEW.id, CASE WHEN id = NEW.credit THEN NEW.amount ELSE -NEW.amount END, balance FROM moved;
  GET DIAGNOSTICS posted = ROW_COUNT;
  IF posted <> 2 THEN
    RAISE EXCEPTION 'a transfer moves money between two accounts of its currency: a foreign key'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER accounts_step ON accounts;
CREATE TRIGGER accounts_step BEFORE UPDATE OF balance, version ON accounts FOR EACH ROW
  WHEN (NEW.version <> OLD.version + 1 AND (NEW.version, NEW.balance) IS DISTINCT FROM (OLD.version, OLD.balance))
  EXECUTE FUNCTION accounts_step();

DROP TRIGGER entries_true ON entries;
CREATE TRIGGER entries_true BEFORE INSERT ON entries FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION entries_true();

ALTER TABLE entries DROP CONSTRAINT entries_account_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_transfer_fkey;
ALTER TABLE transfers DROP CONSTRAINT transfers_debit_currency_fkey;
ALTER TABLE transfers DROP CONSTRAINT transfers_credit_currency_fkey;
