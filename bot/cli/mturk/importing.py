"""`pouce mturk import DIR`: brings what was saved from Amazon to the requester whose key is in the environment."""

import os
import sys
import time
from pathlib import Path
from typing import cast

from bot.cli.counting import counted
from bot.running import house_of
from bot.settings import BadSetting, read_settings
from domain.moments import Moment
from domain.mturk.errors import RequestError
from formats.mturk import saved
from services.act import Act
from services.mturk import imports
from services.people import api_keys
from storage.database import Database, one_transaction

KEY = "AWS_ACCESS_KEY_ID"


def run(words: list[str]) -> int:
    if len(words) != 1:
        print("Expected a directory: pouce mturk import DIR", file=sys.stderr)
        return 2
    settings = read_settings()
    try:
        found = saved.read(Path(words[0]))
        with one_transaction(settings.database_url, Moment(time.time_ns() // 1_000_000)) as unit:
            used = api_keys.pair_in_use(unit, os.environ.get(KEY, ""))
            if used is None:
                raise BadSetting(f"{KEY}: expected the one that /apikey gave")
            house = house_of(settings, cast(Database, None))
            done = imports.bring(Act(unit, unit.people.get(used[0].owner), house), found)
    except (saved.Unreadable, RequestError) as error:
        print(error.message if isinstance(error, RequestError) else error, file=sys.stderr)
        return 1
    for name, number in (*done.layouts.items(), *done.types.items()):
        print(f"{number}  {name}")
    made = (counted(len(done.layouts), "layout"), counted(len(done.types), "qualification type"))
    print(f"{', '.join(made)}, {counted(done.values, 'value')} of workers.")
    return 0
