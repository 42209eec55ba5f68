"""The quality of a project, as a picture with a caption."""

from itertools import pairwise

from domain.quality.messages.skill import ProjectQuality
from handlers.screens.layout.fitting import clipped
from handlers.screens.screen import Screen, lines, shows
from locales import Translator
from reports.quality import Histogram, Share, quality_picture

STEPS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.99)
NAMED = 46  # characters of a title on the picture


@shows(ProjectQuality)
def quality(of: ProjectQuality, t: Translator) -> Screen:
    title = clipped(of.title, NAMED)
    shares = (
        _share(t.plain("Agreement"), of.agreeing, of.compared, t),
        _share(t.plain("Right on gold"), of.gold_right, of.gold_seen, t),
    )
    bounds = [t.number(round(100 * step)) for step in STEPS]
    counts, across = of.confidences, t.plain("confidence")
    histogram = Histogram(
        t.plain("How sure the results are"),
        [f"< {bounds[0]}", *(f"{low}–{high}" for low, high in pairwise(bounds)), f"≥ {bounds[-1]}"],
        counts,
        [t.number(count) if count else "–" for count in counts],
        across + " (%)",
        t.plain("tasks"),
    )
    caption = lines(
        t("📊 <b>{title}</b>", title=title),
        t(
            "Agreement: how often an answer is the one its task came to. Gold: how often a check question was answered right."
        ),
        t("Confidence: how likely each result is right, as far as we can tell.")
        if any(counts)
        else t("No result has a confidence so far."),
    )
    return Screen(caption, photo=lambda: quality_picture(title, shares, histogram))


def _share(label: str, part: int, whole: int, t: Translator) -> Share:
    if not whole:
        return Share(label, None, "–")
    return Share(label, part / whole, f"{t.percent(part / whole)} ({t.number(part)}/{t.number(whole)})")
