-- Agreement, results against gold and what gold changed, by a project's last refit. Read only where they are shown.
ALTER TABLE project_models ADD COLUMN figures TEXT;
