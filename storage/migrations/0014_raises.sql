-- What a letter about a task is found by: whether the task was ever shown, and in which message.
CREATE INDEX outbox_by_assignment ON outbox (assignment, id) WHERE assignment IS NOT NULL;
