"""The French catalogue: complete, exact in its placeholders and tags, and French in its typography."""

import ast
import re
from string import Formatter

import pytest
from babel.messages.catalog import Message as Entry

from domain.moments import DAY
from formats.captions.caption import read_caption
from locales import translator
from simulator.text.html_text import parse_html
from tests.locales.catalogue import Texts, all_texts, messages, stored, updated, written
from tests.locales.french import flaws

ENTRIES = [entry for texts in all_texts() for entry in stored("fr", texts) if entry.id]
SAME = {
    "• <b>{amount}</b> {facts} ({why})",
    "<b>{amount}</b> {movement} /why_{number}",
    "join CODE",
    "🏢 <b>{team}</b>",
    "🏢 <b>{team}</b> · team-{number}",
    "📖 <b>{label}</b>",
    "✅ {words}",
    "▶️ #{number} {title}",
    "❌ <b>{words}</b> ({count}×)\n<code>{rows}</code>",
    "<code>{head}</code>",
    "📒 <code>{name}</code>",
    # words that both languages share, and lines made of facts and signs alone
    *("• <b>{title}</b> · {day}", "• {what} ({format}), {when}", "Format"),
    *("Album", "IBAN", "Note", "Options", "Question", "Question {number}", "Restrictions", "Verdict", "violence"),
    *("{count} point", "{count} points", "{count} passage", "{count} passages"),
    *("🔎 <b>{who}</b> · {answers}", "• {what}. {odds}"),
    "{bar} {share} · {answers}",
    *(f"{sign} <b>{{title}}</b>" for sign in ("🎓", "💡", "📊", "❓", "✅", "🚩", "🧪")),
    *("N", "N [format]", "[ {options} ]", "{number}. {line}", "{bar} {percent}", "{command} {means}"),
    *("❓ {number}/{of} <b>{question}</b>", "✓ {question} <b>{answer}</b>", "{number}. {question}"),
    *("📋 <b>{title}</b>", "<i>{about}</i>", "✓ {said} · {pay}", "✗ {said} · {pay}"),
    "🏁 {tasks}, {time}, {earned}",
    *("<b>{title}</b>\n{said}", "<b>{title}</b>\n{said} · {pay}", "🔍 <b>{title}</b>"),
    *("⏱ {minutes} min · 🌍 {languages}", "🎯 {purpose}", "🧱 {template}"),
    *("{debit} → {credit}", "{answer} × {count}", "#{number} · {when} · {amount} · {what}"),
    *(
        "<b>{title}</b>",
        "<b>{title}</b> · {pay}",
        "<b>{title}</b>\n✓ {said} · {pay}",
        "<b>{number}</b> {title} · {state}",
        "<b>{number}</b> {title} · {state}, {percent}",
    ),
    *("👤 <b>{who}</b> · <code>{id}</code>", "<code>{name}</code> {balance}"),
    *("{when} · {amount} → {balance} · {what}", "#{number} · {when} · <b>{amount}</b> {times}{what}{where}"),
    *("🗓 {days}, {hours}", "{days}, {hours}", "{begin}–{end}", "🔔 {pace}", "🎯 {goal}", "🧩 {ways} · {languages}"),
    "{problem} ({detail})",
    *("[QUESTION]", "📖 Questions ({count})", "• {what}", "• {what} · <i>{about}</i> · {worker}"),
    *("Europe", "⏸ Pause", "{time} UTC", "Messages", "log", "stewards"),
    "<b>{amount}</b> {times}{what}{where}{title} · #{number} /why_{number}",
    *("• @{name}", "• @{name}: {count}", "✅ @{name}: {count}", "<code>{code}</code> @{name}"),
    "{count} minute",
    "{count} minutes",
}


def both(entry: Entry) -> list[tuple[str, str]]:
    """(English, French), once for a message, twice for a plural."""
    if isinstance(entry.id, str):
        return [(entry.id, str(entry.string))]
    return list(zip(entry.id, entry.string, strict=True))


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def tags(text: str) -> list[str]:
    return sorted(re.findall(r"<[^>]*>", text))


def called(entry: Entry) -> str:
    return entry.id if isinstance(entry.id, str) else entry.id[0]


PAIRS = [pair for entry in ENTRIES for pair in both(entry)]


@pytest.mark.parametrize("texts", all_texts(), ids=lambda texts: texts.package)
def test_the_file_is_what_the_code_says(texts: Texts) -> None:
    there = updated("fr", texts)
    path = texts.path_of("fr")
    assert (path.read_bytes() if len(there) else b"") == (written(there) if len(there) else b""), (
        "make texts, translate"
    )


