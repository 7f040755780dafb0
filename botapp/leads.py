"""Where money that has come leads: to what waited for it."""

from collections.abc import Mapping
from typing import Any

from botapp.label_draft import LabelDraft
from botapp.states import Place
from botapp.texts import batches as batch_texts, common, rates as rate_texts
from botapp.ticks import is_ticked
from botapp.views import Action, Choice
from core.money import Money
from services.quotes import price_of


def lead_on(data: Mapping[str, Any], balance: Money) -> Choice:
    """By a chat's draft: to the file or label that waited, to one that was begun, to a new one."""
    if data.get("pays"):
        return Choice(batch_texts.open_batch(), Action.SHOW_BATCH, data["pays"])
    label = LabelDraft(data.get("label", {}))
    if not label.is_begun and not data.get("aside"):
        return Choice(common.new_label(), Action.NEW)
    if _waits_for_less(label, balance):
        return Choice(rate_texts.buy_now(), Action.BUY_NOW, str(label.kept["quote"]))
    return Choice(common.continue_label(), Action.RESUME)


def lead_on_from_note(data: Mapping[str, Any], balance: Money) -> Choice:
    """Likewise; to the orders, if what waited is ticked and hence bought in this moment."""
    label = LabelDraft(data.get("label", {}))
    if is_ticked(label) and _waits_for_less(label, balance):
        return Choice(common.orders(), Action.ORDERS)
    return lead_on(data, balance)


def _waits_for_less(label: LabelDraft, balance: Money) -> bool:
    """Whether a label waits for money, and this is enough for it."""
    if label.at is not Place.INSUFFICIENT:
        return False
    price = price_of(str(label.kept.get("quote", "")), str(label.kept.get("rate", "")))
    return price is not None and price <= balance
