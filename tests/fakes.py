"""Outsiders that behave: what services are tested with where no HTTP is needed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock

from core.addresses import Address
from core.jobs import Job
from core.label_formats import LabelFormat
from core.modes import ApiMode
from core.money import Money
from core.shipments import Shipment
from core.tracking import Tracked, TrackingState
from models.outbox import Note, NoteKind
from providers.carriers.base import (
    Bought,
    CarrierNews,
    Checked,
    ForgedNews,
    Quoted,
    Rate,
    Sold,
    UnreadableNews,
    Verdict,
    VoidState,
)
from providers.payments.base import ForgedNotice, Invoice, InvoiceReport, InvoiceState, Notice
from services.at_once import Wish

PDF = b"%PDF-1.4 a label"
BYTES = {
    LabelFormat.PDF_4X6: PDF,
    LabelFormat.PDF_LETTER: PDF,
    LabelFormat.PNG: b"\x89PNG\r\n\x1a\n a label",
    LabelFormat.ZPL: b"^XA a label ^XZ",
}


@dataclass
class TurnedClock:
    """Stands still until a test turns it."""

    moment: datetime = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def turn(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class HeldJobs:
    """Keeps what was asked for, so that a test decides when a worker comes by."""

    asked: list[tuple[Job, str]] = field(default_factory=list)

    def ask(self, job: Job, subject_id: str = "") -> None:
        self.asked.append((job, subject_id))

    def nudge(self, job: Job) -> None:
        if (job, "") not in self.asked:
            self.ask(job)


@dataclass
class ForgetfulFlags:
    """A cache that may be told to lose everything."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, value: str, *, seconds: int) -> None:
        self.kept[name] = value


