CREATE FUNCTION openings_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO project_turns (project, languages, answered_at)
  SELECT id, languages, 0 FROM projects WHERE id IN (SELECT project FROM fresh WHERE gold = 0)
  ON CONFLICT (project) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER openings_turn AFTER INSERT ON openings REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION openings_turn();
