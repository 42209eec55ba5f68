"""Papers for French and European offices: social contributions, tax forms and DAC7, invoices with VAT. `WING`: what
their messages are stored under."""

WING = "money"
