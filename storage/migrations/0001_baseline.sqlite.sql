-- The rules that need a procedure, in SQLite's words, by area. The same rules: 0001_baseline.postgresql.sql.
-- Each `…_new` stands against INSERT OR REPLACE, which would delete what is in its way without asking the triggers of
-- DELETE.

-- people -----------------------------------------------------------------------------------------

CREATE TRIGGER audit_new BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- projects ---------------------------------------------------------------------------------------

-- What was launched pays no less than it did; a draft is its requester's to change.
CREATE TRIGGER projects_only_up BEFORE UPDATE OF pay, fee ON projects
WHEN OLD.state <> 'draft' AND (NEW.pay < OLD.pay OR NEW.fee < OLD.fee)
BEGIN SELECT RAISE(ABORT, 'pay only goes up'); END;

CREATE TRIGGER tasks_tally AFTER UPDATE OF state, gold ON tasks
WHEN (OLD.state = 'closed' AND OLD.gold IS NULL) <> (NEW.state = 'closed' AND NEW.gold IS NULL)
  OR (OLD.state <> 'draft' AND (OLD.gold IS NULL) <> (NEW.gold IS NULL))
BEGIN
  INSERT INTO progress_moves (project, tasks, gold, closed) VALUES (NEW.project,
    (NEW.gold IS NULL) - (OLD.gold IS NULL), (OLD.gold IS NULL) - (NEW.gold IS NULL),
    (NEW.state = 'closed' AND NEW.gold IS NULL) - (OLD.state = 'closed' AND OLD.gold IS NULL));
END;

CREATE TRIGGER pay_raises_new BEFORE INSERT ON pay_raises
WHEN EXISTS (SELECT 1 FROM pay_raises WHERE project = NEW.project AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'pay raises are append-only'); END;

CREATE TRIGGER pay_raises_keep BEFORE UPDATE ON pay_raises BEGIN SELECT RAISE(ABORT, 'pay raises are append-only'); END;
CREATE TRIGGER pay_raises_stay BEFORE DELETE ON pay_raises BEGIN SELECT RAISE(ABORT, 'pay raises are append-only'); END;

-- A task closes by answers, by gold or with its project: what closes it writes the event, so that no place forgets it.
CREATE TRIGGER tasks_webhook AFTER UPDATE OF state ON tasks
WHEN NEW.state = 'closed' AND OLD.state <> 'closed'
BEGIN
  INSERT INTO webhook_events (project, kind, subject)
  SELECT p.id, 'task.closed', NEW.id FROM projects p WHERE p.id = NEW.project
  AND EXISTS (SELECT 1 FROM webhooks w WHERE w.person = p.requester AND w.removed_at IS NULL);
END;

-- What workers have read stays as they read it.
CREATE TRIGGER project_versions_new BEFORE INSERT ON project_versions
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM project_versions WHERE project = NEW.project)
BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;

CREATE TRIGGER project_versions_keep BEFORE UPDATE ON project_versions
BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;

CREATE TRIGGER project_versions_stay BEFORE DELETE ON project_versions
BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;

-- work -------------------------------------------------------------------------------------------

-- What an answer had been stays; words may be erased with who said them.
CREATE TRIGGER corrections_new BEFORE INSERT ON corrections
WHEN EXISTS (SELECT 1 FROM corrections WHERE submission = NEW.submission AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

CREATE TRIGGER corrections_keep BEFORE UPDATE ON corrections
WHEN (NEW.submission, NEW.number, NEW.gold, NEW.made_at) IS NOT (OLD.submission, OLD.number, OLD.gold, OLD.made_at)
  OR NEW.answer IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

CREATE TRIGGER corrections_stay BEFORE DELETE ON corrections
BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;

CREATE TRIGGER openings_turn AFTER INSERT ON openings
WHEN NEW.gold = 0 AND NOT EXISTS (SELECT 1 FROM project_turns WHERE project = NEW.project)
BEGIN
  INSERT INTO project_turns (project, languages, answered_at)
  SELECT id, languages, 0 FROM projects WHERE id = NEW.project;
END;

-- money ------------------------------------------------------------------------------------------

CREATE TRIGGER accounts_new BEFORE INSERT ON accounts WHEN EXISTS (SELECT 1 FROM accounts WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM accounts WHERE name = NEW.name AND currency = NEW.currency)
BEGIN SELECT RAISE(ABORT, 'an account is unique and stays what it is'); END;

CREATE TRIGGER accounts_step BEFORE UPDATE OF balance, version ON accounts
WHEN NEW.version <> OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'a balance moves by one entry at a time'); END;

