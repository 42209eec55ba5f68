"""`pouce run`, from the first connection to a clean stop."""

import asyncio
import gc
import hashlib
import hmac
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from threading import Timer
from urllib.parse import urlsplit

from bot import settings as settings_bot
from bot import sweeps as sweeps_bot
from bot.clock import Clock, wall_clock
from bot.cluster.roles import HandlerRole, ReceiverRole, RelayRole, SchedulerRole, roles_by_lease
from bot.cluster.runtime import Runtime, ServedBot, Webhook
from bot.cluster.supervisor import run_role, run_until_all_end
from bot.delivery.attempts import OutcomeKind
from bot.delivery.rate_limit import PER_SECOND, REST
from bot.intake.processing import Processing
from bot.profile import build_bot
from bot.routes import Dispatcher
from bot.settings import NotReady, Settings
from bot.sweeps import SWEEPS, AnySweep, AsyncSweep, Sweep, timestamp_sweeps
from bot.transport.requests import AiohttpRequest, HttpxRequest
from domain.extensions import load_parts
from domain.money.amounts import from_decimal
from domain.money.card_payments import CardTerms
from domain.money.payouts import Payer
from domain.money.pricing import Terms
from domain.people.bots import FIRST_BOT_NAME
from handlers import cards
from handlers.routes import COMMANDS
from handlers.screen import english_refusal_text, refusal_text
from jobs.fetching import make_fetcher, make_poster
from jobs.webhooks import WebhookCalls
from services.act import Encryption, House
from services.people import menus
from storage.backups import lost_periods
from storage.boxes.receiving import Receiving
from storage.database import Database
from storage.drivers.connection import to_unavailable
from storage.drivers.dialects import Dialect
from storage.drivers.migrate import is_current, migrate
from storage.unit import UnitOfWork
from web.application import serve
from web.dashboard.cards import Cards
from web.door import HttpDoor, WebhookResponses
from web.miniapp.door import Pages
from web.miniapp.media import Sources

STOP_SECONDS = 2.8  # docs/how-to/add-a-process.md promises three

log = logging.getLogger(__name__)


def _kill_process() -> None:
    """End the process as kill -9 does, which loses nothing: what was begun is begun again at the next start."""
    log.warning("The stop took too long; what was under way is left to the next start")
    os._exit(0)


def stop_at_signals() -> asyncio.Event:
    """Return an event that the first signal sets: it asks for a clean stop. The process ends STOP_SECONDS later at the
    latest, whatever its threads and its database are at; the second signal ends it at once."""
    stop = asyncio.Event()

    def handle_signal() -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()
        killer = Timer(STOP_SECONDS, _kill_process)
        killer.daemon = True
        killer.start()

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, handle_signal)
    return stop


TELEGRAM_SITES = ("https://web.telegram.org", "https://*.telegram.org")  # that may frame a page


def house_of(settings: Settings, database: Database, clock: Clock = wall_clock) -> House:
    """Return the House that handlers share, from the settings."""
    return House(
        database=database,
        terms=Terms(settings.currency, settings.platform_fee_percent, from_decimal(settings.wage_floor)),
        admins=frozenset(settings.admin_ids),
        open_requesters=settings.open_requesters,
        default_language=settings.default_language,
        clock=clock,
        payer=Payer(settings.payer_name, settings.payer_iban, settings.payer_bic, settings.payout_instant),
        api_url=settings.api_url,
        approve_first=settings.approve_first,
        private_destinations=settings.private_destinations,
        commands=COMMANDS,
        encryption=Encryption(settings.secrets_keys),
        floor_since=settings.floor_since,
        page_origin=settings.page_origin,
        operator=settings.operator,
        contributions=settings.contributions,
        vat_rule=settings.vat_rule,
        vies_url=settings.vies_url,
        wise=settings.payout_wise,
        wise_least=from_decimal(settings.payout_wise_least),
        hub=sweeps_bot.hub_of(settings),
        cards=CardTerms(settings.payment_provider_token, from_decimal(settings.payment_minimum)),
    )


def program_sweeps(house: House) -> tuple[AnySweep, ...]:
    """Sweeps that call requesters' programs."""
    calls = WebhookCalls(house.encryption, make_poster(house.private_destinations))
    return (AsyncSweep("webhooks", 1, calls.deliver),)


def document_sweeps(house: House) -> tuple[AnySweep, ...]:
    """Sweeps of menus after a change."""
    return (Sweep("menus", menus.STEP_SECONDS, menus.ChangedMenus(house)),)


