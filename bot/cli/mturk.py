"""`pouce mturk`: programs written for Amazon Mechanical Turk, and what was saved there, brought to this house."""

import asyncio
import os
import secrets
import shutil
import signal
import ssl
import sys
import time
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import certifi

from bot.cli.ledger import counted
from bot.cli.mturk_proxy import (
    LOGIN,
    OURS,
    Address,
    Tunnel,
    exceptions,
)
from bot.running import house_of
from bot.settings import BadSetting, read_settings
from domain.moments import Moment
from domain.mturk.hits import RequestError
from formats.mturk import pages
from services.act import Act
from services.mturk import qualification_types
from services.people import api_keys
from storage.database import Database, one_transaction

KEY = "AWS_ACCESS_KEY_ID"


def run_import(words: list[str]) -> int:
    if len(words) != 1:
        print("Expected a directory: pouce mturk import DIR", file=sys.stderr)
        return 2
    settings = read_settings()
    try:
        found = pages.read(Path(words[0]))
        with one_transaction(settings.database_url, Moment(time.time_ns() // 1_000_000)) as unit:
            used = api_keys.pair_in_use(unit, os.environ.get(KEY, ""))
            if used is None:
                raise BadSetting(f"{KEY}: expected the one that /apikey gave")
            house = house_of(settings, cast(Database, None))
            done = qualification_types.bring(Act(unit, unit.people.get(used[0].owner), house), found)
    except (pages.Unreadable, RequestError) as error:
        print(error.message if isinstance(error, RequestError) else error, file=sys.stderr)
        return 1
    for name, number in (*done.layouts.items(), *done.types.items()):
        print(f"{number}  {name}")
    made = (counted(len(done.layouts), "layout"), counted(len(done.types), "qualification type"))
    print(f"{', '.join(made)}, {counted(done.values, 'value')} of workers.")
    return 0


ENDPOINT = "AWS_ENDPOINT_URL_MTURK"
BUNDLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
NODE_SCRIPT = "node_proxy.js"
REGION = "us-east-1"  # what a program asks for that names none; every region leads to this house
NOT_FOUND, NOT_EXECUTABLE, SIGNALLED = 127, 126, 128  # as shells have it


def run_program(command: list[str]) -> int:
    """The program's own exit code."""
    if not command:
        print("Expected a program: pouce mturk -- python launch.py", file=sys.stderr)
        return 2
    house = _house()
    if not _has_credentials():
        print("pouce mturk: no AWS_ACCESS_KEY_ID in the environment: /apikey in the chat gives one", file=sys.stderr)
    with TemporaryDirectory(prefix="pouce-mturk-") as place:  # of this user alone
        return asyncio.run(_run(command, house, Path(place)))


def _has_credentials() -> bool:
    """Whether there are any; a program that has its own goes on all the same."""
    return any(os.environ.get(name) for name in CREDENTIALS) or (Path.home() / ".aws" / "credentials").is_file()


def _house() -> Address:
    """Where the door is: what /apikey said, or this machine's settings."""
    found = Address.of(os.environ.get(ENDPOINT, "") or _set_up())
    if found is None or OURS.fullmatch(found.host):
        raise BadSetting(f"{ENDPOINT}: expected the address that /apikey gave, such as https://pouce.example.org")
    return found


def _set_up() -> str:
    settings = read_settings()
    return settings.public_url or settings.here


async def _run(command: list[str], house: Address, place: Path) -> int:
    tunnel = Tunnel(place, house, password := secrets.token_urlsafe(16))
    port = await tunnel.open()
    try:
        environment = _environment(f"http://{LOGIN}:{password}@127.0.0.1:{port}", tunnel.certificate, place)
        return await _child(command, environment)
    finally:
        await tunnel.close()


async def _child(command: list[str], environment: dict[str, str]) -> int:
    try:
        child = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError:
        return _not_run(command[0])
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # the terminal sends it to the program, too
    loop.add_signal_handler(signal.SIGTERM, child.terminate)
    code = await child.wait()
    return code if code >= 0 else SIGNALLED - code


def _environment(proxy: str, certificate: str, place: Path) -> dict[str, str]:
    """The program's: its credentials are those of this environment."""
    found = dict(os.environ)
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        found.pop(name, None)
    found |= {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": (past := exceptions()), "no_proxy": past}
    trusted = place / "trusted.pem"
    trusted.write_text(certificate + _trusted())
    found |= dict.fromkeys(BUNDLES, str(trusted))
    own = place / "own.pem"
    own.write_text(certificate)
    found |= _node_variables(proxy, own, place)
    if not any(found.get(name) for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_CONFIG_FILE")):
        found["AWS_DEFAULT_REGION"] = REGION
    return found


def _node_variables(proxy: str, certificate: Path, place: Path) -> dict[str, str]:
    """Variables that lead a Node.js program through the proxy, which its AWS SDKs do not look for themselves."""
    script = place / "node_proxy.cjs"  # a name that no package.json above it makes an ES module
    script.write_bytes(files(__package__).joinpath(NODE_SCRIPT).read_bytes())
    options = (os.environ.get("NODE_OPTIONS", ""), f'--require "{script.as_posix()}"')
    return {
        "NODE_EXTRA_CA_CERTS": str(certificate),
        "NODE_OPTIONS": " ".join(filter(None, options)),
        "NODE_USE_ENV_PROXY": "1",  # for fetch, from Node.js 22.21 on
        "POUCE_MTURK_PROXY": proxy,
        "POUCE_MTURK_HOSTS": OURS.pattern,
    }


def _trusted() -> str:
    """What was trusted before, for all other hosts."""
    usual = ssl.get_default_verify_paths().cafile
    given = [os.environ[name] for name in BUNDLES if os.environ.get(name)]
    files = dict.fromkeys(each for each in (certifi.where(), usual, *given) if each)
    return "".join(f"\n{Path(each).read_text()}" for each in files if Path(each).is_file())


def _not_run(program: str) -> int:
    """The system's error does not say it: a closed folder in PATH makes "not found" a matter of rights, and of a script
    whose interpreter is missing it says "not found"."""
    is_there = shutil.which(program, os.F_OK) is not None
    print(f"{program}: {'it cannot be run' if is_there else 'no such program'}", file=sys.stderr)
    return NOT_EXECUTABLE if is_there else NOT_FOUND