-- The name may change once, to one that names nobody.
CREATE TRIGGER accounts_same BEFORE UPDATE OF id, name, currency, overdraft ON accounts
WHEN (NEW.id, NEW.currency, NEW.overdraft) <> (OLD.id, OLD.currency, OLD.overdraft)
  OR (NEW.name <> OLD.name AND (NEW.name NOT LIKE '%:erased-%:%' OR OLD.name LIKE '%:erased-%:%'))
BEGIN SELECT RAISE(ABORT, 'an account stays what it is'); END;

CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;

CREATE TRIGGER transfers_new BEFORE INSERT ON transfers WHEN EXISTS (SELECT 1 FROM transfers WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM transfers WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM transfers WHERE reverses = NEW.reverses)
BEGIN SELECT RAISE(ABORT, 'a transfer is unique and stays: transfers are append-only'); END;

CREATE TRIGGER transfers_keep BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;
CREATE TRIGGER transfers_stay BEFORE DELETE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;

CREATE TRIGGER entries_new BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE account = NEW.account AND version = NEW.version)
  OR EXISTS (SELECT 1 FROM entries WHERE transfer = NEW.transfer AND account = NEW.account)
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

CREATE TRIGGER entries_true BEFORE INSERT ON entries
WHEN NOT EXISTS (SELECT 1 FROM accounts a JOIN transfers t ON t.id = NEW.transfer
  WHERE a.id = NEW.account AND a.version = NEW.version AND a.balance = NEW.balance
    AND ((t.debit = a.id AND NEW.amount = -t.amount) OR (t.credit = a.id AND NEW.amount = t.amount)))
BEGIN SELECT RAISE(ABORT, 'an entry belongs to its transfer'); END;

CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

CREATE TRIGGER hash_chain_new BEFORE INSERT ON hash_chain
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM hash_chain)
  OR EXISTS (SELECT 1 FROM hash_chain WHERE transfer = NEW.transfer)
BEGIN SELECT RAISE(ABORT, 'a seal follows the last one'); END;

CREATE TRIGGER hash_chain_keep BEFORE UPDATE ON hash_chain
BEGIN SELECT RAISE(ABORT, 'seals of the chain are append-only'); END;

CREATE TRIGGER hash_chain_stay BEFORE DELETE ON hash_chain
BEGIN SELECT RAISE(ABORT, 'seals of the chain are append-only'); END;

