-- Marks from 1 to 5 that workers give a requester. `counted`: part of the figures shown; `changed`: not as it is there.
CREATE TABLE ratings (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  pay BIGINT NOT NULL CHECK (pay >= 1 AND pay <= 5),
  fairness BIGINT NOT NULL CHECK (fairness >= 1 AND fairness <= 5),
  clarity BIGINT NOT NULL CHECK (clarity >= 1 AND clarity <= 5),
  speed BIGINT NOT NULL CHECK (speed >= 1 AND speed <= 5),
  counted BIGINT NOT NULL DEFAULT 0 CHECK (counted IN (0, 1)),
  changed BIGINT NOT NULL DEFAULT 1 CHECK (changed IN (0, 1)),
  PRIMARY KEY (requester, worker),
  CHECK (requester <> worker),
  CHECK (counted = 1 OR changed = 1)
);
CREATE INDEX ratings_by_worker ON ratings (worker);
CREATE INDEX ratings_waiting ON ratings (requester) WHERE changed = 1;

-- Sums of a requester's ratings: of those there are, and of the figures shown (`shown` ratings, 0 none). `gone`: ratings
-- in the figures shown that were deleted since. `reply`: the requester's one reply.
CREATE TABLE rating_sums (
  requester BIGINT PRIMARY KEY REFERENCES people (id),
  ratings BIGINT NOT NULL DEFAULT 0 CHECK (ratings >= 0),
  pay BIGINT NOT NULL DEFAULT 0,
  fairness BIGINT NOT NULL DEFAULT 0,
  clarity BIGINT NOT NULL DEFAULT 0,
  speed BIGINT NOT NULL DEFAULT 0,
  gone BIGINT NOT NULL DEFAULT 0 CHECK (gone >= 0 AND gone <= shown),
  shown BIGINT NOT NULL DEFAULT 0 CHECK (shown = 0 OR shown >= 5),
  shown_pay BIGINT NOT NULL DEFAULT 0,
  shown_fairness BIGINT NOT NULL DEFAULT 0,
  shown_clarity BIGINT NOT NULL DEFAULT 0,
  shown_speed BIGINT NOT NULL DEFAULT 0,
  reply TEXT CHECK (length(reply) >= 1)
);

-- Workers to be asked for a rating, once for each requester: at `due_at`, NULL once that was done.
CREATE TABLE rating_asks (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  due_at BIGINT,
  PRIMARY KEY (requester, worker)
);
CREATE INDEX rating_asks_by_worker ON rating_asks (worker);
CREATE INDEX rating_asks_waiting ON rating_asks (due_at) WHERE due_at IS NOT NULL;

-- Ended projects whose workers are still to be asked from `due_at` on; those up to `worker` are on the list.
CREATE TABLE rating_rounds (
  project BIGINT PRIMARY KEY REFERENCES projects (id),
  due_at BIGINT NOT NULL,
  worker BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX rating_rounds_waiting ON rating_rounds (due_at);
