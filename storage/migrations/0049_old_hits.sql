-- HITs by their end, for those that are disposed of 120 days later.
CREATE INDEX turk_hits_kept ON turk_hits (expires_at) WHERE disposed_at IS NULL AND open = 0;
