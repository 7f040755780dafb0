"""The services over a real MongoDB, with outsiders that a test can steer."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.addresses import Address
from core.jobs import Job
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from core.shipments import Shipment
from core.tables import Limits
from core.windows import read_windows
from models import connection
from models.order import Order
from models.payment import Credit, Payment, PaymentRule
from models.quote import Quote
from providers.carriers.base import Checked, Verdict
from providers.payments.base import InvoiceState
from services.addresses import Addresses
from services.adjustments import Adjustments
from services.alerts import Alerts
from services.asking import Panel
from services.at_once import AtOnce, Wishes
from services.audits import Audits
from services.batch_driving import BatchDriving
from services.batches import Batches
from services.blocks import Blocks
from services.discounts import Discounts
from services.exports import Exports
from services.following import Following
from services.freezes import Freezes
from services.labels import Labels
from services.ledger import Ledger
from services.liveness import Liveness
from services.modes import Modes
from services.orders import Orders
from services.outbox import Outbox
from services.ports import Board
from services.pricing import from_settings
from services.purchase import Patience, Purchase
from services.quotes import Quotes
from services.rate_cache import RateCache
from services.rating import Rating
from services.renewal import Renewal
from services.retention import Retention
from services.topups import Range, Topups
from services.tracking import Tracking
from services.users import Users
from services.verification import Verification
from services.voids import Voids
from services.watching import Pace
from tests.fakes import (
    ForgetfulFlags,
    HeldJobs,
    Notebook,
    NoWishes,
    PaperBoard,
    PaperCarrier,
    PaperCarriers,
    PaperProvider,
    TurnedClock,
)
from tests.stores import build_indexes

BUYER = 7
OPERATOR = 99
SENDER = Address(
    name="Maria O'Brien", street="388 Townsend St", city="San Francisco", state="CA", zip="94107"
)
RECIPIENT = Address(
    name="John Smith", street="350 5th Ave", city="New York", state="NY", zip="10118"
)
PARCEL = Parcel(Decimal(10), Decimal(8), Decimal(4), Decimal(32))
SHIPMENT = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL)
QUOTE_SECONDS, TOLERANCE = 5, Money(25)
LEASE, SETTLE, REVIEW = timedelta(seconds=45), timedelta(seconds=120), timedelta(hours=24)
FUNDS = timedelta(hours=6)


@dataclass
class TestShop:
    """Every service, wired as in production, on a clock that stands still."""

    __test__ = False

    clock: TurnedClock = field(default_factory=TurnedClock)
    jobs: HeldJobs = field(default_factory=HeldJobs)
    carrier: PaperCarrier = field(default_factory=PaperCarrier)
    provider: PaperProvider = field(default_factory=PaperProvider)
    notes: Notebook = field(default_factory=Notebook)
    board: Board = field(default_factory=PaperBoard)
    wishes: Wishes = field(default_factory=NoWishes)

    def __post_init__(self) -> None:
        self.providers = {"oxapay": self.provider}
        self.users = Users(self.clock)
        self.ledger = Ledger(self.clock)
        self.audits = Audits(self.clock)
        self.modes = Modes(ForgetfulFlags(), self.audits, self.clock)
        self.freezes = Freezes(self.audits, self.clock)
        self.liveness = Liveness(self.clock, timedelta(minutes=5))
        self.verification = Verification(freezes=self.freezes, jobs=self.jobs, clock=self.clock)
        self.carriers = carriers = PaperCarriers({self.carrier.name: self.carrier})
        self.outbox = Outbox(
            messenger=self.notes, users=self.users, jobs=self.jobs, clock=self.clock
        )
        self.exports = Exports(self.outbox)
        month, half_a_year = timedelta(days=30), timedelta(days=180)
        self.retention = Retention(
            clock=self.clock, drafts=month, updates=month, orders=half_a_year
        )
        self.alerts = Alerts(
            freezes=self.freezes,
            liveness=self.liveness,
            retention=self.retention,
            outbox=self.outbox,
            clock=self.clock,
            operators=(OPERATOR,),
        )
        self.adjustments = Adjustments(
            ledger=self.ledger,
            outbox=self.outbox,
            audits=self.audits,
            clock=self.clock,
            limit=Money(10_000),
        )
        self.discounts = Discounts(self.audits)
        self.blocks = Blocks(self.audits, self.clock)
        self.addresses = Addresses(carriers=carriers, modes=self.modes)
        self.rating = Rating(
            carriers=carriers, cache=RateCache(self.modes.flags), panel=Panel(QUOTE_SECONDS)
        )
        self.quotes = Quotes(
            rating=self.rating,
            modes=self.modes,
            pricing=from_settings(Decimal(5), Money(50)),
            clock=self.clock,
            lifetime=timedelta(minutes=15),
        )
        self.labels = Labels(carriers, self.clock)
        self.orders = Orders(
            freezes=self.freezes,
            quotes=self.quotes,
            ledger=self.ledger,
            purchase=Purchase(
                carriers=carriers,
                patience=Patience(lease=LEASE, settle=SETTLE, review_after=REVIEW, funds=FUNDS),
                clock=self.clock,
            ),
            renewal=Renewal(rating=self.rating, tolerance=TOLERANCE, clock=self.clock),
            outbox=self.outbox,
            jobs=self.jobs,
            clock=self.clock,
        )
        self.at_once = AtOnce(wishes=self.wishes, orders=self.orders)
        self.topups = Topups(
            providers=self.providers,
            ledger=self.ledger,
            at_once=self.at_once,
            outbox=self.outbox,
            modes=self.modes,
            jobs=self.jobs,
            clock=self.clock,
            range=Range(least=Money(500), most=Money(500_000)),
            invoice_minutes=60,
            public_url="http://shop/",
        )
        windows = read_windows("usps=30,ups=90,fedex=90,other=30")
        self.voids = Voids(
            carriers=carriers,
            ledger=self.ledger,
            outbox=self.outbox,
            audits=self.audits,
            jobs=self.jobs,
            clock=self.clock,
            windows=windows,
            pace=timedelta(minutes=5),
        )
        self.batches = Batches(
            ledger=self.ledger,
            jobs=self.jobs,
            clock=self.clock,
            limits=Limits(size=200_000, rows=50),
            topup=self.topups.range,
        )
        self.batch_driving = BatchDriving.of(
            self.orders,
            addresses=self.addresses,
            labels=self.labels,
            board=self.board,
            lease=30,
        )
        self.tracking = Tracking(
            carriers=carriers,
            following=Following(windows, self.clock),
            outbox=self.outbox,
            jobs=self.jobs,
            clock=self.clock,
            pace=Pace(shortest=timedelta(hours=1), patience=timedelta(days=5)),
        )
        self.users.meet(BUYER, first_name="Maria", username="maria", language="en")

    def second_provider(self) -> PaperProvider:
        """Crypto Pay, switched on from now."""
        return self.providers.setdefault("cryptopay", PaperProvider("cryptopay"))

    def add_carrier(self, name: str, **costs: int) -> PaperCarrier:
        """Another carrier service with a key, and what it charges for each service."""
        self.carriers.by_name[name] = PaperCarrier(name, costs=costs)
        return self.carriers.by_name[name]

    def credit(self, cents: int, *, user_id: int = BUYER, provider_id: str = "seed") -> None:
        self.ledger.top_up(
            user_id,
            Money(cents),
            provider="oxapay",
            provider_id=provider_id,
            payment_id=self._paid_payment(cents, user_id, provider_id),
        )

    def _paid_payment(self, cents: int, user_id: int, provider_id: str) -> str:
        payment_id = f"T-{provider_id}"
        Payment.objects.get_or_insert(
            payment_id,
            user_id=user_id,
            provider="oxapay",
            provider_id=provider_id,
            mode=ApiMode.TEST,
            amount=Money(cents),
            status="paid",
            credits=[
                Credit(
                    amount=Money(cents),
                    rule=PaymentRule.PAID,
                    by="provider:oxapay",
                    at=self.clock.now(),
                )
            ],
            booked=1,
            created_at=self.clock.now(),
            moved_at=self.clock.now(),
        )
        return payment_id

    def quote(self, *, fresh: bool = True) -> Quote:
        return self.quotes.quote(BUYER, SHIPMENT, fresh=fresh)

    def place(self, quote: Quote | None = None, rate: int = 0) -> Order:
        quote = quote or self.quote()
        return self.orders.place(
            user_id=BUYER, quote_id=quote.id, rate_id=quote.rates[rate].rate_id
        )

    def correct(self, asked: Address, **corrections: str) -> None:
        """Have the carrier write this address otherwise."""
        suggestion = replace(asked, **corrections)
        self.carrier.checks[asked.street] = Checked(Verdict.CORRECTED, suggestion, ())

    def work(self) -> None:
        """Let a worker do all that was asked for, and what that asks for."""
        doers = {
            Job.DRIVE_ORDER: self.orders.drive,
            Job.SETTLE_PAYMENT: self.topups.settle,
            Job.SEND_NOTE: self.outbox.send,
            Job.PROVE_LEDGER: self.verification.go_on,
            Job.DRIVE_VOID: self.voids.drive,
            Job.BUILD_EXPORT: self.exports.build,
            Job.TRACK_PARCEL: self.tracking.drive,
            Job.DRIVE_BATCH: self.batch_driving.drive,
        }
        sweeps = {
            Job.READ_NOTICES: self.topups.read_notices,
            Job.READ_CARRIER_NEWS: self.tracking.read_news,
        }
        while self.jobs.asked:
            job, subject_id = self.jobs.asked.pop(0)
            if job in sweeps:
                sweeps[job]()
            else:
                doers[job](subject_id)

    def sweep(self) -> None:
        """What beat does, and the work that follows."""
        self.orders.resume()
        self.topups.read_notices()
        self.topups.resume()
        self.outbox.resume()
        self.adjustments.resume()
        self.tracking.read_news()
        self.voids.resume()
        self.exports.resume()
        self.tracking.resume()
        self.batch_driving.resume()
        self.work()

    def pay(self, payment: Payment) -> None:
        self.provider.say(str(payment.provider_id), InvoiceState.PAID, received=payment.amount)

    def balance(self, user_id: int = BUYER) -> tuple[int, int]:
        balance = self.ledger.balance(user_id)
        return balance.available.minor, balance.held.minor

    def told(self) -> list[str]:
        return [str(kind) for kind, _ in self.notes.told]


@pytest.fixture
def shop(mongo_url: str) -> Iterator[TestShop]:
    client = connection.connect(mongo_url)
    build_indexes(mongo_url)
    yield TestShop()
    connection.disconnect()
    client.close()
