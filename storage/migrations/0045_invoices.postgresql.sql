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
