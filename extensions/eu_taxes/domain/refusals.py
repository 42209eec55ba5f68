"""Refusals of the extension, stored and worded as those of the core (domain/refusals.py)."""

from dataclasses import dataclass

from domain.refusals import MoneyRefusal


@dataclass(eq=False)
class PayoutWaits(MoneyRefusal):
    asked_at: int  # a moment: when the tax form was asked for


@dataclass(eq=False)
class RatesUnread(MoneyRefusal):
    lines: list[int]
    columns: list[str]  # of each line: file, siret, month or rate


class ContributionsOff(MoneyRefusal):
    pass


class TaxFormClosed(MoneyRefusal):
    pass
