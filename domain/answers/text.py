"""Words, typed. Gold is met whatever the case, the accents and the white space.

The consensus: words that most gave alike; where none did, the answer nearest to all; of sentences by three people or
more, a vote word by word (ROVER), weighted by what is known of whom. Answers that differ in case, accents or white
space alone are one. Confidence is the posterior of those words under one coin a worker: right with probability a, else
one of WRONG other texts with equal chance, some of which nobody may have given (Dawid & Skene 1979, with an open set of
classes). Who gets a sentence of n words right with probability a gets each of them right with a^(1/n), independently.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import exp, log, prod
from typing import TYPE_CHECKING

from domain.answers import AnswerKind
from domain.handing_in import Wants
from domain.money.pricing import PRESS_SECONDS, SECONDS_PER_TYPED_WORD
from domain.normalization import fold_case_and_accents
from domain.quality.aggregation import Agreement, Scale, Vote
from domain.refusals import AnswerUnfit

if TYPE_CHECKING:
    from domain.conduct.evidence import Evidence
    from domain.quality.crowd import WorkerAnswer


LONGEST = 2000  # characters
WRONG = 4  # mistakes coincide: every fourth is shared with another worker
SENTENCE = 4  # words from which a text is compared, and voted on, word by word
UNSEEN = ("Z", "M", "Cc", "Cf")  # Unicode's categories of spaces, marks, control and format signs
SEVERAL = 3  # of whom two can outvote the third

WeightedTexts = Sequence[tuple[str, float]]
"""What each said, folded, and how likely it is right."""


class SubmittedText(AnswerKind):
    order = 50
    scale = Scale.NOMINAL
    wants = Wants.TEXT
    gold_expected = "gold_text"
    agrees_nearly = True
    shows_who_copied = True

    def parse_answer(self, handed_in: str, options: Sequence[str]) -> str:
        text = unicodedata.normalize("NFC", handed_in.replace("\0", "")).strip()
        if not _has_visible_sign(text) or len(text) > LONGEST:
            raise AnswerUnfit(what="text_length", limit=LONGEST)
        return text

    def is_right(self, answer: str | None, gold: Sequence[str]) -> bool:
        return answer is not None and fold_case_and_accents(answer) in map(fold_case_and_accents, gold)

    def parse_gold(self, gold_text: str, options: Sequence[str]) -> str | None:
        return gold_text.strip() if _has_visible_sign(gold_text) and len(gold_text) <= LONGEST else None

    def estimate_input_seconds(self, options: int) -> float:
        """Three words."""
        return 3 * SECONDS_PER_TYPED_WORD + PRESS_SECONDS

    def list_units(self, answer: str, options: Sequence[str]) -> Mapping[str, str | float]:
        return {"": fold_case_and_accents(answer)}

    def consensus_of(self, votes: Sequence[Vote], options: Sequence[str]) -> Agreement:
        texts = [(fold_case_and_accents(vote.answer), vote.accuracy) for vote in votes]
        posterior = _posterior(texts)
        best = _most_trusted_text(texts)
        if len(votes) >= SEVERAL and _are_sentences(posterior):
            voted, sure = _word_by_word(votes, best)
            return Agreement(voted, max(sure, posterior.get(fold_case_and_accents(voted), 0.0)))
        return Agreement(_most_trusted_spelling(votes, best), posterior[best])

    def rightness(self, votes: Sequence[Vote], options: Sequence[str]) -> list[float]:
        texts = [(fold_case_and_accents(vote.answer), vote.accuracy) for vote in votes]
        posterior = _posterior(texts)
        return [posterior[text] for text, _ in texts]

    def are_alike(self, answer: str, other_answer: str) -> bool:
        from domain.conduct.examination import are_near  # here: files are read without numpy

        return are_near(answer, other_answer)

    def find_copies(self, answers: Sequence[WorkerAnswer]) -> tuple[Evidence, ...]:
        from domain.conduct.examination import find_copied_texts  # here: files are read without numpy

        return find_copied_texts(answers)


def _has_visible_sign(text: str) -> bool:
    """Return whether the text has a visible sign: spaces, joiners and marks without a letter are none."""
    return not all(unicodedata.category(sign).startswith(UNSEEN) for sign in text)


def _posterior(texts: WeightedTexts) -> dict[str, float]:
    """Return P(right) of each text; the rest is the probability of a text that no worker wrote."""
    scores: dict[str, float] = {}
    for text, accuracy in texts:
        scores[text] = scores.get(text, 0.0) + log(accuracy * WRONG / (1 - accuracy))
    top = max(0.0, *scores.values())
    unseen = max(1, WRONG + 1 - len(scores)) * exp(-top)
    likely = {text: exp(score - top) for text, score in scores.items()}
    total = sum(likely.values()) + unseen
    return {text: likelihood / total for text, likelihood in likely.items()}


def _most_trusted_text(texts: WeightedTexts) -> str:
    """Return the text that has most of the trust, or else the medoid."""
    trust: dict[str, float] = {}
    for text, accuracy in texts:
        trust[text] = trust.get(text, 0.0) + accuracy
    ordered = sorted(trust, key=lambda text: (-trust[text], text))
    if trust[ordered[0]] * 2 > sum(trust.values()):
        return ordered[0]
    units = [text.split() if _are_sentences(trust) else text for text in ordered]
    return ordered[medoid(units, [trust[text] for text in ordered])]


def _word_by_word(votes: Sequence[Vote], nearest: str) -> tuple[str, float]:
    """A sentence assembled word by word: each place has its most likely word; the texts are laid along the nearest to
    all, the more trusted ones first."""
    ordered = sorted(
        votes, key=lambda vote: (fold_case_and_accents(vote.answer) != nearest, -vote.accuracy, vote.answer)
    )
    length = max(1, len(nearest.split()))
    accuracies = [vote.accuracy ** (1 / length) for vote in ordered]
    words, sure = [], []
    for place in network([vote.answer.split() for vote in ordered], fold_case_and_accents):
        posterior = _posterior(
            [(fold_case_and_accents(word), accuracy) for word, accuracy in zip(place, accuracies, strict=True)]
        )
        best = min(posterior, key=lambda word: (-posterior[word], word))
        sure.append(posterior[best])
        words.append(next(word for word in place if fold_case_and_accents(word) == best))
    return " ".join(word for word in words if word), prod(sure)


def medoid(texts: Sequence[Sequence[str]], weights: Sequence[float]) -> int:
    """The number of the text most similar to all others by weight (1 − edit distance / longer length); of equals the
    first."""
    from rapidfuzz.distance import Levenshtein  # here: files are read without it

    alike = Levenshtein.normalized_similarity
    scores = [sum(w * alike(text, other_text) for other_text, w in zip(texts, weights, strict=True)) for text in texts]
    return max(range(len(texts)), key=lambda at: (round(scores[at], 9), -at))


def network(texts: Sequence[Sequence[str]], same: Callable[[str], str]) -> list[list[str]]:
    """The word of each text at each place, "" for none: (places, texts); `same` makes equal what counts as equal.

    A word transition network as ROVER's (J. G. Fiscus, ASRU 1997), each text laid along the first by the fewest edits;
    further words have places of their own before the one they come to.
    """
    from rapidfuzz.distance import Levenshtein  # here: files are read without it

    first_text, further = [same(word) for word in texts[0]], max(map(len, texts))
    places: dict[tuple[int, int], list[str]] = defaultdict(lambda: [""] * len(texts))
    for number, text in enumerate(texts):
        for edit in Levenshtein.opcodes(first_text, [same(word) for word in text]):
            for nth, word in enumerate(text[edit.dest_start : edit.dest_end]):
                place = (edit.src_start, nth) if edit.tag == "insert" else (edit.src_start + nth, further)
                places[place][number] = word
    return [places[place_key] for place_key in sorted(places)]


def _most_trusted_spelling(votes: Sequence[Vote], text: str) -> str:
    """Return the text in the spelling of the most trusted worker."""
    return min((-vote.accuracy, vote.answer) for vote in votes if fold_case_and_accents(vote.answer) == text)[1]


def _are_sentences(texts: dict[str, float]) -> bool:
    return max(len(text.split()) for text in texts) >= SENTENCE


KIND = SubmittedText()
