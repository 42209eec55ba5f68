"""Questions whose answers are typed; what is meant for an office never becomes an answer to a task."""

from collections.abc import Mapping

from extensions.eu_taxes.services import contributions, invoices, tax_forms
from services.work.inputs import Question

QUESTIONS: Mapping[str, Question] = {
    contributions.JOURNEY: Question(contributions.store_typed_siret, knows=contributions.looks_like_siret),
    invoices.JOURNEY: Question(invoices.take_typed_buyer, owns_all=True),
    tax_forms.JOURNEY: Question(tax_forms.take_typed_answer, waits=lambda kept: bool(kept["step"]), owns_all=True),
}
