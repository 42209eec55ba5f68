-- The rules that need a procedure, in PostgreSQL's words, by area. The same rules: 0001_baseline.sqlite.sql.

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- TRUNCATE asks the triggers of no row: `…_full` are its own.
CREATE FUNCTION never_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% are append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- 62 bits of a hash, the same as in domain/draws.py.
CREATE FUNCTION shuffle_key(secret text, task bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('x' || left(encode(sha256(convert_to(secret || ':' || task, 'UTF8')), 'hex'), 16))::bit(64)::bigint
    & 4611686018427387903
$$;

-- people -----------------------------------------------------------------------------------------

CREATE TRIGGER audit_keep BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER audit_full BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- projects ---------------------------------------------------------------------------------------

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

-- A task closes by answers, by gold or with its project: what closes it writes the event, so that no place forgets it.
CREATE FUNCTION webhook_task_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO webhook_events (project, kind, subject)
  SELECT p.id, 'task.closed', NEW.id FROM projects p WHERE p.id = NEW.project
  AND EXISTS (SELECT 1 FROM webhooks w WHERE w.person = p.requester AND w.removed_at IS NULL);
  RETURN NULL;
END $$;

CREATE TRIGGER tasks_webhook AFTER UPDATE OF state ON tasks FOR EACH ROW
WHEN (NEW.state = 'closed' AND OLD.state <> 'closed') EXECUTE FUNCTION webhook_task_closed();

-- What workers have read stays as they read it.
CREATE FUNCTION project_versions_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM project_versions WHERE project = NEW.project) THEN
    RAISE EXCEPTION 'versions are append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER project_versions_new BEFORE INSERT ON project_versions
FOR EACH ROW EXECUTE FUNCTION project_versions_new();

CREATE TRIGGER project_versions_keep BEFORE UPDATE OR DELETE ON project_versions
FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER project_versions_full BEFORE TRUNCATE ON project_versions
FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- work -------------------------------------------------------------------------------------------

-- What an answer had been stays; words may be erased with who said them.
CREATE TRIGGER corrections_keep BEFORE UPDATE ON corrections FOR EACH ROW
  WHEN ((NEW.submission, NEW.number, NEW.gold, NEW.made_at) IS DISTINCT FROM
    (OLD.submission, OLD.number, OLD.gold, OLD.made_at) OR NEW.answer IS NOT NULL)
  EXECUTE FUNCTION append_only();

CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE FUNCTION openings_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO project_turns (project, languages, answered_at)
  SELECT id, languages, 0 FROM projects WHERE id IN (SELECT project FROM fresh WHERE gold = 0)
  ON CONFLICT (project) DO NOTHING;
  RETURN NULL;
END $$;

CREATE TRIGGER openings_turn AFTER INSERT ON openings REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION openings_turn();

-- money ------------------------------------------------------------------------------------------

-- Several entries at a time only where transfers_post writes them; anybody else moves a balance by one.
CREATE FUNCTION accounts_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.version <= OLD.version OR pg_trigger_depth() < 2 THEN
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

