-- People who are to have a qualification once they come and want it: a keyed hash of their @name or number at Telegram.
CREATE TABLE awaited_names (
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  mark TEXT NOT NULL,
  value BIGINT NOT NULL,
  added_at BIGINT NOT NULL,
  PRIMARY KEY (type, mark)
);
CREATE INDEX awaited_names_of ON awaited_names (mark);
