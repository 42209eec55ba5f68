"""Screens and commands of the ledger for admins: accounts, last entries, the result of a verification."""

from __future__ import annotations

from domain.money.ledger import AccountEntry, AccountShown, AccountsListed, JournalReady, LedgerVerified, RuleVerified
from domain.people.accounts import ADMIN
from handlers.money import bank_statements, wallet
from handlers.payload import Payload
from handlers.routing import Route
from handlers.screen import Button, FileOrder, Screen, clipped, fit_rows, lines, shows
from locales.translator import Html, Translator
from services.money import ledger


class ShowAccount(Payload):
    """`/ledger`: one account, or all of them if none is named."""

    account: str = ""
    currency: str = ""


class OrderJournal(Payload, code="jl"):
    pass


class Verify(Payload):
    pass


MAX_ROW_CHARS = 200  # characters shown of a row that breaks a rule


@shows(AccountsListed)
def accounts_screen(m: AccountsListed, t: Translator) -> Screen:
    rows = [t("<code>{name}</code> {balance}", name=a.name, balance=t.money(a.balance, a.currency)) for a in m.accounts]
    return Screen(
        lines(
            t("📒 <b>The ledger</b>"),
            t("One account’s movements: <code>/ledger ACCOUNT</code>"),
            " ",
            *fit_rows(rows, t, total=m.total),
        ),
        ((Button(t.plain("📄 The whole ledger, for hledger"), OrderJournal().pack()),),),
    )


@shows(AccountShown)
def account_screen(m: AccountShown, t: Translator) -> Screen:
    name, currency = m.account.name, m.account.currency
    commands = [f"/ledger {name} {currency_code}" for currency_code in m.others]
    return Screen(
        lines(
            t("📒 <code>{name}</code>", name=name),
            t("There is <b>{balance}</b> in it.", balance=t.money(m.account.balance, currency)),
            t.n("{count} movement so far", "{count} movements so far", m.lines),
            *(t("In another currency: <code>{command}</code>", command=command) for command in commands),
            " ",
            *fit_rows((_entry_lines(entry, currency, t) for entry in m.entries), t, total=m.lines),
        )
    )


def _entry_lines(entry: AccountEntry, currency: str, t: Translator) -> Html:
    """Two lines that fit a phone: operation and time; amount and balance."""
    return t(
        "#{number} · {when}\n<b>{amount}</b> {what} · then {balance}",
        number=entry.operation,
        when=t.time(entry.at),
        amount=("+" if entry.amount > 0 else "") + t.money(entry.amount, currency),
        what=wallet.movement_name(entry.kind, t),
        balance=t.money(entry.balance, currency),
    )


@shows(JournalReady)
def journal_file(_: JournalReady, t: Translator) -> Screen:
    return Screen(
        t("📒 Every movement, and in the end every balance. To check it: <code>hledger -f FILE check -s</code>"),
        file=FileOrder("journal"),
    )


@shows(LedgerVerified)
def verification_screen(m: LedgerVerified, t: Translator) -> Screen:
    broken = any(rule.count for rule in m.rules)
    return Screen(
        lines(
            t("❌ <b>Something is wrong</b>") if broken else t("✅ <b>Everything is in order</b>"),
            t.n("Looked through in {count} second.", "Looked through in {count} seconds.", m.seconds),
            " ",
            *(_rule_line(rule, t) for rule in m.rules),
            t("On the machine <code>pouce verify</code> names every row.") if broken else None,
            *bank_statements.unexplained_lines(m.unexplained, t),
            *_chain_lines(m, t),
        )
    )


def _rule_line(rule: RuleVerified, t: Translator) -> Html:
    words = rule_in_words(rule.rule, t)
    if not rule.count:
        return t("✅ {words}", words=words)
    rows = "\n".join(clipped(row, MAX_ROW_CHARS) for row in rule.rows[:2])
    return t("❌ <b>{words}</b> ({count}×)\n<code>{rows}</code>", words=words, count=t.number(rule.count), rows=rows)


def rule_in_words(rule: int, t: Translator) -> str:
    return {
        1: t.plain("What leaves one account reaches another: nothing is made, nothing is lost."),
        2: t.plain("Every balance is the sum of its movements."),
        3: t.plain("No account is below zero, and currencies never mix."),
        4: t.plain("The money for every task that is offered is there."),
        5: t.plain("Every answer is paid once."),
        6: t.plain("Pay that waits is let go once, or given back."),
        7: t.plain("No task is answered more often than asked for, nor twice by one person."),
        8: t.plain("Every answer that was received is kept."),
        9: t.plain("Every message that came in was kept and dealt with once."),
        10: t.plain("Nothing of the past was changed."),
        11: t.plain("Nobody was restricted or refused pay without a reason, a notice and an appeal."),
        12: t.plain("No appeal waits past its deadline."),
        13: t.plain("Pay an hour reaches the floor, or was topped up."),
        14: t.plain("Every payout is made once, and adds up."),
        15: t.plain("Nothing personal is left of those who asked to be forgotten."),
        16: t.plain("Voices, ballots and ratings are counted right, and nothing tells who wrote on a board."),
        17: t.plain("A team's money is spent by its members, within their limits."),
        18: t.plain("No project costs more than its requester was told."),
    }[rule]


def _chain_lines(m: LedgerVerified, t: Translator) -> list[Html | str]:
    """Lines with the head of the hash chain, for admins to note elsewhere; none while nothing is sealed."""
    if not m.head.position:
        return []
    rows: list[Html | str] = [
        " ",
        t("🔗 {count} operations are sealed. The seal over all of them:", count=t.number(m.head.position)),
        t("<code>{head}</code>", head=m.head.hash),
    ]
    if yesterday := m.yesterday:
        rows += [
            t("Yesterday ended at number {number}:", number=t.number(yesterday.position)),
            t("<code>{head}</code>", head=yesterday.hash),
        ]
    return [*rows, t("Keep it. If anybody changes the past, that number has another seal.")]


ROUTES = (
    Route(
        ShowAccount,
        ADMIN,
        ledger.show_accounts,
        command="ledger",
        usage="[ACCOUNT]",
        means="every account and its movements",
    ),
    Route(OrderJournal, ADMIN, ledger.order_journal),
    Route(
        Verify,
        ADMIN,
        ledger.show_verification,
        command="verify",
        means="is everything in order?",
        beside=ledger.examine_ledger,
    ),
)