@dataclass
class Notebook:
    """Writes down what customers were told; raises what a test queued first."""

    told: list[tuple[NoteKind, int]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    def deliver(self, note: Note) -> int:
        if self.troubles:
            raise self.troubles.pop(0)
        self.told.append((note.kind, note.chat_id))
        return len(self.told)


@dataclass
class PaperBoard:
    """Notes when a batch was shown; nobody looks at it unless a test says so."""

    shown: list[str] = field(default_factory=list)
    watched: bool = False

    def show(self, batch_id: str) -> bool:
        self.shown.append(batch_id)
        return self.watched


class NoWishes:
    """Nobody ticked anything."""

    def of(self, user_id: int) -> list[Wish]:
        return []

    def grant(self, user_id: int, wish: Wish, order_id: str) -> None:
        raise AssertionError("nothing was ticked")

    def renew(self, user_id: int, wish: Wish, fresh: Wish) -> None:
        raise AssertionError("nothing was ticked")

    def drop(self, user_id: int, wish: Wish) -> None:
        raise AssertionError("nothing was ticked")


@dataclass
class PaperCarrier:
    """Sells each shipment at most once, and answers as a test says: before or after it acted."""

    name: str = "easypost"
    account: str = "ours"
    sold: dict[str, Bought] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    voided: list[str] = field(default_factory=list)
    voids: dict[str, VoidState] = field(default_factory=dict)
    void_instead: list[Exception] = field(default_factory=list)
    void_after: list[Exception] = field(default_factory=list)
    state_instead: list[Exception] = field(default_factory=list)
    track_instead: list[Exception] = field(default_factory=list)
    tracked: list[str] = field(default_factory=list)
    instead: list[Exception] = field(default_factory=list)
    after: list[Exception] = field(default_factory=list)
    find_instead: list[Exception] = field(default_factory=list)
    file_instead: list[Exception] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    check_instead: list[Exception] = field(default_factory=list)
    checks: dict[str, Checked] = field(default_factory=dict)
    parcels: dict[str, Tracked] = field(default_factory=dict)
    news: dict[str, CarrierNews] = field(default_factory=dict)
    statement_instead: list[Exception] = field(default_factory=list)
    stray: list[Sold] = field(default_factory=list)
    sold_at: datetime = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    balance_instead: list[Exception] = field(default_factory=list)
    funds: Money | None = field(default_factory=lambda: Money(100_000))
    lock: Lock = field(default_factory=Lock)
    quotes: int = 0
    form_urls: tuple[str, ...] = ()
    fetched: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    quote_instead: list[Exception] = field(default_factory=list)
    costs: dict[str, int] = field(
        default_factory=lambda: {"Priority": 1_000, "Express": 3_000, "GroundAdvantage": 700}
    )
    times: dict[str, tuple[int, date | None]] = field(
        default_factory=lambda: {
            "Priority": (2, date(2026, 11, 4)),
            "Express": (1, date(2026, 11, 3)),
            "GroundAdvantage": (5, None),
        }
    )

    def quote(self, shipment: Shipment, *, reference: str) -> Quoted:
        self.quotes += 1
        assert reference not in self.references, "a reference was used twice"
        self.references.append(reference)
        if self.quote_instead:
            raise self.quote_instead.pop(0)
        return self._quoted(reference)

    def _quoted(self, reference: str) -> Quoted:
        shipment_id = f"shp_{reference}"
        rates = tuple(
            Rate(f"rate_{number}_{reference}", "USPS", service, Money(cost), days, day, "ca_1")
            for number, (service, cost, days, day) in enumerate(
                (service, cost, *self.times.get(service, (None, None)))
                for service, cost in self.costs.items()
            )
        )
        return Quoted(shipment_id, rates, ("FedEx: account is closed",))

    def buy(self, shipment_id: str, rate_id: str) -> Bought:
        with self.lock:
            self.calls.append(shipment_id)
            if self.instead:
                raise self.instead.pop(0)
            assert shipment_id not in self.sold, "the same shipment was bought twice"
            assert rate_id.endswith(shipment_id.removeprefix("shp_")), "a rate of another shipment"
            self.sold[shipment_id] = Bought(
                shipment_id=shipment_id,
                rate_id=rate_id,
                label_id=shipment_id,
                tracking_code=f"9400{len(self.sold):08d}",
                tracking_url="",
                label_url="http://label",
                cost=Money(1_000),
                form_urls=self.form_urls,
            )
            if self.after:
                raise self.after.pop(0)
            return self.sold[shipment_id]

    def find(self, shipment_id: str, *, reference: str) -> Bought | None:
        if self.find_instead:
            raise self.find_instead.pop(0)
        return self.sold.get(shipment_id or f"shp_{reference}")

    def void(self, label_id: str) -> VoidState:
        """Taken at once; a test decides in `voids` what becomes of it."""
        if self.void_instead:
            raise self.void_instead.pop(0)
        self.voided.append(label_id)
        state = self.voids.setdefault(label_id, VoidState.SUBMITTED)
        if self.void_after:
            raise self.void_after.pop(0)
        return state

    def void_state(self, label_id: str) -> VoidState:
        if self.state_instead:
            raise self.state_instead.pop(0)
        return self.voids.get(label_id, VoidState.NONE)

    def label_file(self, label_url: str) -> bytes:
        if self.file_instead:
            raise self.file_instead.pop(0)
        self.fetched.append(label_url)
        return PDF if label_url == "http://label" else PDF + label_url.encode()

    def label_in(self, label_id: str, wanted: LabelFormat) -> bytes:
        return BYTES[wanted]

    def check(self, address: Address, *, strict: bool = False) -> Checked:
        """Good, unless a test put an opinion on its street into `checks`."""
        self.checked.append(address.street)
        if self.check_instead:
            raise self.check_instead.pop(0)
        return self.checks.get(address.street, Checked(Verdict.VERIFIED, None, ()))

    def requote(self, shipment_id: str) -> Quoted:
        reference = shipment_id.removeprefix("shp_")
        quoted = self._quoted(reference)
        rates = tuple(replace(rate, rate_id=f"{rate.rate_id}_again") for rate in quoted.rates)
        return replace(quoted, rates=rates)

    def track(self, tracking_code: str, carrier: str) -> Tracked:
        """As a test put it into `parcels`; a parcel nobody moved is not known yet."""
        self.tracked.append(tracking_code)
        if self.track_instead:
            raise self.track_instead.pop(0)
        unknown = Tracked(tracking_code, carrier, TrackingState.UNKNOWN, None, ())
        return self.parcels.get(tracking_code, unknown)

    def balance(self) -> Money | None:
        if self.balance_instead:
            raise self.balance_instead.pop(0)
        return self.funds

    def statement(self, since: datetime, until: datetime) -> Iterator[Sold]:
        """What was sold, when `sold_at` says, and all that a test added to `stray`."""
        if self.statement_instead:
            raise self.statement_instead.pop(0)
        yield from (sold for sold in self._booked() if since <= sold.bought_at < until)

    def _booked(self) -> Iterator[Sold]:
        for shipment_id, bought in self.sold.items():
            yield Sold(
                shipment_id=shipment_id,
                label_id=bought.label_id,
                reference=shipment_id.removeprefix("shp_"),
                tracking_code=bought.tracking_code,
                cost=bought.cost,
                void=self.void_state(bought.label_id),
                bought_at=self.sold_at,
            )
        yield from self.stray

    def read_news(self, body: bytes, headers: Mapping[str, str]) -> CarrierNews:
        """A body is the key of an event that a test put into `news`."""
        if "Forged" in headers:
            raise ForgedNews(provider=self.name)
        if body.decode() not in self.news:
            raise UnreadableNews(provider=self.name)
        return self.news[body.decode()]


@dataclass
class PaperCarriers:
    """The same ones in both modes; a test may add some."""

    by_name: dict[str, PaperCarrier]

    def get(self, name: str, mode: ApiMode) -> PaperCarrier:
        return self.by_name[name]

    def names(self, mode: ApiMode) -> list[str]:
        return list(self.by_name)


@dataclass
class PaperProvider:
    """Keeps invoices whose state a test sets; a notice's body is `<invoice> <any word>`.

    Its clock stands still unless it is given one that is turned.
    """

    name: str = "oxapay"
    clock: TurnedClock = field(default_factory=TurnedClock)
    made: dict[str, InvoiceReport] = field(default_factory=dict)
    troubles: list[Exception] = field(default_factory=list)

    def serves(self, mode: ApiMode) -> bool:
        return True

    def create_invoice(
        self, amount: Money, *, payment_id: str, minutes: int, notify_url: str, mode: ApiMode
    ) -> Invoice:
        if self.troubles:
            raise self.troubles.pop(0)
        provider_id = f"track-{len(self.made)}"
        self.made[provider_id] = InvoiceReport(
            provider_id, InvoiceState.WAITING, "waiting", amount, payment_id, Money(0)
        )
        expires_at = self.clock.now() + timedelta(minutes=minutes)
        return Invoice(provider_id, f"http://pay/{provider_id}", expires_at)

    def invoice(self, provider_id: str) -> InvoiceReport:
        if self.troubles:
            raise self.troubles.pop(0)
        return self.made[provider_id]

    def say(self, provider_id: str, state: InvoiceState, **changes: object) -> None:
        old = self.made[provider_id]
        facts = {name: getattr(old, name) for name in InvoiceReport.__slots__}
        self.made[provider_id] = InvoiceReport(
            **(facts | {"state": state, "status": str(state)} | changes)
        )

    def recent(self, since: datetime) -> list[InvoiceReport]:
        return list(self.made.values())

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice:
        if "Forged" in headers:
            raise ForgedNotice(provider=self.name)
        provider_id, _, status = body.decode().partition(" ")
        return Notice(provider_id, "", status)
