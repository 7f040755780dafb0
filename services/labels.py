"""The bytes of bought labels: fetched once, kept with a checksum, given out for free."""

from dataclasses import dataclass

import structlog

from core.clock import Clock
from core.errors import Refusal
from core.label_formats import LabelFormat
from models import label as files
from models.label import Copy, Form, Label
from models.order import Order
from providers.carriers.base import CarrierRefused
from services import letter
from services.ports import Carriers

log = structlog.get_logger()


class NoLabelYet(Refusal):
    """The order has no label. Facts: `order_id`."""


class NoSuchForm(Refusal):
    """The order has no such customs paper. Facts: `order_id`, `number`."""


class FormatNotOffered(Refusal):
    """The label can't be had in this format. Facts: `order_id`, `wanted` (a LabelFormat)."""


@dataclass(frozen=True, slots=True)
class Labels:
    carriers: Carriers
    clock: Clock

    def pdf(self, order_id: str) -> bytes:
        """The label's PDF, from storage, or fetched and stored. Changes no money state.

        Raises NoLabelYet, Erased, and the carrier's CarrierDown if it has to be fetched and can't.
        """
        label = self.of(order_id)
        stored = files.read_file(label) if label else None
        return stored if stored is not None else self.keep(Order.objects.fetch(order_id))

    def file(self, order_id: str, wanted: LabelFormat) -> bytes:
        """The label in a format, from storage, or had converted and stored.

        Raises FormatNotOffered, and what `pdf` raises.
        """
        pdf = self.pdf(order_id)
        if wanted is LabelFormat.PDF_4X6:
            return pdf
        if wanted is LabelFormat.PDF_LETTER:
            return self._on_letter(order_id, pdf)
        label: Label = Label.objects.fetch(order_id)
        stored = (files.read_file(copy) for copy in label.copies if copy.made == wanted)
        found = next((data for data in stored if data is not None), None)
        return found if found is not None else self._convert(Order.objects.fetch(order_id), wanted)

    def formats(self, order_id: str) -> list[LabelFormat]:
        """Those worth asking for: the PDF, and what nobody has refused to make of this label."""
        label = self.of(order_id)
        refused = label.refused if label else []
        return [each for each in LabelFormat if each not in refused]

    def _on_letter(self, order_id: str, pdf: bytes) -> bytes:
        """Cheaper to make than to store."""
        try:
            return letter.sheet(pdf)
        except letter.NoSuchPage as flaw:
            self._refuse(order_id, LabelFormat.PDF_LETTER)
            raise FormatNotOffered(order_id=order_id, wanted=LabelFormat.PDF_LETTER) from flaw

    def _refuse(self, order_id: str, wanted: LabelFormat) -> None:
        Label.objects(pk=order_id).update_one(add_to_set__refused=wanted.value)

    def _convert(self, order: Order, wanted: LabelFormat) -> bytes:
        carrier = self.carriers.get(order.provider, order.mode)
        try:
            data = carrier.label_in(order.label_id or order.shipment_id, wanted)
        except CarrierRefused as refusal:
            self._refuse(order.id, wanted)
            raise FormatNotOffered(order_id=order.id, wanted=wanted) from refusal
        file_id = files.store_file(order.id, data)
        copy = Copy(wanted.value, file_id, files.checksum(data), len(data))
        Label.objects(pk=order.id).update_one(push__copies=copy)
        log.info("label_converted", order_id=order.id, wanted=wanted, size=len(data))
        return data

    def form(self, order_id: str, number: int) -> bytes:
        """One of the customs papers that travel with the label, likewise; numbers count from 0.

        Raises NoSuchForm, and what `pdf` raises.
        """
        order: Order = Order.objects.fetch(order_id).whole()
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

    def upload_of(self, order_id: str, kind: str) -> str:
        """Telegram's id of the file, if it was sent before; otherwise empty.

        `kind` is a LabelFormat, or another name for a file of the order's.
        """
        label = self.of(order_id)
        if label is None or kind == LabelFormat.PDF_4X6:
            return label.telegram_file_id if label else ""
        return label.uploads.get(kind, "")

    def remember_upload(self, order_id: str, kind: str, telegram_file_id: str) -> None:
        """Telegram keeps the file: next time its id is enough."""
        field = "telegram_file_id" if kind == LabelFormat.PDF_4X6 else f"uploads__{kind}"
        Label.objects(pk=order_id).update_one(**{f"set__{field}": telegram_file_id})

    def keep(self, order: Order) -> bytes:
        """Fetch the bytes of a bought label and store them. Raises as `pdf` does."""
        if not order.whole().label_url:
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
