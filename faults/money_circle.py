"""The circle of money in steps: a code is scanned, a card pays, work is done, paid out, sent back, paid again; papers.

Buttons and files alone: nobody types a number but those that are their own (IBAN, SIRET, address, date of birth)."""

import asyncio
from dataclasses import dataclass, field
from io import BytesIO

import zxingcpp
from PIL import Image

from bot.settings import Settings
from domain.moments import DAY
from extensions.eu_taxes.cli import taxes
from extensions.eu_taxes.domain.contributions import month_in_france
from extensions.eu_taxes.handlers.contributions import GiveSiret
from extensions.eu_taxes.handlers.invoices import AskForBuyer
from extensions.eu_taxes.handlers.tax_forms import ChooseTaxAnswer, OpenTaxForm, SaveTaxForm
from faults.chats import Chats, button_of, last, marks_of
from faults.crowd import ImpatientWorker
from simulator.values import Json
from tests.bank import PAYER_IBAN, Bank
from tests.statements import Came, statement

IBAN, SIRET = "FR7630006000011234567890189", "73282932000074"
ANSWERS = 4
CARD_EUROS = 20
PRESET = "Sentiment"  # it comes with words, pay and all
BUYER = "Rosa SARL\n12 rue des Lilas\n75011 Paris\nFrance\nFR40303265045"
FORM = (
    *(("Awa", "Your last name"), ("Diallo", "Street and number"), ("3 rue Neuve", "The postcode")),
    *(("75002", "The town"), ("Paris", "13 digits"), ("30 23 217 600 053", "date of birth")),
    ("20/03/1988", "Is all of this right"),
)
LETTERS = ("CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt")