CREATE TRIGGER chain_heads_new BEFORE INSERT ON chain_heads
WHEN EXISTS (SELECT 1 FROM chain_heads WHERE day >= NEW.day)
  OR NOT EXISTS (SELECT 1 FROM hash_chain WHERE position = NEW.position AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a head is a seal of the chain, one a day'); END;

CREATE TRIGGER chain_heads_keep BEFORE UPDATE ON chain_heads
BEGIN SELECT RAISE(ABORT, 'heads of the chain are append-only'); END;

CREATE TRIGGER chain_heads_stay BEFORE DELETE ON chain_heads
BEGIN SELECT RAISE(ABORT, 'heads of the chain are append-only'); END;

-- A payout keeps its amounts, its account and its bank file; after paid only failed may come, after failed only paid,
-- and that of what was in a bank file.
CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts
WHEN (NEW.worker, NEW.number, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
  IS NOT (OLD.worker, OLD.number, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
  OR (OLD.file IS NOT NULL AND NEW.file IS NOT OLD.file)
  OR (OLD.state = 'failed' AND (NEW.state <> 'paid' OR OLD.file IS NULL))
  OR (OLD.state = 'paid' AND NEW.state <> 'failed')
BEGIN SELECT RAISE(ABORT, 'a payout is not rewritten'); END;

CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;

-- An issued invoice stays; the buyer's data goes when the time that accounts are kept is over.
CREATE TRIGGER invoices_new BEFORE INSERT ON invoices WHEN NEW.number <> (
  SELECT coalesce(max(number), 0) + 1 FROM invoices WHERE series = NEW.series AND year = NEW.year)
  OR EXISTS (SELECT 1 FROM invoices WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'an invoice has the next number'); END;

CREATE TRIGGER invoices_keep BEFORE UPDATE ON invoices WHEN NEW.buyer <> ''
  OR (NEW.id, NEW.series, NEW.year, NEW.number, NEW.person, NEW.corrects, NEW.currency, NEW.begins, NEW.ends, NEW.rule,
    NEW.rate, NEW.fees, NEW.net, NEW.vat, NEW.gross, NEW.seller, NEW.lines, NEW.issued_at)
  IS NOT (OLD.id, OLD.series, OLD.year, OLD.number, OLD.person, OLD.corrects, OLD.currency, OLD.begins, OLD.ends,
    OLD.rule, OLD.rate, OLD.fees, OLD.net, OLD.vat, OLD.gross, OLD.seller, OLD.lines, OLD.issued_at)
BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;

CREATE TRIGGER invoices_stay BEFORE DELETE ON invoices BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;

CREATE TRIGGER transfers_post AFTER INSERT ON transfers BEGIN
  UPDATE accounts SET balance = balance - NEW.amount, version = version + 1 WHERE id = NEW.debit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    VALUES (NEW.debit, (SELECT version FROM accounts WHERE id = NEW.debit), NEW.id, -NEW.amount,
      (SELECT balance FROM accounts WHERE id = NEW.debit));
  UPDATE accounts SET balance = balance + NEW.amount, version = version + 1 WHERE id = NEW.credit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    VALUES (NEW.credit, (SELECT version FROM accounts WHERE id = NEW.credit), NEW.id, NEW.amount,
      (SELECT balance FROM accounts WHERE id = NEW.credit));
END;

-- fairness ---------------------------------------------------------------------------------------

CREATE TRIGGER rejections_keep
BEFORE UPDATE OF submission, project, line, clause, reason, rejected_by, rejected_at, appeal_until ON rejections
BEGIN SELECT RAISE(ABORT, 'rejections are append-only'); END;

CREATE TRIGGER rejections_stay BEFORE DELETE ON rejections
BEGIN SELECT RAISE(ABORT, 'rejections are append-only'); END;

CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements WHEN OLD.state = 'given'
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;

CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;

CREATE TRIGGER board_posts_keep BEFORE UPDATE ON board_posts
WHEN (NEW.id, NEW.board, NEW.reply_to, NEW.author, NEW.month, NEW.digest, NEW.day, NEW.threshold)
  IS NOT (OLD.id, OLD.board, OLD.reply_to, OLD.author, OLD.month, OLD.digest, OLD.day, OLD.threshold)
  OR (NEW.body <> OLD.body AND NEW.body <> '') OR (NEW.salt <> OLD.salt AND NEW.salt <> '')
  OR (OLD.state <> 'shown' AND NEW.state <> OLD.state)
BEGIN SELECT RAISE(ABORT, 'posts are append-only'); END;

CREATE TRIGGER board_posts_stay BEFORE DELETE ON board_posts
BEGIN SELECT RAISE(ABORT, 'posts are append-only'); END;

CREATE TRIGGER board_log_new BEFORE INSERT ON board_log
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM board_log)
BEGIN SELECT RAISE(ABORT, 'a line of the log follows the last one'); END;

CREATE TRIGGER board_log_keep BEFORE UPDATE ON board_log
WHEN OLD.hash IS NOT NULL OR (NEW.position, NEW.post, NEW.kind, NEW.person, NEW.rule, NEW.day, NEW.digest)
  IS NOT (OLD.position, OLD.post, OLD.kind, OLD.person, OLD.rule, OLD.day, OLD.digest)
BEGIN SELECT RAISE(ABORT, 'the log of the board is append-only'); END;

CREATE TRIGGER board_log_stay BEFORE DELETE ON board_log
BEGIN SELECT RAISE(ABORT, 'the log of the board is append-only'); END;

CREATE TRIGGER board_heads_keep BEFORE UPDATE ON board_heads
BEGIN SELECT RAISE(ABORT, 'heads of the log are append-only'); END;

CREATE TRIGGER board_heads_stay BEFORE DELETE ON board_heads
BEGIN SELECT RAISE(ABORT, 'heads of the log are append-only'); END;

CREATE TRIGGER board_heads_new BEFORE INSERT ON board_heads
WHEN EXISTS (SELECT 1 FROM board_heads WHERE day >= NEW.day)
  OR NOT EXISTS (SELECT 1 FROM board_log WHERE position = NEW.position AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a head is a line of the log, one a day'); END;
