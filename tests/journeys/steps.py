"""What a customer does, step by step, and what must be true at the end."""

import hashlib
import io
from typing import Any

from pypdf import PdfReader

from tests.customer import Customer, wait_for
from tests.harness import Shop

FROM = "Maria O'Brien\n388 Townsend St Apt 20\nSan Francisco, CA 94107\n415-555-0132"
TO = "John Smith\n350 5th Ave\nNew York, NY 10118"
PARCEL = "2 lb 10x8x4"
PATIENCE = 120.0
"""What a killed worker was just saying is said a minute later."""
MONEY_BACK = "is back on your balance"


def top_up(customer: Customer, dollars: str = "25", way: str = "OxaPay") -> None:
    """Open an invoice, pay it, and see the credit arrive by itself."""
    open_invoice(customer, dollars, way)
    pay_invoice(customer, dollars)
    credited(customer, dollars)


def open_invoice(customer: Customer, dollars: str, way: str = "OxaPay") -> None:
    """`way` is a part of the name of a way to pay."""
    customer.say("/topup")
    customer.wait_for("How much")
    customer.say(dollars)
    customer.wait_for("How would you like to pay?")
    customer.press(way)
    customer.wait_for("Pay with the button")


def pay_invoice(customer: Customer, dollars: str) -> None:
    customer.sandbox.pay(customer.link(f"Pay ${dollars}"), dollars)


def credited(customer: Customer, dollars: str) -> None:
    customer.wait_for(f"${dollars}.00 is on your balance", PATIENCE)


def reach_price(customer: Customer) -> str:
    """From an empty chat to the button that pays; answers its label."""
    customer.say("/new")
    customer.wait_for("Where do you ship from")
    customer.say(FROM)
    customer.press("Looks right")
    customer.wait_for("Where does it go")
    customer.say(TO)
    customer.press("Looks right")
    customer.wait_for("How heavy")
    customer.say(PARCEL)
    return reach_price_from_confirm(customer)


def reach_price_from_confirm(customer: Customer) -> str:
    customer.press("Get rates")
    rates = customer.wait_for("Rates to New York, NY")
    cheapest = rates["reply_markup"]["inline_keyboard"][0][0]["text"]
    customer.press(cheapest)
    price = customer.wait_for("from your balance")
    return str(price["reply_markup"]["inline_keyboard"][0][0]["text"])


def buy(customer: Customer) -> None:
    customer.press(reach_price(customer))


def receive_label(customer: Customer, number: int = 1) -> bytes:
    """The PDF that came: one page of 4x6 inches."""
    arrived = wait_for(lambda: len(customer.documents()) >= number, PATIENCE)
    assert arrived, f"The label did not come:\n{customer.transcript()}"
    name, data = customer.documents()[number - 1]
    assert name.endswith(".pdf")
    [page] = PdfReader(io.BytesIO(data)).pages
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (288, 432)
    return data


def label_or_money_back(customer: Customer) -> int:
    """How many labels came: none if the buyer died before it had asked the carrier for one."""

    def label_or_refusal() -> bool:
        return bool(customer.documents()) or MONEY_BACK in customer.transcript()

    settled = wait_for(label_or_refusal, PATIENCE)
    assert settled, f"Neither the label nor the money came:\n{customer.transcript()}"
    return len(customer.documents())


def books_agree(shop: Shop, *, labels: dict[int, int]) -> None:
    """Carrier, payment provider, chats and ledger tell one story; `labels` counts by customer."""
    assert wait_for(lambda: _is_quiet(shop), PATIENCE), "the shop did not come to rest"
    books = shop.sandbox.books()
    with shop.database() as client:
        store = client.get_default_database()
        kept = {"status": {"$in": ["done", "void_refused"]}}
        done = {order["shipment_id"]: order for order in store.orders.find(kept)}
        credited = sum(
            entry["d_available"] for entry in store.ledger_entries.find({"kind": "topup"})
        )
        cost = sum(order["cost"]["minor"] for order in done.values())
    bought = [label for label in books["labels"] if label["status"] != "refunded"]
    assert sorted(label["shipment_id"] for label in bought) == sorted(done)
    assert sum(_cents(label["cost"]) for label in bought) == cost
    assert sum(_cents(invoice["paid"]) for invoice in books["invoices"]) == credited
    for chat_id, number in labels.items():
        mine = {each["sha256"] for each in books["documents"] if each["chat_id"] == chat_id}
        assert len(mine) == number
        assert sum(order["user_id"] == chat_id for order in done.values()) == number
    proof = shop.verify_ledger()
    assert proof["mismatches"] == 0
    assert proof["entries"] > 0


def entries_of(shop: Shop, chat_id: int) -> list[str]:
    """The kinds of a customer's ledger entries, oldest first."""
    with shop.database() as client:
        entries = client.get_default_database().ledger_entries
        return [each["kind"] for each in entries.find({"account": f"u:{chat_id}:USD"}).sort("seq")]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _is_quiet(shop: Shop) -> bool:
    """Nothing is left half-way: no order, no note, no update."""
    with shop.database() as client:
        store = client.get_default_database()
        due: dict[str, Any] = {"next_at": {"$type": "date"}}
        return not any(store[name].count_documents(due) for name in ("orders", "outbox", "inbox"))


def _cents(amount: object) -> int:
    dollars, _, cents = str(amount).partition(".")
    return int(dollars) * 100 + int(cents.ljust(2, "0")[:2])
