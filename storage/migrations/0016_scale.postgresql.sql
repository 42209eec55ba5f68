-- What moves a project's counts is noted as it happens. Also: 0016_scale.sqlite.sql.

CREATE FUNCTION tasks_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tally_moves (project, tasks, gold, closed) VALUES (NEW.project,
    (NEW.gold IS NULL)::int - (OLD.gold IS NULL)::int, (OLD.gold IS NULL)::int - (NEW.gold IS NULL)::int,
    (NEW.state = 'closed' AND NEW.gold IS NULL)::int - (OLD.state = 'closed' AND OLD.gold IS NULL)::int);
  RETURN NULL;
END $$;
CREATE TRIGGER tasks_tally AFTER UPDATE OF state, gold ON tasks FOR EACH ROW
  WHEN ((OLD.state = 'closed' AND OLD.gold IS NULL) <> (NEW.state = 'closed' AND NEW.gold IS NULL)
    OR (OLD.state <> 'draft' AND (OLD.gold IS NULL) <> (NEW.gold IS NULL)))
  EXECUTE FUNCTION tasks_tally();

-- Numbers of places that come back begin behind those that were given to what came back before. The row is there for a
-- backup: it holds rows, not sequences.
INSERT INTO returns (id, task) SELECT coalesce(max(position), 0) + 1, 0 FROM tasks;
SELECT setval('returns_id_seq', max(id)) FROM returns;
