-- Only what was called off before it was sent has ended without a bank file.
ALTER TABLE payouts DROP CONSTRAINT payouts_check1;
ALTER TABLE payouts ADD CONSTRAINT payouts_file_check CHECK (state = 'failed' OR (state = 'requested') = (file IS NULL));

-- A payout keeps its amounts, its account and its bank file; after paid only failed may come, after failed only paid, and
-- that of what was in a bank file.
CREATE OR REPLACE FUNCTION payouts_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
