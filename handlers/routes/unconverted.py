"""Commands whose wings have no route lines yet; each goes when its line lands."""

from domain.people.messages import Command

UNCONVERTED = (
    Command("worker", "balance", "", "what you earned, and what is pending"),
    Command("worker", "statement", "[YYYY-MM]", "a month as a document for your bank or an office"),
    Command("worker", "payout", "[AMOUNT]", "send your money to your bank"),
    Command("worker", "why", "ID", "any movement of money, or your skill, explained"),
    Command("requester", "bonus", "WORKER AMOUNT reason", "thank somebody who worked for you"),
    Command("requester", "funds", "", "your money: free, and held for projects"),
    Command("admin", "balance", "PERSON", "somebody's balances"),
    Command("admin", "deposit", "PERSON AMOUNT [reference]", "record money that reached the bank"),
    Command("admin", "refund", "PERSON AMOUNT [reference]", "record unused money that was sent back"),
    Command("admin", "payouts", "", "bank files, and what the bank paid"),
    Command("admin", "withhold", "PERSON PERCENT reason", "what is kept of somebody's payouts"),
    Command("admin", "withheld", "AMOUNT reference", "record what was paid to the authority"),
    Command("admin", "ledger", "[ACCOUNT]", "every account and its movements"),
    Command("admin", "verify", "", "is everything in order?"),
)
