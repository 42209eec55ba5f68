"""`python -m simulator`: the local Telegram on its own, for developers of bots."""

import argparse
import asyncio
import signal

from simulator.limits import Limits
from simulator.running import TOKEN, serve

LIMITS = {"telegram": Limits(), "strict": Limits.strict(), "off": Limits.off()}


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--limits", choices=sorted(LIMITS), default="telegram", help="flood control")
    parser.add_argument("--seed", type=int, default=0, help="of the fault switches")
    return parser.parse_args(argv)


async def run(options: argparse.Namespace) -> None:
    """Serve until the process is asked to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    limits = LIMITS[options.limits]
    async with serve(options.token, options.host, options.port, limits, seed=options.seed) as telegram:
        print(f"Local Telegram: {telegram.url}/  BOT_API_URL={telegram.url}  BOT_TOKEN={telegram.token}", flush=True)
        await stop.wait()


def main() -> None:
    asyncio.run(run(arguments()))


if __name__ == "__main__":
    main()
