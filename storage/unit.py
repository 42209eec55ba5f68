"""The unit of work: all records that one transaction may use, on one connection, at one moment."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

from domain.moments import Moment
from domain.money.ledger import shard_of
from domain.projects.projects import ProjectId
from storage.boxes.inbox import Inbox
from storage.boxes.live_messages import LiveMessages, UploadedFiles
from storage.boxes.outbox import OutboxQueue, TeamOutbox
from storage.cluster.leases import Leases
from storage.drivers.connection import Connection, Foresight, foresee, read_current
from storage.drivers.migrate import DatabaseSettings
from storage.drivers.rows import Handed
from storage.fairness.appeals import Appeals, Juries
from storage.fairness.board import BoardContests, BoardLogRecords, Boards, BoardTraces, BoardWishes
from storage.fairness.cases import Cases
from storage.fairness.complaints import Complaints, FirstLooks, Petitions
from storage.fairness.counter_offers import CounterOffers
from storage.fairness.elections import Elections
from storage.fairness.questions import QuestionRecords
from storage.fairness.ratings import Ratings
from storage.fairness.reports import BoardReports, Reports
from storage.fairness.review import Reviews, TrackRecords
from storage.fairness.stats import Stats
from storage.fairness.stops import Oversight, Stops
from storage.money.card_payments import CardPayments
from storage.money.explanations import Operations
from storage.money.hash_chain import HashChain, HeadTimestamps
from storage.money.ledger import Ledger, Spending, list_encrypted_tables
from storage.money.payouts import Payees, Payouts
from storage.money.statements import StatementRecords
from storage.money.topups import Topups
from storage.people.accounts import Audit, ErasedPeople, People, TeamAct
from storage.people.api_keys import ApiKeyRecords
from storage.people.bots import Bots
from storage.people.personal_data import Erasure
from storage.people.qualifications import PaidTests, Qualifications, Screening, WorkerBlocks
from storage.people.records import WorkRecords
from storage.people.role_requests import RoleRequests
from storage.people.settings import Drafts, PreferenceRecords
from storage.people.teams import Teams, TeamSpending, TeamTies
from storage.people.web_sessions import WebSessions
from storage.people.webhooks import WebhookRecords
from storage.projects.audience import Invitations
from storage.projects.batches import Batches
from storage.projects.drafts import Clones
from storage.projects.launches import LaunchRequests, Pilots
from storage.projects.lifecycle import BulkUpdates, ChangedProjects
from storage.projects.pay_raises import PayRaises
from storage.projects.progress import ProgressCounts
from storage.projects.projects import ProjectRecords
from storage.projects.results import DataSheets, HubPushes
from storage.projects.tasks import MediaFileRecords, Tasks, Versions
from storage.quality.evidence import EvidenceRecords, SoftMeasures
from storage.quality.gold import GoldTasks
from storage.quality.gold_challenges import GoldChallenges
from storage.quality.models import ModelReviews, Models, Skills
from storage.quality.restrictions import Restrictions
from storage.secrets import Secrets
from storage.work.assignments import Assignments, Downtime, Undelivered
from storage.work.consents import Consents, ContentChoices
from storage.work.corrections import Corrections, Redos
from storage.work.enrolments import Enrolments
from storage.work.openings import Openings, ProjectTurns
from storage.work.submissions import AnswerFiles, Submissions, ToolUses

T = TypeVar("T")


class UnitPart(Generic[T]):
    """A descriptor for records that are created at their first use and kept on the unit. `make` gets the unit."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self.make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, unit: None, owner: type) -> Self: ...
    @overload
    def __get__(self, unit: object, owner: type) -> T: ...
    def __get__(self, unit: object | None, owner: type) -> Any:
        if unit is None:
            return self
        part = unit.__dict__[self.name] = self.make(unit)
        return part


