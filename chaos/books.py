"""All books side by side: the carrier's, the payment provider's, the chats' and the shop's."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from chaos.tally import Tally

Row = Mapping[str, Any]
SOLD = frozenset({"done", "void_sent", "refunded", "void_refused"})
FINAL = SOLD | {"released", "rejected"}
VOIDED = frozenset({"submitted", "refunded"})
NAMES = (
    "lost_cents",
    "double_credits",
    "double_labels",
    "labels_given_away",
    "stuck_orders",
    "lost_messages",
    "ledger_mismatches",
)


@dataclass(slots=True)
class Findings:
    """How much of each kind is wrong, and what it is, in words."""

    violations: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(NAMES, 0)))
    words: list[str] = field(default_factory=list)

    def blame(self, kind: str, words: str, much: int = 1) -> None:
        self.violations[kind] += much
        self.words.append(f"{kind}: {words}")


@dataclass(slots=True)
class Books:
    """Rows of the shop's collections by id, and the world's own books."""

    world: dict[str, Any]
    orders: dict[str, Row]
    payments: dict[str, Row]
    entries: list[Row]
    notes: dict[str, Row]
    updates: list[Row]
    voids: dict[str, Row] = field(default_factory=dict)

    @classmethod
    def read(cls, store: Any, world: dict[str, Any]) -> "Books":
        return cls(
            world=world,
            orders=_by_id(store.orders.find()),
            payments=_by_id(store.payments.find()),
            entries=list(store.ledger_entries.find().sort([("account", 1), ("seq", 1)])),
            notes=_by_id(store.outbox.find()),
            voids=_by_id(store.voids.find()),
            updates=list(store.inbox.find({}, {"raw": False})),
        )

    def amounts(self, kind: str, by: str, field_: str) -> Counter[str]:
        """The ledger's cents of one kind, by what they refer to."""
        found: Counter[str] = Counter()
        for entry in self.entries:
            if entry["kind"] == kind:
                found[entry["ref"][by]] += int(entry[field_])
        return found

    def labels(self) -> dict[str, list[Row]]:
        """What the carrier sold and was not asked to take back, by our order."""
        found: dict[str, list[Row]] = {}
        for label in self.world["labels"]:
            if label["status"] not in VOIDED:
                found.setdefault(order_of(str(label["reference"])), []).append(label)
        return found

    def arrived(self) -> Counter[str]:
        """Cents that came to stay, by our payment."""
        found: Counter[str] = Counter()
        for invoice in self.world["invoices"]:
            found[invoice["order_id"]] += cents(invoice["paid"])
        return found


def compare(books: Books, tally: Tally) -> Findings:
    findings = Findings()
    _compare_labels(books, tally, findings)
    _compare_credits(books, findings)
    _compare_balances(books, findings)
    _compare_messages(books, tally, findings)
    for order in books.orders.values():
        if order["status"] not in FINAL or _waits_for_nobody(order, books):
            findings.blame("stuck_orders", f"{order['_id']} is {order['status']}")
    return findings


def _waits_for_nobody(order: Row, books: Books) -> bool:
    """A void on its way whose carrier nobody is going to ask."""
    void = books.voids.get(order["_id"], {})
    return bool(order["status"] == "void_sent" and "next_at" not in void)


def order_of(reference: str) -> str:
    """Our reference at a carrier begins with the quote's id; a quote makes at most one order."""
    return f"L-{reference.removeprefix('Q-').partition('-')[0]}"


def cents(amount: object) -> int:
    """Whole cents of an amount in dollars, what is smaller left out."""
    return int(Decimal(str(amount)) * 100)


