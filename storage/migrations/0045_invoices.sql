-- Whom a requester's invoices name. Without an answer (`buyer` is NULL) they were asked; `looked_until` is the end of
-- the last month that was looked at.
CREATE TABLE buyers (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  buyer TEXT,
  asked_at BIGINT NOT NULL,
  given_at BIGINT,
  looked_until BIGINT NOT NULL DEFAULT 0,
  CHECK ((buyer IS NULL) = (given_at IS NULL))
);
CREATE INDEX buyers_looked ON buyers (looked_until) WHERE buyer IS NOT NULL;

-- Invoices for fees, and credit notes: numbered without a gap by operator and year. What is printed stays as it was
-- issued; `fees` are exact, the rest is in whole cents. A credit note names the invoice it corrects.
CREATE TABLE invoices (
  id BIGSERIAL PRIMARY KEY,
  series TEXT NOT NULL,
  year BIGINT NOT NULL,
  number BIGINT NOT NULL CHECK (number > 0),
  person BIGINT NOT NULL REFERENCES people (id),
  corrects BIGINT REFERENCES invoices (id),
  currency TEXT NOT NULL,
  begins BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  rule TEXT NOT NULL CHECK (rule IN ('standard', 'franchise', 'reverse', 'outside')),
  rate BIGINT NOT NULL CHECK (rate BETWEEN 0 AND 5000),
  fees BIGINT NOT NULL CHECK (fees > 0),
  net BIGINT NOT NULL CHECK (net >= 0),
  vat BIGINT NOT NULL CHECK (vat >= 0),
  gross BIGINT NOT NULL CHECK (gross > 0),
  seller TEXT NOT NULL,
  buyer TEXT NOT NULL,
  lines TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  UNIQUE (series, year, number),
  CHECK (net + vat = gross),
  CHECK ((rule = 'standard') = (rate > 0)),
  CHECK (rate > 0 OR vat = 0),
  CHECK (begins < ends)
);
CREATE INDEX invoices_of ON invoices (person, currency, ends);
CREATE INDEX invoices_corrects ON invoices (corrects) WHERE corrects IS NOT NULL;
