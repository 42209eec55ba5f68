INSERT INTO secrets (name, value, made_at)
VALUES ('choices', replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 0)
ON CONFLICT (name) DO NOTHING;

-- 62 bits of a hash, the same as in domain/draws.py.
CREATE FUNCTION shuffle_key(secret text, task bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ('x' || left(encode(sha256(convert_to(secret || ':' || task, 'UTF8')), 'hex'), 16))::bit(64)::bigint
    & 4611686018427387903
$$;
UPDATE openings SET shuffle_key = shuffle_key((SELECT value FROM secrets WHERE name = 'choices'), task);
