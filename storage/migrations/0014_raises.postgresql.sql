-- What was promised when stays. Also: 0014_raises.sqlite.sql.
CREATE TRIGGER raises_keep BEFORE UPDATE OR DELETE ON raises FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE FUNCTION projects_only_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.pay < OLD.pay OR NEW.fee < OLD.fee THEN
    RAISE EXCEPTION 'pay only goes up' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER projects_only_up BEFORE UPDATE OF pay, fee ON projects
FOR EACH ROW EXECUTE FUNCTION projects_only_up();
