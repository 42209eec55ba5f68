-- What workers have chosen, and the moment at which a push may come, or may no longer come, to who waits for one.

-- Who has no row here has chosen nothing: every day from 8 to 22, as tasks come, of every kind.
CREATE TABLE preferences (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 127),
  begin_hour BIGINT NOT NULL CHECK (begin_hour BETWEEN 0 AND 23),
  end_hour BIGINT NOT NULL CHECK (end_hour BETWEEN 0 AND 23),
  zone TEXT NOT NULL,
  gap BIGINT NOT NULL CHECK (gap >= 0),
  goal_tasks BIGINT NOT NULL CHECK (goal_tasks >= 0),
  goal_money BIGINT NOT NULL CHECK (goal_money >= 0),
  currency TEXT NOT NULL,
  unwanted TEXT NOT NULL,
  languages TEXT NOT NULL,
  pushed_at BIGINT NOT NULL,
  reached_on BIGINT NOT NULL,
  CHECK (goal_tasks = 0 OR goal_money = 0)
);
-- 1 where there is a row in preferences: whoever has chosen nothing costs no look at it.
ALTER TABLE people ADD COLUMN choosy BIGINT NOT NULL DEFAULT 0 CHECK (choosy IN (0, 1));

-- Of who is idle (1, 2) the end of their hours, of who rests (0) the moment they wait again; NULL where neither.
ALTER TABLE people ADD COLUMN turns_at BIGINT;
UPDATE people SET turns_at = 0 WHERE idle > 0;
CREATE INDEX people_turning ON people (turns_at, served_at) WHERE turns_at IS NOT NULL;

-- 1: arrives without a sound, being outside its reader's hours and no answer to what they did.
ALTER TABLE outbox ADD COLUMN quiet BIGINT NOT NULL DEFAULT 0 CHECK (quiet IN (0, 1));
