"""A share is withheld, comes back with a failed payout, and is handed on."""

import re

from simulator.crowd.client import text_of
from tests.stories.money.test_payout import earned, filed, gives, money, till
from tests.stories.town import Town, ask

__all__ = ["till"]


async def test_a_failed_partial_payout_returns_with_its_withheld_share(till: Town):
    ann = await earned(till, cents=10)
    await ask(till.admin, f"/withhold {ann.id} 60 too much", "/withhold PERSON PERCENT reason")
    await ask(till.admin, f"/withhold {ann.id} 0.005 next to nothing", "/withhold PERSON PERCENT reason")
    await ask(till.admin, f"/withhold {ann.id} 20 contributions", "20% of")
    await ann.wait_for("20% of each payout is kept")
    await gives(ann)
    await ask(ann, "/payout 0.11", "there is €0.10")
    await ask(ann, "/payout 1.5.0", "Like this")
    assert "€0.01 is kept for social contributions; €0.04" in await ask(ann, "/payout 0.05", "is on its way")
    assert money(till, ann) == (5, 4)
    assert till.balance("platform:withheld") == 10_000
    await ask(till.admin, "/withheld 0.01 early", "there is €0.00")
    await filed(till)
    await till.admin.press("🔎 One by one")
    await till.admin.wait_for("Which of them")
    await till.admin.press(f"1 · €0.04 · Ann ({ann.id})")
    await till.admin.wait_for_button("❌ Failed")
    await till.admin.press("❌ Failed")
    await till.admin.wait_for("Why did payout 1 fail")
    await till.admin.press("Account closed")
    back = text_of(await ann.wait_for("did not arrive: the account is closed"))
    told = await ask(ann, re.findall(r"/why_\d+", back)[0], "🧾")
    assert "came back on" in told
    assert "Why: the account is closed" in told
    assert "€0.01 is kept for social contributions" in told
    assert (money(till, ann), till.balance("platform:withheld")) == ((10, 0), 0)
    await ask(ann, "/payout all", "is on its way")
    await filed(till)
    await till.admin.press("✅ The bank has paid them")
    await ann.wait_for("The bank has paid €0.08")
    await ask(till.admin, "/withheld 0.02 URSSAF-Q1", "handed on")
    assert till.balance("platform:withheld") == 0