def settle_memory() -> None:
    """Freeze the objects loaded so far out of the garbage collector, and raise its thresholds."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


async def run(
    settings: Settings,
    stop: asyncio.Event | None = None,
    *,
    per_second: int = PER_SECOND,
    rest: float = REST,
    clock: Clock = wall_clock,
    sweeps: Sequence[AnySweep] = SWEEPS,
    listener: socket.socket | None = None,
) -> None:
    """Run the bot until `stop` is set (by default: until a signal). Raise BadSetting, TokenRefused, Unavailable.

    `per_second` and `rest` (seconds per chat) are Telegram's limits as the relay keeps them; 0 switches one off.
    `clock` gives every transaction its moment; `sweeps` gives the intervals of the sweeps. `listener` is a socket
    that is bound to HTTP_HOST and HTTP_PORT already."""
    stop = stop or stop_at_signals()
    database = Database(settings.database_url)
    try:
        _prepare_database(database)
        house = house_of(settings, database, clock)
        load_parts("subscribers")  # now, not in the first transaction that publishes an event
        await settings_bot.warn_of_missing(house)
        bot = build_bot(settings.bot_token, settings.bot_api_url, settings.bot_transport)
        others = await _build_other_bots(settings, database, clock)
        lost = await database.aside(lambda unit: lost_periods(unit.settings), clock())
        by_number = {other.number: other.bot for other in others}
        responses = WebhookResponses()
        dispatcher = Dispatcher(bot, house, lost, tuple(by_number.items()), responses)
        processing = Processing(bot, dispatcher, database, house.clock, others=by_number, admins=house.admins)
        runtime = Runtime(
            bot,
            house,
            processing,
            per_second,
            rest,
            sweeps=(
                *sweeps,
                *timestamp_sweeps(settings),
                *program_sweeps(house),
                *sweeps_bot.publishing_sweeps(house),
                *document_sweeps(house),
                *sweeps_bot.extension_sweeps(house),
            ),
            others=others,
            responses=responses,
        )
        await _run_roles(settings, runtime, stop, listener)
    finally:
        await database.close()


async def _build_other_bots(settings: Settings, database: Database, clock: Clock) -> tuple[ServedBot, ...]:
    """Return the bots of BOT_TOKENS with the numbers that the database gives their names. A start that changes none
    writes nothing: the database may take no writing yet."""
    names = (FIRST_BOT_NAME, *(name for name, _ in settings.bot_tokens))
    numbers = await database.aside(lambda unit: unit.bots.find_numbers(names), clock())
    if numbers is None:
        numbers = await database.transact(lambda unit: unit.bots.number(names), clock())
    return tuple(
        ServedBot(numbers[name], name, build_bot(token, settings.bot_api_url, settings.bot_transport))
        for name, token in settings.bot_tokens
    )


def _prepare_database(database: Database) -> None:
    """Migrate a database that one process has for itself. Raise NotReady if a shared one is not of this version."""
    if database.dialect.one_process:
        migrate_database(database.dialect)
    elif not is_current(database.dialect):
        raise NotReady("DATABASE_URL: expected a database of this version; run `pouce migrate` first")


def migrate_database(dialect: Dialect) -> list[str]:
    """Migrate the database; return the names of the migrations that were missing. Raise Unavailable if it cannot be
    reached or written to."""
    try:
        return migrate(dialect)
    except Exception as error:
        if dialect.is_unavailable(error) or dialect.lacks_rights(error):
            raise to_unavailable(error) from None
        raise


async def _run_roles(settings: Settings, runtime: Runtime, stop: asyncio.Event, listener: socket.socket | None) -> None:
    runtime.webhook = await _find_webhook(settings, runtime.house)
    runtime.house.database.listen()
    async with AsyncExitStack() as stack, AsyncExitStack() as http_server:
        for served in runtime.bots:
            stack.push_async_callback(served.bot.shutdown)
        if settings.needs_http:
            await http_server.enter_async_context(_open_http_server(settings, runtime, listener))
        roles = roles_by_lease(runtime.house.database.dialect.one_process, runtime.bots)
        works = [run_role(runtime, role, parts, stop) for role, parts in roles.items()]
        await run_until_all_end(*works, _close_at_stop(stop, http_server))


async def _close_at_stop(stop: asyncio.Event, http_server: AsyncExitStack) -> None:
    """Close the HTTP server while the roles end: its requests have seconds of their own."""
    await stop.wait()
    await http_server.aclose()


@asynccontextmanager
async def _open_http_server(
    settings: Settings, runtime: Runtime, listener: socket.socket | None
) -> AsyncIterator[None]:
    """Context manager: the HTTP server, listening. Raise NotReady if its port is taken."""
    hook = runtime.webhook
    path = (urlsplit(hook.url).path or "/") if hook else ""
    secret, read_metrics = hook.secret if hook else "", partial(collect_metrics, runtime)
    door = HttpDoor(
        runtime.house.database,
        runtime.house.clock,
        path,
        secret,
        read_metrics,
        receiving=_receiving_of(runtime, runtime.bots[0]),
        more_hooks=_list_more_hooks(runtime),
        responses=runtime.responses,
        metrics_token=settings.metrics_token,
        is_local=settings.http_is_local,
        house=runtime.house,
        words=english_refusal_text,
        pages=_build_pages(settings, runtime) if runtime.house.pages else None,
        cards=Cards(cards.list_cases, cards.press, cards.write),
    )
    try:
        async with serve(door, settings.http_host, settings.http_port, listener=listener):
            log.info("Listening", extra={"host": settings.http_host, "port": settings.http_port})
            yield
    except OSError as error:
        raise NotReady(f"HTTP_PORT: expected a port that is free on HTTP_HOST ({error.strerror})") from None


def _list_more_hooks(runtime: Runtime) -> dict[str, Receiving]:
    """Return what stores the updates of further bots, by the path of each one's webhook."""
    hook = runtime.webhook
    return {urlsplit(hook.url_of(bot)).path: _receiving_of(runtime, bot) for bot in runtime.others} if hook else {}


