"""The AnswerKey of a qualification test: what each combination of selections is worth, and what the sum comes to."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from extensions.mturk.domain.hits import LONGEST_TIME

TEST = """<QuestionForm xmlns="http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2017-11-06/QuestionForm.xsd">
<Question><QuestionIdentifier>worker</QuestionIdentifier><IsRequired>true</IsRequired>
<QuestionContent><Text>What was your worker ID at Amazon Mechanical Turk? It begins with A.</Text></QuestionContent>
<AnswerSpecification><FreeTextAnswer><Constraints><Length minLength="8" maxLength="64"/></Constraints></FreeTextAnswer>
</AnswerSpecification></Question></QuestionForm>"""
QUESTION = "worker"
SECONDS = 3_600  # for the test
AGAIN = 86_400  # seconds after which it can be taken again


def hash_worker_id(worker_id: str) -> str:
    """Return the hash of a worker's id at Amazon; the id itself is not stored."""
    return sha256(worker_id.strip().upper().encode()).hexdigest()


KNOWN_ANSWERS, PLURALITY = "ScoreMyKnownAnswers/2011-09-01", "SimplePlurality/2011-09-01"
LONGEST = 256  # characters of an answer that is compared
USUAL_EXTENDED = 5  # assignments
DIGITS = 9  # of a number, leading zeros among them
PERCENT = (0, 101)  # which no score reaches: never, or always
BOUNDS = {
    "ApproveIfKnownAnswerScoreIsAtLeast": PERCENT,
    "ApproveIfWorkerAgreementScoreIsAtLeast": PERCENT,
    "ApproveIfWorkerAgreementScoreIsNotLessThan": PERCENT,
    "DisregardAssignmentIfKnownAnswerScoreIsLessThan": PERCENT,
    "ExtendIfHITAgreementScoreIsLessThan": PERCENT,
    "ExtendIfKnownAnswerScoreIsLessThan": PERCENT,
    "ExtendMaximumAssignments": (2, 25),
    "ExtendMinimumTimeInSeconds": (0, LONGEST_TIME),
    "QuestionAgreementThreshold": PERCENT,
    "RejectIfKnownAnswerScoreIsLessThan": PERCENT,
    "RejectIfWorkerAgreementScoreIsLessThan": PERCENT,
}
Answers = Mapping[str, str]  # of one worker, by question, as they are compared


class BadPolicy(ValueError):
    """A review policy is invalid; the text says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A review policy: its name, the `values` of its parameters, and the accepted `known_answers` by question."""

    name: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known_answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find_number(self, *names: str) -> int | None:
        """Return the number of the first of these parameters that is set, or None if none is."""
        return next((int(self.values[name][0]) for name in names if name in self.values), None)

    def get_text(self, name: str) -> str:
        return self.values.get(name, ("",))[0].strip()

    @property
    def questions(self) -> tuple[str, ...]:
        return self.values.get("QuestionIds") or self.values.get("QuestionIDs") or ()


def parse_policy(members: Mapping[str, Any]) -> Policy:
    """Return the policy in Amazon's structure. Raise BadPolicy if a number is out of bounds or a required parameter is
    missing."""
    parameters = members.get("Parameters") or ()
    values = {entry.get("Key", ""): tuple(entry.get("Values") or ()) for entry in parameters if entry.get("Values")}
    entries = [
        entry
        for parameter in parameters
        if parameter.get("Key") == "AnswerKey"
        for entry in parameter.get("MapEntries") or ()
    ]
    known_answers = {entry.get("Key", ""): tuple(map(normalize_answer, entry.get("Values") or ())) for entry in entries}
    policy = Policy(members.get("PolicyName", ""), values, known_answers)
    for name in BOUNDS.keys() & values.keys():
        _require_within_bounds(name, values[name][0])
    if policy.name == KNOWN_ANSWERS and not known_answers:
        raise BadPolicy("ScoreMyKnownAnswers needs an AnswerKey with MapEntries.")
    if policy.name == PLURALITY and (not policy.questions or policy.find_number("QuestionAgreementThreshold") is None):
        raise BadPolicy("SimplePlurality needs QuestionIds and a QuestionAgreementThreshold.")
    return policy


def _require_within_bounds(name: str, text: str) -> None:
    least, most = BOUNDS[name]
    if not (text.isdecimal() and len(text) <= DIGITS and least <= int(text) <= most):
        raise BadPolicy(f"{name} is a whole number, {least} to {most}.")


def normalize_answer(answer: str) -> str:
    """Return the text by which two answers are compared: stripped, and "" if it is too long to be compared."""
    words = answer.strip()
    return words if len(words) <= LONGEST else ""


def grade_known_answers(policy: Policy, answers: Answers) -> dict[str, bool]:
    """Return whether each question with a known answer was answered with one that the policy accepts."""
    return {name: answers.get(name, "") in right for name, right in policy.known_answers.items()}


def percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0


@dataclass(frozen=True, slots=True)
class AnswerAgreement:
    """Agreement on one question: the commonest `answer`, None below the policy's threshold, and the percentage of
    answers that are equal to it."""

    answer: str | None
    score: int


def find_agreements(policy: Policy, answers_by_worker: Sequence[Answers]) -> dict[str, AnswerAgreement]:
    """Return the agreement of these workers' answers, by question of the policy."""
    least = policy.find_number("QuestionAgreementThreshold") or 0
    agreements: dict[str, AnswerAgreement] = {}
    for name in policy.questions:
        counts = Counter(answers[name] for answers in answers_by_worker if answers.get(name)).most_common(1)
        answer, times = counts[0] if counts else ("", 0)
        score = percent(times, len(answers_by_worker))
        agreements[name] = AnswerAgreement(answer if times and score >= least else None, score)
    return agreements


def count_agreeing_answers(agreed: Mapping[str, AnswerAgreement], answers: Answers) -> tuple[int, int]:
    """Return how many questions with an agreed answer this worker answered alike, and how many differently or not at
    all."""
    agreed_answers = {name: agreement.answer for name, agreement in agreed.items() if agreement.answer is not None}
    right = sum(answers.get(name) == answer for name, answer in agreed_answers.items())
    return right, len(agreed_answers) - right
