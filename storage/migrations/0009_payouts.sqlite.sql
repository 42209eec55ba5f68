-- A payout keeps its amounts, its account and its bank file; failed is the end, and after paid only failed may come.

CREATE TRIGGER payouts_guard BEFORE UPDATE ON payouts
WHEN (NEW.worker, NEW.turn, NEW.payee, NEW.currency, NEW.gross, NEW.withheld, NEW.fee, NEW.net, NEW.requested_at)
  IS NOT (OLD.worker, OLD.turn, OLD.payee, OLD.currency, OLD.gross, OLD.withheld, OLD.fee, OLD.net, OLD.requested_at)
  OR (OLD.file IS NOT NULL AND NEW.file IS NOT OLD.file)
  OR OLD.state = 'failed' OR (OLD.state = 'paid' AND NEW.state <> 'failed')
BEGIN SELECT RAISE(ABORT, 'a payout is not rewritten'); END;
CREATE TRIGGER payouts_stay BEFORE DELETE ON payouts BEGIN SELECT RAISE(ABORT, 'payouts are never deleted'); END;
