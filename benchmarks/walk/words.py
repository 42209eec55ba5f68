"""What is typed: words that fit an open question, amounts, other scripts, and what nobody expects.

Words of content are of no language, so that English in a French chat is ours."""

from collections.abc import Callable
from random import Random

from benchmarks.walk.cast import Walker

SYLLABLES = ("zor", "bli", "kam", "tuv", "rek", "plo", "mip", "gra", "dun", "vex", "holk", "strim")
SCRIPTS = (
    "评论很好",
    "مرحبا بالعالم",
    "Привет мир",
    "שלום עולם",
    "ありがとう",
    "नमस्ते",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "é̂́",
    "ß Ångström",
    "ﷺ﷽",
)
ODD: tuple[str, ...] = (
    *(
        "0",
        "-1",
        "1e9",
        "9" * 15,
        "9" * 16,
        "9" * 25,
        "٣",
        "½",
        "1,000",
        "1.000",
        "0.000001",
        "0.0000001",
        "NaN",
        "inf",
    ),
    *(
        "#1",
        "@",
        "@nobody_here",
        "all",
        "on",
        "off",
        "*",
        "'; --",
        "<b>",
        "&amp;",
        "%s %d",
        "{name}",
        "\u200b",
        "\u202eabc",
    ),
)
HTML = ("<b>zor</b> & <i>bli", "a<b>c", "&lt;script&gt;", "`*_[zor](http://x.y)_*`", "https://zor.example/bli?x=1&y=2")

PIECES = (
    *(
        "FR76",
        "DE89370400440532013000",
        "1988-03-20",
        "20/03/1988",
        "73282932000074",
        "Paris",
        "Dakar",
        "+3",
        "yes",
        "oui",
    ),
    *("no", "75002", "12", "48.85,2.29", "choice", "zor, bli", "@qxwoavz_u"),
)


def word(dice: Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(dice.randint(1, 3)))


def sentence(dice: Random, least: int = 3, most: int = 12) -> str:
    return " ".join(word(dice) for _ in range(dice.randint(least, most))).capitalize() + "."


def amount(dice: Random) -> str:
    return dice.choice(
        ("0.05", "0.10", "1", "2.50", "10", "25", "100", "0,20", "5 €", "€3", "0", "1000000", "1000.001")
    )


def text(dice: Random, walker: Walker) -> str:
    """Anything a person might send."""
    chance = dice.random()
    if chance < 0.3:
        return sentence(dice)
    if chance < 0.4:
        return amount(dice)
    if chance < 0.5:
        return dice.choice(SCRIPTS) * dice.choice((1, 1, 3, 40))
    if chance < 0.62:
        return dice.choice(ODD)
    if chance < 0.7:
        return dice.choice(HTML)
    if chance < 0.74:
        return sentence(dice, 20, 500)[: dice.choice((4096, 4000, 300, 1024))]
    if chance < 0.8:
        return "\n".join(sentence(dice, 1, 3) for _ in range(dice.choice((2, 5, 60))))[:4096]
    return dice.choice((walker.iban, walker.iban.lower(), *PIECES))


FITTING: dict[str, Callable[[Random, Walker], str]] = {
    "payee": lambda dice, walker: dice.choice((walker.iban, walker.iban, sentence(dice, 2, 3), "Awa Qxzor")),
    "siret": lambda dice, walker: "73282932000074",
    "tax form": lambda dice, walker: dice.choice(
        ("Awa", "Diallo", "3 rue Neuve", "75002", "Paris", "30 23 217 600 053", "20/03/1988", "FR", "France")
    ),
    "buyer": lambda dice, walker: f"Zor SARL\n{dice.randint(1, 99)} rue Zor\n75011 Paris\nFrance\nFR40303265045",
    "newproject": lambda dice, walker: dice.choice(
        (
            sentence(dice),
            sentence(dice),
            "zor, bli",
            "0.10",
            "3",
            "5",
            "choice",
            "10",
            f"{sentence(dice)}\n{sentence(dice)}",
        )
    ),
    "bonus": lambda dice, walker: dice.choice((sentence(dice), amount(dice))),
    "team name": lambda dice, walker: f"Zor {word(dice)}",
    "team cap": lambda dice, walker: amount(dice),
    "group link": lambda dice, walker: dice.choice(
        ("https://t.me/+AbCdEfGh1234", "https://t.me/joinchat/AAA", "t.me/zor")
    ),
    "hub": lambda dice, walker: dice.choice(("hf_abcdefghijklmnopqrstuvwx", "zor/bli", "hf_x")),
    "qualification holders": lambda dice, walker: "@qxwoavz_u 933580002\n933580003",
}


def fitting(dice: Random, walker: Walker, journey: str) -> str:
    """What the open question wants, as a rule."""
    made = FITTING.get(journey)
    return made(dice, walker) if made else sentence(dice, 6, 20)
