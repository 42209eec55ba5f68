"""The operator of the house, as authorities want it named."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operator:
    """`country`: ISO 3166, two letters; `zone`: the IANA time zone whose days and quarters reports go by. Of a French
    company invoices name `legal_form` (SAS), share `capital` (10 000 €) and `rcs`, the town where it is registered."""

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
        """Name, address and number; empty where nobody is named."""
        town = f"{self.postcode} {self.town}".strip()
        return ", ".join(part for part in (self.name, self.street, town, self.tax_number) if part) if self.name else ""

    @property
    def missing(self) -> list[str]:
        """The settings that a return under DAC7 needs."""
        needed = {
            "OPERATOR_NAME": self.name,
            "OPERATOR_COUNTRY": self.country,
            "OPERATOR_TAX_NUMBER": self.tax_number,
            "OPERATOR_STREET": self.street,
            "OPERATOR_POSTCODE": self.postcode,
            "OPERATOR_TOWN": self.town,
        }
        return [setting for setting, value in needed.items() if not value]
