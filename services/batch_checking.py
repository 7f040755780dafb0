"""The checking of a batch: every row by our own rules, then by the carriers, then its price."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from core.addresses import Address
from core.clock import Clock
from core.crashes import crash_at
from core.errors import Refusal, Unavailable
from core.postage import family, product
from models.batch import Batch, BatchRow, RowState, order_prefix, storable
from models.parts import PricedRate
from models.quote import Quote
from services.addresses import Addresses, Standing
from services.batch_rows import RowRead, Sheet, read_row
from services.quotes import Quotes, ShopClosed

log = structlog.get_logger()

SIDE_BY_SIDE = 4
ATTEMPTS_AT_MOST = 5
REPEATED_WITHIN = timedelta(days=30)


class Undeliverable(Refusal):
    """No carrier can deliver there. Facts: `told` (str), the carrier's own words."""


class ServiceNotOffered(Refusal):
    """Facts: `service` as the row names it, `offered` (list of str)."""


class CarriersSilent(Refusal):
    """Nobody answered for this row, time after time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checking:
    quotes: Quotes
    addresses: Addresses
    clock: Clock

    def check(self, batch: Batch, rows: Iterable[BatchRow]) -> bool:
        """Check these rows, a few side by side; False when some have to be tried again later.

        Raises ShopClosed.
        """
        sheet = sheet_of(batch)
        with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="batch") as pool:
            return all([*pool.map(lambda row: self.check_row(row, sheet), rows)])

    def check_row(self, row: BatchRow, sheet: Sheet) -> bool:
        """False when it has to be tried again. Raises ShopClosed."""
        read = read_row(row.cells, sheet)
        if read.shipment is None:
            self._end(row, None)
            return True
        try:
            self._insist_on_delivery(read.shipment.recipient)
            quote = self.quotes.quote(row.user_id, read.shipment)
            rate = chosen(quote, read.service)
        except ShopClosed:
            raise
        except Refusal as refusal:
            self._end(row, refusal)
        except Unavailable as trouble:
            return self._try_later(row, trouble)
        else:
            crash_at("batch.after_quote")
            self.keep(row, read, quote, rate)
        return True

    def keep(self, row: BatchRow, read: RowRead, quote: Quote, rate: PricedRate) -> None:
        digest = read.digest(row.user_id)
        BatchRow.objects.move(
            row.id,
            when=RowState.NEW,
            to=RowState.QUOTED,
            digest=digest,
            repeat_of=bought_before(row, digest, self.clock.now()),
            recipient=quote.recipient,
            reference=read.reference,
            **offer_of(quote, rate),
        )

    def mark_twins(self, batch: Batch) -> None:
        """Rows that ask for the same as an earlier one of the file repeat what that will buy."""
        firsts: dict[str, str] = {}
        quoted = BatchRow.objects(batch_id=batch.id, status=RowState.QUOTED).order_by("number")
        for row in quoted.only("number", "batch_id", "digest", "repeat_of"):
            first = firsts.setdefault(row.digest, order_id_of(row))
            if first != order_id_of(row) and not row.repeat_of:
                BatchRow.objects(pk=row.id).update_one(set__repeat_of=first)

    def _insist_on_delivery(self, address: Address) -> None:
        opinion = self.addresses.check(address)
        if opinion.standing is Standing.UNDELIVERABLE:
            raise Undeliverable(told=" ".join(opinion.remarks)[:300])

    def _try_later(self, row: BatchRow, trouble: Unavailable) -> bool:
        log.info("batch_row_not_quoted", row_id=row.id, why=trouble.code)
        if row.attempts + 1 >= ATTEMPTS_AT_MOST:
            self._end(row, CarriersSilent())
            return True
        BatchRow.objects(pk=row.id).update_one(inc__attempts=1)
        return False

    def _end(self, row: BatchRow, refusal: Refusal | None) -> None:
        BatchRow.objects.move(
            row.id,
            when=RowState.NEW,
            to=RowState.BAD,
            refusal=refusal.code if refusal else "",
            told=storable(refusal.facts) if refusal else {},
        )


def bought_before(row: BatchRow, digest: str, now: datetime) -> str:
    """The order of a row that asked for the very same, lately; empty if there is none."""
    same = BatchRow.objects(
        user_id=row.user_id,
        digest=digest,
        id__ne=row.id,
        status__in=(RowState.ORDERED, RowState.BOUGHT, RowState.REVIEW),
        placed_at__gte=now - REPEATED_WITHIN,
        batch_id__ne=row.batch_id,
    ).first()
    return str(same.order_id) if same else ""


def order_id_of(row: BatchRow) -> str:
    """`B-…` and the row's number make `L-…-0017`: a row can never want two orders."""
    return f"{order_prefix(row.batch_id)}{row.number:04}"


def sheet_of(batch: Batch) -> Sheet:
    return Sheet(tuple(batch.heading), dict(batch.columns), dict(batch.defaults))


def chosen(quote: Quote, service: str) -> PricedRate:
    """The cheapest rate, or the cheapest of the service or carrier that the row names.

    Raises ServiceNotOffered.
    """
    fitting = [rate for rate in quote.rates if not service or is_called(rate, service)]
    if not fitting:
        offered = [f"{rate.carrier} {rate.service}" for rate in quote.rates]
        raise ServiceNotOffered(service=service[:60], offered=offered[:8])
    return min(fitting, key=lambda rate: rate.price)


def is_called(rate: PricedRate, service: str) -> bool:
    """Whether people may call this rate so: `USPS Ground Advantage`, `Priority`, `ups`."""
    named = product(rate.carrier, service)
    return named == product(rate.carrier, rate.service) or named[1] == family(rate.carrier)


def offer_of(quote: Quote, rate: PricedRate) -> dict[str, object]:
    """What a row keeps of the offer that it stands for."""
    return {
        "quote_id": quote.id,
        "rate_id": rate.rate_id,
        "carrier": rate.carrier,
        "service": rate.service,
        "price": rate.price,
        "expires_at": quote.expires_at,
    }
