"""The metrics of this process for /metrics."""

from bot.cluster.roles import (
    HandlerRole,
    ReceiverRole,
    RelayRole,
    SchedulerRole,
)
from bot.cluster.runtime import Runtime
from bot.delivery.attempts import OutcomeKind
from bot.transport.requests import AiohttpRequest, HttpxRequest


def figures(runtime: Runtime) -> dict[str, float]:
    """By figure, with its labels."""
    found: dict[str, float] = {
        f'pouce_leading{{role="{part.role}"}}': int(part.role in runtime.works)
        for part in (HandlerRole, RelayRole, SchedulerRole, ReceiverRole)
    }
    found["pouce_processes"] = len(runtime.membership.alive) if HandlerRole.role in runtime.works else 0
    found["pouce_database_commits_total"] = runtime.house.database.commits
    for outcome, count in runtime.processing.counts.items():
        found[f'pouce_updates_total{{outcome="{outcome}"}}'] = count
    for status, count in _responses(runtime).items():
        found[f'pouce_telegram_responses_total{{status="{status}"}}'] = count
    for work in runtime.works.values():
        found |= _of(work)
    return found


def _of(work: object) -> dict[str, float]:
    if isinstance(work, HandlerRole):
        return {"pouce_updates_in_memory": len(work.queues.known)}
    if isinstance(work, RelayRole):
        letters = {
            f'pouce_letters_total{{outcome="{each.value}"}}': work.relay.counts[each.value] for each in OutcomeKind
        }
        return {"pouce_letters_on_their_way": len(work.relay.calls), **letters}
    if isinstance(work, SchedulerRole):
        return {f'pouce_sweep_failures_total{{sweep="{name}"}}': n for name, n in work.sweeping.failures.items()}
    return {}


def _responses(runtime: Runtime) -> dict[int, int]:
    """Telegram's responses by HTTP status; 200 and 429 are present from the start."""
    request = runtime.bot.request
    return {200: 0, 429: 0, **request.counts} if isinstance(request, AiohttpRequest | HttpxRequest) else {}