class ConnectionPart(UnitPart[T]):
    """A descriptor for records that need only the connection: created at the first use by any of its units, then kept
    on it."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        super().__init__(lambda unit: unit.connection.parts.setdefault(self.name, make(unit.connection)))


class UnitOfWork:
    """The records of one transaction. `now` is the moment of the whole transaction.

    After the commit `signals` reach their listeners, and values in `handed` reach the takers of their class. `read`
    runs many queries at once; `foresee` does so to hold their rows."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self.__dict__.update(connection.parts)
        self.connection = connection
        self.now = now
        self.signals: set[str] = set()
        self.handed: list[Handed] = []
        self.acting = TeamAct()

    def foresee(self, *foresights: Foresight[Any]) -> list[Any]:
        return foresee(self.connection, *foresights)

    def read_current(self, *foresights: Foresight[Any]) -> list[Any]:
        return read_current(self.connection, *foresights)

    def require_shard(self, project: ProjectId) -> None:
        """Raise NeedsWholeTurn if the turn of this project's shard is not held: the transaction begins again."""
        self.connection.share.require_shard(shard_of(project))

    def require_whole_turn(self) -> None:
        """Raise NeedsWholeTurn if other processes may write now, because the following writes concern more than one
        project."""
        self.connection.share.require_whole_turn()

    @property
    def is_shared(self) -> bool:
        """Return whether transactions for other projects run at the same time."""
        return self.connection.share.scope is not None

    def records(self, kind: Callable[[Connection, Moment], T]) -> T:
        """Return the records of an extension's class, which are created at first use."""
        parts: dict[Any, Any] = self.__dict__.setdefault("extension_records", {})
        if kind not in parts:
            parts[kind] = kind(self.connection, self.now)
        records: T = parts[kind]
        return records

    people = ConnectionPart(People)
    bots = UnitPart(lambda unit: Bots(unit.connection, unit.now))
    api_keys = UnitPart(lambda unit: ApiKeyRecords(unit.connection, unit.now))
    role_requests = UnitPart(lambda unit: RoleRequests(unit.connection, unit.now))
    web_sessions = UnitPart(lambda unit: WebSessions(unit.connection, unit.now))
    teams = UnitPart(lambda unit: Teams(unit.connection, unit.now))
    team_spending = UnitPart(lambda unit: TeamSpending(unit.connection, unit.now))
    team_ties = UnitPart(lambda unit: TeamTies(unit.connection, unit.now))
    webhooks = UnitPart(lambda unit: WebhookRecords(unit.connection, unit.now))
    worker_blocks = UnitPart(lambda unit: WorkerBlocks(unit.connection, unit.now))
    paid_tests = UnitPart(lambda unit: PaidTests(unit.connection, unit.now))
    qualifications = UnitPart(lambda unit: Qualifications(unit.connection, unit.now))
    screening = UnitPart(lambda unit: Screening(unit.connection, unit.now))
    downtime = UnitPart(lambda unit: Downtime(unit.connection, unit.now))
    drafts = UnitPart(lambda unit: Drafts(unit.connection, unit.acting))
    projects = ConnectionPart(ProjectRecords)
    batches = UnitPart(lambda unit: Batches(unit.connection, unit.now))
    versions = ConnectionPart(Versions)
    clones = ConnectionPart(Clones)
    launch_requests = UnitPart(lambda unit: LaunchRequests(unit.connection, unit.now))
    model_reviews = UnitPart(lambda unit: ModelReviews(unit.connection, unit.now))
    hub_pushes = UnitPart(lambda unit: HubPushes(unit.connection, unit.now))
    invitations = UnitPart(lambda unit: Invitations(unit.connection, unit.now))
    pilots = UnitPart(lambda unit: Pilots(unit.connection, unit.now))
    bulk_updates = ConnectionPart(BulkUpdates)
    progress_counts = UnitPart(lambda unit: ProgressCounts(unit.connection, unit.now))
    changed_projects = ConnectionPart(ChangedProjects)
    data_sheets = ConnectionPart(DataSheets)
    tasks = ConnectionPart(Tasks)
    openings = ConnectionPart(Openings)
    project_turns = ConnectionPart(ProjectTurns)
    content_choices = ConnectionPart(ContentChoices)
    enrolments = ConnectionPart(Enrolments)
    assignments = ConnectionPart(Assignments)
    submissions = ConnectionPart(Submissions)
    preferences = UnitPart(lambda unit: PreferenceRecords(unit.connection, unit.now))
    answer_files = ConnectionPart(AnswerFiles)
    consents = UnitPart(lambda unit: Consents(unit.connection, unit.now))
    corrections = UnitPart(lambda unit: Corrections(unit.connection, unit.now))
    ledger = UnitPart(lambda unit: Ledger(unit.connection, unit.now))
    head_timestamps = UnitPart(lambda unit: HeadTimestamps(unit.connection, unit.now))
    hash_chain = UnitPart(lambda unit: HashChain(unit.connection, unit.now))
    inbox = UnitPart(lambda unit: Inbox(unit.connection, unit.now, unit.signals))
    live_messages = ConnectionPart(LiveMessages)
    outbox = UnitPart(lambda unit: TeamOutbox(unit.connection, unit.now, unit.signals, unit.handed))
    outbox_queue = UnitPart(lambda unit: OutboxQueue(unit.connection, unit.now))
    undelivered = UnitPart(lambda unit: Undelivered(unit.connection, unit.now))
    audit = UnitPart(lambda unit: Audit(unit.connection, unit.now, unit.acting))
    leases = UnitPart(lambda unit: Leases(unit.connection, unit.now))
    models = UnitPart(lambda unit: Models(unit.connection, unit.now))
    gold_tasks = UnitPart(lambda unit: GoldTasks(unit.connection, unit.now))
    work_records = ConnectionPart(WorkRecords)
    erasure = UnitPart(lambda unit: Erasure(unit.connection, unit.now))
    remembered = UnitPart(lambda unit: ErasedPeople(unit.connection, unit.secrets))
    evidence = UnitPart(lambda unit: EvidenceRecords(unit.connection, unit.now))
    restrictions = UnitPart(lambda unit: Restrictions(unit.connection, unit.now))
    soft_measures = UnitPart(lambda unit: SoftMeasures(unit.connection, unit.now))
    skills = ConnectionPart(Skills)
    gold_challenges = UnitPart(lambda unit: GoldChallenges(unit.connection, unit.now))
    media_files = UnitPart(lambda unit: MediaFileRecords(unit.connection, unit.now))
    uploaded_files = UnitPart(lambda unit: UploadedFiles(unit.connection, unit.now))
    spending = ConnectionPart(Spending)
    statements = ConnectionPart(StatementRecords)
    stats = UnitPart(lambda unit: Stats(unit.connection, unit.now))
    pay_raises = UnitPart(lambda unit: PayRaises(unit.connection, unit.now))
    topups = UnitPart(lambda unit: Topups(unit.connection, unit.now))
    reviews = UnitPart(lambda unit: Reviews(unit.connection, unit.now))
    appeals = UnitPart(lambda unit: Appeals(unit.connection, unit.now))
    cases = ConnectionPart(Cases)
    complaints = UnitPart(lambda unit: Complaints(unit.connection, unit.now))
    redos = UnitPart(lambda unit: Redos(unit.connection, unit.now))
    tool_uses = UnitPart(lambda unit: ToolUses(unit.connection, unit.now))
    counter_offers = UnitPart(lambda unit: CounterOffers(unit.connection, unit.now))
    juries = UnitPart(lambda unit: Juries(unit.connection, unit.now))
    boards = ConnectionPart(Boards)
    board_log = UnitPart(lambda unit: BoardLogRecords(unit.connection, unit.now))
    board_contests = UnitPart(lambda unit: BoardContests(unit.connection, unit.now))
    board_reports = ConnectionPart(BoardReports)
    board_traces = UnitPart(lambda unit: BoardTraces(unit.connection, unit.now))
    board_wishes = UnitPart(lambda unit: BoardWishes(unit.connection, unit.now))
    elections = UnitPart(lambda unit: Elections(unit.connection, unit.now))
    oversight = ConnectionPart(Oversight)
    petitions = UnitPart(lambda unit: Petitions(unit.connection, unit.now))
    track_records = ConnectionPart(TrackRecords)
    ratings = UnitPart(lambda unit: Ratings(unit.connection, unit.now))
    reports = UnitPart(lambda unit: Reports(unit.connection, unit.now))
    first_looks = UnitPart(lambda unit: FirstLooks(unit.connection, unit.now))
    stops = UnitPart(lambda unit: Stops(unit.connection, unit.now))
    questions = UnitPart(lambda unit: QuestionRecords(unit.connection, unit.now))
    operations = ConnectionPart(Operations)
    secrets: UnitPart[Secrets] = UnitPart(lambda unit: Secrets(unit.connection, unit.now))
    settings = ConnectionPart(DatabaseSettings)
    sealed = UnitPart(lambda unit: list_encrypted_tables(unit.connection))
    card_payments = UnitPart(lambda unit: CardPayments(unit.connection, unit.now))
    payees = UnitPart(lambda unit: Payees(unit.connection, unit.now))
    payouts = UnitPart(lambda unit: Payouts(unit.connection, unit.now))
