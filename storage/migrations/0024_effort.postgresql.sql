-- What was launched pays no less than it did; a draft is its requester's to change. Also: 0024_effort.sqlite.sql.
CREATE OR REPLACE FUNCTION projects_only_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' AND (NEW.pay < OLD.pay OR NEW.fee < OLD.fee) THEN
    RAISE EXCEPTION 'pay only goes up' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
