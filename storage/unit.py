"""The unit of work: all records that one transaction may use, on one connection, at one moment."""

from collections.abc import Callable
from typing import (
    Any,
    Generic,
    Self,
    TypeVar,
    overload,
)

from domain.moments import Moment
from domain.money.ledger import shard_of
from domain.projects.projects import ProjectId
from storage.boxes.inbox import Inbox
from storage.boxes.live_messages import LiveMessages, UploadedFiles
from storage.boxes.outbox import OutboxQueue, TeamOutbox
from storage.cluster.leases import Leases
from storage.drivers.connection import (
    Connection,
    Foresight,
    foresee,
    read_current,
)
from storage.drivers.migrate import DatabaseSettings
from storage.drivers.rows import Handed
from storage.fairness.appeals import Appeals, Juries
from storage.fairness.board import (
    BoardContests,
    BoardLog,
    Boards,
    BoardTraces,
    BoardWishes,
)
from storage.fairness.cases import Cases
from storage.fairness.complaints import Complaints, FirstLooks, Petitions
from storage.fairness.counter_offers import CounterOffers
from storage.fairness.elections import Elections
from storage.fairness.questions import Questions
from storage.fairness.ratings import Ratings
from storage.fairness.reports import BoardReports, Reports
from storage.fairness.review import Reviews, TrackRecords
from storage.fairness.stats import Stats
from storage.fairness.stops import Oversight, Stops
from storage.money.explanations import Operations
from storage.money.hash_chain import HashChain, HeadTimestamps
from storage.money.ledger import Ledger, Spending, list_encrypted_tables
from storage.money.payouts import Payees, Payouts
from storage.money.statements import Statements
from storage.money.topups import Topups
from storage.people.accounts import (
    Audit,
    ErasedPeople,
    People,
    TeamAct,
)
from storage.people.api_keys import ApiKeys
from storage.people.bots import Bots
from storage.people.personal_data import Erasure
from storage.people.qualifications import (
    PaidTests,
    Qualifications,
    Screening,
    WorkerBlocks,
)
from storage.people.records import WorkRecords
from storage.people.role_requests import RoleRequests
from storage.people.settings import Drafts, PreferenceRecords
from storage.people.teams import Teams, TeamSpending, TeamTies
from storage.people.web_sessions import WebSessions
from storage.people.webhooks import Webhooks
from storage.projects.audience import Invitations
from storage.projects.batches import Batches
from storage.projects.drafts import Clones
from storage.projects.launches import LaunchRequests, Pilots
from storage.projects.lifecycle import BulkUpdates, ChangedProjects
from storage.projects.pay_raises import PayRaises
from storage.projects.progress import ProgressCounts
from storage.projects.projects import Projects
from storage.projects.results import DataSheets, HubPushes
from storage.projects.tasks import MediaFiles, Tasks, Versions
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


class Part(Generic[T]):
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


