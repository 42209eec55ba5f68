-- What leaves for workers' banks: whose account, what is on its way in which file, what is withheld.

-- In basis points of each payout; withheld for the authorities, off unless an admin says otherwise.
ALTER TABLE people ADD COLUMN withholding BIGINT NOT NULL DEFAULT 0 CHECK (withholding BETWEEN 0 AND 5000);

-- The one place where an IBAN is kept. Another account is another row: payouts go on naming the one they were asked for.
CREATE TABLE payees (
  id BIGSERIAL PRIMARY KEY,
  person BIGINT NOT NULL REFERENCES people (id),
  iban TEXT NOT NULL,
  holder TEXT NOT NULL,
  -- The IBAN under the house's own key: equal for equal accounts, and of no use elsewhere.
  fingerprint TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  usable_at BIGINT NOT NULL,
  -- Given up for another one before it was ever used.
  replaced_at BIGINT,
  CHECK (usable_at >= given_at)
);
CREATE INDEX payees_by_person ON payees (person, id);
CREATE INDEX payees_by_account ON payees (fingerprint);

-- Two people with one account, both ways round; `after_assignment` is the last assignment before that was known.
CREATE TABLE payee_mates (
  person BIGINT NOT NULL REFERENCES people (id),
  mate BIGINT NOT NULL REFERENCES people (id),
  after_assignment BIGINT NOT NULL,
  known_at BIGINT NOT NULL,
  PRIMARY KEY (person, mate),
  CHECK (person <> mate)
);

CREATE TABLE bank_files (
  id BIGSERIAL PRIMARY KEY,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  payer_name TEXT NOT NULL CHECK (payer_name <> ''),
  payer_iban TEXT NOT NULL CHECK (payer_iban <> ''),
  payer_bic TEXT NOT NULL CHECK (payer_bic <> ''),
  made_by BIGINT NOT NULL REFERENCES people (id),
  made_at BIGINT NOT NULL
);

CREATE TABLE payouts (
  id BIGSERIAL PRIMARY KEY,
  worker BIGINT NOT NULL REFERENCES people (id),
  -- Which of this worker's payouts it is: a button pressed twice asks for one.
  turn BIGINT NOT NULL CHECK (turn >= 1),
  payee BIGINT NOT NULL REFERENCES payees (id),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  gross BIGINT NOT NULL CHECK (gross > 0),
  withheld BIGINT NOT NULL CHECK (withheld >= 0),
  fee BIGINT NOT NULL DEFAULT 0 CHECK (fee >= 0),
  net BIGINT NOT NULL CHECK (net > 0 AND net % 10000 = 0),
  state TEXT NOT NULL CHECK (state IN ('requested', 'sent', 'paid', 'failed', 'unknown')),
  -- Given once and for good: what went into a bank file never goes into another.
  file BIGINT REFERENCES bank_files (id),
  reason TEXT NOT NULL DEFAULT '',
  requested_at BIGINT NOT NULL,
  decided_at BIGINT,
  CHECK (gross = net + withheld + fee),
  CHECK ((state = 'requested') = (file IS NULL)),
  CHECK ((state IN ('paid', 'failed')) = (decided_at IS NOT NULL)),
  CHECK (state <> 'failed' OR reason <> ''),
  UNIQUE (worker, turn)
);
CREATE INDEX payouts_requested ON payouts (currency, id) WHERE state = 'requested';
CREATE INDEX payouts_by_file ON payouts (file, id) WHERE file IS NOT NULL;
CREATE INDEX payouts_open ON payouts (file) WHERE state IN ('sent', 'unknown');
