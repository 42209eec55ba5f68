-- Payments by card through Telegram. `account` is whose funds grow (a person's or a team's), `payer` who was asked to
-- pay. `charge` is Telegram's identifier of a payment that was made: it is booked once. `checked_at`: the last checkout
-- that was let through. `refunded` is the part that went back the way it came.
CREATE TABLE card_payments (
  id BIGSERIAL PRIMARY KEY,
  account BIGINT NOT NULL REFERENCES people (id),
  payer BIGINT NOT NULL REFERENCES people (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked', 'checked', 'paid', 'refunded')),
  asked_at BIGINT NOT NULL,
  open_until BIGINT NOT NULL CHECK (open_until > asked_at),
  checked_at BIGINT,
  paid_at BIGINT,
  charge TEXT UNIQUE,
  provider_charge TEXT NOT NULL DEFAULT '',
  transfer BIGINT UNIQUE REFERENCES transfers (id),
  refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND refunded <= amount),
  CHECK ((state = 'asked') = (checked_at IS NULL)),
  CHECK ((state = 'asked' OR state = 'checked') = (charge IS NULL)),
  CHECK ((charge IS NULL) = (transfer IS NULL)),
  CHECK ((charge IS NULL) = (paid_at IS NULL)),
  CHECK ((state = 'refunded') = (refunded = amount))
);
CREATE INDEX card_payments_by_payer ON card_payments (payer, id);

-- Payments that fit none of the above: nothing is booked until an admin decides. `total` is in the smallest unit of the
-- currency, as Telegram wrote it.
CREATE TABLE stray_card_payments (
  id BIGSERIAL PRIMARY KEY,
  charge TEXT NOT NULL UNIQUE,
  provider_charge TEXT NOT NULL,
  payer BIGINT NOT NULL REFERENCES people (id),
  total BIGINT NOT NULL,
  currency TEXT NOT NULL,
  payload TEXT NOT NULL,
  why TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'credited', 'returned')),
  received_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT REFERENCES people (id),
  transfer BIGINT UNIQUE REFERENCES transfers (id),
  CHECK ((state = 'waiting') = (decided_at IS NULL)),
  CHECK ((state = 'waiting') = (decided_by IS NULL)),
  CHECK ((state = 'credited') = (transfer IS NOT NULL))
);
CREATE INDEX stray_card_payments_waiting ON stray_card_payments (id) WHERE state = 'waiting';
CREATE INDEX stray_card_payments_by_payer ON stray_card_payments (payer, id);
