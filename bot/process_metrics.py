"""The metrics of this process for /metrics."""

from bot.cluster.roles import Carrier, Handler, Receiver, Scheduler
from bot.cluster.runtime import Crew
from bot.delivery.attempts import Decision
from bot.transport import AiohttpRequest


def figures(crew: Crew) -> dict[str, float]:
    """By figure, with its labels."""
    found: dict[str, float] = {
        f'pouce_leading{{role="{part.role}"}}': int(part.role in crew.works)
        for part in (Handler, Carrier, Scheduler, Receiver)
    }
    found["pouce_processes"] = len(crew.presence.alive) if Handler.role in crew.works else 0
    found["pouce_database_commits_total"] = crew.house.database.commits
    for outcome, count in crew.handling.counts.items():
        found[f'pouce_updates_total{{outcome="{outcome}"}}'] = count
    for status, count in _responses(crew).items():
        found[f'pouce_telegram_responses_total{{status="{status}"}}'] = count
    for work in crew.works.values():
        found |= _of(work)
    return found


def _of(work: object) -> dict[str, float]:
    if isinstance(work, Handler):
        return {"pouce_updates_in_memory": len(work.lanes.known)}
    if isinstance(work, Carrier):
        letters = {f'pouce_letters_total{{outcome="{each.value}"}}': work.relay.counts[each.value] for each in Decision}
        return {"pouce_letters_on_their_way": len(work.relay.calls), **letters}
    if isinstance(work, Scheduler):
        return {f'pouce_sweep_failures_total{{sweep="{name}"}}': n for name, n in work.sweeping.failures.items()}
    return {}


def _responses(crew: Crew) -> dict[int, int]:
    """Telegram's responses by HTTP status; 200 and 429 are present from the start."""
    request = crew.bot.request
    return {200: 0, 429: 0, **request.counts} if isinstance(request, AiohttpRequest) else {}
