"""Any number of the options: `a|b`, in the options' order. Pressed one by one.

Nothing chosen is no answer: “none of them” is said by pressing an option that says so; it excludes the others. In the
consensus every option is a yes-or-no question, and log-odds add up: each worker's own for naming and for leaving out
(domain/quality/model); before a refit, who gets the whole set right with probability a gets each of K options
right with a^(1/K), independently. Half of what is believed beforehand is on the sets that are usual in the project.
"""

from collections.abc import Mapping, Sequence
from math import exp, log, prod

from domain.answers import AnswerKind
from domain.answers.choice import chosen
from domain.handing_in import AnswerType, Wants
from domain.money.pricing import PRESS_SECONDS
from domain.normalization import folded, named
from domain.quality.aggregation import (
    Agreement,
    Scale,
    UsualSets,
    Vote,
)
from domain.refusals import AnswerUnfit, AnswerUnknown

JOINT = "|"
MOST_NATS = 30.0  # beyond it log(1 + e^x) is x
NONE = frozenset({"none", "none of them", "none of these", "none of the above", "nothing"}) | frozenset(
    {"aucun", "aucune", "aucun d'eux", "aucune d'elles", "aucun de ceux-ci", "aucune de celles-ci", "rien"}
)


class Choices(AnswerKind):
    """Right are exactly these options."""

    order = 20
    scale = Scale.MASI
    wants = Wants.PRESSES
    options_in_gold = True
    options_are_apart = True
    forbidden = JOINT

    def pressed(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """A second press takes an option back; “none” and the others exclude each other."""
        chosen(str(option), options)
        if option in draft:
            return tuple(at for at in draft if at != option)
        none = none_of(options)
        kept = () if option == none else tuple(at for at in draft if at != none)
        return tuple(sorted((*kept, option)))

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        numbers = handed_in.split(",") if handed_in else []
        found = sorted({options.index(chosen(number, options)) for number in numbers})
        if none_of(options) in found and len(found) > 1:
            raise AnswerUnknown(expected=list(options))
        if not found:
            raise AnswerUnfit(what="nothing_chosen")
        return JOINT.join(options[at] for at in found)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        """All of the gold answers, and nothing else."""
        return answer is not None and set(answer.split(JOINT)) == set(gold)

    def gold(self, written: str, options: Sequence[str]) -> str | None:
        return named(written, options)

    def foretold(self, written: str, options: Sequence[str]) -> str | None:
        found = [named(name, options) for name in written.split(JOINT) if name.strip()]
        whole = self.together([each for each in found if each], options)
        return JOINT.join(whole) if whole and None not in found else None

    def together(self, accepted: Sequence[str], options: Sequence[str]) -> tuple[str, ...] | None:
        """In the options' order, as workers hand them in; “none” is alone."""
        whole, alone = tuple(each for each in options if each in accepted), none_of(options)
        return None if alone is not None and options[alone] in whole and len(whole) > 1 else whole

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        return JOINT.join(gold)

    def accepted(self, answer: str) -> tuple[str, ...]:
        return tuple(answer.split(JOINT))

    def handing_in(self, options: int) -> float:
        return 2 * PRESS_SECONDS

    def units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        """The options that apply."""
        said = answer.split(JOINT)
        return {option: "" for option in options if option in said}

    def named_in(self, answer: str) -> tuple[str, ...]:
        return tuple(answer.split(JOINT))

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        return self.drawn(votes, options, None)

    def drawn(self, votes: Sequence[Vote], options: Sequence[str], usual: UsualSets | None) -> Agreement:
        """The likeliest of the options more likely than not to apply (where none is, the one that says “none”, or else
        the likeliest), and of the sets that are usual in the project."""
        prior = usual or UsualSets((0.5,) * len(options), (), 0.0)
        heard = [_heard(votes, option, len(options)) for option in options]
        scores = [told + log(share / (1 - share)) for told, share in zip(heard, prior.shares, strict=True)]
        apart = log(1 - prior.weight) + sum(log(1 - share) for share in prior.shares)
        likely = {_apart(scores, options): 0.0} | {frozenset(map(options.index, names)): s for names, s in prior.sets}
        logs = {
            found: _either(apart + sum(scores[at] for at in found), _usually(prior.weight * share, found, heard))
            for found, share in likely.items()
        }
        best = max(logs, key=lambda found: (logs[found], sorted(found)))
        total = apart + sum(log(1 + exp(score)) if score < MOST_NATS else score for score in scores)
        for found, share in likely.items():
            total = _either(total, _usually(prior.weight * share, found, heard))
        return Agreement(JOINT.join(options[at] for at in sorted(best)), min(1.0, exp(logs[best] - total)))

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        applies = [_probability(votes, option, len(options)) for option in options]
        sets = [set(vote.answer.split(JOINT)) for vote in votes]
        return [prod(p if name in said else 1 - p for name, p in zip(options, applies, strict=True)) for said in sets]

    def votes_for(self, option: str, fell: Mapping[str | None, int]) -> int:
        """Each of several options that apply has a vote."""
        return sum(votes for answer, votes in fell.items() if answer and option in answer.split(JOINT))

    def answer_type(self, options: Sequence[str]) -> AnswerType:
        return AnswerType.OPTIONS


def none_of(options: Sequence[str]) -> int | None:
    """The number of the option that says “none of them”."""
    return next((at for at, option in enumerate(options) if folded(option) in NONE), None)


def _apart(scores: Sequence[float], options: Sequence[str]) -> frozenset[int]:
    """The options that apply more likely than not, each by itself."""
    none = none_of(options)
    found = frozenset(at for at, score in enumerate(scores) if score > 0)
    if none in found and len(found) > 1:
        found = frozenset({none}) if scores[none] > max(scores[at] for at in found - {none}) else found - {none}
    return found or frozenset({max(range(len(scores)), key=lambda at: scores[at]) if none is None else none})


def _usually(share: float, found: frozenset[int], heard: Sequence[float]) -> float:
    return log(share) + sum(heard[at] for at in found) if share > 0 else float("-inf")


def _either(one: float, other: float) -> float:
    """log(e^one + e^other)."""
    top = max(one, other)
    return top + log(exp(one - top) + exp(other - top))


def _heard(votes: Sequence[Vote], option: str, count: int) -> float:
    """Nats for the option's applying; before a refit knows more, all workers miss as often as they name wrongly."""
    score = 0.0
    for vote in votes:
        named = option in vote.answer.split(JOINT)
        if vote.told is not None:
            score += vote.told.named if named else vote.told.left
        else:
            each = min(0.99, vote.accuracy ** (1 / count))
            score += log(each / (1 - each)) * (1 if named else -1)
    return score


def _probability(votes: Sequence[Vote], option: str, count: int) -> float:
    """P(the option applies)."""
    return 1 / (1 + exp(-_heard(votes, option, count)))


KIND = Choices()
