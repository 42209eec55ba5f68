CREATE TRIGGER openings_turn AFTER INSERT ON openings
WHEN NEW.gold = 0 AND NOT EXISTS (SELECT 1 FROM project_turns WHERE project = NEW.project)
BEGIN
  INSERT INTO project_turns (project, languages, answered_at)
  SELECT id, languages, 0 FROM projects WHERE id = NEW.project;
END;
