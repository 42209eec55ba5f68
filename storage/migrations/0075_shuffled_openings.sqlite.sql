-- shuffle_key is a function of the program: storage/drivers/sqlite.py.
INSERT INTO secrets (name, value, made_at) VALUES ('choices', lower(hex(randomblob(32))), 0)
ON CONFLICT (name) DO NOTHING;
UPDATE openings SET shuffle_key = shuffle_key((SELECT value FROM secrets WHERE name = 'choices'), task);
