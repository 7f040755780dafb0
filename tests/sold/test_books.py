"""The carriers' own books over HTTP: compared with ours both ways, and the shop's money watched."""

from datetime import timedelta

import pytest

from core.money import Money
from models.alert import Alert, AlertState
from models.order import Order, OrderState
from models.orphan import Orphan, OrphanState
from models.report import FindingKind as Kind, ReportState
from providers.carriers import easypost, shipengine_books
from sandbox.settings import SandboxSettings
from services.balances import Balances
from services.carrier_books import CarrierBooks
from services.orphans import Orphans
from tests.carriers.conftest import SHIPENGINE, SHIPMENT, SHIPSTATION, cheapest
from tests.factories import OrderFactory
from tests.sandbox.world import served
from tests.shop import BUYER

SUBMITTED, PURCHASED = "submitted", "purchased"


@pytest.fixture
def world():
    """One of its own for each test: whatever is in the carrier's books is compared."""
    with served(SandboxSettings(retry_divisor=0.01, refund_seconds=3600)) as sandbox:
        yield sandbox


@pytest.fixture
def compare(till, monkeypatch):
    """One night's comparison, an hour after the purchase; their lists come page by page."""
    monkeypatch.setattr(easypost, "PAGE_SIZE", 2)
    monkeypatch.setattr(shipengine_books, "PAGE_SIZE", 2)
    shop = till.shop
    shop.clock.turn(hours=1)
    orphans = Orphans(carriers=shop.carriers, audits=shop.audits, clock=shop.clock)
    books = CarrierBooks(carriers=shop.carriers, orphans=orphans, jobs=shop.jobs, clock=shop.clock)
    return lambda: books.compare(f"{till.desk.name}:test")


def findings(report):
    return sorted((one.kind, one.provider_id) for one in report.findings)


def bought(till, reference):
    quoted = till.desk.carrier.quote(SHIPMENT, reference=reference)
    return till.desk.carrier.buy(quoted.shipment_id, cheapest(quoted, "USPS").rate_id)


def nobodys(till):
    """A label that was bought for a quote of ours without an order."""
    quote = till.shop.quotes.quote(BUYER, SHIPMENT, fresh=True)
    return bought(till, f"{quote.id}-7K2M9Q")


def ended(till):
    """An order whose money went back, and whose label exists all the same."""
    order = till.place("USPS")
    till.work()
    Order.objects(pk=order.id).update_one(set__status=OrderState.RELEASED)
    return Order.objects.fetch(order.id)


def lost(till):
    """A label that we have charged for and that the carrier does not list."""
    yesterday = till.shop.clock.now() - timedelta(days=1)
    return OrderFactory(
        done=True, provider=till.desk.name, created_at=yesterday, bought_after=yesterday
    )


def test_labels_without_a_customer_are_voided_once_and_a_lost_one_is_told(till, compare):
    stray, released, gone = nobodys(till), ended(till), lost(till)
    voids = till.asked(till.desk.void)

    first, second = compare(), compare()

    missing = (Kind.LABEL_NOT_LISTED, gone.shipment_id)
    assert findings(first) == sorted(
        [
            (Kind.LABEL_OF_NO_ORDER, stray.label_id),
            (Kind.LABEL_OF_ENDED_ORDER, released.label_id),
            missing,
        ]
    )
    assert findings(second) == [missing]
    codes = (stray.tracking_code, released.tracking_code, till.order.tracking_code)
    assert [till.booked_there(code) for code in codes] == [SUBMITTED, SUBMITTED, PURCHASED]
    assert till.asked(till.desk.void) - voids == 2
    assert Orphan.objects(status=OrphanState.SENT).count() == 2

    till.desk.decide(stray.tracking_code, "refunded")
    till.shop.clock.turn(days=29)
    compare()
    assert Orphan.objects.get(label_id=stray.label_id).status is OrphanState.VOIDED


def test_books_that_agree_find_nothing_and_another_shops_labels_are_left_alone(till, compare):
    foreign = bought(till, f"invoice of {till.order.id}")

    report = compare()

    assert (report.status, report.listed, report.compared) == (ReportState.CLEAN, 2, 1)
    codes = (foreign.tracking_code, till.order.tracking_code)
    assert [till.booked_there(code) for code in codes] == [PURCHASED] * 2


@pytest.mark.parametrize("service", [SHIPENGINE, SHIPSTATION])
def test_a_second_label_at_the_same_rate_is_voided_and_the_customers_is_kept(till, compare):
    order = till.order
    second = till.desk.carrier.buy(order.shipment_id, order.rate_id)

    report = compare()

    assert findings(report) == [(Kind.SECOND_LABEL, second.label_id)]
    codes = (order.tracking_code, second.tracking_code)
    assert [till.booked_there(code) for code in codes] == [PURCHASED, SUBMITTED]


def test_a_list_that_does_not_come_leaves_a_failed_report_and_voids_nothing(till, compare):
    stray = nobodys(till)
    till.misbehave(till.desk.listing, "error_500", None)

    assert compare().status is ReportState.FAILED

    assert till.booked_there(stray.tracking_code) == PURCHASED
    assert Orphan.objects.count() == 0


def test_an_account_that_runs_dry_is_an_alert_until_it_is_filled(till):
    shop, live = till.shop, f"{till.desk.name}:production"
    balances = Balances(
        carriers=shop.carriers, jobs=shop.jobs, clock=shop.clock, least=Money(5_000)
    )
    told = []
    for dollars in ("49.99", "silent", "50.00"):
        if dollars == "silent":
            till.misbehave("GET *", "error_500", None)
        else:
            till.desk.fund(dollars)
        balances.read(live)
        shop.alerts.watch()
        low = Alert.objects(status=AlertState.OPEN, kind="carrier_balance_low")
        told.append([(alert.subject, alert.words) for alert in low])

    assert told == [[(live, "$49.99 left")], [(live, "$49.99 left")], []]
