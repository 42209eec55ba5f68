-- In SQLite a table that loses a constraint is made anew; what refers to it goes by its name.
CREATE TABLE accounts_by_currency (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  balance INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 0,
  overdraft INTEGER NOT NULL DEFAULT 0 CHECK (overdraft IN (0, 1)),
  CHECK (balance >= 0 OR overdraft = 1),
  CHECK (overdraft = 0 OR name LIKE 'external:%'),
  UNIQUE (name, currency),
  UNIQUE (id, currency)
) STRICT;
INSERT INTO accounts_by_currency (id, name, currency, balance, version, overdraft)
SELECT id, name, currency, balance, version, overdraft FROM accounts;
DROP TABLE accounts;
ALTER TABLE accounts_by_currency RENAME TO accounts;

CREATE TRIGGER accounts_step BEFORE UPDATE OF balance, version ON accounts
WHEN NEW.version <> OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'a balance moves by one entry at a time'); END;
CREATE TRIGGER accounts_same BEFORE UPDATE OF id, name, currency, overdraft ON accounts
WHEN (NEW.id, NEW.name, NEW.currency, NEW.overdraft) <> (OLD.id, OLD.name, OLD.currency, OLD.overdraft)
BEGIN SELECT RAISE(ABORT, 'an account stays what it is'); END;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;

-- What was asked under the keys there are. sha256() is lent by storage/dialects.py.
DROP TRIGGER transfers_keep;
UPDATE transfers SET digest = (
  SELECT sha256(kind || '
' || d.name || '
' || c.name || '
' || amount || '
' || transfers.currency || '
' || coalesce(project, '') || '
' || coalesce(submission, '') || '
' || coalesce(reverses, '') || '
' || memo)
  FROM accounts d, accounts c WHERE d.id = transfers.debit AND c.id = transfers.credit);
CREATE TRIGGER transfers_keep BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;

-- INSERT OR REPLACE would delete what is in its way without a word to the triggers of DELETE.
CREATE TRIGGER accounts_new BEFORE INSERT ON accounts WHEN EXISTS (SELECT 1 FROM accounts WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM accounts WHERE name = NEW.name AND currency = NEW.currency)
BEGIN SELECT RAISE(ABORT, 'an account is unique and stays what it is'); END;
CREATE TRIGGER transfers_new BEFORE INSERT ON transfers WHEN EXISTS (SELECT 1 FROM transfers WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM transfers WHERE key = NEW.key)
  OR EXISTS (SELECT 1 FROM transfers WHERE reverses = NEW.reverses)
BEGIN SELECT RAISE(ABORT, 'a transfer is unique and stays: transfers are append-only'); END;
CREATE TRIGGER entries_new BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE account = NEW.account AND version = NEW.version)
  OR EXISTS (SELECT 1 FROM entries WHERE transfer = NEW.transfer AND account = NEW.account)
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER audit_new BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER seals_new BEFORE INSERT ON seals
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM seals)
  OR EXISTS (SELECT 1 FROM seals WHERE transfer = NEW.transfer)
BEGIN SELECT RAISE(ABORT, 'a seal follows the last one'); END;
CREATE TRIGGER seals_keep BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER seals_stay BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'seals are append-only'); END;
CREATE TRIGGER heads_new BEFORE INSERT ON heads
WHEN EXISTS (SELECT 1 FROM heads WHERE day >= NEW.day)
  OR NOT EXISTS (SELECT 1 FROM seals WHERE position = NEW.position AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'a head is a seal of the chain, one a day'); END;
CREATE TRIGGER heads_keep BEFORE UPDATE ON heads BEGIN SELECT RAISE(ABORT, 'heads are append-only'); END;
CREATE TRIGGER heads_stay BEFORE DELETE ON heads BEGIN SELECT RAISE(ABORT, 'heads are append-only'); END;
