-- `/balance` reads a worker's pay that waits: by the worker alone it would read every answer they ever gave.
CREATE INDEX submissions_held_by_worker ON submissions (worker, project, id) WHERE held_until IS NOT NULL;
