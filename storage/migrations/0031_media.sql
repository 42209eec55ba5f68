-- Media that came in a ZIP beside a table. `content` is the hash of the bytes with the end of the name; `body` is a piece
-- of them in Base64.
CREATE TABLE media (
  content TEXT NOT NULL,
  part BIGINT NOT NULL,
  body TEXT NOT NULL,
  stored_at BIGINT NOT NULL,
  PRIMARY KEY (content, part)
);
CREATE INDEX media_old ON media (stored_at) WHERE part = 0;

-- Which project shows them: until it has ended, or its draft is gone.
CREATE TABLE project_media (
  project BIGINT NOT NULL REFERENCES projects (id),
  content TEXT NOT NULL,
  size BIGINT NOT NULL,
  linked_at BIGINT NOT NULL,
  PRIMARY KEY (project, content)
);
CREATE INDEX project_media_content ON project_media (content);
CREATE INDEX project_media_old ON project_media (linked_at);
