"""Sweeps of invoices."""

from functools import partial

from bot.sweeps import AnySweep, AsyncSweep
from extensions.eu_taxes.jobs import invoices
from services.act import House

# Sweeps that decide nothing about a person, each with the reason.
NO_DECISION = {
    "sweep invoices": "issues the invoices of a month that is over",
    "sweep buyers": "asks whom to bill, and erases what the law no longer asks for",
    "sweep VAT numbers": "asks the EU's register about VAT numbers",
}


def list_sweeps(house: House) -> tuple[AnySweep, ...]:
    """Return the sweeps, which look for fees often: a bot that is restarted every few minutes invoices, too."""
    return (
        AsyncSweep("invoices", 2, partial(invoices.issue_due, house)),
        AsyncSweep("buyers", 600, partial(invoices.request_buyer_details, house)),
        AsyncSweep("VAT numbers", 3_600, partial(invoices.check_vat_numbers, house)),
    )
