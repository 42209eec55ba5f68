"""Sweeps of invoices, tax forms and what was filed."""

from functools import partial

from bot.sweeps import AnySweep, AsyncSweep, Sweep
from extensions.eu_taxes.jobs import invoices
from extensions.eu_taxes.services import tax_forms, tax_returns
from services.act import House

# Sweeps and acts that decide nothing about a person, each with the reason.
NO_DECISION = {
    "act contributions declared": "an admin's act, at the command line",
    "act contributions paid": "an admin's act, at the command line",
    "sweep invoices": "issues the invoices of a month that is over",
    "sweep buyers": "asks whom to bill, and erases what the law no longer asks for",
    "sweep VAT numbers": "asks the EU's register about VAT numbers",
    "sweep tax forms": "reminds people of the form",
    "sweep tax copies": "sends people what was filed about them",
    "sweep tax forms' key": "encrypts with the newest key what an older one encrypted",
}


def list_sweeps(house: House) -> tuple[AnySweep, ...]:
    """Return the sweeps, which look for fees often: a bot that is restarted every few minutes invoices, too."""
    return (
        AsyncSweep("invoices", 2, partial(invoices.issue_due, house)),
        AsyncSweep("buyers", 600, partial(invoices.request_buyer_details, house)),
        AsyncSweep("VAT numbers", 3_600, partial(invoices.check_vat_numbers, house)),
        Sweep("tax forms", 600, partial(tax_forms.send_reminders, house)),
        Sweep("tax copies", 5, tax_returns.send_copies),
        Sweep("tax forms' key", 600, tax_forms.KeyRotation(house)),
    )
