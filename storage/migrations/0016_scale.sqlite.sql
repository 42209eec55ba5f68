-- What moves a project's counts is noted as it happens. Also: 0016_scale.postgresql.sql.

CREATE TRIGGER tasks_tally AFTER UPDATE OF state, gold ON tasks
WHEN (OLD.state = 'closed' AND OLD.gold IS NULL) <> (NEW.state = 'closed' AND NEW.gold IS NULL)
  OR (OLD.state <> 'draft' AND (OLD.gold IS NULL) <> (NEW.gold IS NULL))
BEGIN
  INSERT INTO tally_moves (project, tasks, gold, closed) VALUES (NEW.project,
    (NEW.gold IS NULL) - (OLD.gold IS NULL), (OLD.gold IS NULL) - (NEW.gold IS NULL),
    (NEW.state = 'closed' AND NEW.gold IS NULL) - (OLD.state = 'closed' AND OLD.gold IS NULL));
END;

-- Numbers of places that come back begin behind those that were given to what came back before.
INSERT INTO returns (id, task) SELECT coalesce(max(position), 0) + 1, 0 FROM tasks;
