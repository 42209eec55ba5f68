-- What workers have read stays as they read it.
CREATE TRIGGER project_versions_new BEFORE INSERT ON project_versions
WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM project_versions WHERE project = NEW.project)
BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;
CREATE TRIGGER project_versions_keep BEFORE UPDATE ON project_versions
BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;
CREATE TRIGGER project_versions_stay BEFORE DELETE ON project_versions
BEGIN SELECT RAISE(ABORT, 'versions are append-only'); END;
