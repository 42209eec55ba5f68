-- Whether a project's confidence is the one that is usual beside models, as its form named none. Which it was is no
-- longer known of older projects: of those that have the usual one it is assumed, as before.
ALTER TABLE projects ADD COLUMN usual_confidence BIGINT NOT NULL DEFAULT 0 CHECK (usual_confidence IN (0, 1));
UPDATE projects SET usual_confidence = 1
WHERE models <> '[]' AND confidence = CASE
  WHEN overlap <= 4 THEN 0.7 WHEN overlap <= 6 THEN 0.79 WHEN overlap <= 8 THEN 0.86 WHEN overlap <= 10 THEN 0.9
  WHEN overlap <= 12 THEN 0.93 WHEN overlap <= 14 THEN 0.95 WHEN overlap <= 16 THEN 0.97 ELSE 0.98 END;
