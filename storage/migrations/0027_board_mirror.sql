-- The boards in a Telegram group with topics, one way. Nothing here names a person.

-- The group an admin named: `chat` is its number once Telegram has told it. Posts after `after`, of days since `since`
-- that are over, are put in the queue below.
CREATE TABLE board_mirror (
  only_one BIGINT PRIMARY KEY CHECK (only_one = 1),
  place TEXT NOT NULL,
  chat BIGINT,
  title TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL,
  after BIGINT NOT NULL DEFAULT 0,
  since BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('named', 'on', 'stopped', 'off')),
  trouble TEXT NOT NULL DEFAULT '',
  held_until BIGINT NOT NULL DEFAULT 0,
  CHECK (state <> 'on' OR chat IS NOT NULL),
  CHECK ((state = 'stopped') = (trouble <> ''))
);
CREATE TABLE board_topics (
  chat BIGINT NOT NULL,
  board BIGINT NOT NULL,
  thread BIGINT NOT NULL,
  PRIMARY KEY (chat, board)
);
-- `message` shows the post there. Stale: the post has changed since. Lost: it can't be brought up to date.
CREATE TABLE board_mirrored (
  post BIGINT NOT NULL REFERENCES board_posts (id),
  chat BIGINT NOT NULL,
  message BIGINT,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'shown', 'stale', 'lost')),
  PRIMARY KEY (post, chat),
  CHECK (state IN ('waiting', 'lost') OR message IS NOT NULL)
);
CREATE INDEX board_mirrored_waiting ON board_mirrored (chat, post) WHERE state = 'waiting';
CREATE INDEX board_mirrored_stale_waiting ON board_mirrored (post, chat) WHERE state = 'stale';
CREATE INDEX board_posts_by_day ON board_posts (day, id);
