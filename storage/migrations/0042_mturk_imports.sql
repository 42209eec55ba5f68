-- Layouts that a requester brought: a question with placeholders; `amazon` is the id it had there, or its file's name.
CREATE TABLE turk_layouts (
  id BIGSERIAL PRIMARY KEY,
  requester BIGINT NOT NULL REFERENCES people (id),
  amazon TEXT NOT NULL,
  question TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  UNIQUE (requester, amazon)
);

-- Qualification types by the ids they had at Amazon, which programs have in their text.
CREATE TABLE turk_known_types (
  requester BIGINT NOT NULL REFERENCES people (id),
  amazon TEXT NOT NULL,
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  PRIMARY KEY (requester, amazon)
);

-- Values of workers of Amazon's, by a hash of their ids there: each can be claimed once.
CREATE TABLE turk_former_values (
  type BIGINT NOT NULL REFERENCES qualification_types (id),
  hash TEXT NOT NULL,
  value BIGINT NOT NULL,
  claimed_at BIGINT,
  PRIMARY KEY (type, hash)
);
