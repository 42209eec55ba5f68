"""The settings that say who runs the house, for authorities."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode
from stdnum.fr import siren, tva

from domain.money.contributions import FRANCE
from domain.money.invoices import EXEMPT, TAXED
from domain.money.operators import Operator
from domain.money.vat_territories import RATES, territory
from domain.people.time_zones import zone_called
from formats.bank.iban import SEPA
from locales.countries import codes, currency_of

EXPECTED = {
    "operator_name": "1 to 200 characters: who runs this, as registered, or nothing",
    "operator_country": "a country's two letters such as FR, or nothing",
    "operator_tax_number": "the operator's tax number (SIREN in France), or nothing",
    "operator_vat": "the operator's VAT number, or nothing",
    "operator_street": "street and number, or nothing",
    "operator_postcode": "a postcode, or nothing",
    "operator_town": "a town, or nothing",
    "operator_legal_form": "a company's legal form such as SAS, or nothing",
    "operator_capital": "a company's share capital with its currency, such as 10 000 €, or nothing",
    "operator_rcs": "the town whose register (RCS) a company is in, or nothing",
    "operator_zone": "a time zone such as Europe/Paris",
    "contributions": f"{FRANCE}, or nothing",
    "payout_wise": "countries outside SEPA by two letters, separated by commas, such as SN,KE; or nothing",
    "payout_wise_least": "an amount of money from 0 on, in whole cents, such as 5",
    "vies_url": "the https address of VIES's REST service, or nothing",
    "vat_rule": f"{TAXED} or {EXEMPT}, with OPERATOR_… in France (name, SIREN, an address with VAT"
    f"; for {TAXED} the VAT number); or nothing",
}


def upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


def _territory(value: str) -> str:
    if value and value not in codes():
        raise ValueError
    return value


def _zone(value: str) -> str:
    if zone_called(value) is None:
        raise ValueError
    return value


def _countries(value: Any) -> Any:
    """Each with a currency that arrives there; SEPA's own are paid by bank transfer."""
    if not isinstance(value, str):
        return value
    found = tuple(dict.fromkeys(part.strip().upper() for part in value.split(",") if part.strip()))
    if any(code not in codes() or code in SEPA or not currency_of(code) for code in found):
        raise ValueError
    return found


class OperatorSettings(BaseSettings):
    operator_name: Annotated[str, Field(max_length=200)] = ""
    operator_country: Annotated[str, BeforeValidator(upper), AfterValidator(_territory)] = ""
    operator_tax_number: Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9 .-]*$")] = ""
    operator_vat: Annotated[str, Field(max_length=40)] = ""
    operator_street: Annotated[str, Field(max_length=200)] = ""
    operator_postcode: Annotated[str, Field(max_length=40)] = ""
    operator_town: Annotated[str, Field(max_length=200)] = ""
    operator_legal_form: Annotated[str, Field(max_length=80)] = ""
    operator_capital: Annotated[str, Field(max_length=40, pattern=r"^([0-9].*)?$")] = ""
    operator_rcs: Annotated[str, Field(max_length=80)] = ""
    operator_zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    contributions: Annotated[str, BeforeValidator(upper), Field(pattern=f"^({FRANCE})?$")] = ""
    payout_wise: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_countries)] = ()
    payout_wise_least: Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=2)] = Decimal(5)
    vies_url: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$", max_length=500)] = ""
    vat_rule: Annotated[str, BeforeValidator(upper), Field(pattern=f"^({TAXED}|{EXEMPT})?$")] = ""

    @property
    def operator(self) -> Operator:
        return Operator(
            name=self.operator_name,
            country=self.operator_country,
            tax_number="".join(self.operator_tax_number.split()),
            vat="".join(self.operator_vat.split()),
            street=self.operator_street,
            postcode=self.operator_postcode,
            town=self.operator_town,
            zone=self.operator_zone,
            legal_form=self.operator_legal_form,
            capital=self.operator_capital,
            rcs=self.operator_rcs,
        )

    @property
    def is_invoice_incomplete(self) -> bool:
        """Whether invoices are asked for without what they must name."""
        place = territory(self.operator_country, self.operator_postcode)
        lacks = bool(self.operator.missing) or self.operator_country != FRANCE or place not in RATES
        return bool(self.vat_rule) and (lacks or not self._has_true_numbers)

    @property
    def _has_true_numbers(self) -> bool:
        """SIREN and VAT number with their check digits: an invoice that was issued cannot be changed."""
        given = self.operator.vat
        return siren.is_valid(self.operator.tax_number) and (tva.is_valid(given) if given else self.vat_rule != TAXED)
