"""The books, part by part: each reader compares some of what must agree and says what does not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import bson

from models import ledger as entries
from models.connection import collection
from models.ledger import EntryKind
from models.order import OrderState
from models.payment import PaymentState
from models.proof import anchored_between
from services.chains import Chain
from services.ledger import account_of

AT_A_TIME = 500
SUMMED = ("account", "seq", "kind", "d_available", "d_held", "available", "held")
SOLD = (OrderState.DONE, OrderState.VOID_SENT, OrderState.REFUNDED, OrderState.VOID_REFUSED)
CLOSED_BY = dict.fromkeys(SOLD, EntryKind.CAPTURE) | {OrderState.RELEASED: EntryKind.RELEASE}

Place = Mapping[str, Any]
"""Where a part begins; empty at the very beginning."""


@dataclass(slots=True)
class Part:
    """What was compared in one go. Findings are (account, words)."""

    place: Place
    accounts: int = 0
    entries: int = 0
    findings: list[tuple[str, str]] = field(default_factory=list)


Reader = Callable[[Place], Iterator[Part]]


def sums(place: Place) -> Iterator[Part]:
    """Every chain by its sums alone: sequence, balances, nothing below zero."""
    chain = Chain(**place) if place else Chain("")
    for batch in entries.stored((chain.account, chain.seq), fields=SUMMED):
        part = Part({})
        for entry in bson.decode_all(batch):
            if entry["account"] != chain.account:
                chain = Chain(entry["account"])
                part.accounts += 1
            part.entries += 1
            for flaw in chain.flaws_of_sums(entry):
                part.findings.append(about(entry, flaw))
        part.place = asdict(chain)
        yield part


def chains(place: Place) -> Iterator[Part]:
    """Every chain in full: sums, digests, causes, what they stand for, and the daily anchors."""
    if "ended" in place:
        return
    chain = Chain(**place) if place else Chain("")
    for batch in entries.stored((chain.account, chain.seq)):
        part, after = Part({}), (chain.account, chain.seq)
        told = bson.decode_all(batch)
        for entry, stored in zip(told, documents(batch), strict=True):
            if entry["account"] != chain.account:
                part.findings += _end(chain)
                chain = Chain(entry["account"])
                part.accounts += 1
            for flaw in chain.flaws(entry, stored):
                part.findings.append(about(entry, flaw))
        part.entries = len(told)
        part.findings += strangers(told)
        part.findings += _torn(told, after, (chain.account, chain.seq))
        part.place = asdict(chain)
        yield part
    last = (chain.account, chain.seq)
    yield Part({"ended": True}, findings=[*_end(chain), *_torn([], last, None)])


def orders(place: Place) -> Iterator[Part]:
    """Every finished order was closed by its one entry, with its price, and has what it bought."""
    found = collection("orders")
    query: dict[str, Any] = {"status": {"$in": [*CLOSED_BY]}}
    fields = dict.fromkeys(("user_id", "status", "price", "tracking_code"), True)
    for rows in _by_id(found.name, query, fields, place):
        booked = entries.by_keys([key for row in rows for key in (_closing(row), _refund(row))])
        findings = [
            (account_of(row["user_id"]), f"order {row['_id']} {flaw}")
            for row in rows
            for flaw in (
                *_flaws_of_order(row, booked.get(_closing(row))),
                *_flaws_of_refund(row, booked.get(_refund(row))),
            )
        ]
        yield Part({"id": rows[-1]["_id"]}, findings=findings)


def payments(place: Place) -> Iterator[Part]:
    """Every payment's credits stand in the ledger, and nothing more stands for it.

    A payment may be credited while this looks: what disagrees is read once more.
    """
    query = {"$or": [{"status": PaymentState.PAID}, {"credits.0": {"$exists": True}}]}
    fields = dict.fromkeys(
        ("user_id", "status", "provider", "provider_id", "credits", "booked"), True
    )
    for rows in _by_id("payments", query, fields, place):
        doubted = list(_flaws_of_payments(rows))
        again = list(collection("payments").find({"_id": {"$in": doubted}}, fields))
        flaws = _flaws_of_payments(again)
        findings = [
            (account_of(row["user_id"]), f"payment {row['_id']} {flaw}")
            for row in again
            for flaw in flaws.get(row["_id"], ())
        ]
        yield Part({"id": rows[-1]["_id"]}, findings=findings)


def strangers(told: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Entries that stand for an order or a payment that is not there, or not theirs."""
    known = _known("orders", {entry["ref"].get("order") for entry in told}, ())
    paid = _known(
        "payments", {entry["ref"].get("payment") for entry in told}, ("provider", "provider_id")
    )
    for entry in told:
        ref, key = entry["ref"], entry["key"]
        if "order" in ref and ref["order"] not in known:
            yield about(entry, f"order {ref['order']} does not exist")
        if entry["kind"] != EntryKind.TOPUP:
            continue
        payment = paid.get(ref.get("payment", ""))
        if payment is None:
            yield about(entry, f"payment {ref.get('payment')} does not exist")
        elif _invoice_of(key) != (payment["provider"], payment.get("provider_id")):
            yield about(entry, f"key {key} is not that of payment {ref['payment']}")


