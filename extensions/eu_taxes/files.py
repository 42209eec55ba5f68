"""Files that are made when they are sent, and captions of files that admins send."""

from extensions.eu_taxes.jobs import invoices, withholding

MAKERS = {**invoices.MAKERS, "dac7": withholding.make_dac7_table}
CAPTIONS = {"/withhold": withholding.receive_rates}
