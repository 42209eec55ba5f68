"""`pouce mturk -- COMMAND`: a program with Amazon's address in it asks this house, and nothing else is touched."""

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent

import pytest

from bot.__main__ import main
from extensions.mturk.cli.proxy import is_mturk_host, proxy_exceptions

BALANCE = """
import boto3, sys
client = boto3.client("mturk", region_name="us-east-1", endpoint_url="https://mturk-requester-sandbox.us-east-1.amazonaws.com")
for _ in range(2):
    print(client.get_account_balance()["AvailableBalance"])
sys.exit(7)
"""


class House(ThreadingHTTPServer):
    """Answers as the door does, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.asked: list[dict[str, str]] = []


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert isinstance(self.server, House)
        self.server.asked.append({**self.headers, "body": body})
        answer = b'{"AvailableBalance":"12.34"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def house() -> Iterator[House]:
    server = House()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_MAX_ATTEMPTS": "1"}
Pouce = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pouce(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Pouce:
    """Exit code, output and errors of `pouce mturk -- COMMAND`."""

    def call(port: int, *command: str, url: str = "http://127.0.0.1:{port}") -> tuple[int, str, str]:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL_MTURK": url.format(port=port)}.items():
            monkeypatch.setenv(name, value)
        code = main(["mturk", "--", *command])
        return (code, *capfd.readouterr())

    return call


def test_who_has_no_key_is_told_where_there_is_one(
    house: House, pouce: Pouce, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setitem(ENVIRONMENT, "AWS_ACCESS_KEY_ID", "")
    code, _, said = pouce(house.server_port, sys.executable, "-c", "raise SystemExit(3)")
    assert (code, said.count("/apikey")) == (3, 1)


def test_other_hosts_are_tunnelled_untouched_and_strangers_are_refused(house: House, pouce: Pouce) -> None:
    program = dedent(
        f"""
        import os, socket
        from urllib.parse import urlsplit
        from base64 import b64encode
        proxy = urlsplit(os.environ["HTTPS_PROXY"])
        def ask(target, login):
            with socket.create_connection((proxy.hostname, proxy.port)) as tunnel:
                header = f"Proxy-Authorization: Basic {{b64encode(login.encode()).decode()}}\\r\\n" if login else ""
                tunnel.sendall(f"CONNECT {{target}} HTTP/1.1\\r\\nHost: x\\r\\n{{header}}\\r\\n".encode())
                answer = tunnel.recv(1000).decode().split("\\r\\n")[0]
                if " 200 " in answer:
                    head = ("POST /other HTTP/1.1", "Host: elsewhere", "Content-Length: 0", "Connection: close", "", "")
                    tunnel.sendall("\\r\\n".join(head).encode())
                    answer = tunnel.makefile().read().splitlines()[-1]
                print(answer)
        house = "127.0.0.1:{house.server_port}"
        login = f"{{proxy.username}}:{{proxy.password}}"
        ask(house, login)
        ask(house, "")
        ask(house, "pouce:guess")
        ask("127.0.0.1:1", login)
        ask("127.0.0.1:99999", login)
        """
    )
    _, said, _ = pouce(house.server_port, sys.executable, "-c", program)
    served, *refused = said.splitlines()
    assert served == '{"AvailableBalance":"12.34"}'
    assert [line.split()[1] for line in refused] == ["407", "407", "502", "400"]
    (asked,) = house.asked
    assert asked["Host"] == "elsewhere"
    assert "X-Pouce-Signed-Host" not in asked


def test_the_authority_speaks_for_amazons_hosts_only(house: House, pouce: Pouce) -> None:
    program = dedent(
        """
        import os, ssl, sys
        roots = ssl.create_default_context().get_ca_certs()
        own = ssl.create_default_context(cafile=os.environ["NODE_EXTRA_CA_CERTS"]).get_ca_certs()
        print(len(own), len(roots) > 20, os.stat(os.path.dirname(os.environ["NODE_EXTRA_CA_CERTS"])).st_mode & 0o777)
        """
    )
    assert pouce(house.server_port, sys.executable, "-c", program)[1] == f"1 True {0o700}\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["no-such-program-here"], 127, "no such program"),
        (["sh", "-c", "kill -9 $$"], 137, ""),
        ([], 2, "Expected a program"),
    ],
)
def test_the_exit_code_is_the_programs(words: list[str], code: int, said: str, pouce: Pouce) -> None:
    found, _, errors = pouce(1, *words)
    assert (found, said in errors) == (code, True)


def test_a_script_without_its_interpreter_is_there_but_cannot_be_run(tmp_path: Path, pouce: Pouce) -> None:
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    code, _, errors = pouce(1, str(script))
    assert (code, errors) == (126, f"{script}: it cannot be run\n")


def test_a_house_that_is_shut_is_named(pouce: Pouce) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert f"Nothing answers at 127.0.0.1:{port}." in pouce(port, sys.executable, "-c", BALANCE)[2]


def test_an_address_of_amazons_is_no_house(pouce: Pouce) -> None:
    code, _, errors = pouce(1, "true", url="https://mturk-requester.us-east-1.amazonaws.com")
    assert (code, "AWS_ENDPOINT_URL_MTURK: expected" in errors) == (78, True)


@pytest.mark.parametrize(
    ("host", "port", "ours"),
    [
        ("mturk-requester.us-east-1.amazonaws.com", 443, True),
        ("MTurk-Requester-Sandbox.us-east-1.amazonaws.com", 443, True),
        ("mturk-requester.us-east-1.amazonaws.com", 80, False),
        ("mturk-requester.us-east-1.amazonaws.com.evil.org", 443, False),
        ("s3.us-east-1.amazonaws.com", 443, False),
        ("xmturk-requester.us-east-1.amazonaws.com", 443, False),
    ],
)
def test_whose_host_it_is(host: str, port: int, ours: bool) -> None:
    assert is_mturk_host(host, port) is ours


def test_exceptions_that_would_let_amazon_go_past_are_dropped() -> None:
    known = {"NO_PROXY": "localhost, *, .amazonaws.com, mturk-requester.us-east-1.amazonaws.com,.example.org"}
    assert proxy_exceptions(known) == "localhost,.example.org"
