-- Who would like to exchange @usernames with the author of a post; deleted when answered, or after two weeks.
CREATE TABLE board_wishes (
  post BIGINT NOT NULL REFERENCES board_posts (id),
  person BIGINT NOT NULL REFERENCES people (id),
  day BIGINT NOT NULL,
  PRIMARY KEY (post, person)
);
CREATE INDEX board_wishes_by_person ON board_wishes (person);
CREATE INDEX board_wishes_by_day ON board_wishes (day);
-- Whether somebody exchanges contacts at all.
ALTER TABLE preferences ADD COLUMN contacts BIGINT NOT NULL DEFAULT 1 CHECK (contacts IN (0, 1));
