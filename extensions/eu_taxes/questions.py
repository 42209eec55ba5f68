"""Questions whose answers are typed."""

from collections.abc import Mapping

from extensions.eu_taxes.services import invoices
from services.work.inputs import Question

QUESTIONS: Mapping[str, Question] = {
    invoices.JOURNEY: Question(invoices.take_typed_buyer, owns_all=True),
}
