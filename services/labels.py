"""The bytes of bought labels: fetched once, kept with a checksum, given out for free."""

from dataclasses import dataclass

import structlog

from core.clock import Clock
from core.errors import Refusal
from models import label as files
from models.label import Form, Label
from models.order import Order
from services.ports import Carriers

log = structlog.get_logger()


class NoLabelYet(Refusal):
    """The order has no label. Facts: `order_id`."""


class NoSuchForm(Refusal):
    """The order has no such customs paper. Facts: `order_id`, `number`."""


@dataclass(frozen=True, slots=True)
class Labels:
    carriers: Carriers
    clock: Clock

    def pdf(self, order_id: str) -> bytes:
        """The label's PDF, from storage, or fetched and stored. Changes no money state.

        Raises NoLabelYet, and the carrier's CarrierDown when it has to be fetched and can't.
        """
        label = self.of(order_id)
        stored = files.read_file(label) if label else None
        return stored if stored is not None else self.keep(Order.objects.fetch(order_id))

    def form(self, order_id: str, number: int) -> bytes:
        """One of the customs papers that travel with the label, likewise; numbers count from 0.

        Raises NoSuchForm, and what `pdf` raises.
        """
        order: Order = Order.objects.fetch(order_id)
        if not 0 <= number < len(order.form_urls):
            raise NoSuchForm(order_id=order_id, number=number)
        url = order.form_urls[number]
        if self.of(order_id) is None:
            self.keep(order)
        label: Label = Label.objects.fetch(order_id)
        stored = (files.read_file(form) for form in label.forms if form.url == url)
        found = next((data for data in stored if data is not None), None)
        return found if found is not None else self._keep_form(order, url)

    def _keep_form(self, order: Order, url: str) -> bytes:
        data = self.carriers.get(order.provider, order.mode).label_file(url)
        form = Form(url, files.store_file(order.id, data), files.checksum(data), len(data))
        Label.objects(pk=order.id).update_one(push__forms=form)
        log.info("form_stored", order_id=order.id, size=len(data))
        return data

    def of(self, order_id: str) -> Label | None:
        found: Label | None = Label.objects.seek(order_id)
        return found

    def remember_upload(self, order_id: str, telegram_file_id: str) -> None:
        """Telegram keeps the file: next time its id is enough."""
        Label.objects(pk=order_id).update_one(set__telegram_file_id=telegram_file_id)

    def keep(self, order: Order) -> bytes:
        """Fetch the bytes of a bought label and store them. Raises as `pdf` does."""
        if not order.label_url:
            raise NoLabelYet(order_id=order.id)
        data = self.carriers.get(order.provider, order.mode).label_file(order.label_url)
        Label.objects.put(
            order.id,
            user_id=order.user_id,
            mode=order.mode,
            carrier=order.rate.carrier,
            service=order.rate.service,
            tracking_code=order.tracking_code,
            file_id=files.store_file(order.id, data),
            sha256=files.checksum(data),
            size=len(data),
            stored_at=self.clock.now(),
        )
        log.info("label_stored", order_id=order.id, size=len(data))
        return data
