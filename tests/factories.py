"""Documents as they stand in a shop, each valid by itself. Money moves only by the ledger."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import factory
from factory.mongoengine import MongoEngineFactory

from core.addresses import Address
from core.money import Money
from core.parcels import Parcel
from models.adjustment import Adjustment
from models.alert import Alert, AlertKind
from models.audit import AuditEntry
from models.balance import CarrierBalance
from models.batch import Batch, BatchRow, BatchState, RowState, row_id_of
from models.freeze import Freeze
from models.label import Label, checksum, store_file
from models.notice import Notice
from models.order import Order, OrderState, OrderStep
from models.orphan import Orphan
from models.outbox import Note, NoteKind
from models.parts import PricedRate
from models.payment import Credit, Payment, PaymentRule, PaymentState, PaymentStep
from models.proof import Proof
from models.tracking import Trail
from models.user import User
from models.void import Void, VoidStage, VoidStep
from services.ledger import Ledger
from tests.fakes import PDF, TurnedClock

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
BUYER = 7


def later(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


class _Dated(MongoEngineFactory):
    class Meta:
        abstract = True

    created_at = factory.Sequence(later)
    moved_at = factory.SelfAttribute("created_at")


class UserFactory(MongoEngineFactory):
    class Meta:
        model = User

    id = factory.Sequence(lambda number: 1_000 + number)
    first_name = "Maria"
    username = factory.Sequence(lambda number: f"maria{number}")
    created_at = factory.Sequence(later)


class OrderFactory(_Dated):
    class Meta:
        model = Order

    class Params:
        done = factory.Trait(
            status=OrderState.DONE,
            tracking_code=factory.Sequence(lambda number: f"9400{number:018d}"),
            tracking_url="https://track.example/9400",
            label_url="https://labels.example/1.pdf",
            cost=Money(1_000),
        )

    id = factory.Sequence(lambda number: f"L-{number:012d}")
    user_id = BUYER
    quote_id = factory.LazyAttribute(lambda order: order.id.replace("L-", "Q-"))
    mode = "test"
    provider = "easypost"
    shipment_id = factory.Sequence(lambda number: f"shp_{number}")
    sender = factory.LazyFunction(
        lambda: Address(
            name="Maria O'Brien",
            street="388 Townsend St",
            city="San Francisco",
            state="CA",
            zip="94107",
        )
    )
    recipient = factory.LazyFunction(
        lambda: Address(
            name="John Smith", street="350 5th Ave", city="New York", state="NY", zip="10118"
        )
    )
    parcel = factory.LazyFunction(lambda: Parcel(Decimal(10), Decimal(8), Decimal(4), Decimal(32)))
    rate = factory.LazyFunction(
        lambda: PricedRate(
            rate_id="rate_1",
            carrier="USPS",
            service="GroundAdvantage",
            cost=Money(1_000),
            price=Money(1_080),
        )
    )
    price = Money(1_080)
    status = OrderState.HELD
    timeline = factory.LazyAttribute(
        lambda order: [OrderStep(at=order.created_at, state=order.status, by="worker")]
    )


class PaymentFactory(_Dated):
    class Meta:
        model = Payment

    id = factory.Sequence(lambda number: f"T-{number:012d}")
    user_id = BUYER
    provider = "oxapay"
    provider_id = factory.Sequence(lambda number: f"{number:09d}")
    mode = "test"
    amount = Money(2_500)
    status = PaymentState.PENDING
    timeline = factory.LazyAttribute(
        lambda payment: [PaymentStep(at=payment.created_at, state=payment.status)]
    )
    credits = factory.LazyAttribute(lambda payment: _credits(payment))  # noqa: PLW0108  defined below
    booked = factory.LazyAttribute(lambda payment: len(payment.credits))


def _credits(payment) -> list[Credit]:
    if payment.status is not PaymentState.PAID:
        return []
    by = f"provider:{payment.provider}"
    return [Credit(amount=payment.amount, rule=PaymentRule.PAID, by=by, at=payment.created_at)]


class NoteFactory(_Dated):
    class Meta:
        model = Note

    id = factory.Sequence(lambda number: f"label_ready:L-{number:012d}")
    chat_id = BUYER
    kind = NoteKind.LABEL_READY


class NoticeFactory(MongoEngineFactory):
    class Meta:
        model = Notice

    id = factory.Sequence(lambda number: f"{number:064x}")
    provider = "oxapay"
    provider_id = factory.Sequence(lambda number: f"{number:09d}")
    status = "paid"
    body = b'{"status": "Paid"}'
    received_at = factory.Sequence(later)


class LabelFactory(MongoEngineFactory):
    """With its file."""

    class Meta:
        model = Label

    id = factory.Sequence(lambda number: f"L-{number:012d}")
    user_id = BUYER
    mode = "test"
    carrier = "USPS"
    service = "GroundAdvantage"
    tracking_code = factory.Sequence(lambda number: f"9400{number:018d}")
    file_id = factory.LazyAttribute(lambda label: store_file(label.id, PDF))
    sha256 = checksum(PDF)
    size = len(PDF)
    stored_at = factory.Sequence(later)


class VoidFactory(_Dated):
    class Meta:
        model = Void

    id = factory.Sequence(lambda number: f"L-{number:012d}")
    user_id = BUYER
    mode = "test"
    provider = "easypost"
    label_id = factory.Sequence(lambda number: f"shp_{number}")
    amount = Money(1_080)
    by = f"user:{BUYER}"
    timeline = factory.LazyAttribute(
        lambda void: [VoidStep(at=void.created_at, stage=void.status, by=void.by)]
    )
    status = VoidStage.ASKED
    bought_at = NOON
    until = NOON + timedelta(days=30)


class TrailFactory(_Dated):
    class Meta:
        model = Trail

    id = factory.Sequence(lambda number: f"L-{number:012d}")
    user_id = BUYER
    mode = "test"
    provider = "easypost"
    carrier = "USPS"
    tracking_code = factory.Sequence(lambda number: f"9400{number:018d}")
    status = "in_transit"


class BatchFactory(_Dated):
    class Meta:
        model = Batch

    id = factory.Sequence(lambda number: f"B-{number:012d}")
    user_id = BUYER
    name = "orders.csv"
    checksum = factory.SelfAttribute("id")
    kind = "csv"
    heading = ("Name", "Address", "ZIP")
    columns = factory.LazyFunction(lambda: {"name": 0, "street": 1, "zip": 2})
    rows = 1
    status = BatchState.DONE


class BatchRowFactory(MongoEngineFactory):
    class Meta:
        model = BatchRow

    id = factory.LazyAttribute(lambda row: row_id_of(row.batch_id, row.number))
    user_id = BUYER
    number = 1
    line = 2
    cells = ("Ann Lee", "12 Elm St", "94107")
    status = RowState.BAD


class OrphanFactory(MongoEngineFactory):
    class Meta:
        model = Orphan

    id = factory.LazyAttribute(lambda orphan: f"{orphan.service}:{orphan.label_id}")
    service = "easypost:production"
    label_id = factory.Sequence(lambda number: f"shp_{number}")
    tracking_code = factory.Sequence(lambda number: f"9400{number:018d}")
    cost = Money(1_000)
    status = "loss"
    problem = "the void is rejected"
    found_at = factory.Sequence(later)
    moved_at = factory.SelfAttribute("found_at")


class AdjustmentFactory(_Dated):
    class Meta:
        model = Adjustment

    id = factory.LazyFunction(lambda: str(uuid4()))
    user_id = BUYER
    amount = Money(20_000)
    status = "waiting"
    by = "operator:ann@shop.example"
    reason = "lost parcel"


class FreezeFactory(MongoEngineFactory):
    class Meta:
        model = Freeze

    account = factory.Sequence(lambda number: f"u:{number}:USD")
    findings = factory.LazyFunction(lambda: ["entry 2: digest is wrong"])
    frozen_at = factory.Sequence(later)


class ProofFactory(_Dated):
    class Meta:
        model = Proof

    id = factory.Sequence(lambda number: f"P-{number:012d}")
    kind = "full"
    status = "done"
    by = "beat"


class CarrierBalanceFactory(MongoEngineFactory):
    class Meta:
        model = CarrierBalance

    id = "easypost:production"
    amount = Money(4_200)
    low = True
    told_at = factory.Sequence(later)


class AlertFactory(MongoEngineFactory):
    class Meta:
        model = Alert

    id = factory.LazyAttribute(lambda alert: f"{alert.kind}:{alert.subject}")
    kind = AlertKind.ACCOUNT_FROZEN
    subject = factory.Sequence(lambda number: f"u:{number}:USD")
    words = "entry 2: digest is wrong"
    raised_at = factory.Sequence(later)


class AuditEntryFactory(MongoEngineFactory):
    class Meta:
        model = AuditEntry

    by = "owner@shop.example"
    act = "set api_mode"
    subject = "api_mode"
    at = factory.Sequence(later)


def post_order(order: Order, *, at: datetime = NOON, close: str = "capture") -> None:
    """The ledger entries of an order: money to pay it, its hold and how it was closed."""
    ledger = Ledger(TurnedClock(at))
    payment = PaymentFactory(user_id=order.user_id, amount=order.price, status=PaymentState.PAID)
    post_payment(payment, at=at)
    ledger.hold(order.user_id, order.price, order.id)
    if close == "capture":
        ledger.capture(order.user_id, order.price, order.id)
    elif close == "release":
        ledger.release(order.user_id, order.price, order.id, reason="refused")


def post_payment(payment: Payment, *, at: datetime = NOON) -> None:
    Ledger(TurnedClock(at)).top_up(
        payment.user_id,
        payment.amount,
        provider=payment.provider,
        provider_id=payment.provider_id,
        payment_id=payment.id,
    )
