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