-- A payout keeps its amounts, its account and its bank file; after paid only failed may come, after failed only paid,
-- and that of what was in a bank file.
CREATE FUNCTION payouts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.worker, NEW.number, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
    IS DISTINCT FROM
    (OLD.worker, OLD.number, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
    OR (OLD.file IS NOT NULL AND NEW.file IS DISTINCT FROM OLD.file)
    OR (OLD.state = 'failed' AND (NEW.state <> 'paid' OR OLD.file IS NULL))
    OR (OLD.state = 'paid' AND NEW.state <> 'failed') THEN
    RAISE EXCEPTION 'a payout is not rewritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION payouts_guard();

CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE FUNCTION transfers_post() RETURNS trigger LANGUAGE plpgsql AS $$
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

-- An issued invoice stays; the buyer's data goes when the time that accounts are kept is over.
CREATE FUNCTION invoices_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> (
    SELECT coalesce(max(number), 0) + 1 FROM invoices WHERE series = NEW.series AND year = NEW.year) THEN
    RAISE EXCEPTION 'an invoice has the next number' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER invoices_new BEFORE INSERT ON invoices FOR EACH ROW EXECUTE FUNCTION invoices_new();

CREATE FUNCTION invoices_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.buyer <> ''
    OR (NEW.id, NEW.series, NEW.year, NEW.number, NEW.person, NEW.corrects, NEW.currency, NEW.begins, NEW.ends,
      NEW.rule, NEW.rate, NEW.fees, NEW.net, NEW.vat, NEW.gross, NEW.seller, NEW.lines, NEW.issued_at)
    IS DISTINCT FROM (OLD.id, OLD.series, OLD.year, OLD.number, OLD.person, OLD.corrects, OLD.currency, OLD.begins,
      OLD.ends, OLD.rule, OLD.rate, OLD.fees, OLD.net, OLD.vat, OLD.gross, OLD.seller, OLD.lines,
      OLD.issued_at) THEN
    RAISE EXCEPTION 'an invoice is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER invoices_keep BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION invoices_keep();

CREATE TRIGGER invoices_stay BEFORE DELETE ON invoices FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER invoices_full BEFORE TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- fairness ---------------------------------------------------------------------------------------

CREATE TRIGGER rejections_keep
BEFORE DELETE OR UPDATE OF submission, project, line, clause, reason, rejected_by, rejected_at, appeal_until
ON rejections FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements
FOR EACH ROW WHEN (OLD.state = 'given') EXECUTE FUNCTION append_only();

CREATE FUNCTION board_posts_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.board, NEW.reply_to, NEW.author, NEW.month, NEW.digest, NEW.day, NEW.threshold)
    IS DISTINCT FROM (OLD.id, OLD.board, OLD.reply_to, OLD.author, OLD.month, OLD.digest, OLD.day, OLD.threshold)
    OR (NEW.body <> OLD.body AND NEW.body <> '') OR (NEW.salt <> OLD.salt AND NEW.salt <> '')
    OR (OLD.state <> 'shown' AND NEW.state <> OLD.state) THEN
    RAISE EXCEPTION 'posts are append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER board_posts_keep BEFORE UPDATE ON board_posts FOR EACH ROW EXECUTE FUNCTION board_posts_keep();

CREATE TRIGGER board_posts_stay BEFORE DELETE ON board_posts FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER board_posts_full BEFORE TRUNCATE ON board_posts FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

CREATE FUNCTION board_log_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM board_log) THEN
    RAISE EXCEPTION 'a line of the log follows the last one' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER board_log_new BEFORE INSERT ON board_log FOR EACH ROW EXECUTE FUNCTION board_log_new();

CREATE FUNCTION board_log_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.hash IS NOT NULL OR (NEW.position, NEW.post, NEW.kind, NEW.person, NEW.rule, NEW.day, NEW.digest)
    IS DISTINCT FROM (OLD.position, OLD.post, OLD.kind, OLD.person, OLD.rule, OLD.day, OLD.digest) THEN
    RAISE EXCEPTION 'the log of the board is append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER board_log_keep BEFORE UPDATE ON board_log FOR EACH ROW EXECUTE FUNCTION board_log_keep();

CREATE TRIGGER board_log_stay BEFORE DELETE ON board_log FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER board_log_full BEFORE TRUNCATE ON board_log FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

CREATE FUNCTION board_heads_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM board_heads WHERE day >= NEW.day)
    OR NOT EXISTS (SELECT 1 FROM board_log WHERE position = NEW.position AND hash = NEW.hash) THEN
    RAISE EXCEPTION 'a head is a line of the log, one a day' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER board_heads_new BEFORE INSERT ON board_heads FOR EACH ROW EXECUTE FUNCTION board_heads_new();

CREATE TRIGGER board_heads_keep BEFORE UPDATE OR DELETE ON board_heads FOR EACH ROW EXECUTE FUNCTION append_only();

CREATE TRIGGER board_heads_full BEFORE TRUNCATE ON board_heads FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();

-- references that the posting's own function checks ----------------------------------------------

ALTER TABLE transfers DROP CONSTRAINT transfers_debit_currency_fkey;
ALTER TABLE transfers DROP CONSTRAINT transfers_credit_currency_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_account_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_transfer_fkey;

-- rows that are always there ---------------------------------------------------------------------

SELECT setval('returned_places_id_seq', 1);
