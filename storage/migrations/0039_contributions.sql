-- Social contributions of French micro-entrepreneurs. Who was asked for a SIRET, and gave one.
CREATE TABLE contributors (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  siret TEXT,
  asked_at BIGINT NOT NULL,
  given_at BIGINT,
  CHECK ((siret IS NULL) = (given_at IS NULL)),
  CHECK (siret IS NULL OR length(siret) = 14)
);

-- Rates as they were read in, hundredths of a percent; the newest of a month counts.
CREATE TABLE contribution_rates (
  siret TEXT NOT NULL,
  month TEXT NOT NULL CHECK (length(month) = 7),
  rate BIGINT NOT NULL CHECK (rate BETWEEN 0 AND 5000),
  read_at BIGINT NOT NULL,
  PRIMARY KEY (siret, month, read_at)
);

-- What was withheld of a payout, by which rate of which month.
CREATE TABLE contributions (
  payout BIGINT PRIMARY KEY REFERENCES payouts (id),
  siret TEXT NOT NULL,
  month TEXT NOT NULL,
  rate_month TEXT NOT NULL,
  rate BIGINT NOT NULL,
  gross BIGINT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount >= 0)
);

-- Declarations, and their lines: a payout once it is paid, and taken back (below zero) if it came back afterwards.
CREATE TABLE contribution_declarations (
  id BIGSERIAL PRIMARY KEY,
  made_at BIGINT NOT NULL,
  total BIGINT NOT NULL CHECK (total >= 0),
  transfer BIGINT REFERENCES transfers (id),
  paid_at BIGINT,
  CHECK ((transfer IS NULL) = (paid_at IS NULL))
);
CREATE TABLE contribution_lines (
  declaration BIGINT NOT NULL REFERENCES contribution_declarations (id),
  payout BIGINT NOT NULL REFERENCES contributions (payout),
  amount BIGINT NOT NULL,
  PRIMARY KEY (declaration, payout)
);
CREATE INDEX contribution_lines_of ON contribution_lines (payout);
