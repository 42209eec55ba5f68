"""Commands whose wings have no route lines yet; each goes when its line lands."""

from domain.people.messages import Command

UNCONVERTED = (
    Command("worker", "balance", "", "what you earned, and what is pending"),
    Command("worker", "statement", "[YYYY-MM]", "a month as a document for your bank or an office"),
    Command("worker", "payout", "[AMOUNT]", "send your money to your bank"),
    Command("worker", "why", "ID", "any movement of money, or your skill, explained"),
    Command("requester", "newproject", "", "start a project"),
    Command("requester", "projects", "", "your projects"),
    Command("requester", "project", "N", "progress, live"),
    Command("requester", "preview", "N", "what it costs and what workers will see"),
    Command("requester", "launch", "N", "set the budget aside and start"),
    Command("requester", "raise", "N", "raise the pay of a running project"),
    Command("requester", "add", "N", "more tasks for a project"),
    Command("requester", "results", "N [format]", "one row per task"),
    Command("requester", "submissions", "N [format]", "one row per answer"),
    Command("requester", "bonus", "WORKER AMOUNT reason", "thank somebody who worked for you"),
    Command("requester", "stop", "N", "end it; what is not needed comes back to you"),
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
