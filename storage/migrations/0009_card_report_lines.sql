-- Lines of the card provider's report that were booked or matched, each once by the provider's own number. `fee` is what
-- the line says that the provider kept, negative where it gave back; `transfer` is the refund that the line booked, or
-- the payout that it is. A refund that was recorded by hand before has none.
CREATE TABLE card_report_lines (
  number TEXT PRIMARY KEY,
  category TEXT NOT NULL,
  currency TEXT NOT NULL,
  gross BIGINT NOT NULL,
  fee BIGINT NOT NULL,
  payment BIGINT REFERENCES card_payments (id),
  transfer BIGINT UNIQUE REFERENCES transfers (id),
  fee_transfer BIGINT UNIQUE REFERENCES transfers (id),
  booked_by BIGINT NOT NULL REFERENCES people (id),
  booked_at BIGINT NOT NULL,
  CHECK ((fee = 0) = (fee_transfer IS NULL))
);
CREATE INDEX card_report_lines_by_payment ON card_report_lines (payment) WHERE payment IS NOT NULL;
CREATE INDEX card_payments_by_provider_charge ON card_payments (provider_charge) WHERE provider_charge <> '';
CREATE INDEX stray_card_payments_by_provider_charge ON stray_card_payments (provider_charge)
WHERE provider_charge <> '';
