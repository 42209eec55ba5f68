-- The rules that need a procedure, in SQLite's words, by wing. The same rules: 0001_schema.postgresql.sql.
-- Each `…_new` stands against INSERT OR REPLACE, which would delete what is in its way without asking the triggers of
-- DELETE.

-- people ----------------------------------------------------------------------------------------

CREATE TRIGGER audit_new BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- projects --------------------------------------------------------------------------------------

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

-- work ------------------------------------------------------------------------------------------

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

-- money -----------------------------------------------------------------------------------------

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
CREATE TRIGGER transfers_post AFTER INSERT ON transfers BEGIN
  UPDATE accounts SET balance = balance - NEW.amount, version = version + 1 WHERE id = NEW.debit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT id, version, NEW.id, -NEW.amount, balance FROM accounts WHERE id = NEW.debit;
  UPDATE accounts SET balance = balance + NEW.amount, version = version + 1 WHERE id = NEW.credit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT id, version, NEW.id, NEW.amount, balance FROM accounts WHERE id = NEW.credit;
END;
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

-- A payout keeps its amounts, its account and its bank file; failed is the end, and after paid only failed may come.
CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts
WHEN (NEW.worker, NEW.number, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
  IS NOT (OLD.worker, OLD.number, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
  OR (OLD.file IS NOT NULL AND NEW.file IS NOT OLD.file)
  OR OLD.state = 'failed' OR (OLD.state = 'paid' AND NEW.state <> 'failed')
BEGIN SELECT RAISE(ABORT, 'a payout is not rewritten'); END;
CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;

-- fairness --------------------------------------------------------------------------------------

CREATE TRIGGER rejections_keep
BEFORE UPDATE OF submission, project, line, clause, reason, rejected_by, rejected_at, appeal_until ON rejections
BEGIN SELECT RAISE(ABORT, 'rejections are append-only'); END;
CREATE TRIGGER rejections_stay BEFORE DELETE ON rejections
BEGIN SELECT RAISE(ABORT, 'rejections are append-only'); END;

CREATE TRIGGER judgements_keep BEFORE UPDATE ON judgements WHEN OLD.state = 'given'
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
CREATE TRIGGER judgements_stay BEFORE DELETE ON judgements
BEGIN SELECT RAISE(ABORT, 'judgements are append-only'); END;
