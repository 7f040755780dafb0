"""All that the screens ask of the shop."""

from dataclasses import dataclass

from botapp.ports import Chat
from services.addresses import Addresses
from services.batches import Batches
from services.drafts import Drafts
from services.exports import Exports
from services.labels import Labels
from services.ledger import Ledger
from services.orders import Orders
from services.outbox import Outbox
from services.quotes import Quotes
from services.saved import Saved
from services.topups import Topups
from services.tracking import Tracking
from services.users import Users
from services.voids import Voids


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    chat: Chat
    users: Users
    drafts: Drafts
    saved: Saved
    addresses: Addresses
    quotes: Quotes
    orders: Orders
    labels: Labels
    voids: Voids
    tracking: Tracking
    topups: Topups
    ledger: Ledger
    outbox: Outbox
    batches: Batches
    exports: Exports
    contact: str = ""
