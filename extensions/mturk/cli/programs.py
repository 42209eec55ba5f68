"""`pouce mturk`: run programs for Amazon Mechanical Turk against this server, and import what was saved there."""

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

from bot.cli.ledger import format_count
from bot.running import house_of
from bot.settings import BadSetting, read_settings
from domain.moments import Moment
from extensions.mturk.cli.proxy import LOGIN, MTURK_HOST_PATTERN, Address, Tunnel, proxy_exceptions
from extensions.mturk.domain.hits import RequestError
from extensions.mturk.formats import pages
from extensions.mturk.services import qualification_types
from services.act import Act
from services.people import api_keys
from storage.database import Database, one_transaction

ACCESS_KEY_VARIABLE = "AWS_ACCESS_KEY_ID"


def run_import(words: list[str]) -> int:
    """Import the layouts and qualification types that a directory holds, for the requester whose access key is in the
    environment. Print their numbers. Return 2 for a wrong number of arguments and 1 for pages that cannot be read.
    Raise BadSetting if the key is not in use."""
    if len(words) != 1:
        print("Expected a directory: pouce mturk import DIR", file=sys.stderr)
        return 2
    settings = read_settings()
    try:
        saved_pages = pages.read_saved(Path(words[0]))
        with one_transaction(settings.database_url, Moment(time.time_ns() // 1_000_000)) as unit:
            pair = api_keys.find_pair_in_use(unit, os.environ.get(ACCESS_KEY_VARIABLE, ""))
            if pair is None:
                raise BadSetting(f"{ACCESS_KEY_VARIABLE}: expected the one that /apikey gave")
            house = house_of(settings, cast(Database, None))
            imported = qualification_types.import_saved(Act(unit, unit.people.get(pair[0].owner), house), saved_pages)
    except (pages.Unreadable, RequestError) as error:
        print(error.message if isinstance(error, RequestError) else error, file=sys.stderr)
        return 1
    for name, number in (*imported.layouts.items(), *imported.types.items()):
        print(f"{number}  {name}")
    counts = (format_count(len(imported.layouts), "layout"), format_count(len(imported.types), "qualification type"))
    print(f"{', '.join(counts)}, {format_count(imported.values, 'value')} of workers.")
    return 0


ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_MTURK"
CA_BUNDLE_VARIABLES = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
CREDENTIAL_VARIABLES = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE")
NODE_SCRIPT = "node_proxy.js"
DEFAULT_REGION = "us-east-1"  # what a program asks for that names none; every region leads to this house
NOT_FOUND, NOT_EXECUTABLE, SIGNALLED = 127, 126, 128  # as shells have it


def run_program(command: list[str]) -> int:
    """Run a program whose calls to Mechanical Turk go to this server; return its exit code, or 2 without a program.
    Raise BadSetting if the server's address is malformed."""
    if not command:
        print("Expected a program: pouce mturk -- python launch.py", file=sys.stderr)
        return 2
    server = _get_server_address()
    if not _has_credentials():
        print("pouce mturk: no AWS_ACCESS_KEY_ID in the environment: /apikey in the chat gives one", file=sys.stderr)
    with TemporaryDirectory(prefix="pouce-mturk-") as folder:  # of this user alone
        return asyncio.run(_run_behind_tunnel(command, server, Path(folder)))


def _has_credentials() -> bool:
    """Return whether the environment or the home folder holds AWS credentials. A program may bring its own: without
    them there is only a warning."""
    return (
        any(os.environ.get(name) for name in CREDENTIAL_VARIABLES) or (Path.home() / ".aws" / "credentials").is_file()
    )


def _get_server_address() -> Address:
    """Return the address of the server's Mechanical Turk API: AWS_ENDPOINT_URL_MTURK, as /apikey gave it, or this
    machine's settings. Raise BadSetting if it is malformed or one of Amazon's own."""
    address = Address.parse(os.environ.get(ENDPOINT_VARIABLE, "") or _own_address())
    if address is None or MTURK_HOST_PATTERN.fullmatch(address.host):
        raise BadSetting(
            f"{ENDPOINT_VARIABLE}: expected the address that /apikey gave, such as https://pouce.example.org"
        )
    return address


def _own_address() -> str:
    settings = read_settings()
    return settings.public_url or settings.local_url


async def _run_behind_tunnel(command: list[str], server: Address, folder: Path) -> int:
    """Run the program behind a local proxy that lives as long as it does; return the program's exit code."""
    tunnel = Tunnel(folder, server, password := secrets.token_urlsafe(16))
    port = await tunnel.open()
    try:
        environment = _program_environment(f"http://{LOGIN}:{password}@127.0.0.1:{port}", tunnel.certificate, folder)
        return await _run_child(command, environment)
    finally:
        await tunnel.close()


async def _run_child(command: list[str], environment: dict[str, str]) -> int:
    """Run the program to its end and return its exit code: 126 or 127 if it cannot be run, 128 + n if signal n ended
    it."""
    try:
        child = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError:
        return _report_not_run(command[0])
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # the terminal sends it to the program, too
    loop.add_signal_handler(signal.SIGTERM, child.terminate)
    code = await child.wait()
    return code if code >= 0 else SIGNALLED - code


def _program_environment(proxy: str, certificate: str, folder: Path) -> dict[str, str]:
    """The program's environment variables: this environment's, its credentials included, with the proxy and its
    certificate. Write the certificates into the folder."""
    variables = dict(os.environ)
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        variables.pop(name, None)
    variables |= {
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": (direct_hosts := proxy_exceptions()),
        "no_proxy": direct_hosts,
    }
    trusted_file = folder / "trusted.pem"
    trusted_file.write_text(certificate + _read_trusted_certificates())
    variables |= dict.fromkeys(CA_BUNDLE_VARIABLES, str(trusted_file))
    own_file = folder / "own.pem"
    own_file.write_text(certificate)
    variables |= _node_variables(proxy, own_file, folder)
    if not any(variables.get(name) for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE", "AWS_CONFIG_FILE")):
        variables["AWS_DEFAULT_REGION"] = DEFAULT_REGION
    return variables


def _node_variables(proxy: str, certificate: Path, folder: Path) -> dict[str, str]:
    """Environment variables that lead a Node.js program through the proxy, which its AWS SDKs do not look for
    themselves."""
    script = folder / "node_proxy.cjs"  # a name that no package.json above it makes an ES module
    script.write_bytes(files(__package__).joinpath(NODE_SCRIPT).read_bytes())
    options = (os.environ.get("NODE_OPTIONS", ""), f'--require "{script.as_posix()}"')
    return {
        "NODE_EXTRA_CA_CERTS": str(certificate),
        "NODE_OPTIONS": " ".join(filter(None, options)),
        "NODE_USE_ENV_PROXY": "1",  # for fetch, from Node.js 22.21 on
        "POUCE_MTURK_PROXY": proxy,
        "POUCE_MTURK_HOSTS": MTURK_HOST_PATTERN.pattern,
    }


def _read_trusted_certificates() -> str:
    """Return the certificates that were trusted before (PEM), for all other hosts."""
    default_file = ssl.get_default_verify_paths().cafile
    configured_files = [os.environ[name] for name in CA_BUNDLE_VARIABLES if os.environ.get(name)]
    files = dict.fromkeys(file for file in (certifi.where(), default_file, *configured_files) if file)
    return "".join(f"\n{Path(file).read_text()}" for file in files if Path(file).is_file())


def _report_not_run(program: str) -> int:
    """Print why a program did not start; return 126 if it is there, else 127. The system's error does not tell: for a
    closed folder in PATH it is a matter of rights, and for a script whose interpreter is missing it is "not found"."""
    is_there = shutil.which(program, os.F_OK) is not None
    print(f"{program}: {'it cannot be run' if is_there else 'no such program'}", file=sys.stderr)
    return NOT_EXECUTABLE if is_there else NOT_FOUND
