-- Where a HIT type's events are told: an address (a webhook of its requester), or, without one, the requester's chat.
CREATE TABLE turk_notifications (
  type BIGINT PRIMARY KEY REFERENCES turk_hit_types (id),
  transport TEXT NOT NULL CHECK (transport IN ('Email', 'SQS', 'SNS')),
  version TEXT NOT NULL,
  events TEXT NOT NULL,
  webhook BIGINT,
  active BIGINT NOT NULL CHECK (active IN (0, 1))
);

-- What happened to HITs that have notifications or review policies, until a sweep has dealt with it.
CREATE TABLE turk_events (
  id BIGSERIAL PRIMARY KEY,
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  assignment BIGINT REFERENCES assignments (id),
  kind TEXT NOT NULL,
  at BIGINT NOT NULL
);

-- How many assignments a HIT had when it was Reviewable, which is told and reviewed once.
CREATE TABLE turk_reviewable (
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  assignments BIGINT NOT NULL,
  PRIMARY KEY (hit, assignments)
);

-- What review policies found and did. The subject is the HIT, or an answer of it.
CREATE TABLE turk_review_actions (
  id BIGSERIAL PRIMARY KEY,
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  level TEXT NOT NULL CHECK (level IN ('Assignment', 'HIT')),
  name TEXT NOT NULL,
  assignment BIGINT REFERENCES assignments (id),
  status TEXT NOT NULL,
  at BIGINT NOT NULL,
  result TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turk_review_actions_of ON turk_review_actions (hit, level, id);
CREATE INDEX turk_review_actions_intended ON turk_review_actions (id) WHERE status = 'Intended';
CREATE TABLE turk_review_results (
  id BIGSERIAL PRIMARY KEY,
  hit BIGINT NOT NULL REFERENCES turk_hits (id),
  level TEXT NOT NULL CHECK (level IN ('Assignment', 'HIT')),
  assignment BIGINT REFERENCES assignments (id),
  question TEXT,
  name TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE INDEX turk_review_results_of ON turk_review_results (hit, level, id);