def _known(name: str, ids: set[str | None], fields: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    shown = {"_id": True, **dict.fromkeys(fields, True)}
    return {row["_id"]: row for row in collection(name).find({"_id": {"$in": wanted}}, shown)}


def _invoice_of(key: str) -> tuple[str, ...]:
    """Provider and invoice of `topup:<provider>:<invoice>` or `topup:<provider>:<invoice>:<n>`."""
    return tuple(key.split(":")[1:3])


def documents(batch: bytes) -> Iterator[bytes]:
    """Each BSON document begins with its length."""
    begin = 0
    while begin < len(batch):
        end = begin + int.from_bytes(batch[begin : begin + 4], "little")
        yield batch[begin:end]
        begin = end


def _end(chain: Chain) -> list[tuple[str, str]]:
    return [(chain.account, f"{chain.account} {flaw}") for flaw in chain.flaws_at_the_end()]


def _torn(
    told: Sequence[Mapping[str, Any]], after: tuple[str, int], last: tuple[str, int] | None
) -> list[tuple[str, str]]:
    """Anchored entries that are no longer there, or no longer what they were."""
    anchored = anchored_between(after, last)
    if not anchored:
        return []
    now = {(entry["account"], entry["seq"]): entry["digest"] for entry in told}
    return [
        (head["account"], f"{head['account']} entry {head['seq']}: not as anchored")
        for head in anchored
        if now.get((head["account"], head["seq"])) != head["digest"]
    ]


def about(entry: Mapping[str, Any], flaw: str) -> tuple[str, str]:
    return entry["account"], f"{entry['account']} entry {entry['seq']}: {flaw}"


def _by_id(
    name: str, query: Mapping[str, Any], fields: Mapping[str, Any], place: Place
) -> Iterator[list[dict[str, Any]]]:
    after = place.get("id", "")
    while True:
        rows = collection(name).find({**query, "_id": {"$gt": after}}, fields)
        found = list(rows.sort("_id", 1).limit(AT_A_TIME))
        if not found:
            return
        after = found[-1]["_id"]
        yield found


def _closing(order: Mapping[str, Any]) -> tuple[str, str]:
    return account_of(order["user_id"]), f"close:{order['_id']}"


def _refund(order: Mapping[str, Any]) -> tuple[str, str]:
    return account_of(order["user_id"]), f"refund:{order['_id']}"


def _flaws_of_refund(order: Mapping[str, Any], refund: Mapping[str, Any] | None) -> Iterator[str]:
    """At most the price, and for a label that was bought; a refunded order has one."""
    if refund is None:
        if order["status"] == OrderState.REFUNDED:
            yield "is refunded, and the ledger has no refund of it"
    elif order["status"] == OrderState.RELEASED:
        yield "was never paid, and is refunded"
    elif refund["d_available"] != order["price"]["minor"]:
        yield f"is refunded {refund['d_available']}, its price is {order['price']['minor']}"


def _flaws_of_order(order: Mapping[str, Any], closing: Mapping[str, Any] | None) -> Iterator[str]:
    wanted = CLOSED_BY[OrderState(order["status"])]
    if closing is None:
        yield f"is {order['status']} without its {wanted}"
    elif (closing["kind"], -closing["d_held"]) != (wanted, order["price"]["minor"]):
        yield f"is {order['status']}, the ledger has a {closing['kind']} of {-closing['d_held']}"
    has_label = bool(order.get("tracking_code"))
    if order["status"] in SOLD and not has_label:
        yield f"is {order['status']} without a label"
    if order["status"] == OrderState.RELEASED and has_label:
        yield "has a label and its money back"


def _top_up_key(payment: Mapping[str, Any], part: int) -> tuple[str, str]:
    key = f"topup:{payment['provider']}:{payment.get('provider_id')}"
    return account_of(payment["user_id"]), f"{key}:{part}" if part else key


def _flaws_of_payments(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """By payment: what the ledger has for it that its credits do not say, or the reverse."""
    wanted = [
        _top_up_key(row, part) for row in rows for part in range(len(row.get("credits", ())) + 1)
    ]
    booked = entries.by_keys(wanted)
    flaws = {row["_id"]: list(_flaws_of_payment(row, booked)) for row in rows}
    return {payment_id: found for payment_id, found in flaws.items() if found}


def _flaws_of_payment(
    payment: Mapping[str, Any], booked: Mapping[tuple[str, str], Mapping[str, Any]]
) -> Iterator[str]:
    decided = [credit["amount"]["minor"] for credit in payment.get("credits", ())]
    if payment["status"] == PaymentState.PAID and not decided:
        yield "is paid without a credit"
    for part, amount in enumerate([*decided, 0]):
        entry = booked.get(_top_up_key(payment, part))
        posted = entry["d_available"] if entry else 0
        if posted != amount and (entry or part < payment.get("booked", 0)):
            yield f"is credited {amount}, the ledger has {posted}"