@pytest.mark.parametrize("texts", all_texts(), ids=lambda texts: texts.package)
def test_every_literal_in_the_code_is_found(texts: Texts) -> None:
    """Babel reads tokens; the syntax tree finds what it may have missed."""
    known = {text for _, message in messages(texts) for text in ([message] if isinstance(message, str) else message)}
    for source in sorted(path for room in texts.rooms for path in room.rglob("*.py")):
        for call in filter(lambda node: isinstance(node, ast.Call), ast.walk(ast.parse(source.read_text()))):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            count = {"t": 1, "plain": 1, "n": 2}.get(name, 0)
            literals = [a.value for a in call.args[:count] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            assert known.issuperset(literals), f"{source.name}:{call.lineno}"


def test_every_message_has_its_own_words() -> None:
    assert [called(entry) for entry in ENTRIES if entry.fuzzy] == []
    assert [english for english, french in PAIRS if not french or (french == english and english not in SAME)] == []


def test_every_message_has_the_same_placeholders() -> None:
    assert [english for english, french in PAIRS if names(french) != names(english)] == []


def test_every_message_has_the_same_tags() -> None:
    assert [english for english, french in PAIRS if tags(french) != tags(english)] == []
    for text in (text for pair in PAIRS for text in pair):
        parse_html(text.replace("{address}", "https://example.org"))


def test_every_message_keeps_commands_and_pictures() -> None:
    def kept(text: str) -> list[str]:
        words = re.sub(r"<[^>]*>", " ", text)
        return sorted(re.findall(r"(?<![\w/])/[a-z]+|[\u2190-\u2bff\U0001f000-\U0001ffff]", words))

    assert [english for english, french in PAIRS if kept(french) != kept(english)] == []


def test_every_message_is_set_in_french() -> None:
    assert [(french, found) for _, french in PAIRS if (found := list(flaws(french)))] == []


def test_french_names_who_asks_by_one_word_and_fits_readers_of_every_gender() -> None:
    others = re.compile(
        r"(?i)\bdemandeur|\bdonneurs? d’ordre|vous (êtes|serez|avez été) (payé|seul|invité|qualifié|averti|prévenu)\b"
        r"|^\W*(<b>)?qualifié\b|\bcommanditaire|\bpanneau|\brejet(er|ée?s?)\b|réponses sont décidées"
    )
    assert [french for _, french in PAIRS if others.search(french) or "Je me suis servi" in french] == []


def test_plus_de_means_neither_more_nor_no_more_where_nothing_tells_which() -> None:
    """“Plus de tâches d’un projet” is read both ways; /help said so of one command that ends them, of one that adds."""
    bare = re.compile(r"(?:^|\W[ \u00a0])plus de (?:tâches|messages|questions|nouvelles)\b", re.IGNORECASE)
    assert [french for _, french in PAIRS if bare.search(french)] == []


def test_no_sum_is_the_subject_of_a_french_verb() -> None:
    """0,05 € part, 5,00 € partent: which one it is, the sum tells only when it is read."""
    sums = "amount|back|cost|due|gross|held|missing|money|net|pay|total|withheld"
    plural = re.compile(
        rf"\{{({sums})\}}(</b>)? (ne |n’)?(ont|sont|partent|reviennent|restent|arrivent|manquent|attendent)\b"
    )
    assert [french for _, french in PAIRS if plural.search(french)] == []


def test_the_example_can_be_sent_in_french() -> None:
    english = next(str(e.id) for e in ENTRIES if str(e.id).startswith("/newproject\n"))
    ours, theirs = read_caption(english), read_caption(translator("fr").plain(english))
    assert (theirs.pay, theirs.overlap, theirs.title) == (ours.pay, ours.overlap, "Cet avis est-il positif\u202f?")
    assert theirs.options == ("positif", "négatif")


def test_money_numbers_and_dates_are_french() -> None:
    t = translator("fr")
    assert t.money(50_000, "EUR") == "0,05\u00a0€"
    assert t.money(37_500, "EUR") == "0,0375\u00a0€"
    assert t.money(0, "EUR") == "0,00\u00a0€"
    assert t.money(-1_234_560_000, "EUR") == "-1\u202f234,56\u00a0€"
    assert t.number(12_345.5) == "12\u202f345,5"
    assert t.percent(0.95) == "95\u00a0%"
    assert t.duration(8_000) == "8\u00a0secondes"
    assert t.moment(1_790_000_000_000) == "21/09/2026 14:13"
    assert t.time(1_790_000_000_999) == '<tg-time unix="1790000000" format="dt">21/09/2026 14:13 UTC</tg-time>'
    assert t.day(1_790_000_000_000) == "21 sept. 2026"
    assert t.day(1_796_083_200_000) == "1er déc. 2026"
    assert t.day(1_796_083_200_000 + 10 * DAY) == "11 déc. 2026"
    assert t.one_of(["positif", "neutre", "négatif"]) == "positif, neutre ou négatif"


@pytest.mark.parametrize(
    ("millionths", "currency", "shown"),
    [
        (490_000, "XOF", "0,49\u00a0F\u202fCFA"),
        (5_500_000, "JPY", "5,50\u00a0JPY"),
        (5_123_000, "JPY", "5,123\u00a0JPY"),
        (5_000_000, "JPY", "5\u00a0JPY"),
        (0, "XOF", "0\u00a0F\u202fCFA"),
        (500_000, "TND", "0,500\u00a0TND"),
        (125_500, "TND", "0,1255\u00a0TND"),
    ],
)
def test_money_is_never_rounded_whatever_decimals_its_currency_has(millionths: int, currency: str, shown: str) -> None:
    """A pay of 0.49 in a currency without decimals was shown as nothing."""
    assert translator("fr").money(millionths, currency) == shown


def test_nothing_and_one_are_singular_in_french() -> None:
    t = translator("fr")
    counted = [t.n("{count} answer", "{count} answers", count) for count in (0, 1, 2, 1_000)]
    assert counted == ["0 réponse", "1 réponse", "2 réponses", "1\u202f000 réponses"]