class ConnectionPart(Part[T]):
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
    bots = Part(lambda unit: Bots(unit.connection, unit.now))
    api_keys = Part(lambda unit: ApiKeys(unit.connection, unit.now))
    role_requests = Part(lambda unit: RoleRequests(unit.connection, unit.now))
    web_sessions = Part(lambda unit: WebSessions(unit.connection, unit.now))
    teams = Part(lambda unit: Teams(unit.connection, unit.now))
    team_spending = Part(lambda unit: TeamSpending(unit.connection, unit.now))
    team_ties = Part(lambda unit: TeamTies(unit.connection, unit.now))
    webhooks = Part(lambda unit: Webhooks(unit.connection, unit.now))
    worker_blocks = Part(lambda unit: WorkerBlocks(unit.connection, unit.now))
    paid_tests = Part(lambda unit: PaidTests(unit.connection, unit.now))
    qualifications = Part(lambda unit: Qualifications(unit.connection, unit.now))
    screening = Part(lambda unit: Screening(unit.connection, unit.now))
    downtime = Part(lambda unit: Downtime(unit.connection, unit.now))
    drafts = Part(lambda unit: Drafts(unit.connection, unit.acting))
    projects = ConnectionPart(Projects)
    batches = Part(lambda unit: Batches(unit.connection, unit.now))
    versions = ConnectionPart(Versions)
    clones = ConnectionPart(Clones)
    launch_requests = Part(lambda unit: LaunchRequests(unit.connection, unit.now))
    model_reviews = Part(lambda unit: ModelReviews(unit.connection, unit.now))
    hub_pushes = Part(lambda unit: HubPushes(unit.connection, unit.now))
    invitations = Part(lambda unit: Invitations(unit.connection, unit.now))
    pilots = Part(lambda unit: Pilots(unit.connection, unit.now))
    bulk_updates = ConnectionPart(BulkUpdates)
    progress_counts = Part(lambda unit: ProgressCounts(unit.connection, unit.now))
    changed_projects = ConnectionPart(ChangedProjects)
    data_sheets = ConnectionPart(DataSheets)
    tasks = ConnectionPart(Tasks)
    openings = ConnectionPart(Openings)
    project_turns = ConnectionPart(ProjectTurns)
    content_choices = ConnectionPart(ContentChoices)
    enrolments = ConnectionPart(Enrolments)
    assignments = ConnectionPart(Assignments)
    submissions = ConnectionPart(Submissions)
    preferences = Part(lambda unit: PreferenceRecords(unit.connection, unit.now))
    answer_files = ConnectionPart(AnswerFiles)
    consents = Part(lambda unit: Consents(unit.connection, unit.now))
    corrections = Part(lambda unit: Corrections(unit.connection, unit.now))
    ledger = Part(lambda unit: Ledger(unit.connection, unit.now))
    head_timestamps = Part(lambda unit: HeadTimestamps(unit.connection, unit.now))
    hash_chain = Part(lambda unit: HashChain(unit.connection, unit.now))
    inbox = Part(lambda unit: Inbox(unit.connection, unit.now, unit.signals))
    live_messages = ConnectionPart(LiveMessages)
    outbox = Part(lambda unit: TeamOutbox(unit.connection, unit.now, unit.signals, unit.handed))
    outbox_queue = Part(lambda unit: OutboxQueue(unit.connection, unit.now))
    undelivered = Part(lambda unit: Undelivered(unit.connection, unit.now))
    audit = Part(lambda unit: Audit(unit.connection, unit.now, unit.acting))
    leases = Part(lambda unit: Leases(unit.connection, unit.now))
    models = Part(lambda unit: Models(unit.connection, unit.now))
    gold_tasks = Part(lambda unit: GoldTasks(unit.connection, unit.now))
    work_records = ConnectionPart(WorkRecords)
    erasure = Part(lambda unit: Erasure(unit.connection, unit.now))
    remembered = Part(lambda unit: ErasedPeople(unit.connection, unit.secrets))
    evidence = Part(lambda unit: EvidenceRecords(unit.connection, unit.now))
    restrictions = Part(lambda unit: Restrictions(unit.connection, unit.now))
    soft_measures = Part(lambda unit: SoftMeasures(unit.connection, unit.now))
    skills = ConnectionPart(Skills)
    gold_challenges = Part(lambda unit: GoldChallenges(unit.connection, unit.now))
    media_files = Part(lambda unit: MediaFiles(unit.connection, unit.now))
    uploaded_files = Part(lambda unit: UploadedFiles(unit.connection, unit.now))
    spending = ConnectionPart(Spending)
    statements = ConnectionPart(Statements)
    stats = Part(lambda unit: Stats(unit.connection, unit.now))
    pay_raises = Part(lambda unit: PayRaises(unit.connection, unit.now))
    topups = Part(lambda unit: Topups(unit.connection, unit.now))
    reviews = Part(lambda unit: Reviews(unit.connection, unit.now))
    appeals = Part(lambda unit: Appeals(unit.connection, unit.now))
    cases = ConnectionPart(Cases)
    complaints = Part(lambda unit: Complaints(unit.connection, unit.now))
    redos = Part(lambda unit: Redos(unit.connection, unit.now))
    tool_uses = Part(lambda unit: ToolUses(unit.connection, unit.now))
    counter_offers = Part(lambda unit: CounterOffers(unit.connection, unit.now))
    juries = Part(lambda unit: Juries(unit.connection, unit.now))
    boards = ConnectionPart(Boards)
    board_log = Part(lambda unit: BoardLog(unit.connection, unit.now))
    board_contests = Part(lambda unit: BoardContests(unit.connection, unit.now))
    board_reports = ConnectionPart(BoardReports)
    board_traces = Part(lambda unit: BoardTraces(unit.connection, unit.now))
    board_wishes = Part(lambda unit: BoardWishes(unit.connection, unit.now))
    elections = Part(lambda unit: Elections(unit.connection, unit.now))
    oversight = ConnectionPart(Oversight)
    petitions = Part(lambda unit: Petitions(unit.connection, unit.now))
    track_records = ConnectionPart(TrackRecords)
    ratings = Part(lambda unit: Ratings(unit.connection, unit.now))
    reports = Part(lambda unit: Reports(unit.connection, unit.now))
    first_looks = Part(lambda unit: FirstLooks(unit.connection, unit.now))
    stops = Part(lambda unit: Stops(unit.connection, unit.now))
    questions = Part(lambda unit: Questions(unit.connection, unit.now))
    operations = ConnectionPart(Operations)
    secrets: Part[Secrets] = Part(lambda unit: Secrets(unit.connection, unit.now))
    settings = ConnectionPart(DatabaseSettings)
    sealed = Part(lambda unit: list_encrypted_tables(unit.connection))
    payees = Part(lambda unit: Payees(unit.connection, unit.now))
    payouts = Part(lambda unit: Payouts(unit.connection, unit.now))
