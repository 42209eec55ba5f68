"""Problems of a form name what and where in the reader's own words: keys, kinds and examples as they would be typed."""

import re

import pytest

from domain.refusals import FormRefused
from formats.captions.caption import PARSERS, find_unmet_wishes, read_caption, without_accents
from handlers.input_problems import form_refused
from locales import translator
from locales.languages import LANGUAGES, caption_word, caption_words
from services.projects.wizard import read_form

BASE = "/newproject\ntitre: a\nconsignes: b\npaie: 0,05\n"
FORMS = {
    "question: choix | Q | a, b\nquestion: zz | q": "Question 2 : « zz »",
    "question: nombre | Combien | 1, 2": "Question 1 : « 1, 2 » – attendu : aucun choix : une question de type nombre",
    "question: choix": "Question 1 : « choix » – attendu : une question comme : choix | Y a-t-il",
    "question: texte | Q | si q9 = non": "comme : si q1 = oui",
    "question: choix | Q | a, b\ntype: note": "type : « note » – attendu : pas de ligne « type »",
    "question: choix | Q | a, b\noptions: a, b": "choix : « a, b » – attendu : pas de ligne « choix »",
    'form: [{"kind": "text", "text" "x"}]': "il s’arrête ici, à la ligne 1",
    'form: [{"kind": "choice", "text": "x", "options": "a,b"}]': 'Question 1 : « options: "a,b" »',
    'form: [{"kind": "text", "text": "x"}, {"kind": "text", "text": "y", "ai": "z"}]': "Question 2 : « ai »",
    'form: [{"kind": "text", "text": "x", "note": 3}]': "Question 1 : « note »",
    'form: [{"kind": "text", "text": {}}]': "Question 1 : « text: {} »",
    'question: texte | Q\nform: [{"kind": "text", "text": "x"}]': "les questions une seule fois",
    "type: formulaire": "type : « formulaire » – attendu : des lignes « question »",
    "type: zz": "choix, plusieurs choix, note, nombre",
    "contenu: zz": "haine, automutilation, blessures",
    "verifications: zz": "parmi vide, sombre, flou, capture, répété, court, faible",
    "verifications: non": "vérifications : « non » – attendu : un des genres photo, voix",
    "comparer: zz": "égalité, marges, ordre fixe",
    "type: texte\nraison: Pourquoi": "raison : « Pourquoi » – attendu : le genre comparaison",
    "consinges: e": "vouliez-vous dire consignes ?",
    "avis: 3\navis max: 1": "avis max : « 1 »",
    "qui: x": "pays=FR, qualifié=TITRE",
}


def refusal(lines: str, language: str) -> str:
    with pytest.raises(FormRefused) as refused:
        read_form(BASE + lines, "EUR")
    text = form_refused(refused.value, translator(language)).text
    return re.sub(r"</?b>", "", text).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("lines", sorted(FORMS))
def test_a_french_reader_reads_their_own_words(lines: str) -> None:
    shown = refusal(lines, "fr")
    assert FORMS[lines] in shown
    ours = {key for key in PARSERS if caption_word("fr", "keys", key) != key} - {"image", "form", "reason"}
    typed = set(re.findall(r"\w+", lines))  # what they wrote themselves, and JSON's own names, stay
    known = typed | ({"kind", "options"} if "form:" in lines else set())
    assert (set(re.findall(r"\w+", shown)) - known) & ours == set()


@pytest.mark.parametrize("what", ["keys", "values"])
def test_every_word_that_a_refusal_names_is_understood(what: str) -> None:
    understood = caption_words(what)
    for language in sorted(LANGUAGES):
        for meant in sorted(set(understood.values())):
            word = caption_word(language, what, meant)
            apart = word.replace(" ", "_") if what == "keys" else word
            assert word == meant or understood[without_accents(apart)] == meant


def test_in_english_keys_are_as_they_are() -> None:
    assert "max_overlap: “1”" in refusal("avis: 3\navis max: 1", "en")


def test_a_form_that_models_may_decide_says_that_they_do_not() -> None:
    form = read_caption(f"{BASE}ia: gpt, peut décider\nquestion: choix | Q | a, b", "EUR")
    assert [warning.key for warning in find_unmet_wishes(form)] == ["may_decide_form"]
    assert find_unmet_wishes(read_caption(f"{BASE}ia: gpt, peut décider\noptions: a, b", "EUR")) == ()
