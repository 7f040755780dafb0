"""What a seller of labels remembers: documents in tables, a change is a line of the journal."""

from decimal import Decimal
from threading import RLock
from typing import Any

from sandbox.journal import Event, Journal

Document = dict[str, Any]
Change = tuple[str, str, Document | None]
OPENING_BALANCE = "10000.00000"


class Store:
    """Documents are replaced, never edited. Hold `lock` from looking until `put`."""

    def __init__(self, journal: Journal, part: str) -> None:
        self.lock = RLock()
        self._tables: dict[str, dict[str, Document]] = {}
        self._journal = journal
        self._part = part
        journal.subscribe(part, self._apply)

    def get(self, table: str, key: str) -> Document | None:
        return self._tables.get(table, {}).get(key)

    def all(self, table: str) -> list[Document]:
        """Oldest first."""
        with self.lock:
            return list(self._tables.get(table, {}).values())

    def put(self, *changes: Change) -> None:
        """All or nothing; a document of None is removed."""
        event: Event = {"changes": changes}
        with self.lock:
            self._journal.record(self._part, event)
            self._apply(event)

    @property
    def balance(self) -> Decimal:
        account = self.get("account", "account")
        return Decimal(account["balance"] if account else OPENING_BALANCE)

    def with_balance(self, balance: Decimal) -> Change:
        """The change that sets the account's balance."""
        return "account", "account", {"balance": f"{balance:.5f}"}

    def _apply(self, event: Event) -> None:
        for table, key, document in event["changes"]:
            documents = self._tables.setdefault(table, {})
            if document is None:
                documents.pop(key, None)
            else:
                documents[key] = document
