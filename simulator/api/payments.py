"""Invoices, and the answers to checkouts."""

from simulator.api.call import MethodCall
from simulator.api.sending import deliver
from simulator.errors import bad_request
from simulator.payments import Invoice
from simulator.values import Json

MIN_TOTAL, MAX_TOTAL = 100, 1_000_000  # smallest units; Telegram has limits of its own for each currency
MAX_CHARS = {"title": 32, "description": 255}
MAX_PAYLOAD_BYTES = 128


def send_invoice(call: MethodCall) -> Json:
    """Send an invoice with a button that pays it; raise 400 for what Telegram refuses."""
    for name, most in MAX_CHARS.items():
        if not 1 <= len(call.params[name]) <= most:
            raise bad_request(f"INVOICE_{name.upper()}_INVALID")
    if not 1 <= len(call.params["payload"].encode()) <= MAX_PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if not call.get("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    currency, total = call.params["currency"], sum(price["amount"] for price in call.params["prices"])
    if len(currency) != 3 or not currency.isupper():
        raise bad_request("CURRENCY_INVALID")
    if not MIN_TOTAL <= total <= MAX_TOTAL:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    shown = {
        "title": call.params["title"],
        "description": call.params["description"],
        "start_parameter": call.get("start_parameter", ""),
        "currency": currency,
        "total_amount": total,
    }
    pay = {"inline_keyboard": [[{"text": f"Pay {total / 100:.2f} {currency}", "pay": True}]]}
    message = deliver(call, {"invoice": shown, "reply_markup": pay})
    call.world.payments.invoices[message["chat"]["id"], message["message_id"]] = Invoice(
        call.params["payload"], currency, total
    )
    return message


def answer_pre_checkout_query(call: MethodCall) -> bool:
    """Consent to a payment, or refuse it with a reason."""
    refusal = call.get("error_message", "")
    if not call.params["ok"] and not refusal:
        raise bad_request("error_message is required")
    call.world.payments.answer(call.params["pre_checkout_query_id"], "" if call.params["ok"] else refusal)
    return True
