-- Each of several bots pushes to its own people: those of a bot that is refused, or has enough to send, are passed over.
DROP INDEX people_waiting;
CREATE INDEX people_waiting ON people (bot, served_at, id) WHERE idle = 1;
