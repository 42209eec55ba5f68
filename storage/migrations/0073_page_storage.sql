-- What pages of a requester's HITs keep in a worker's browser (localStorage and cookies), which pages without an origin
-- cannot: one JSON document for each requester and worker.
CREATE TABLE turk_page_storage (
  requester BIGINT NOT NULL REFERENCES people (id),
  worker BIGINT NOT NULL REFERENCES people (id),
  content TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (requester, worker)
);
CREATE INDEX turk_page_storage_by_worker ON turk_page_storage (worker);
CREATE INDEX turk_page_storage_by_age ON turk_page_storage (changed_at);
