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
from domain.normalization import find_option, fold_case_and_accents
from domain.quality.aggregation import Agreement, Scale, UsualSets, Vote
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

    def add_press(self, draft: tuple[int, ...], option: int, options: Sequence[str]) -> tuple[int, ...]:
        """A second press takes an option back; “none” and the others exclude each other."""
        chosen(str(option), options)
        if option in draft:
            return tuple(number for number in draft if number != option)
        none = none_of(options)
        compatible = () if option == none else tuple(number for number in draft if number != none)
        return tuple(sorted((*compatible, option)))

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        numbers = handed_in.split(",") if handed_in else []
        chosen_positions = sorted({options.index(chosen(number, options)) for number in numbers})
        if none_of(options) in chosen_positions and len(chosen_positions) > 1:
            raise AnswerUnknown(expected=list(options))
        if not chosen_positions:
            raise AnswerUnfit(what="nothing_chosen")
        return JOINT.join(options[position] for position in chosen_positions)

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        """Return whether the answer names all of the gold answers, and nothing else."""
        return answer is not None and set(answer.split(JOINT)) == set(gold)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        return find_option(gold_text, options)

    def parse_model_answer(self, gold_text: str, options: Sequence[str]) -> str | None:
        options_named = [find_option(name, options) for name in gold_text.split(JOINT) if name.strip()]
        whole = self.combine_accepted([option for option in options_named if option], options)
        return JOINT.join(whole) if whole and None not in options_named else None

    def combine_accepted(self, accepted: Sequence[str], options: Sequence[str]) -> tuple[str, ...] | None:
        """Return the accepted options in the options' order, as workers hand them in, or None if "none of them" is not
        alone."""
        whole, alone = tuple(option for option in options if option in accepted), none_of(options)
        return None if alone is not None and options[alone] in whole and len(whole) > 1 else whole

    def answer_of_gold(self, gold: Sequence[str]) -> str:
        return JOINT.join(gold)

    def list_accepted(self, answer: str) -> tuple[str, ...]:
        return tuple(answer.split(JOINT))

    def estimate_input_seconds(self, options: int) -> float:
        return 2 * PRESS_SECONDS

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        """Return the options that apply."""
        named_options = answer.split(JOINT)
        return {option: "" for option in options if option in named_options}

    def list_named_options(self, answer: str) -> tuple[str, ...]:
        return tuple(answer.split(JOINT))

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        return self.find_consensus_with(votes, options, None)

    def find_consensus_with(self, votes: Sequence[Vote], options: Sequence[str], usual: UsualSets | None) -> Agreement:
        """Return the likeliest answer among the options more likely than not to apply (if none is, the one that says
        "none", or else the likeliest), and the sets that are usual in the project."""
        prior = usual or UsualSets((0.5,) * len(options), (), 0.0)
        nats = [_nats_of_option(votes, option, len(options)) for option in options]
        scores = [option_nats + log(share / (1 - share)) for option_nats, share in zip(nats, prior.shares, strict=True)]
        apart = log(1 - prior.weight) + sum(log(1 - share) for share in prior.shares)
        likely = {_likely_options(scores, options): 0.0} | {
            frozenset(map(options.index, names)): s for names, s in prior.sets
        }
        logs = {
            option_set: _log_sum(
                apart + sum(scores[number] for number in option_set), _log_usual(prior.weight * share, option_set, nats)
            )
            for option_set, share in likely.items()
        }
        best = max(logs, key=lambda option_set: (logs[option_set], sorted(option_set)))
        total = apart + sum(log(1 + exp(score)) if score < MOST_NATS else score for score in scores)
        for option_set, share in likely.items():
            total = _log_sum(total, _log_usual(prior.weight * share, option_set, nats))
        return Agreement(JOINT.join(options[number] for number in sorted(best)), min(1.0, exp(logs[best] - total)))

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        applies = [_probability(votes, option, len(options)) for option in options]
        sets = [set(vote.answer.split(JOINT)) for vote in votes]
        return [
            prod(p if name in answer_set else 1 - p for name, p in zip(options, applies, strict=True))
            for answer_set in sets
        ]

    def votes_for(self, option: str, fell: Mapping[str | None, int]) -> int:
        """Each of several options that apply has a vote."""
        return sum(votes for answer, votes in fell.items() if answer and option in answer.split(JOINT))

    def answer_type(self, options: Sequence[str]) -> AnswerType:
        return AnswerType.OPTIONS


def none_of(options: Sequence[str]) -> int | None:
    """Return the number of the option that says "none of them", or None."""
    return next((number for number, option in enumerate(options) if fold_case_and_accents(option) in NONE), None)


def _likely_options(scores: Sequence[float], options: Sequence[str]) -> frozenset[int]:
    """Return the options that apply more likely than not, each by itself; at least one."""
    none = none_of(options)
    likely = frozenset(number for number, score in enumerate(scores) if score > 0)
    if none in likely and len(likely) > 1:
        likely = (
            frozenset({none}) if scores[none] > max(scores[number] for number in likely - {none}) else likely - {none}
        )
    return likely or frozenset({max(range(len(scores)), key=lambda number: scores[number]) if none is None else none})


def _log_usual(share: float, option_set: frozenset[int], nats: Sequence[float]) -> float:
    return log(share) + sum(nats[number] for number in option_set) if share > 0 else float("-inf")


def _log_sum(log_a: float, log_b: float) -> float:
    """Return log(e^log_a + e^log_b)."""
    top = max(log_a, log_b)
    return top + log(exp(log_a - top) + exp(log_b - top))


def _nats_of_option(votes: Sequence[Vote], option: str, count: int) -> float:
    """Return the nats for the option's applying; before the first refit, as many misses as wrong names."""
    score = 0.0
    for vote in votes:
        is_named = option in vote.answer.split(JOINT)
        if vote.option_evidence is not None:
            score += vote.option_evidence.named if is_named else vote.option_evidence.left
        else:
            accuracy = min(0.99, vote.accuracy ** (1 / count))
            score += log(accuracy / (1 - accuracy)) * (1 if is_named else -1)
    return score


def _probability(votes: Sequence[Vote], option: str, count: int) -> float:
    """P(the option applies)."""
    return 1 / (1 + exp(-_nats_of_option(votes, option, count)))


KIND = Choices()
