"""The metrics of /metrics: each name with its help text. docs/operations.md has the same table."""

FAMILIES = {
    "pouce_answers_total": "Answers workers sent in, ever.",
    "pouce_balance": "What the ledger holds, in units of the currency, by whose it is; bank is minus what came in.",
    "pouce_book_sum": "Sum of all balances of a currency: anything but 0 is an alarm.",
    "pouce_database_commits_total": "Commits of this process.",
    "pouce_database_up": "1 when the database answered this time.",
    "pouce_http_refused_total": "HTTP requests and connections this process refused, by status or reason.",
    "pouce_inbox_lag_seconds": "How long the oldest update waits.",
    "pouce_inbox_waiting": "Updates that wait to be handled.",
    "pouce_leading": "1 for each role this process has now: handler, relay, scheduler, receiver.",
    "pouce_letters_on_their_way": "Letters being sent right now.",
    "pouce_letters_total": "What became of letters since this process took over; refused is a 429, failed is an alarm.",
    "pouce_outbox_lag_seconds": "How long the oldest due letter waits.",
    "pouce_outbox_waiting": "Letters that are due and not sent.",
    "pouce_processes": "Processes that handle updates, as this one sees them; 0 while it does not.",
    "pouce_sweep_failures_total": "Periodic jobs that failed since this process took over.",
    "pouce_telegram_responses_total": "What Telegram answered to this process, by HTTP status.",
    "pouce_transferred_total": "Money moved in the ledger, ever, in units of the currency, by kind of transfer.",
    "pouce_transfers_total": "Transfers in the ledger, ever, by kind.",
    "pouce_updates_in_memory": "Updates taken up and not ended.",
    "pouce_updates_total": "What became of updates in this process.",
    "pouce_verify_broken_rules": "Rules that were broken at the last /verify; none before the first.",
    "pouce_verify_time_seconds": "When the last /verify was, in seconds since 1970.",
}


def family(figure: str) -> str:
    """`name{label="value"}` → its name."""
    return figure.partition("{")[0]


def kind(name: str) -> str:
    """Names that end in _total only grow."""
    return "counter" if name.endswith("_total") else "gauge"