def _compare_labels(books: Books, tally: Tally, findings: Findings) -> None:
    captured = books.amounts("capture", "order", "d_held")
    returned = books.amounts("release", "order", "d_available")
    returned += books.amounts("refund", "order", "d_available")
    for order_id, labels in books.labels().items():
        order = books.orders.get(order_id)
        if len(labels) > 1:
            findings.blame("double_labels", f"{order_id} has {len(labels)}", len(labels) - 1)
        paid = order is not None and captured[order_id] == -int(order["price"]["minor"])
        waits = order is not None and order["status"] not in FINAL
        if returned[order_id] or not (paid or waits):
            status = order["status"] if order else "unknown here"
            findings.blame("labels_given_away", f"{order_id} is {status}: {labels[0]}")
    bought = Counter(order["user_id"] for order in books.orders.values() if order["status"] in SOLD)
    for user_id, number in bought.items():
        wanted = len(tally.pays.get(user_id, ()))
        if number > wanted:
            findings.blame("double_labels", f"{user_id} wanted {wanted}, has {number}")


def _compare_credits(books: Books, findings: Findings) -> None:
    arrived = books.arrived()
    for payment_id, credited in books.amounts("topup", "payment", "d_available").items():
        if credited > arrived[payment_id]:
            come = arrived[payment_id]
            findings.blame("double_credits", f"{payment_id}: {credited} of {come} cents")


def _compare_balances(books: Books, findings: Findings) -> None:
    """What each customer has, against what they paid in less the labels they got."""
    due: Counter[int] = Counter()
    for payment_id, come in books.arrived().items():
        payment = books.payments.get(payment_id)
        if payment is None and come:
            findings.blame("lost_cents", f"invoice of {payment_id}, unknown here", come)
        elif payment is not None:
            due[payment["user_id"]] += come
    labels = books.labels()
    held: Counter[int] = Counter()
    for order in books.orders.values():
        price = int(order["price"]["minor"])
        if order["status"] in SOLD and order["_id"] in labels:
            due[order["user_id"]] -= price
        held[order["user_id"]] += price if order["status"] not in FINAL else 0
    last = {int(entry["account"].split(":")[1]): entry for entry in books.entries}
    for user_id in due.keys() | last.keys():
        entry = last.get(user_id, {"available": 0, "held": 0})
        has = int(entry["available"]) + int(entry["held"])
        if has != due[user_id]:
            told = f"{user_id} has {has} cents, {due[user_id]} are due"
            findings.blame("lost_cents", told, abs(has - due[user_id]))
        if entry["held"] != held[user_id]:
            told = f"{user_id} has {entry['held']} cents held, orders explain {held[user_id]}"
            findings.blame("lost_cents", told, abs(int(entry["held"]) - held[user_id]))


def _compare_messages(books: Books, tally: Tally, findings: Findings) -> None:
    for update in books.updates:
        if update.get("handled_at") is None or update["failure"]:
            why = update["failure"] or "not handled"
            findings.blame("lost_messages", f"update {update['_id']} {why}")
    heard = Counter(update["chat_id"] for update in books.updates)
    for chat_id, sent in tally.sent.items():
        if chat_id not in tally.uncertain and heard[chat_id] != sent:
            told = f"chat {chat_id} sent {sent} updates, {heard[chat_id]} were kept"
            findings.blame("lost_messages", told, abs(sent - heard[chat_id]))
    for note in books.notes.values():
        if note["status"] != "sent":
            findings.blame("lost_messages", f"note {note['_id']} is {note['status']}")
    for told in _untold(books):
        findings.blame("lost_messages", told)


def _untold(books: Books) -> Iterator[str]:
    """What a customer should have been told and was not."""
    came = {(each["chat_id"], each["file_name"]) for each in books.world["documents"]}
    for order in books.orders.values():
        order_id, status = order["_id"], order["status"]
        if status in SOLD and (order["user_id"], f"label-{order_id}.pdf") not in came:
            yield f"the PDF of {order_id} did not come"
        if status == "released" and f"order_refused:{order_id}" not in books.notes:
            yield f"nobody said that {order_id} was refused"
        if status == "refunded" and f"void_refunded:{order_id}" not in books.notes:
            yield f"nobody said that {order_id} was refunded"
    told_of = {note["facts"].get("payment_id") for note in books.notes.values()}
    for payment_id in books.amounts("topup", "payment", "d_available"):
        if payment_id not in told_of:
            yield f"nobody said that {payment_id} was credited"


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {row["_id"]: row for row in rows}
