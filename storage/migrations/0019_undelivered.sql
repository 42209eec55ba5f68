-- Tasks that could not be shown as they are: Telegram refused their message, or could not load their picture.

-- `linked`: it was shown all the same, with a link in the picture's place. `seen`: the requester has decided about it.
CREATE TABLE undelivered (
  task BIGINT PRIMARY KEY REFERENCES tasks (id),
  project BIGINT NOT NULL REFERENCES projects (id),
  linked INTEGER NOT NULL,
  seen INTEGER NOT NULL DEFAULT 0,
  noted_at BIGINT NOT NULL
);
CREATE INDEX undelivered_of ON undelivered (project);

-- What waits for one person: said once, however often it is asked for in a burst.
CREATE INDEX outbox_said ON outbox (person, screen)
  WHERE state = 'waiting' AND key IS NULL AND live IS NULL AND edits IS NULL;
CREATE INDEX outbox_edits ON outbox (person, edits) WHERE state = 'waiting' AND edits IS NOT NULL;

-- Until now such a task stayed in its worker's hands, invisible, until its time was up: that is now.
UPDATE assignments SET deadline = offered_at + 1 WHERE state = 'active'
  AND id IN (SELECT assignment FROM outbox WHERE state = 'dropped' AND reason LIKE 'refused%' AND assignment IS NOT NULL)
  AND id NOT IN (SELECT assignment FROM outbox WHERE state = 'sent' AND assignment IS NOT NULL);
