-- The key of the program that asked for the launch, one of the project's requester, NULL where a person did; and what it
-- cost then, NULL where nobody noted it.
ALTER TABLE first_looks ADD COLUMN api_key BIGINT;
ALTER TABLE first_looks ADD COLUMN price BIGINT;
