-- What a requester has said of a project that is not made yet. Another question of the bot's does not take its place.
CREATE TABLE project_forms (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  data TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE INDEX project_forms_old ON project_forms (updated_at);
