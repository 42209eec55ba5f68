"""The register of automated decisions, and complaints."""

from handlers.payloads.payload import Number, Payload


class ShowAutomated(Payload, code="ma"):
    pass


class ExplainAutomated(Payload, code="me"):
    name: str


class ShowTouched(Payload, code="mt"):
    pass


class Complain(Payload, code="mc"):
    """About a decision of the register by name, or “other”; `subject` is a restriction or a project, 0 for neither."""

    about: str = "other"
    subject: Number = 0


class DropComplaint(Payload, code="mx"):
    pass


class ShowComplaints(Payload, code="mq"):
    """The queue of those that wait for an answer."""


class AnswerComplaint(Payload, code="mr"):
    complaint: Number


class SpareWorker(Payload, code="mp"):
    complaint: Number
