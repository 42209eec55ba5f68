"""A bank that bounces on demand: mock-bank, in this process, over HTTP. It takes bank files and writes reports, advices
and statements."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from mockbank.server import Config, make_server

PAYER_IBAN, PAYER_BIC = "NL41MOCK0000000001", "MOCKNL2A"
CLOSED_IBAN = "NL84MOCK0000000003"  # of an account it holds
BEGIN = "<?xml"


class Bank:
    """What a customer of the bank does, and what a test makes it do."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"
        self._taken: list[bytes] = []

    def call(self, method: str, path: str, body: bytes | None = None) -> str:
        kind = "application/xml" if body and body.startswith(b"<") else "application/json"
        request = Request(self._base + path, data=body, method=method, headers={"Content-Type": kind})
        try:
            with urlopen(request, timeout=30) as answer:
                return answer.read().decode()
        except HTTPError as refused:
            return refused.read().decode()

    def returns_later(self, payout: int, days: int, code: str) -> None:
        """It will pay this one, and send it back so many days later."""
        parameters = {"days": days, "reason": code, "end_to_end_id": f"PAYOUT-{payout}"}
        self._set(behaviour="return-later", parameters=parameters)

    def _set(self, **account: Any) -> None:
        answer = self.call("PATCH", "/_mock/accounts/ACME", json.dumps(account).encode())
        assert '"ACME"' in answer, answer

    def pay(self, file: bytes) -> None:
        self.call("POST", "/payments", file)

    def let_pass(self, days: int) -> None:
        self.call("POST", f"/_mock/advance?days={days}")

    def letters(self, root: str) -> list[bytes]:
        """Its messages about the payer's account with this root element, the oldest first. Reading empties its box."""
        whole = self.call("GET", "/_mock/mailbox?raw&account=ACME")
        self._taken += [f"{BEGIN}{each}".encode() for each in whole.split(BEGIN) if each.strip()]
        return [each for each in self._taken if f"<{root}>".encode() in each and _is_own(each)]


def _is_own(letter: bytes) -> bool:
    """Whether a letter is about the payer's account: the same customer has others."""
    return b"<Acct><Id><IBAN>" not in letter or f"<Acct><Id><IBAN>{PAYER_IBAN}".encode() in letter


@contextmanager
def a_bank(opens_at: str) -> Iterator[Bank]:
    server = make_server(Config(port=0, quiet=True, clock=opens_at))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Bank(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
