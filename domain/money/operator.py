"""The operator of the platform: who they are, the country they are in, and how their fees are taxed."""

from dataclasses import dataclass

FRANCE = "FR"
_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_CODES.split(" "))
FRENCH_VAT, FRANCHISE_REGIME = (
    "FR",
    "293B",
)  # VAT_RULE: French VAT is charged, or the operator is exempt


@dataclass(frozen=True, slots=True)
class Operator:
    """Person or company that runs the platform. `country`: ISO 3166, two letters; `zone`: the IANA time zone whose days
    and quarters reports go by. Of a French company invoices name `legal_form` (SAS), share `capital` (10 000 €) and
    `rcs`, the town where it is registered."""

    name: str = ""
    country: str = ""
    tax_number: str = ""
    vat: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    zone: str = "UTC"
    legal_form: str = ""
    capital: str = ""
    rcs: str = ""

    @property
    def line(self) -> str:
        """Name, address and number in one line; empty if no name is set."""
        town = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.name, self.street, town, self.tax_number) if part) if self.name else ""

    @property
    def missing_settings(self) -> list[str]:
        """Settings that are missing for a return under DAC7."""
        values_by_setting = {
            "OPERATOR_NAME": self.name,
            "OPERATOR_COUNTRY": self.country,
            "OPERATOR_TAX_NUMBER": self.tax_number,
            "OPERATOR_STREET": self.street,
            "OPERATOR_POSTCODE": self.postcode,
            "OPERATOR_TOWN": self.town,
        }
        return [setting for setting, value in values_by_setting.items() if not value]
