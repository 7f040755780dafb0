"""Labels: bought, shown, voided; what a purchase costs and what a void gives back."""

from decimal import Decimal
from functools import partial
from time import time
from uuid import uuid4

from sandbox.carrier.rating import objection
from sandbox.carrier.scans import tracking_code
from sandbox.carrier.store import Change, Document, Store
from sandbox.faults import VOID_REASONS
from sandbox.shipengine import errors, shapes
from sandbox.shipengine.accounts import ACCOUNTS, Account
from sandbox.shipengine.editions import Edition
from sandbox.shipengine.files import form_link, linked
from sandbox.shipengine.scans import scan
from sandbox.shipengine.shipments import Shipments
from sandbox.shipengine.sold import (
    APPROVED,
    PENDING,
    REJECTED,
    is_ready,
    is_refunding,
    is_scanned,
    refusal,
)
from sandbox.world import World

PROCESSING = "label_processing"
CHOICES = {
    "label_format": ("pdf", "png", "zpl"),
    "label_layout": ("4x6", "letter", "A4", "A6"),
    "label_download_type": ("url", "inline"),
    "display_scheme": ("label", "paperless", "label_and_paperless"),
}


class Labels:
    """A sold label is `label` as the API shows it, and beside it what the API does not show.

    Until `ready_at`, Unix time, it is said to be in the making; `refusal` is why no void will be
    approved, `refund` how far one is that was.
    """

    def __init__(self, world: World, store: Store, edition: Edition, shipments: Shipments) -> None:
        self._world = world
        self._store = store
        self._edition = edition
        self._shipments = shipments
        world.on_start(self._resume)

    def buy(self, rate_id: str, wishes: Document) -> Document:
        """Assumption, the worst for the shop: the same rate is sold as often as it is asked for.

        Fault: `label_processing`, the label is ready after so many seconds only.
        """
        for name, choices in CHOICES.items():
            if wishes.get(name, choices[0]) not in choices:
                raise errors.invalid(name, f"must be one of {', '.join(choices)}")
        with self._store.lock:
            found = self._shipments.one_rate(rate_id)
            shipment = self._shipments.get(found["shipment_id"])
            account = ACCOUNTS[found["rate"]["carrier_id"]]
            if trouble := objection(account.carrier, shipment["ship_to"]["address_line1"]):
                raise errors.not_sold(account, trouble)
            balance = self._charged(
                account, Decimal(str(found["rate"]["shipping_amount"]["amount"]))
            )
            sold = self._sold(shipment, found["rate"], wishes, account)
            label = sold["label"]
            known = {**shipment, "shipment_status": "label_purchased", "modified_at": shapes.now()}
            self._store.put(
                ("labels", label["label_id"], sold),
                ("codes", label["tracking_number"], {"label_id": label["label_id"]}),
                ("bought", shipment["shipment_id"], {"label_id": label["label_id"]}),
                ("shipments", shipment["shipment_id"], known),
                *balance,
            )
        return self.shown(sold)

    def all(self) -> list[Document]:
        return self._store.all("labels")

    def get(self, label_id: str) -> Document:
        """The sold label. Raises the refusal for one that is not known."""
        sold = self._store.get("labels", label_id)
        if sold is None:
            raise errors.unknown("Label", label_id)
        return sold

    def named(self, external_id: str) -> Document:
        """The newest label of that shipment."""
        shipment_id = self._shipments.named(external_id)["shipment_id"]
        bought = self._store.get("bought", shipment_id)
        if bought is None:
            raise errors.unknown("Label", external_id)
        return self.get(bought["label_id"])

    def by_code(self, tracking_number: str) -> Document | None:
        found = self._store.get("codes", tracking_number)
        return self.get(found["label_id"]) if found else None

    def shown(self, sold: Document) -> Document:
        """The label as the API answers it now."""
        label: Document = sold["label"]
        if is_ready(sold):
            return label
        return label | {"status": "processing", "label_download": None, "form_download": None}

    def of(self, shipment: Document) -> Document:
        """The shipment as the API answers it now."""
        bought = self._store.get("bought", shipment["shipment_id"])
        if bought is None or is_ready(self.get(bought["label_id"])):
            return shipment
        return shipment | {"shipment_status": "processing"}

    def void(self, label_id: str) -> Document:
        """Approved or not, it is said with status 200.

        Faults: each reason code, with which a void is not approved whatever the label is.
        """
        with self._store.lock:
            sold = self.get(label_id)
            call = f"PUT /labels/{label_id}/void"
            fault = self._world.faults.take(self._edition.name, call, VOID_REASONS)
            if reason := fault.fault if fault else refusal(sold):
                message = f"Unable to void the label: {reason.replace('_', ' ')}."
                return {"approved": False, "message": message, "reason_code": reason}
            voided = self._voided(sold)
            self._store.put(("labels", label_id, voided))
        if is_refunding(voided):
            self._settle_later(label_id)
        message = "Request for refund submitted.  This label has been voided."
        return {"approved": True, "message": message}

    def settle(self, sold: Document, outcome: str) -> Document | None:
        """Decides a refund that is under way, or that the next void will be refused."""
        label = sold["label"]
        with self._store.lock:
            if is_refunding(sold):
                approved = outcome == "refunded"
                settled = self._refund(sold, APPROVED if approved else REJECTED)
            elif outcome == "rejected" and not label["voided"]:
                approved, settled = False, {**sold, "refusal": "contact_carrier"}
            else:
                return None
            cost = Decimal(str(label["shipment_cost"]["amount"])) if approved else Decimal(0)
            balance = self._store.with_balance(self._store.balance + cost)
            self._store.put(("labels", label["label_id"], settled), balance)
        shown: Document = settled["label"]
        return shown

    def _charged(self, account: Account, cost: Decimal) -> list[Change]:
        if not account.funded:
            return []
        left = self._store.balance - cost
        if left < 0:
            raise errors.no_funds(account)
        return [self._store.with_balance(left)]

    def _sold(
        self, shipment: Document, rate: Document, wishes: Document, account: Account
    ) -> Document:
        service, call = self._edition.name, f"POST /labels/rates/{rate['rate_id']}"
        fault = self._world.faults.take(service, call, (PROCESSING,))
        code = tracking_code(account.carrier)
        label = shapes.label(shipment, rate, code, account.tracking_page + code)
        label |= {name: wishes[name] for name in CHOICES if name in wishes}
        wanted = label.pop("label_download_type", "url")
        sold = {
            "label": label,
            "rate_id": rate["rate_id"],
            "token": uuid4().hex,
            "ready_at": time() + (fault.seconds if fault else 0),
            "scans": [scan("pre_transit", shipment["ship_from"])],
            "arrives": rate["estimated_delivery_date"],
            "refund": "",
            "refusal": "",
        }
        base = self._world.public_url() + self._edition.prefix
        label["label_download"] = linked(base, sold, shipment, inline=wanted == "inline")
        label["form_download"] = form_link(base, sold, shipment)
        return sold

    def _voided(self, sold: Document) -> Document:
        """The carrier's refund takes its time; what it never billed needs none."""
        label = {**sold["label"], "status": "voided", "voided": True, "voided_at": shapes.now()}
        funded = ACCOUNTS[label["carrier_id"]].funded
        return self._refund({**sold, "label": label}, PENDING if funded else APPROVED)

    def _refund(self, sold: Document, refund: str) -> Document:
        """With the refund as this edition tells of it, if it does."""
        label = sold["label"]
        if self._edition.refunds and ACCOUNTS[label["carrier_id"]].funded:
            cost = label["shipment_cost"]
            details = {"refund_status": refund, "request_date": label["voided_at"]}
            details |= {"amount_paid": cost, "amount_requested": cost}
            details |= {"amount_approved": cost} if refund == APPROVED else {}
            label = {**label, "refund_details": details}
        return {**sold, "label": label, "refund": refund}

    def _settle_later(self, label_id: str) -> None:
        wait = self._world.settings.refund_seconds
        self._world.alarms.after(wait, partial(self._settle_quietly, label_id))

    def _settle_quietly(self, label_id: str) -> None:
        """Left alone, a refund is granted, unless the parcel was scanned meanwhile."""
        with self._store.lock:
            sold = self.get(label_id)
            if is_refunding(sold):
                self.settle(sold, "rejected" if is_scanned(sold) else "refunded")

    def _resume(self) -> None:
        for sold in self._store.all("labels"):
            if is_refunding(sold):
                self._settle_later(sold["label"]["label_id"])
