"""Carriers' books and balances as workers read them: over HTTP, each service by its own job."""

from datetime import UTC, datetime, timedelta

import pytest

from core.jobs import Job
from core.money import Money
from models.balance import CarrierBalance
from models.order import Order, OrderState
from models.orphan import Orphan, OrphanState
from models.report import FindingKind, Report, ReportState
from services.carrier_books import CarrierBooks
from services.orphans import Orphans
from tests.fakes import HeldJobs, TurnedClock
from tests.shop import SHIPMENT


@pytest.fixture
def run(celery_app, platform, monkeypatch):
    """Run a job here and now; what it asks for is only noted."""
    jobs = HeldJobs()
    monkeypatch.setattr(type(platform.voids.jobs), "ask", lambda _, *asked: jobs.ask(*asked))

    def run(job, *args):
        celery_app.tasks[job.value].apply(args=args, throw=True)
        return jobs.asked

    return run


@pytest.mark.parametrize("job", [Job.RECONCILE_CARRIERS, Job.READ_CARRIER_BALANCES])
def test_the_clock_asks_for_each_service_that_has_a_key(run, job):
    asked = run(job)

    assert (job, "easypost:test") in asked
    assert {name for _, name in asked} <= {
        f"{name}:test" for name in ("easypost", "shipengine", "shipstation")
    }


def test_a_service_is_compared_over_http_and_the_report_kept(run):
    run(Job.RECONCILE_CARRIERS, "easypost:test")

    assert Report.objects.get().status is ReportState.CLEAN


def test_a_label_bought_over_http_is_the_same_in_both_books(platform):
    platform.users.meet(7, first_name="Maria", username="", language="en")
    platform.ledger.top_up(7, Money(100_000), provider="oxapay", provider_id="1", payment_id="T-1")
    quote = platform.quotes.quote(7, SHIPMENT)
    rate = next(rate for rate in quote.rates if rate.provider == "easypost")
    order = platform.orders.place(user_id=7, quote_id=quote.id, rate_id=rate.rate_id)
    platform.orders.drive(order.id)
    clock, voids = TurnedClock(datetime.now(UTC) + timedelta(hours=1)), platform.voids
    orphans = Orphans(carriers=voids.carriers, audits=voids.audits, clock=clock)
    books = CarrierBooks(carriers=voids.carriers, orphans=orphans, jobs=voids.jobs, clock=clock)

    agreed = books.compare("easypost:test")
    Order.objects(pk=order.id).update_one(set__status=OrderState.RELEASED)
    orphaned = books.compare("easypost:test")

    assert (agreed.status, agreed.listed, agreed.compared) == (ReportState.CLEAN, 1, 1)
    assert [one.kind for one in orphaned.findings] == [FindingKind.LABEL_OF_ENDED_ORDER]
    assert Orphan.objects.get().status in {OrphanState.SENT, OrphanState.VOIDED}


def test_a_service_without_a_key_leaves_a_failed_report(run):
    run(Job.RECONCILE_CARRIERS, "easypost:production")

    assert Report.objects.get().status is ReportState.FAILED


def test_a_balance_is_read_over_http_and_kept(run):
    run(Job.READ_CARRIER_BALANCES, "easypost:test")

    balance = CarrierBalance.objects.get()
    assert (balance.id, balance.amount > Money(0)) == ("easypost:test", True)