@dataclass(slots=True)
class Circle(Chats):
    """`rounds` of all steps so far."""

    bank: Bank
    hand: ImpatientWorker
    rounds: int = field(default=0, init=False)
    patient: bool = field(default=False, init=False)  # whether lives are long enough for a sweep
    dropped: list[bytes] = field(default_factory=list, init=False)  # the bank's letters

    async def round(self) -> None:
        await self.fund()
        await self.pay_by_card()
        await self.work(await self.launch())
        await self.ask_for_payout()
        if not self.rounds:
            await self.papers()
        await self.pay(returns=True)
        await self.ask_for_payout()
        await self.pay()
        self.declare()
        await self.invoice()
        self.rounds += 1

    async def fund(self) -> None:
        """What the code on the screen says is what the bank gets."""
        offered = await self.said(self.rosa, "/fund", "How much shall be added")
        shown = await self.offered(self.rosa, offered, "€100.00", r"RF\d\dPOUCE\d+")
        [code] = zxingcpp.read_barcodes(Image.open(BytesIO(await self.rosa.download(shown))))
        *_, amount, _, reference = code.text.split("\n")
        came = Came(f"B-{self.rounds}", f"{float(amount.removeprefix('EUR')):.2f}", reference)
        before = self.count("transfers", "kind = 'deposit'")
        await self.drop(statement([came], iban=PAYER_IBAN))
        await self.until(lambda: self.count("transfers", "kind = 'deposit'") > before)

    async def pay_by_card(self) -> None:
        """A checkout that a killed bot leaves unanswered, or a card that is declined, is tried again; the payment that
        is made is booked once. An admin sends a part of it back and books what the provider kept."""
        offered = await self.said(self.rosa, f"/fund {CARD_EUROS}", "IBAN")
        marks = marks_of(self.rosa)
        await self.rosa.press_data(button_of(offered, "by card")["callback_data"], offered["message_id"])
        await self.until(lambda: bool(self._new_invoices(marks)), "the invoice")
        invoice = self._new_invoices(marks)[-1]
        ended = await self.rosa.pay(invoice, "declined")
        while ended["state"] != "paid":
            ended = await self.rosa.pay(invoice)
            if ended["state"] == "refused":
                raise RuntimeError(f"the checkout was refused: {ended}")
        booked = f"state = 'paid' AND amount = {CARD_EUROS}000000"
        await self.until(lambda: self.count("card_payments", booked) > self.rounds, "the payment is booked")
        [[payment]] = self.rows("SELECT max(id) FROM card_payments")
        await self.said(self.till, f"/cardrefund {payment} 5", "recorded")
        await self.said(self.till, "/cardfee 0.60 fees", "kept")

    def _new_invoices(self, marks: frozenset[int]) -> list[Json]:
        return [
            message for message in self.rosa.messages if "invoice" in message and message["message_id"] not in marks
        ]

    async def launch(self) -> int:
        """A file, a preset, a button: the project's number."""
        rows = "\n".join(["text", *(f"Lovely {self.rounds} {number}" for number in range(ANSWERS))])
        marks, name, before = marks_of(self.rosa), f"reviews-{self.rounds}.csv", self.count("projects")
        await self.rosa.upload(rows.encode(), name)
        await self.new(self.rosa, "What is it for", marks)
        asked = await self.said(self.rosa, "/newproject", "What is its title")
        await self.rosa.press_data(button_of(asked, PRESET)["callback_data"], asked["message_id"])
        await self.press_offered(self.rosa, f"📎 Take {name}", "")
        await self.until(lambda: self.count("projects") > before, "the draft")
        [[number]] = self.rows("SELECT max(id) FROM projects")
        await self.press_offered(self.rosa, "🚀", f"Project {number}:")
        await self.until(lambda: self.count("projects", f"id = {number} AND state = 'running'") == 1)
        return number

    async def work(self, project: int) -> None:
        pressing = asyncio.create_task(self.hand.work())
        try:
            await self.until(lambda: self.count("submissions", f"project = {project}") == ANSWERS)
        finally:
            pressing.cancel()
            await asyncio.gather(pressing, return_exceptions=True)

    async def ask_for_payout(self) -> None:
        """By the button with all there is; an account is given once."""
        if not self.count("payees"):
            await self.said(self.ann, "/payout", "whose account")
            await self.said(self.ann, "Awa Diallo", "Now the IBAN")
            await self.said(self.ann, IBAN, "Noted: FR76")
        before = self.count("payouts")
        card = await self.said(self.ann, "/payout", "Available")
        send = button_of(card, "💶")
        for _ in range(2):
            await self.ann.press_data(send["callback_data"], card["message_id"])
        await self.until(lambda: self.count("payouts") > before)

    async def papers(self) -> None:
        """The tax form, the SIRET and its rate, whom to bill."""
        await self.pressed(self.ann, OpenTaxForm().pack(), "In which country")
        await self.pressed(self.ann, ChooseTaxAnswer(step="country", value="FR").pack(), "Who works here")
        await self.pressed(self.ann, ChooseTaxAnswer(step="kind", value="person").pack(), "Your first names")
        for words, shown in FORM:
            await self.ann.say(words)
            await self.shows(self.ann, shown)
        await self.ann.press_data(SaveTaxForm().pack(), last(self.ann))
        await self.until(lambda: self.count("tax_forms", "sealed IS NOT NULL") == 1)
        await self.pressed(self.ann, GiveSiret().pack(), "14 digits, for example")
        await self.ann.say(SIRET)
        await self.until(lambda: self.count("contributors", "siret IS NOT NULL") == 1)
        rates = f"siret;month;rate\n{SIRET};{month_in_france(self.clock())};21.2\n"
        await self.till.upload(rates.encode(), "rates.csv", "/withhold")
        await self.until(lambda: self.count("contribution_rates") == 1)
        await self.pressed(self.rosa, AskForBuyer().pack(), "Whom shall invoices name")
        await self.rosa.say(BUYER)
        await self.until(lambda: self.count("buyers", "buyer IS NOT NULL") == 1)

    async def pay(self, returns: bool = False) -> None:
        """The bank file, what the bank says of it, and what that makes of the payout."""
        [[payout]] = self.rows("SELECT id FROM payouts WHERE state = 'requested'")
        shown = await self.said(self.till, "/payouts", "Waiting for a bank file")
        ready = await self.offered(self.till, shown, "bank file", "Upload it at your bank")
        if returns:
            self.bank.returns_later(payout, 5, "MD07")
        self.bank.pay(await self.till.download(ready))
        wanted = ("paid", "failed") if returns else ("paid",)
        for state in wanted:
            self.bank.let_pass(3 if state == "paid" else 10)
            await self._letters(payout, state)

    async def _letters(self, payout: int, state: str) -> None:
        """Drops what the bank has written since into the chat."""
        letters = [letter for root in LETTERS for letter in self.bank.letters(root)]
        for letter in letters:
            if letter not in self.dropped:
                self.dropped.append(letter)
                await self.drop(letter)
        await self.until(
            lambda: self.count("payouts", f"id = {payout} AND state = '{state}'") == 1, f"payout {payout} is {state}"
        )

    def declare(self) -> None:
        """From the command line, beside the bot."""
        settings = Settings(database_url=self.database_url, contributions="FR", _env_file=None)  # type: ignore[call-arg]
        taxes.declare(settings, str(self.log.with_suffix(".csv")))
        for (number,) in self.rows("SELECT id FROM contribution_declarations WHERE transfer IS NULL AND total > 0"):
            taxes.paid(settings, number, f"URSSAF {number}")

    async def invoice(self) -> None:
        """A month later."""
        self.clock.jump(32 * DAY)
        self.bank.let_pass(32)
        self.patient = True
        await self.until(lambda: self.count("invoices") > self.rounds, "the invoice")
        self.patient = False
