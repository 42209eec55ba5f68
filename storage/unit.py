"""The unit of work: everything one transaction may ask of storage, on one connection, at one moment."""

from functools import cached_property

from domain.moments import Moment
from storage.boxes.inbox import Inbox
from storage.boxes.outbox import Outbox
from storage.boxes.outbox_queue import Post
from storage.boxes.uploaded_files import Uploads
from storage.cluster.leases import Leases
from storage.drivers.connection import Connection
from storage.drivers.settings import Settings
from storage.fairness.appeals import Appeals
from storage.fairness.reviews import Reviews
from storage.fairness.stats import Figures
from storage.money.ledger import Ledger
from storage.money.operations import Operations
from storage.money.payees import Payees
from storage.money.payouts import Payouts
from storage.money.spending import Spending
from storage.money.statements import Statements
from storage.money.tax_reports import Authorities
from storage.money.topups import Topups
from storage.people.audit import Audit
from storage.people.drafts import Drafts
from storage.people.erasure import Erasure
from storage.people.people import People
from storage.people.preferences import Choices
from storage.projects.batches import Batches
from storage.projects.bulk_updates import Strides
from storage.projects.pay_raises import Raises
from storage.projects.progress_counts import Tallies
from storage.projects.projects import Projects
from storage.projects.tasks import Tasks
from storage.quality.evidence import EvidenceBook
from storage.quality.gold_challenges import Trials
from storage.quality.gold_tasks import Golds
from storage.quality.models import Models
from storage.quality.skills import Skills
from storage.work.answer_files import HandedFiles
from storage.work.assignments import Assignments
from storage.work.corrections import Amendments
from storage.work.downtime import Downtime
from storage.work.enrolments import Enrolments
from storage.work.openings import Openings
from storage.work.submissions import Submissions


class UnitOfWork:
    """`now` is the moment of the whole transaction; `signals` are told to listeners after its commit."""

    def __init__(self, connection: Connection, now: Moment) -> None:
        self.connection = connection
        self.now = now
        self.signals: set[str] = set()

    @cached_property
    def people(self) -> People:
        return People(self.connection)

    @cached_property
    def downtime(self) -> Downtime:
        return Downtime(self.connection, self.now)

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.connection)

    @cached_property
    def projects(self) -> Projects:
        return Projects(self.connection)

    @cached_property
    def batches(self) -> Batches:
        return Batches(self.connection, self.now)

    @cached_property
    def strides(self) -> Strides:
        return Strides(self.connection)

    @cached_property
    def tallies(self) -> Tallies:
        return Tallies(self.connection, self.now)

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.connection)

    @cached_property
    def openings(self) -> Openings:
        return Openings(self.connection)

    @cached_property
    def enrolments(self) -> Enrolments:
        return Enrolments(self.connection)

    @cached_property
    def assignments(self) -> Assignments:
        return Assignments(self.connection)

    @cached_property
    def submissions(self) -> Submissions:
        return Submissions(self.connection)

    @cached_property
    def choices(self) -> Choices:
        return Choices(self.connection, self.now)

    @cached_property
    def handed_files(self) -> HandedFiles:
        return HandedFiles(self.connection)

    @cached_property
    def amendments(self) -> Amendments:
        return Amendments(self.connection, self.now)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.connection, self.now)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.connection, self.now, self.signals)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.connection, self.now, self.signals)

    @cached_property
    def post(self) -> Post:
        return Post(self.connection, self.now)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.connection, self.now)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self.connection, self.now)

    @cached_property
    def models(self) -> Models:
        return Models(self.connection, self.now)

    @cached_property
    def golds(self) -> Golds:
        return Golds(self.connection, self.now)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self.connection, self.now)

    @cached_property
    def evidence(self) -> EvidenceBook:
        return EvidenceBook(self.connection, self.now)

    @cached_property
    def skills(self) -> Skills:
        return Skills(self.connection)

    @cached_property
    def trials(self) -> Trials:
        return Trials(self.connection, self.now)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.connection, self.now)

    @cached_property
    def spending(self) -> Spending:
        return Spending(self.connection)

    @cached_property
    def statements(self) -> Statements:
        return Statements(self.connection)

    @cached_property
    def figures(self) -> Figures:
        return Figures(self.connection, self.now)

    @cached_property
    def raises(self) -> Raises:
        return Raises(self.connection, self.now)

    @cached_property
    def topups(self) -> Topups:
        return Topups(self.connection, self.now)

    @cached_property
    def reviews(self) -> Reviews:
        return Reviews(self.connection, self.now)

    @cached_property
    def appeals(self) -> Appeals:
        return Appeals(self.connection, self.now)

    @cached_property
    def operations(self) -> Operations:
        return Operations(self.connection)

    @cached_property
    def settings(self) -> Settings:
        return Settings(self.connection)

    @cached_property
    def authorities(self) -> Authorities:
        return Authorities(self.connection)

    @cached_property
    def payees(self) -> Payees:
        return Payees(self.connection, self.now)

    @cached_property
    def payouts(self) -> Payouts:
        return Payouts(self.connection, self.now)
