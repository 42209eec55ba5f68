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


def hash_of(worker_id: str) -> str:
    """The id itself is not kept."""
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
    """What is wrong, in a sentence."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Parameters by name; `known` answers by question."""

    name: str
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    known: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def number(self, *names: str) -> int | None:
        """Of the first name that is given."""
        return next((int(self.values[name][0]) for name in names if name in self.values), None)

    def word(self, name: str) -> str:
        return self.values.get(name, ("",))[0].strip()

    @property
    def questions(self) -> tuple[str, ...]:
        return self.values.get("QuestionIds") or self.values.get("QuestionIDs") or ()


def read(members: Mapping[str, Any]) -> Policy:
    """From Amazon's structure. Raises BadPolicy."""
    parameters = members.get("Parameters") or ()
    values = {each.get("Key", ""): tuple(each.get("Values") or ()) for each in parameters if each.get("Values")}
    entries = [each for one in parameters if one.get("Key") == "AnswerKey" for each in one.get("MapEntries") or ()]
    known = {each.get("Key", ""): tuple(map(compared, each.get("Values") or ())) for each in entries}
    policy = Policy(members.get("PolicyName", ""), values, known)
    for name in BOUNDS.keys() & values.keys():
        _check(name, values[name][0])
    if policy.name == KNOWN_ANSWERS and not known:
        raise BadPolicy("ScoreMyKnownAnswers needs an AnswerKey with MapEntries.")
    if policy.name == PLURALITY and (not policy.questions or policy.number("QuestionAgreementThreshold") is None):
        raise BadPolicy("SimplePlurality needs QuestionIds and a QuestionAgreementThreshold.")
    return policy


def _check(name: str, said: str) -> None:
    least, most = BOUNDS[name]
    if not (said.isdecimal() and len(said) <= DIGITS and least <= int(said) <= most):
        raise BadPolicy(f"{name} is a whole number, {least} to {most}.")


def compared(answer: str) -> str:
    """What two answers are compared by; empty where they are too long."""
    words = answer.strip()
    return words if len(words) <= LONGEST else ""


def known_correct(policy: Policy, answers: Answers) -> dict[str, bool]:
    """Each known question, and whether it was answered so."""
    return {name: answers.get(name, "") in right for name, right in policy.known.items()}


def percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0


@dataclass(frozen=True, slots=True)
class Agreed:
    """The commonest answer to a question, and the share of answers that are it; `answer` None: too few are."""

    answer: str | None
    score: int


def agreement(policy: Policy, given: Sequence[Answers]) -> dict[str, Agreed]:
    """By question, of the assignments that count."""
    least = policy.number("QuestionAgreementThreshold") or 0
    found: dict[str, Agreed] = {}
    for name in policy.questions:
        counts = Counter(answers[name] for answers in given if answers.get(name)).most_common(1)
        answer, times = counts[0] if counts else ("", 0)
        score = percent(times, len(given))
        found[name] = Agreed(answer if times and score >= least else None, score)
    return found


def worker_score(agreed: Mapping[str, Agreed], answers: Answers) -> tuple[int, int]:
    """How many questions with an agreed answer this worker answered so, and how many otherwise."""
    known = {name: each.answer for name, each in agreed.items() if each.answer is not None}
    right = sum(answers.get(name) == answer for name, answer in known.items())
    return right, len(known) - right
