"""Writing a project: its form, its card, its instructions; `number` is the project's."""

from handlers.payloads.payload import Number, Payload


class FoldCard(Payload, code="fc"):
    """The pre-flight card: the `whole` of it, or the short one."""

    number: Number
    whole: bool


class SurelyAnew(Payload, code="ns"):
    pass
