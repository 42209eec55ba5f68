-- The way money goes out: SEPA to an IBAN, or through Wise to an e-mail address, where `iban` holds the address and
-- `target` the currency that arrives. A bank file is of one way.
ALTER TABLE payees ADD COLUMN channel TEXT NOT NULL DEFAULT 'sepa' CHECK (channel IN ('sepa', 'wise'));
ALTER TABLE payees ADD COLUMN target TEXT NOT NULL DEFAULT '';
ALTER TABLE bank_files ADD COLUMN channel TEXT NOT NULL DEFAULT 'sepa' CHECK (channel IN ('sepa', 'wise'));
