"""What befalls a customer by time, or by a mistake of ours: no page brings it about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

from services.freezes import KNOWN_FOR
from services.ledger import account_of
from tests.harness import Shop

LONG_AGO = timedelta(days=365)


@dataclass(frozen=True)
class Mishaps:
    """Written into a running shop's database."""

    shop: Shop

    def expire_quotes(self, chat_id: int) -> None:
        """The prices that this customer has been shown are those of another day."""
        self._write("quotes", {"user_id": chat_id}, expires_at=datetime.now(UTC))

    def age_labels(self, chat_id: int) -> None:
        """No carrier takes back what this customer has bought so far."""
        self._write("orders", {"user_id": chat_id}, bought_after=datetime.now(UTC) - LONG_AGO)

    def freeze(self, chat_id: int, finding: str) -> None:
        """As the proof of the ledger does when the books disagree."""
        account = {"_id": account_of(chat_id)}
        self._write("account_freezes", account, frozen_at=datetime.now(UTC), findings=[finding])
        wait_until_known()

    def _write(self, collection: str, which: dict[str, Any], **facts: object) -> None:
        with self.shop.database() as client:
            written = client.get_default_database()[collection]
            written.update_many(which, {"$set": facts}, upsert="_id" in which)


def wait_until_known() -> None:
    """Every process has asked anew whose account is frozen."""
    Event().wait(KNOWN_FOR.total_seconds())
