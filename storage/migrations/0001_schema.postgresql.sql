-- The rules that need a procedure, in PostgreSQL's words, by wing. The same rules: 0001_schema.sqlite.sql.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- TRUNCATE asks the triggers of no row: `…_full` are its own.
CREATE FUNCTION never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- people ----------------------------------------------------------------------------------------

CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_full BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- projects --------------------------------------------------------------------------------------

-- What was launched pays no less than it did; a draft is its requester's to change.
CREATE FUNCTION projects_only_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW.pay < OLD.pay OR NEW.fee < OLD.fee) THEN
    RAISE EXCEPTION 'pay only goes up' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_only_up BEFORE UPDATE OF pay, fee ON projects
FOR EACH ROW EXECUTE FUNCTION projects_only_up();

CREATE FUNCTION tasks_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO progress_moves (project, tasks, gold, closed) VALUES (NEW.project,
    (NEW.gold IS NULL)::int - (OLD.gold IS NULL)::int, (OLD.gold IS NULL)::int - (NEW.gold IS NULL)::int,
    (NEW.state = 'closed' AND NEW.gold IS NULL)::int - (OLD.state = 'closed' AND OLD.gold IS NULL)::int);
  RETURN NULL;
END $$;
CREATE TRIGGER tasks_tally AFTER UPDATE OF state, gold ON tasks FOR EACH ROW
  WHEN ((OLD.state = 'closed' AND OLD.gold IS NULL) <> (NEW.state = 'closed' AND NEW.gold IS NULL)
    OR (OLD.state <> 'draft' AND (OLD.gold IS NULL) <> (NEW.gold IS NULL)))
  EXECUTE FUNCTION tasks_tally();

CREATE TRIGGER pay_raises_keep BEFORE UPDATE OR DELETE ON pay_raises FOR EACH ROW EXECUTE FUNCTION append_only();

-- work ------------------------------------------------------------------------------------------

-- What an answer had been stays; words may be erased with who said them.
CREATE TRIGGER corrections_keep BEFORE UPDATE ON corrections FOR EACH ROW
  WHEN ((NEW.submission, NEW.number, NEW.gold, NEW.made_at) IS DISTINCT FROM
    (OLD.submission, OLD.number, OLD.gold, OLD.made_at) OR NEW.answer IS NOT NULL)
  EXECUTE FUNCTION append_only();
CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION append_only();

-- The sequence begins behind the row that is there from the start.
SELECT setval('returned_places_id_seq', 1);

-- money -----------------------------------------------------------------------------------------

CREATE FUNCTION accounts_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <> OLD.version + 1 AND (NEW.version, NEW.balance) IS DISTINCT FROM (OLD.version, OLD.balance) THEN
    RAISE EXCEPTION 'a balance moves by one entry at a time' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_step BEFORE UPDATE OF balance, version ON accounts FOR EACH ROW
  WHEN (NEW.version <> OLD.version + 1 AND (NEW.version, NEW.balance) IS DISTINCT FROM (OLD.version, OLD.balance))
  EXECUTE FUNCTION accounts_step();

-- The name may change once, to one that names nobody.
CREATE FUNCTION accounts_same() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an account stays what it is' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_same BEFORE UPDATE OF id, name, currency, overdraft ON accounts FOR EACH ROW
  WHEN ((NEW.id, NEW.currency, NEW.overdraft) IS DISTINCT FROM (OLD.id, OLD.currency, OLD.overdraft)
    OR (NEW.name <> OLD.name AND (NEW.name NOT LIKE '%:erased-%:%' OR OLD.name LIKE '%:erased-%:%')))
  EXECUTE FUNCTION accounts_same();
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER accounts_full BEFORE TRUNCATE ON accounts FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- A transfer is posted by one statement: both rows are locked in one order, so that two transfers between the same
-- accounts never wait for each other in a circle, then moved, and noted in their entries.
CREATE FUNCTION transfers_post() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER transfers_post AFTER INSERT ON transfers FOR EACH ROW EXECUTE FUNCTION transfers_post();
CREATE TRIGGER transfers_keep BEFORE UPDATE OR DELETE ON transfers FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER transfers_full BEFORE TRUNCATE ON transfers FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- What transfers_post writes is true by construction; any other writer is checked.
CREATE FUNCTION entries_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM accounts a JOIN transfers t ON t.id = NEW.transfer
    WHERE a.id = NEW.account AND a.version = NEW.version AND a.balance = NEW.balance
      AND ((t.debit = a.id AND NEW.amount = -t.amount) OR (t.credit = a.id AND NEW.amount = t.amount))) THEN
    RAISE EXCEPTION 'an entry belongs to its transfer' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER entries_true BEFORE INSERT ON entries FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION entries_true();
CREATE TRIGGER entries_keep BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER entries_full BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- An account and a transfer are never deleted and keep their names (accounts_stay, accounts_same, transfers_keep):
-- transfers_post sees that they are there, in the same currency, and spares four checks of foreign keys a transfer.
ALTER TABLE transfers DROP CONSTRAINT transfers_debit_currency_fkey;
ALTER TABLE transfers DROP CONSTRAINT transfers_credit_currency_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_account_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_transfer_fkey;

CREATE FUNCTION hash_chain_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM hash_chain) THEN
    RAISE EXCEPTION 'a seal follows the last one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER hash_chain_new BEFORE INSERT ON hash_chain FOR EACH ROW EXECUTE FUNCTION hash_chain_new();
CREATE TRIGGER hash_chain_keep BEFORE UPDATE OR DELETE ON hash_chain FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER hash_chain_full BEFORE TRUNCATE ON hash_chain FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

CREATE FUNCTION chain_heads_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM chain_heads WHERE day >= NEW.day)
    OR NOT EXISTS (SELECT 1 FROM hash_chain WHERE position = NEW.position AND hash = NEW.hash) THEN
    RAISE EXCEPTION 'a head is a seal of the chain, one a day' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER chain_heads_new BEFORE INSERT ON chain_heads FOR EACH ROW EXECUTE FUNCTION chain_heads_new();
CREATE TRIGGER chain_heads_keep BEFORE UPDATE OR DELETE ON chain_heads FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER chain_heads_full BEFORE TRUNCATE ON chain_heads FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- A payout keeps its amounts, its account and its bank file; failed is the end, and after paid only failed may come.
CREATE FUNCTION payouts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.worker, NEW.number, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
    IS DISTINCT FROM
    (OLD.worker, OLD.number, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
    OR (OLD.file IS NOT NULL AND NEW.file IS DISTINCT FROM OLD.file)
    OR OLD.state = 'failed' OR (OLD.state = 'paid' AND NEW.state <> 'failed') THEN
    RAISE EXCEPTION 'a payout is not rewritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION payouts_guard();
CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts FOR EACH ROW EXECUTE FUNCTION append_only();

-- fairness --------------------------------------------------------------------------------------

CREATE TRIGGER rejections_keep
BEFORE DELETE OR UPDATE OF submission, project, line, clause, reason, rejected_by, rejected_at, appeal_until
ON rejections FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements
FOR EACH ROW WHEN (OLD.state = 'given') EXECUTE FUNCTION append_only();
