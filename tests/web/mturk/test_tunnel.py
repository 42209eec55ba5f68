"""`pouce mturk -- COMMAND`: an unmodified program, with Amazon's address in it, against the real door."""

import asyncio
import os
import sys

from tests.web.mturk.test_hits import Town, house, town  # noqa: F401

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


async def test_a_program_with_amazons_address_in_it_asks_this_house(town: Town) -> None:  # noqa: F811
    pair = town.turk.pair
    known = {
        "PATH": os.environ["PATH"],
        "AWS_ACCESS_KEY_ID": pair.access_id,
        "AWS_SECRET_ACCESS_KEY": pair.secret,
        "AWS_ENDPOINT_URL_MTURK": f"http://127.0.0.1:{town.turk.port}",
    }
    words = ("-m", "bot", "mturk", "--", sys.executable, "-c", PROGRAM)
    piped = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
    program = await asyncio.create_subprocess_exec(sys.executable, *words, env=known, **piped)
    said, errors = await program.communicate()
    assert (said.decode(), program.returncode) == ("30 100.00\nHit 3NONE does not exist.\n", 7), errors.decode()
