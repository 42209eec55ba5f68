"""A requester's first project waits until an admin has looked at it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.messages import Message
from domain.moments import Moment
from domain.money.amounts import Millionths
from domain.people.accounts import PersonId
from domain.projects.projects import ProjectId


class LookState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FirstLook:
    """`seen` is a fingerprint of what the admins are shown, `version` counts how often it changed: an approval is for
    what its button stood under. `reason` and `ended_by` are those of the latest refusal, also while it waits again.
    `api_key` is that of the program that asked, None where a person did. `price` is what the launch cost then, which
    counts against that key; None where nobody noted it, and for HITs, which count one by one."""

    project: ProjectId
    state: LookState
    seen: str
    version: int
    asked_at: Moment
    reason: str
    ended_by: PersonId | None
    api_key: int | None
    price: int | None


MAX_FIELDS, MAX_HOSTS = 40, 20  # that a look shows


@dataclass(frozen=True, slots=True)
class QuestionLook:
    """What admins see of a program's task: `address` is that of a page on its requester's server, `text` what is read,
    `fields` what can be filled in and of which sort, `hosts` whose files and addresses it names. `hidden` is what only
    a program reads: scripts, values and addresses, where words can stand as well."""

    address: str
    text: str
    fields: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    hidden: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """All in which words worth a second look may stand, what people read first."""
        return self.address, self.text, "\n".join(self.fields), self.hidden


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
MAX_FINDINGS_PER_FLAG, MAX_FINDING_CHARS = 4, 40  # findings of one kind, and characters of one
MAX_SEARCHED_CHARS = 50_000  # characters of a project that are looked through


@dataclass(frozen=True, slots=True)
class Found:
    """Findings of one kind, as they stand in the folded text."""

    flag: Flag
    words: tuple[str, ...]


def fold(text: str) -> str:
    """Lower case without accents and invisible signs, one kind of apostrophe, single spaces."""
    plain = "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
    )
    return " ".join(plain.replace("’", "'").split())


def _alternatives(words: str) -> str:
    return "|".join(_word_pattern(" ".join(word.split())) for word in words.split(","))


def _word_pattern(word: str) -> str:
    end = "" if word.endswith("*") else r"\b"
    return rf"\b{re.escape(word.rstrip('*'))}{end}"


def _flag_pattern(flag: Flag) -> re.Pattern[str]:
    both = (_alternatives(WORDS[flag]) if flag in WORDS else "", PATTERNS.get(flag, ""))
    return re.compile("|".join(filter(None, both)))


_FINDERS = {flag: _flag_pattern(flag) for flag in Flag}


def find_flags(texts: Iterable[str], max_chars: int = MAX_SEARCHED_CHARS) -> tuple[Found, ...]:
    """Return the flags found in the first `max_chars` characters of the texts, each with its different findings in
    their order."""
    text = fold("\n".join(texts)[:max_chars])
    hits = {
        flag: dict.fromkeys(hit.group()[:MAX_FINDING_CHARS] for hit in find.finditer(text))
        for flag, find in _FINDERS.items()
    }
    return tuple(Found(flag, tuple(words)[:MAX_FINDINGS_PER_FLAG]) for flag, words in hits.items() if words)


@dataclass(frozen=True, slots=True)
class LaunchWaits(Message):
    """Reply to the requester: an admin looks first. `again`: the project waited already; `refused`: an earlier
    refusal's reason."""

    project: ProjectId
    title: str
    again: bool
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ProjectWords(Message):
    """Everything a worker is told, for admins, before the card."""

    project: ProjectId
    title: str
    instructions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionToApprove(Message):
    """A HIT as a worker gets it, for admins, before the card. A long text takes several messages: the one that
    `begins` it has the `address` of a page on its requester's server, the one that `ends` it the `fields` that can be
    filled in, the `hosts` that the page names, how many characters are `more`, and a button to see it as it is."""

    project: ProjectId
    task: int
    address: str
    text: str
    fields: tuple[str, ...]
    hosts: tuple[str, ...]
    begins: bool
    ends: bool
    more: int = 0


@dataclass(frozen=True, slots=True)
class ProjectToApprove(Message):
    """Card for admins, of one `edition`: a project of a requester without one that was approved or completed.

    `samples` are tasks from all over it; `hourly` the expected pay, None if unknown; `cost` at most, fee
    included; `refused` is the reason of an earlier refusal, `content` what workers are warned of. `speaks` is the
    requester's language: if the project names none, workers who ticked languages are asked if it is among them.
    `pilot`: its first tasks start alone."""

    project: ProjectId
    edition: int
    title: str
    who: str
    kind: str
    options: tuple[str, ...]
    template: str
    purpose: str
    tasks: int
    gold: int
    overlap: int
    accept: str
    minutes: int
    languages: tuple[str, ...]
    pay: Millionths
    hourly: Millionths | None
    cost: Millionths
    currency: str
    samples: tuple[str, ...]
    flags: tuple[Found, ...]
    asked_at: Moment
    refused: str = ""
    content: tuple[str, ...] = ()
    speaks: str = "en"
    pilot: bool = False


@dataclass(frozen=True, slots=True)
class LookReasonWanted(Message):
    """Asks the admin why the project must not start."""

    project: ProjectId
    title: str


@dataclass(frozen=True, slots=True)
class LookDecided(Message):
    """Reply to the admin. `started`: False also if an approved project lacked something, such as money, by then."""

    project: ProjectId
    title: str
    approved: bool
    started: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LookApproved(Message):
    """Notice to the requester. Not `started`: something else is missing; launching again says what."""

    project: ProjectId
    title: str
    started: bool


@dataclass(frozen=True, slots=True)
class LookRefused(Message):
    """Notice to the requester with the reason; `another`: another admin looks at a second try."""

    project: ProjectId
    title: str
    reason: str
    another: bool


@dataclass(frozen=True, slots=True)
class ProjectReworded(Message):
    """Notice to admins: the texts of a running project were edited, one that an admin approved or with words worth a
    look."""

    project: ProjectId
    title: str
    who: str
    edition: int
    instructions: tuple[str, ...]
    flags: tuple[Found, ...]
