-- A group that an admin named while another one shows the boards: that one goes on until this one is found.
CREATE TABLE board_mirror_wanted (
  only_one BIGINT PRIMARY KEY CHECK (only_one = 1),
  place TEXT NOT NULL,
  language TEXT NOT NULL
);
