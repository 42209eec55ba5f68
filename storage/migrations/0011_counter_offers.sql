-- The pay at which a worker would accept a project's tasks: one voice a worker and project. `made_at` is their first.
CREATE TABLE counter_offers (
  project BIGINT NOT NULL REFERENCES projects (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  asked BIGINT NOT NULL CHECK (asked > 0),
  made_at BIGINT NOT NULL,
  PRIMARY KEY (project, worker)
);
CREATE INDEX counter_offers_by_worker ON counter_offers (worker);
CREATE INDEX enrolments_declined ON enrolments (project) WHERE declined = 1;
