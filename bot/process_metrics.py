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


def collect_metrics(runtime: Runtime) -> dict[str, float]:
    """Return this process's metrics by name, labels included."""
    metrics: dict[str, float] = {
        f'pouce_leading{{role="{part.role}"}}': int(part.role in runtime.works)
        for part in (HandlerRole, RelayRole, SchedulerRole, ReceiverRole)
    }
    metrics["pouce_processes"] = len(runtime.membership.alive) if HandlerRole.role in runtime.works else 0
    metrics["pouce_database_commits_total"] = runtime.house.database.commits
    for outcome, count in runtime.processing.counts.items():
        metrics[f'pouce_updates_total{{outcome="{outcome}"}}'] = count
    for status, count in _count_responses(runtime).items():
        metrics[f'pouce_telegram_responses_total{{status="{status}"}}'] = count
    for work in runtime.works.values():
        metrics |= _role_metrics(work)
    return metrics


def _role_metrics(work: object) -> dict[str, float]:
    if isinstance(work, HandlerRole):
        return {"pouce_updates_in_memory": len(work.queues.known)}
    if isinstance(work, RelayRole):
        letters = {
            f'pouce_letters_total{{outcome="{kind.value}"}}': work.relay.counts[kind.value] for kind in OutcomeKind
        }
        return {"pouce_letters_on_their_way": len(work.relay.calls), **letters}
    if isinstance(work, SchedulerRole):
        return {f'pouce_sweep_failures_total{{sweep="{name}"}}': n for name, n in work.sweeping.failures.items()}
    return {}


def _count_responses(runtime: Runtime) -> dict[int, int]:
    """Telegram's responses by HTTP status; 200 and 429 are present from the start."""
    request = runtime.bot.request
    return {200: 0, 429: 0, **request.counts} if isinstance(request, AiohttpRequest | HttpxRequest) else {}
