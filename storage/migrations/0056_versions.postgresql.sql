-- What workers have read stays as they read it.
CREATE FUNCTION project_versions_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM project_versions WHERE project = NEW.project) THEN
    RAISE EXCEPTION 'versions are append-only' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER project_versions_new BEFORE INSERT ON project_versions
FOR EACH ROW EXECUTE FUNCTION project_versions_new();
CREATE TRIGGER project_versions_keep BEFORE UPDATE OR DELETE ON project_versions
FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER project_versions_full BEFORE TRUNCATE ON project_versions
FOR EACH STATEMENT EXECUTE FUNCTION never_emptied();
