-- Transfers are posted by statement, not by row: accounts are locked in one order, each is moved once, and every entry has
-- the balance after it, as if they had been posted one after another.

DROP TRIGGER transfers_post ON transfers;
CREATE OR REPLACE FUNCTION transfers_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted BIGINT; posted BIGINT; below BIGINT;
BEGIN
  SELECT 2 * count(*) INTO wanted FROM made;
  IF wanted = 0 THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM accounts WHERE id IN (SELECT debit FROM made UNION SELECT credit FROM made)
  ORDER BY id FOR NO KEY UPDATE;
  WITH lines AS MATERIALIZED (
    SELECT a.id AS account, m.transfer, m.amount, a.overdraft, a.version + row_number() OVER past AS version,
      CAST(a.balance + sum(m.amount) OVER past AS BIGINT) AS balance,
      a.balance + sum(m.amount) OVER (PARTITION BY a.id) AS final
    FROM (SELECT debit AS account, currency, id AS transfer, -amount AS amount FROM made
      UNION ALL SELECT credit, currency, id, amount FROM made) m
    JOIN accounts a ON a.id = m.account AND a.currency = m.currency
    WINDOW past AS (PARTITION BY a.id ORDER BY m.transfer ROWS UNBOUNDED PRECEDING)),
  written AS (
    INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT account, version, transfer, amount, balance FROM lines)
  SELECT count(*), count(*) FILTER (WHERE balance < 0 AND overdraft = 0 AND final >= 0) INTO posted, below FROM lines;
  IF posted <> wanted THEN
    RAISE EXCEPTION 'a transfer moves money between two accounts of its currency: a foreign key'
      USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF below > 0 THEN
    RAISE EXCEPTION 'an account would be below zero in between: a check' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE accounts SET version = version + sums.lines, balance = balance + sums.total
  FROM (SELECT m.account, count(*) AS lines, sum(m.amount) AS total
    FROM (SELECT debit AS account, -amount AS amount FROM made UNION ALL SELECT credit, amount FROM made) m
    GROUP BY m.account) sums
  WHERE accounts.id = sums.account;
  RETURN NULL;
END $$;
CREATE TRIGGER transfers_post AFTER INSERT ON transfers REFERENCING NEW TABLE AS made
FOR EACH STATEMENT EXECUTE FUNCTION transfers_post();

-- Several entries at a time only where transfers_post writes them; anybody else moves a balance by one.
CREATE OR REPLACE FUNCTION accounts_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <= OLD.version OR pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'a balance moves by one entry at a time' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
