-- What was filed under DAC7: messages, and in each the documents of sellers and of the operator (without a person). The
-- quarters' bounds stay with the message, so that what it tells can be recomputed from the ledger.
CREATE TABLE tax_messages (
  id BIGSERIAL PRIMARY KEY,
  year BIGINT NOT NULL,
  form TEXT NOT NULL CHECK (form IN ('dpi', 'fr')),
  reference TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('DPI401', 'DPI402', 'DPI403')),
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  keep_until BIGINT NOT NULL
);
CREATE INDEX tax_messages_of ON tax_messages (year, form);
CREATE INDEX tax_messages_kept ON tax_messages (keep_until);

-- `digest` is a keyed hash of all the document tells; `sealed` are the answers as they were filed.
CREATE TABLE tax_documents (
  message BIGINT NOT NULL REFERENCES tax_messages (id),
  person BIGINT REFERENCES people (id),
  currency TEXT NOT NULL,
  indicator TEXT NOT NULL CHECK (indicator IN ('OECD1', 'OECD2', 'OECD3')),
  reference TEXT NOT NULL UNIQUE,
  corrects TEXT REFERENCES tax_documents (reference),
  digest TEXT NOT NULL,
  sealed TEXT,
  key_print TEXT,
  consideration BIGINT NOT NULL,
  fees BIGINT NOT NULL,
  withheld BIGINT NOT NULL,
  activities BIGINT NOT NULL,
  PRIMARY KEY (message, reference),
  CHECK ((indicator = 'OECD1') = (corrects IS NULL)),
  CHECK ((sealed IS NULL) = (key_print IS NULL))
);
CREATE INDEX tax_documents_of ON tax_documents (person, message);
CREATE INDEX tax_documents_sealed ON tax_documents (key_print) WHERE sealed IS NOT NULL;
CREATE INDEX tax_documents_corrects ON tax_documents (corrects) WHERE corrects IS NOT NULL;
