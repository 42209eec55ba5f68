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
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;
