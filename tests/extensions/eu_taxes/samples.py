"""Messages of the extension: realistic ones, and the longest."""

from dataclasses import replace

from domain.messages import Message, Note
from domain.moments import Moment
from domain.money.funds import Funds
from extensions.eu_taxes.domain.contributions import (
    NoSiretNoted,
    RatesRead,
    SiretAsked,
    SiretNoted,
    SiretState,
    SiretUnfit,
    SiretWanted,
    WithheldCameBack,
    WithheldHandedOn,
    WithholdingChanged,
    WithholdingSet,
)
from extensions.eu_taxes.domain.invoices import (
    BuyerAsked,
    BuyerNoted,
    BuyerWanted,
    InvoiceReady,
    InvoicesOffered,
    InvoicesShown,
    InvoiceView,
    VatNumberUnknown,
)
from extensions.eu_taxes.domain.tax_forms import MAX_ANSWER_CHARS as MOST
from extensions.eu_taxes.domain.tax_forms import (
    SellersOffered,
    SellersReady,
    TaxAnswer,
    TaxCopy,
    TaxFormReminder,
    TaxFormSaved,
    TaxFormsCounted,
    TaxFormState,
    TaxFormWanted,
    TaxQuarter,
    TaxQuestion,
    TaxReview,
)
from tests.handlers.screens.money_samples import FREE, SPENT
from tests.handlers.screens.payout_samples import CARD, WAITING
from tests.handlers.screens.people_samples import DASHBOARD

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
BUYER = ("Atelier Martin <3 SARL", "12 rue des Lilas", "75011 Paris", "FR", "FR40303265045")
INVOICE = InvoiceView(7, "2026-00012", "", NOON, 12_340_000, "EUR")
CREDIT = InvoiceView(8, "2026-00013", "2026-00012", NOON, 50_000, "EUR")
MESSAGES += [
    BuyerWanted(),
    BuyerAsked(()),
    BuyerAsked(BUYER),
    BuyerNoted(BUYER),
    VatNumberUnknown("ESB58378431"),
]
MESSAGES += [BuyerAsked((), flaw) for flaw in ("lines", "long", "words", "country", "vat", "number")]
MESSAGES += [InvoicesShown((), ()), InvoicesShown(BUYER, (CREDIT, INVOICE))]
MESSAGES += [InvoiceReady(each, "Europe/Paris") for each in (INVOICE, CREDIT)]
MESSAGES += [
    WithholdingChanged(2_120, "social contributions from 2027"),
    WithholdingChanged(0, "a mistake"),
    WithholdingSet("@awa", 2_120, "social contributions"),
    WithholdingSet("@awa", 2_120, "social contributions", 1_310),
    WithholdingChanged(2_120, "social contributions from 2027", 1_310),
    WithholdingChanged(0, "a mistake", 1_310),
    WithheldHandedOn(2_650_000, 0, "EUR", "URSSAF-Q1", 150),
    WithheldCameBack(50_000, 50_000, "EUR", "URSSAF refund", 151),
    SellersReady(2027),
    *(SiretState(given) for given in (False, True)),
    *(TaxFormsCounted(*facts) for facts in ((12, 3), (0, 0, True))),
]
MESSAGES += [replace(CARD, notes=(Note.of(SiretState(False)), Note.of(TaxFormState(s)))) for s in ("missing", "given")]
MESSAGES += [
    replace(CARD, notes=(Note.of(TaxFormState("waits")),), waits=True),
    replace(WAITING, notes=(Note.of(SellersOffered(2027)),)),
    *(
        replace(DASHBOARD, notes=(Note.of(counts),))
        for counts in (TaxFormsCounted(12, 3), TaxFormsCounted(closed=True))
    ),
    Funds((FREE,), SPENT, NOON, notes=(Note.of(InvoicesOffered()),)),
]
REFUSALS = {
    "refusals.PayoutWaits": [{"asked_at": 1_790_000_000_000}],
    "refusals.TaxFormClosed": [{}],
    "refusals.ContributionsOff": [{}],
    "refusals.RatesUnread": [
        {"lines": [1], "columns": ["file"]},
        {"lines": [*range(2, 52)], "columns": ["siret", "month", "rate", "rate", "siret"] * 10},
    ],
}
LONGEST: list[Message] = [
    InvoicesShown(("&" * 100,) * 5, (CREDIT,) * 12),
    TaxReview(tuple(TaxAnswer(step, EXAMPLES[step] if "country" in step else "&" * MOST) for step in EXAMPLES), False),
]
