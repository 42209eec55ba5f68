-- A post that an admin hid, contested by whoever holds its pen: the text, sent again and checked against the digest,
-- until an admin has decided. `due` is the last day for that; `again` is the post as which it is shown again. Nothing
-- leads to a person. `settled` as in board_posts.
CREATE TABLE board_contests (
  post BIGINT PRIMARY KEY REFERENCES board_posts (id),
  body TEXT NOT NULL,
  due BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'restored', 'upheld', 'unanswered')),
  reason TEXT NOT NULL DEFAULT '',
  again BIGINT REFERENCES board_posts (id),
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  CHECK ((state = 'waiting') = (body <> '')),
  CHECK ((state = 'restored') = (again IS NOT NULL)),
  CHECK (state <> 'upheld' OR reason <> '')
);
CREATE INDEX board_contests_due ON board_contests (due) WHERE state = 'waiting';
CREATE INDEX board_contests_waiting ON board_contests (post) WHERE settled = 0;
CREATE INDEX board_contests_again ON board_contests (again) WHERE again IS NOT NULL;
