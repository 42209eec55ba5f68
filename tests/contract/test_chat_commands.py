"""Chat commands: each as it is typed, and whose it is."""

import pytest

from domain.people.accounts import ADMIN, EVERYBODY, REQUESTER, WORKER
from handlers.routes import COMMANDS, TABLE

TYPED = {
    EVERYBODY: """/start · /help · /language · /privacy · /terms · /mydata · /forget · /web · /web end
        · /faq 7 · /stats""",
    WORKER: """/work · /tasks · /leave 7 · /ask · /pause · /balance · /why 12 · /payout · /statement
        · /statement 2026-10 · /settings · /appeal · /board · /record · /automated""",
    REQUESTER: """/newproject · /projects · /project 7 · /add 7 · /gold 7 · /preview 7 · /pilot 7 · /launch 7 · /raise 7
        · /hold 7 · /clone 7 · /invite 7 · /stop 7 · /results 7 · /results 7 jsonl · /submissions 7
        · /submissions 7 crowdkit · /review 7 · /bonus · /funds · /fund 100 · /apikey · /apikey revoke pouce_x
        · /apikeys · /webhooks""",
    ADMIN: """/admin · /balance @rosa · /balance 7 · /deposit @rosa 100 · /deposit 7 25.00 INV-7 · /ledger external:bank
        · /role 7 requester on · /role @rosa requester off · /payouts · /verify · /audit 7""",
}
ALONE = "/bonus"  # says what it needs


def typed() -> list[tuple[str, str]]:
    return [(role, each.strip()) for role, said in TYPED.items() for each in said.split("·")]


@pytest.mark.parametrize(("role", "said"), typed())
def test_a_command_as_it_is_typed_is_for_its_role(role: str, said: str) -> None:
    command, *words = said.removeprefix("/").split()
    route = TABLE.find_typed(command, words)
    assert route is not None
    assert role in (route.role, route.listed) or (role, route.role) == (WORKER, EVERYBODY)
    assert said == ALONE or route.payload.from_words(words, route.usage, said) is not None
    assert command in {each.name for each in COMMANDS if each.role == role}, "help and Telegram's menu show it"
