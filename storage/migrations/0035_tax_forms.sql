-- The tax form of DAC7: when a person was asked, and their answers, encrypted under SECRETS_KEY. `key_print` names the
-- key, so that a new one finds what is left under an older. `keep_until`: of a person who was erased.
CREATE TABLE tax_forms (
  person BIGINT PRIMARY KEY REFERENCES people (id),
  asked_at BIGINT NOT NULL,
  reminders BIGINT NOT NULL DEFAULT 0 CHECK (reminders BETWEEN 0 AND 2),
  remind_at BIGINT,
  sealed TEXT,
  key_print TEXT,
  given_at BIGINT,
  changed_at BIGINT,
  keep_until BIGINT,
  CHECK ((sealed IS NULL) = (given_at IS NULL) AND (sealed IS NULL) = (key_print IS NULL)),
  CHECK (sealed IS NULL OR remind_at IS NULL)
);
CREATE INDEX tax_forms_reminding ON tax_forms (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX tax_forms_sealed ON tax_forms (key_print) WHERE sealed IS NOT NULL;
CREATE INDEX tax_forms_kept ON tax_forms (keep_until) WHERE keep_until IS NOT NULL;
