-- A post of a board that readers reported, until an admin has decided about it, once. Who reported it is not kept, nor
-- when. `settled` as in board_posts.
CREATE TABLE board_reports (
  post BIGINT PRIMARY KEY REFERENCES board_posts (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'left', 'hidden', 'withdrawn')),
  settled BIGINT NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
);
CREATE INDEX board_reports_waiting ON board_reports (post) WHERE state = 'waiting';
CREATE INDEX board_reports_unsettled_waiting ON board_reports (post) WHERE settled = 0;
-- Of the version before, an admin's message is all that tells: its case has the post's number, and what was left stands
-- in the audit log.
INSERT INTO board_reports (post, state, settled)
SELECT p.id, 'waiting', 1 FROM board_posts p
WHERE p.state = 'shown'
  AND (EXISTS (SELECT 1 FROM live_messages l WHERE l.name = 'case:post:' || p.id || ':asked')
    OR EXISTS (SELECT 1 FROM outbox o WHERE o.live = 'case:post:' || p.id || ':asked'))
  AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.action = 'left' AND a.subject = 'post:' || p.id);

-- A draft's file without a row of names that anybody would know: how it is found again where its first row is a task
-- (JSON), so that it need not be sent again.
ALTER TABLE batches ADD COLUMN first_row TEXT;