def _receiving_of(runtime: Runtime, bot: ServedBot) -> Receiving:
    """What stores the updates of a bot's webhook; this process handles them."""
    return runtime.receiving(lambda person: runtime.membership.holder, bot.number)


def _build_pages(settings: Settings, runtime: Runtime) -> Pages:
    """The Mini App's pages. Telegram's own sites may show them in a frame; so may a Telegram that runs elsewhere."""
    house, own = runtime.house, urlsplit(settings.bot_api_url)
    frames = dict.fromkeys((*TELEGRAM_SITES, f"{own.scheme}://{own.netloc}"))
    download = runtime.downloads(runtime.api, runtime.bots[0])
    sources = Sources(house.database, house.clock, download.try_download, make_fetcher(house.private_destinations))
    return Pages(settings.bot_token, tuple(frames), refusal_text, sources, settings.tokens[1:])


async def _find_webhook(settings: Settings, house: House) -> Webhook | None:
    """Return the webhook's address and secret; None if updates are polled. A secret that is not set is derived from
    the database's."""
    if not settings.webhook_url:
        return None
    secret = settings.webhook_secret or await house.database.transact(_derive_webhook_secret, house.clock())
    return Webhook(settings.webhook_url, secret)


def _derive_webhook_secret(unit: UnitOfWork) -> str:
    return hmac.new(unit.settings.secret, b"webhook", hashlib.sha256).hexdigest()


def collect_metrics(runtime: Runtime) -> dict[str, float]:
    """Return this process's metrics by name, labels included."""
    metrics: dict[str, float] = {
        f'pouce_leading{{role="{role}"{_bot_label(runtime, bot)}}}': int(key in runtime.works)
        for role, bot, key in _roles(runtime)
    }
    if runtime.others:
        metrics |= {f'pouce_bot_refused{{bot="{bot.name}"}}': int(bot.is_refused) for bot in runtime.bots}
    metrics["pouce_processes"] = len(runtime.membership.alive) if HandlerRole.role in runtime.works else 0
    metrics["pouce_database_commits_total"] = runtime.house.database.commits
    for outcome, count in runtime.processing.counts.items():
        metrics[f'pouce_updates_total{{outcome="{outcome}"}}'] = count
    for bot in runtime.bots:
        for status, count in _count_responses(bot).items():
            metrics[f'pouce_telegram_responses_total{{status="{status}"{_bot_label(runtime, bot)}}}'] = count
    for work in runtime.works.values():
        metrics |= _role_metrics(runtime, work)
    return metrics


def _roles(runtime: Runtime) -> Iterator[tuple[str, ServedBot | None, str]]:
    """Yield role, its bot (None for a role that is for all), and the key of its work."""
    yield from ((part.role, None, part.role) for part in (HandlerRole, SchedulerRole))
    yield from ((part.role, bot, bot.key(part.role)) for part in (RelayRole, ReceiverRole) for bot in runtime.bots)


def _bot_label(runtime: Runtime, bot: ServedBot | None) -> str:
    """Return the label that names a bot, behind another label; "" where there is but one bot."""
    return f',bot="{bot.name}"' if bot and runtime.others else ""


def _role_metrics(runtime: Runtime, work: object) -> dict[str, float]:
    if isinstance(work, HandlerRole):
        return {"pouce_updates_in_memory": len(work.queues.known)}
    if isinstance(work, RelayRole):
        label = _bot_label(runtime, work.own_bot)
        letters = {
            f'pouce_letters_total{{outcome="{kind.value}"{label}}}': work.relay.counts[kind.value]
            for kind in OutcomeKind
        }
        on_their_way = f"pouce_letters_on_their_way{{{label[1:]}}}" if label else "pouce_letters_on_their_way"
        return {on_their_way: len(work.relay.calls), **letters}
    if isinstance(work, SchedulerRole):
        return {f'pouce_sweep_failures_total{{sweep="{name}"}}': n for name, n in work.sweeping.failures.items()}
    return {}


def _count_responses(bot: ServedBot) -> dict[int, int]:
    """Telegram's responses to a bot by HTTP status; 200 and 429 are present from the start."""
    request = bot.bot.request
    return {200: 0, 429: 0, **request.counts} if isinstance(request, AiohttpRequest | HttpxRequest) else {}
