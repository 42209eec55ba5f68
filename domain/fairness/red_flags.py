"""Words and patterns worth a second look before a stranger's first project starts. They decide nothing: a human does.

`WORDS` is the table to read and to extend: English and French, lower case, without accents. A word that ends with `*`
is the beginning of one. Texts are folded in the same way first, so that accents, capitals and letters of another shape
make no difference.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    ACCOUNTS = "accounts"
    REVIEWS = "reviews"
    CAPTCHAS = "captchas"
    PAPERS = "papers"
    MONEY = "money"
    CRYPTO = "crypto"
    CONTACTS = "contacts"
    LINKS = "links"
    SOFTWARE = "software"
    ADULT = "adult"
    DISGUISE = "disguise"


WORDS: dict[Flag, str] = {
    Flag.ACCOUNTS: """
        sign up, sign in, log in, login, register on, create an account, create accounts, open an account, new account,
        your account, password*, verification code, one-time code, subscribe to, follow us, like our, invite code,
        inscri*, s'inscrire, creer un compte, creez un compte, ouvrir un compte, ouvrez un compte, nouveau compte,
        votre compte, mot de passe, mots de passe, identifiants, code de verification, code recu, abonnez-vous,
        se connecter, connectez-vous, code de parrainage""",
    Flag.REVIEWS: """
        write a review, leave a review, post a review, positive review on, five stars, 5 stars, 5-star*, rate our,
        rate us, trustpilot, google review*, app store, play store, upvote*, testimonial*,
        laisser un avis, laissez un avis, ecrire un avis, ecrivez un avis, publier un avis, publiez un avis,
        avis positif*, cinq etoiles, 5 etoiles, avis google, notez-nous, temoignage*""",
    Flag.CAPTCHAS: """
        captcha*, recaptcha, i'm not a robot, i am not a robot, je ne suis pas un robot, prove you are human,
        prouvez que vous etes humain""",
    Flag.PAPERS: """
        passport*, identity card*, id card*, driving licence*, driver's license*, drivers license*, social security,
        birth certificate*, selfie with, residence permit*, proof of address, tax number,
        passeport*, carte d'identite, cartes d'identite, piece d'identite, permis de conduire,
        numero de securite sociale,
        carte vitale, acte de naissance, titre de sejour, justificatif de domicile, selfie avec, numero fiscal""",
    Flag.MONEY: """
        bank account*, bank details, iban, credit card*, debit card*, card number*, cvv, pin code, paypal,
        western union, gift card*, wire transfer, send money, deposit money, invest*, loan*, refund you, advance fee,
        compte bancaire, coordonnees bancaires, rib, carte bancaire, carte de credit, carte bleue, numero de carte,
        code secret, virement*, envoyez de l'argent, envoyer de l'argent, carte cadeau, cartes cadeaux, placement*,
        pret d'argent, rembourserons, frais d'avance""",
    Flag.CRYPTO: """
        bitcoin*, btc, crypto*, ethereum, usdt, tether, wallet*, seed phrase, airdrop*, nft*, token sale,
        portefeuille*, phrase secrete, jeton*""",
    Flag.CONTACTS: """
        phone number*, telephone number*, mobile number*, whatsapp, your address, your email, your e-mail, text us,
        call us, numero de telephone, numeros de telephone, votre numero, votre adresse, votre email, votre e-mail,
        votre courriel, appelez-nous, ecrivez-nous""",
    Flag.SOFTWARE: """
        install*, download*, apk, browser extension*, remote access, anydesk, teamviewer, proxy, vpn, share your screen,
        telecharge*, extension de navigateur, prise en main a distance, partagez votre ecran""",
    Flag.ADULT: """
        porn*, nude*, naked, sex*, onlyfans, weapon*, drug*, suicide, self-harm, gore, beheading*,
        nu, nus, nue, nues, sexe*, sexuel*, arme*, drogue*, automutilation, decapitation*""",
}
PATTERNS: dict[Flag, str] = {
    Flag.LINKS: r"https?://\S{1,80}|\bwww\.\S{1,80}|\bt\.me/\S{1,40}"
    r"|\b[a-z0-9-]{2,40}\.(?:com|net|org|info|io|ru|xyz|top|app)\b",
    Flag.CONTACTS: r"[\w.+-]{1,40}@[\w-]{1,40}\.[a-z]{2,10}"
    r"|(?:\+|\b00)\d(?:[ .()-]{0,2}\d){7,13}|\b0\d(?:[ .-]?\d\d){4}\b|\(\d{3}\) ?\d{3}-\d{4}",
    Flag.MONEY: r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}\b|\b\d{4}(?:[ -]?\d{4}){3}\b",
    Flag.CRYPTO: r"\b0x[0-9a-f]{40}\b|\bbc1[0-9a-z]{25,60}\b",
    # A Latin word with Greek or Cyrillic letters.
    Flag.DISGUISE: r"\b(?=\w*[a-z])\w*[\u0370-\u03ff\u0400-\u04ff]\w*",
}
SHOWN, LONGEST = 4, 40  # findings of one kind, and characters of one
READ = 50_000  # characters of a project that are looked through


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind, as it stands in the folded text."""

    flag: Flag
    words: tuple[str, ...]


def folded(text: str) -> str:
    """Lower case without accents and invisible signs, one kind of apostrophe, single spaces."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
    return " ".join(plain.replace("’", "'").split())


def _alternatives(words: str) -> str:
    return "|".join(_pattern(" ".join(word.split())) for word in words.split(","))


def _pattern(word: str) -> str:
    end = "" if word.endswith("*") else r"\b"
    return rf"\b{re.escape(word.rstrip('*'))}{end}"


def _finder(flag: Flag) -> re.Pattern[str]:
    both = (_alternatives(WORDS[flag]) if flag in WORDS else "", PATTERNS.get(flag, ""))
    return re.compile("|".join(filter(None, both)))


_FINDERS = {flag: _finder(flag) for flag in Flag}


def found_in(texts: Iterable[str], most: int = READ) -> tuple[Found, ...]:
    """Each kind once, its findings in their order, each once; in the first `most` characters."""
    text = folded("\n".join(texts)[:most])
    hits = {
        flag: dict.fromkeys(hit.group()[:LONGEST] for hit in find.finditer(text)) for flag, find in _FINDERS.items()
    }
    return tuple(Found(flag, tuple(words)[:SHOWN]) for flag, words in hits.items() if words)
