-- The rules that need a procedure, in SQLite's words. The same rules: 0001_house.postgresql.sql.

CREATE TRIGGER transfers_post AFTER INSERT ON transfers BEGIN
  UPDATE accounts SET balance = balance - NEW.amount, version = version + 1 WHERE id = NEW.debit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT id, version, NEW.id, -NEW.amount, balance FROM accounts WHERE id = NEW.debit;
  UPDATE accounts SET balance = balance + NEW.amount, version = version + 1 WHERE id = NEW.credit;
  INSERT INTO entries (account, version, transfer, amount, balance)
    SELECT id, version, NEW.id, NEW.amount, balance FROM accounts WHERE id = NEW.credit;
END;

CREATE TRIGGER accounts_step BEFORE UPDATE OF balance, version ON accounts
WHEN NEW.version <> OLD.version + 1 BEGIN SELECT RAISE(ABORT, 'a balance moves by one entry at a time'); END;
CREATE TRIGGER accounts_stay BEFORE DELETE ON accounts
BEGIN SELECT RAISE(ABORT, 'accounts are never deleted'); END;

CREATE TRIGGER transfers_keep BEFORE UPDATE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;
CREATE TRIGGER transfers_stay BEFORE DELETE ON transfers BEGIN SELECT RAISE(ABORT, 'transfers are append-only'); END;
CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_true BEFORE INSERT ON entries
WHEN NOT EXISTS (SELECT 1 FROM accounts a JOIN transfers t ON t.id = NEW.transfer
  WHERE a.id = NEW.account AND a.version = NEW.version AND a.balance = NEW.balance
    AND ((t.debit = a.id AND NEW.amount = -t.amount) OR (t.credit = a.id AND NEW.amount = t.amount)))
BEGIN SELECT RAISE(ABORT, 'an entry belongs to its transfer'); END;
CREATE TRIGGER audit_keep BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stay BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
