"""Commands whose wings have no route lines yet; each goes when its line lands."""

from domain.people.messages import Command

UNCONVERTED = (
    Command("worker", "payout", "[AMOUNT]", "send your money to your bank"),
    Command("worker", "why", "ID", "any movement of money, or your skill, explained"),
    Command("admin", "payouts", "", "bank files, and what the bank paid"),
    Command("admin", "withhold", "PERSON PERCENT reason", "what is kept of somebody's payouts"),
    Command("admin", "withheld", "AMOUNT reference", "record what was paid to the authority"),
    Command("admin", "ledger", "[ACCOUNT]", "every account and its movements"),
    Command("admin", "verify", "", "is everything in order?"),
)
