"""Words worth a second look are found in both languages and in disguise; ordinary work has none."""

import time

import pytest

from domain.fairness.first_look import MAX_SEARCHED_CHARS, Flag, find_flags, fold

SCAMS = {
    Flag.ACCOUNTS: [
        "Sign up on the site",
        "CRÉEZ UN COMPTE gratuit",
        "donnez-nous votre mot de passe",
        "Send the pass\u200bword",
    ],
    Flag.REVIEWS: ["Leave a review on Google", "Laissez un avis 5 étoiles"],
    Flag.CAPTCHAS: ["Type what the CAPTCHA shows", "je ne suis pas un robot"],
    Flag.PAPERS: ["a photo of your passport", "photo de votre carte d’identité", "numéro de sécurité sociale"],
    Flag.MONEY: ["your bank account", "FR76 3000 6000 0112 3456 7890 189", "votre RIB", "4970 1012 3456 7890"],
    Flag.CRYPTO: ["Send 0.1 BTC", "phrase secrète du portefeuille"],
    Flag.CONTACTS: ["call +33 6 12 34 56 78", "06 12 34 56 78", "mail joe@example.org", "votre numéro"],
    Flag.LINKS: ["see https://scam.example/x", "go to t.me/scam", "open best-jobs.xyz"],
    Flag.SOFTWARE: ["Install AnyDesk", "Téléchargez l’application"],
    Flag.ADULT: ["nude pictures", "images de décapitation"],
    Flag.DISGUISE: ["send your pаssword"],
}
HONEST = """Is the review positive? Read the review. Is the writer pleased? L’auteur est-il content ?
Lisez l’avis et choisissez. Transcribe the receipt of 12.11.2026. How many apples are there?
1, 2, 3 or 1000? positive negative
A newspaper article about registration of voters. What colour is the car? 2024-11-27 10:20:30. C’est une nuance."""


@pytest.mark.parametrize(("flag", "text"), [(flag, text) for flag, texts in SCAMS.items() for text in texts])
def test_what_is_worth_a_second_look_is_found(flag: Flag, text: str) -> None:
    assert flag in [each.flag for each in find_flags([HONEST, text])]


def test_ordinary_work_stands_out_by_nothing() -> None:
    assert find_flags([HONEST]) == ()


def test_each_red_flag_is_listed_once_with_few_findings() -> None:
    (found,) = find_flags(["Password, PASSWORD: log in, sign up, sign in, login, mot de passe"])
    assert found.words == ("password", "log in", "sign up", "sign in")


@pytest.mark.parametrize("sign", ["a", "1 ", "0", "a1", "@", "a@", "+1", "w.", "é\u200b", "1-"])
def test_no_text_takes_long(sign: str) -> None:
    began = time.process_time()
    find_flags([fold(sign * MAX_SEARCHED_CHARS)])
    assert time.process_time() - began < 5
