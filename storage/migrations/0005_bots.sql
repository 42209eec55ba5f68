-- Several bots over one database. Numbers of updates and messages, and ids of files, say which bot they are of
-- (domain/people/bots.py); those of the first bot are as Telegram gives them, so that no row changes.

-- `name` is the bot's in BOT_TOKENS; `refused_at`: Telegram has not accepted its token since then.
CREATE TABLE bots (
  id BIGINT PRIMARY KEY CHECK (id >= 1),
  name TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL DEFAULT '',
  refused_at BIGINT
);

-- Through which bot a person is written to unasked: the one with which they began, or that they started last.
ALTER TABLE people ADD COLUMN bot BIGINT NOT NULL DEFAULT 1;
-- Which bot sends a letter.
ALTER TABLE outbox ADD COLUMN bot BIGINT NOT NULL DEFAULT 1;
DROP INDEX outbox_waiting;
CREATE INDEX outbox_waiting ON outbox (lane, bot, id) WHERE state = 'waiting';

INSERT INTO bots (id, name, username)
SELECT 1, 'first', coalesce((SELECT value FROM settings WHERE name = 'bot'), '');
DELETE FROM settings WHERE name = 'bot';
