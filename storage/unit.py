"""The unit of work: everything one transaction may ask of storage, on one connection, at one moment."""

from functools import cached_property

from domain.moments import Moment
from storage.amendments import Amendments
from storage.appeals import Appeals
from storage.assignments import Assignments
from storage.audit import Audit
from storage.authorities import Authorities
from storage.batches import Batches
from storage.connection import Connection
from storage.downtime import Downtime
from storage.drafts import Drafts
from storage.enrolments import Enrolments
from storage.erasure import Erasure
from storage.evidence import EvidenceBook
from storage.gold import Golds
from storage.handed import HandedFiles
from storage.inbox import Inbox
from storage.juries import Juries
from storage.leases import Leases
from storage.ledger import Ledger
from storage.models import Models
from storage.openings import Openings
from storage.operations import Operations
from storage.outbox import Outbox
from storage.payees import Payees
from storage.payouts import Payouts
from storage.people import People
from storage.post import Post
from storage.preferences import Choices
from storage.projects import Projects
from storage.raises import Raises
from storage.reviews import Reviews
from storage.secrets import Secrets
from storage.settings import Settings
from storage.skills import Skills
from storage.spending import Spending
from storage.statements import Statements
from storage.stats import Figures
from storage.strides import Strides
from storage.submissions import Submissions
from storage.tallies import Tallies
from storage.tasks import Tasks
from storage.topups import Topups
from storage.trials import Trials
from storage.uploads import Uploads


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
    def juries(self) -> Juries:
        return Juries(self.connection, self.now)

    @cached_property
    def secrets(self) -> Secrets:
        return Secrets(self.connection, self.now)

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
