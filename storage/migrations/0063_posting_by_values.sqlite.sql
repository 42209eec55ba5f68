-- The same two movements and their two entries. SQLite keeps what an INSERT selects in a table of its own until its
-- triggers may run, a sixth of what a transfer took; single values are not kept.
DROP TRIGGER transfers_post;
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
