-- What photos and voice messages are looked at for before they count: everything, where nothing is said.
ALTER TABLE projects ADD COLUMN checks TEXT NOT NULL DEFAULT '[]';
