"""Messages about the tax form: realistic ones, and the longest."""

from domain.messages import Message
from domain.moments import Moment
from domain.money.contributions import (
    NoSiretNoted,
    RatesRead,
    SiretAsked,
    SiretNoted,
    SiretUnfit,
    SiretWanted,
)
from domain.money.tax_forms import (
    MAX_ANSWER_CHARS as MOST,
)
from domain.money.tax_forms import (
    TaxAnswer,
    TaxCopy,
    TaxFormReminder,
    TaxFormSaved,
    TaxFormWanted,
    TaxQuarter,
    TaxQuestion,
    TaxReview,
)

NOON = Moment(1_790_000_000_000)
EXAMPLES = {
    "country": "FR",
    "kind": "person",
    "first_names": "Awa",
    "last_name": "Diallo <3",
    "company": "Étiquettes SARL",
    "street": "3 rue de la Paix",
    "postcode": "75002",
    "town": "Paris",
    "tax_number": "•••• 053",
    "born": "1988",
    "birth_town": "Dakar",
    "birth_country": "SN",
    "register": "•••• 320",
}
FLAWS = ("country", "kind", "words", "long", "number", "date", "age")
MESSAGES: list[Message] = [
    TaxFormWanted(NOON),
    *(TaxFormReminder(NOON, last) for last in (False, True)),
    *(TaxQuestion(step, 1 + (step != "country"), 9, "FR") for step in EXAMPLES),
    TaxQuestion("country", 1, 9, suggested=("FR", "BE", "CH", "CA")),
    TaxQuestion("tax_number", 8, 9, "DE"),
    *(TaxQuestion(step, 8, 9, "DE", business=True) for step in ("tax_number", "street")),
    *(TaxQuestion("tax_number", 8, 9, "FR", flaw=flaw) for flaw in FLAWS),
    *(TaxReview(tuple(TaxAnswer(step, EXAMPLES[step]) for step in EXAMPLES), saved) for saved in (False, True)),
    TaxReview((TaxAnswer("country", "SN"), TaxAnswer("kind", "business"), TaxAnswer("tax_number", "-")), saved=True),
    *(TaxFormSaved(outside, waited) for outside, waited in ((False, False), (True, True))),
]
QUARTERS = (TaxQuarter(12_500_000, 1_250_000, 0, 250), TaxQuarter(0, 0, 0, 0), TaxQuarter(50_000, 5_000, 10_000, 1))
MESSAGES += [TaxCopy(2026, "EUR", state, QUARTERS) for state in ("new", "corrected")]
MESSAGES += [TaxCopy(2026, "EUR", "deleted", (TaxQuarter(0, 0, 0, 0),) * 4)]
SIRET = "73282932000074"
MESSAGES += [
    SiretWanted(),
    SiretAsked(""),
    SiretAsked(SIRET),
    SiretUnfit(),
    NoSiretNoted(),
    RatesRead(1),
    RatesRead(1_234),
]
MESSAGES += [SiretNoted(SIRET, rate) for rate in (2_120, None)]
LONGEST: list[Message] = [
    TaxReview(tuple(TaxAnswer(step, EXAMPLES[step] if "country" in step else "&" * MOST) for step in EXAMPLES), False),
]
