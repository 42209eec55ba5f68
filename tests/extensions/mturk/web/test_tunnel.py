"""`pouce mturk -- COMMAND`: an unmodified program, with Amazon's address in it, against the real door."""

import asyncio
import os
import shutil
import sys

import pytest

from tests import faketime
from tests.extensions.mturk.web.test_hits import Town, house, town  # noqa: F401

PROGRAM = """
import boto3, sys
amazon = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"
client = boto3.client("mturk", region_name="us-east-1", endpoint_url=amazon)
made = client.create_hit_type(Title="T", Description="D", Reward="0.05", AssignmentDurationInSeconds=60)
print(len(made["HITTypeId"]), client.get_account_balance()["AvailableBalance"])
try:
    client.get_hit(HITId="3NONE")
except client.exceptions.RequestError as error:
    print(error.response["Error"]["Message"])
sys.exit(7)
"""


NODE_PROGRAM = """
const https = require("https");
const agent = new https.Agent({ keepAlive: true, maxSockets: 50 }); // one of its own, as the AWS SDKs make it
const headers = { "X-Amz-Target": "MTurkRequesterServiceV20170117.GetHIT" };
const ask = (hostname, done) => https
  .request({ hostname, method: "POST", path: "/", headers, agent }, (answer) => {
    const parts = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("end", () => done(answer.statusCode, JSON.parse(Buffer.concat(parts)).__type));
  })
  .on("error", (error) => done(error.code, error.syscall))
  .end("{}");
ask("mturk-requester.us-east-1.amazonaws.com", (...first) =>
  ask("mturk-requester-sandbox.us-east-1.amazonaws.com", (...second) => {
    console.log(...first, ...second, Boolean(process.env.NODE_OPTIONS.match(/^--no-warnings --require/)));
    process.exit(3);
  }));
"""


async def run_program(here: Town, *command: str, **variables: str) -> tuple[str, str, int | None]:
    """Run `pouce mturk -- COMMAND`; return its output, its errors and its exit code."""
    pair = here.turk.pair
    environment = {
        **faketime.inherited(),  # both sign with the time
        "PATH": os.environ["PATH"],
        "AWS_ACCESS_KEY_ID": pair.access_id,
        "AWS_SECRET_ACCESS_KEY": pair.secret,
        "AWS_ENDPOINT_URL_MTURK": f"http://127.0.0.1:{here.turk.port}",
        **variables,
    }
    piped = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
    words = ("-m", "bot", "mturk", "--", *command)
    program = await asyncio.create_subprocess_exec(sys.executable, *words, env=environment, **piped)
    output, errors = await program.communicate()
    return output.decode(), errors.decode(), program.returncode


async def test_a_program_with_amazons_address_in_it_asks_this_house(town: Town) -> None:  # noqa: F811
    output, errors, code = await run_program(town, sys.executable, "-c", PROGRAM)
    assert (output, code) == ("30 100.00\nHit 3NONE does not exist.\n", 7), errors


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
async def test_a_node_program_that_looks_for_no_proxy_asks_this_house(town: Town) -> None:  # noqa: F811
    """Amazon's SDKs for JavaScript ignore HTTPS_PROXY: the program asked Amazon."""
    variables = {"NODE_OPTIONS": "--no-warnings"}
    output, errors, code = await run_program(town, "node", "-e", NODE_PROGRAM, **variables)
    refused = "403 MissingAuthenticationTokenException"
    assert (output, code) == (f"{refused} {refused} true\n", 3), errors
