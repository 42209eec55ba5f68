"""The two errors that Mechanical Turk's operations declare, of which a house gives one: RequestError; and one that they
do not declare."""

INVALID = "InvalidParameterValue"
RANGE = "ParameterOutOfRange"
FUNDS = "InsufficientFunds"
HIT_STATE, ASSIGNMENT_STATE = "InvalidHITState", "InvalidAssignmentState"
NO_HIT, NO_TYPE, NO_ASSIGNMENT = "HITDoesNotExist", "HITTypeDoesNotExist", "AssignmentDoesNotExist"
NO_LAYOUT, NO_WORKER = "HITLayoutDoesNotExist", "WorkerDoesNotExist"
HIT_EXISTS, REPEATED = "HitAlreadyExists", "RequestAlreadyDone"
NO_QUALIFICATION_TYPE, NO_QUALIFICATION = "QualificationTypeDoesNotExist", "QualificationDoesNotExist"
NO_REQUEST, TYPE_EXISTS = "QualificationRequestDoesNotExist", "QualificationTypeAlreadyExists"
QUALIFICATION_STATE, REQUEST_STATE = "InvalidQualificationState", "InvalidQualificationRequestState"
XML, XHTML = "XMLParseError", "XHTMLParseError"
TRANSPORT = "InvalidTransportEndpoint"
UNFIT = "ParameterValidationError"  # Amazon's word for a value inside of a Question
DENIED, INCREASE = "PermissionDeniedException", "InvalidMaximumAssignmentsIncrease"


class RequestError(Exception):
    """`message` is a contract, not a text of ours: programs match it. It undoes its transaction."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code, self.message = code, message

    @property
    def kind(self) -> str:
        """The error's name for programs."""
        return UNFIT if self.code == UNFIT else "RequestError"

    @property
    def turk_code(self) -> str:
        """`AWS.MechanicalTurk.HITDoesNotExist`; what is out of range has a shorter name."""
        return f"AWS.{self.code}" if self.code == RANGE else f"AWS.MechanicalTurk.{self.code}"
