-- A payout keeps its amounts, its account and its bank file; failed is the end, and after paid only failed may come.

CREATE FUNCTION payouts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.worker, NEW.turn, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
    IS DISTINCT FROM
    (OLD.worker, OLD.turn, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
    OR (OLD.file IS NOT NULL AND NEW.file IS DISTINCT FROM OLD.file)
    OR OLD.state = 'failed' OR (OLD.state = 'paid' AND NEW.state <> 'failed') THEN
    RAISE EXCEPTION 'a payout is not rewritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts FOR EACH ROW EXECUTE FUNCTION payouts_guard();
CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts FOR EACH ROW EXECUTE FUNCTION append_only();
