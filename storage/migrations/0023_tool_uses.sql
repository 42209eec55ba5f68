-- Answers whose workers say that they used a tool. Paid as usual; their requester is told how many.
CREATE TABLE tool_uses (
  project BIGINT NOT NULL REFERENCES projects (id),
  submission BIGINT NOT NULL REFERENCES submissions (id),
  told_at BIGINT NOT NULL,
  PRIMARY KEY (project, submission)
);
