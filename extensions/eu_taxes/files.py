"""Files that are made when they are sent."""

from extensions.eu_taxes.jobs import invoices

MAKERS = {**invoices.MAKERS}
