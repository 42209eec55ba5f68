-- Workers elect stewards, who keep the link of the workers' group. A ballot is kept under the hash of a random number
-- that only its voter's message holds, as a post is.
CREATE TABLE elections (
  id BIGSERIAL PRIMARY KEY,
  opened BIGINT NOT NULL,
  votes_from BIGINT NOT NULL,
  closes BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
  papers BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX elections_running ON elections (state) WHERE state = 'open';
CREATE TABLE election_candidates (
  election BIGINT NOT NULL REFERENCES elections (id),
  person BIGINT NOT NULL REFERENCES people (id),
  votes BIGINT NOT NULL DEFAULT 0,
  elected BIGINT NOT NULL DEFAULT 0 CHECK (elected IN (0, 1)),
  PRIMARY KEY (election, person)
);
-- Who has taken a ballot paper; deleted when the election closes, `papers` stays.
CREATE TABLE election_voters (
  election BIGINT NOT NULL REFERENCES elections (id),
  person BIGINT NOT NULL REFERENCES people (id),
  PRIMARY KEY (election, person)
);
CREATE TABLE election_ballots (
  election BIGINT NOT NULL REFERENCES elections (id),
  voter TEXT NOT NULL,
  candidate BIGINT NOT NULL,
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  PRIMARY KEY (election, voter),
  FOREIGN KEY (election, candidate) REFERENCES election_candidates (election, person)
);
CREATE INDEX election_ballots_waiting ON election_ballots (election) WHERE settled = 0;
-- The link of the workers' group; one row.
CREATE TABLE worker_group (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  link TEXT NOT NULL
);
