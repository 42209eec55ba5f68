"""Papers for French and European offices: invoices for fees with VAT. `WING`: what their messages are stored under."""

WING = "money"
