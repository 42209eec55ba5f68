"""One payout as shown to its worker, to an admin, and by `/why`."""

from domain.money.messages.payouts import PayoutView
from domain.money.payouts import Channel, Payout
from storage.unit import UnitOfWork


def view(unit: UnitOfWork, payout: Payout) -> PayoutView:
    """Its number for the worker is the operation's."""
    payee = unit.payees.get(payout.payee)
    return PayoutView(
        number=unit.payouts.reserved(payout.id),
        payout=payout.id,
        gross=payout.gross,
        net=payout.net,
        withheld=payout.withheld,
        currency=payout.currency,
        state=payout.state.value,
        reason=payout.reason,
        account=payee.masked,
        requested_at=payout.requested_at,
        decided_at=payout.decided_at,
        wise=payee.channel == Channel.WISE,
        called_off=payout.is_called_off,
    )
