"""The nightly comparison with a carrier service: what nobody pays for is voided, once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.jobs import Job
from core.money import Money
from models.alert import Alert, AlertState
from models.audit import AuditEntry
from models.order import Order, OrderState
from models.orphan import Orphan, OrphanState
from models.report import FindingKind, Report, ReportState
from providers.carriers.base import CarrierDown, CarrierRefused, Sold, VoidState
from services.audits import ReasonMissing
from services.carrier_books import CarrierBooks
from services.ledger import Cause
from services.orphans import NOT_OURS, NotLost, Orphans

EASYPOST = "easypost:test"
REFUSED = CarrierRefused(provider="easypost", reason="used", told="already in the mail")
DOWN = CarrierDown(provider="easypost")


@pytest.fixture
def books(shop):
    orphans = Orphans(carriers=shop.carriers, audits=shop.audits, clock=shop.clock)
    return CarrierBooks(carriers=shop.carriers, orphans=orphans, jobs=shop.jobs, clock=shop.clock)


@pytest.fixture
def bought(shop):
    """An order that is done, an hour ago."""
    shop.credit(10_000)
    order = shop.place()
    shop.work()
    shop.clock.turn(hours=1)
    return Order.objects.fetch(order.id)


def kinds(report):
    return [(one.kind, one.order_id) for one in report.findings]


def end(order, status=OrderState.RELEASED):
    Order.objects(pk=order.id).update_one(set__status=status)


def alerts(shop):
    shop.alerts.watch()
    open_ones = Alert.objects(status=AlertState.OPEN, kind="carrier_orphan")
    return [(alert.subject, alert.words) for alert in open_ones]


def stray(shop, **facts):
    sold = Sold(
        shipment_id="shp_stray",
        label_id="shp_stray",
        reference="",
        tracking_code="9400STRAY",
        cost=Money(800),
        void=VoidState.NONE,
        bought_at=shop.clock.now() - timedelta(hours=1),
    )
    shop.carrier.stray.append(replace(sold, **facts))


def test_books_that_agree_make_a_clean_report_and_void_nothing(shop, books, bought):
    report = books.compare(EASYPOST)

    assert (report.status, kinds(report)) == (ReportState.CLEAN, [])
    assert (report.listed, report.compared, report.found) == (1, 1, 0)
    assert Report.objects.get().provider == EASYPOST
    assert shop.carrier.voided == []
    assert Orphan.objects.count() == 0


@pytest.mark.parametrize("status", [OrderState.RELEASED, OrderState.FAILED])
def test_a_label_of_an_ended_order_is_voided_once_and_told_once(shop, books, bought, status):
    end(bought, status)

    first = books.compare(EASYPOST)
    second = books.compare(EASYPOST)

    assert kinds(first) == [(FindingKind.LABEL_OF_ENDED_ORDER, bought.id)]
    assert first.findings[0].told == OrphanState.SENT
    assert first.findings[0].received == Money(1_000)
    assert (second.status, kinds(second)) == (ReportState.CLEAN, [])
    assert shop.carrier.voided == [bought.label_id]
    assert alerts(shop) == []

    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED
    books.compare(EASYPOST)
    assert Orphan.objects.get().status is OrphanState.VOIDED
    assert shop.carrier.voided == [bought.label_id]


def test_a_label_voided_before_the_night_is_not_voided_again(shop, books, bought):
    end(bought)
    shop.carrier.voids[bought.label_id] = VoidState.SUBMITTED

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.LABEL_OF_ENDED_ORDER, bought.id)]
    assert shop.carrier.voided == []
    assert Orphan.objects.get().status is OrphanState.SENT


@pytest.mark.parametrize("trouble", [REFUSED, DOWN])
def test_a_late_label_whose_void_fails_is_found_at_night_and_voided(shop, books, trouble):
    shop.credit(10_000)
    order = shop.place()
    real_buy = shop.carrier.buy

    def slow_buy(shipment_id, rate_id):
        end(order)
        return real_buy(shipment_id, rate_id)

    shop.carrier.buy = slow_buy
    shop.carrier.void_instead.append(trouble)
    shop.work()
    assert shop.carrier.voided == []
    shop.clock.turn(hours=1)

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.LABEL_OF_ENDED_ORDER, order.id)]
    assert shop.carrier.voided == [f"shp_{Order.objects.get().reference}"]


def test_a_late_label_whose_void_is_refused_at_night_too_is_an_operators(shop, books, bought):
    end(bought)
    shop.carrier.void_instead.append(REFUSED)

    report = books.compare(EASYPOST)

    orphan = Orphan.objects.get()
    assert report.findings[0].told == "already in the mail"
    assert (orphan.status, orphan.cost) == (OrphanState.LOSS, Money(1_000))
    words = f"$10.00, {bought.tracking_code}: already in the mail"
    assert alerts(shop) == [(f"{EASYPOST}:{bought.label_id}", words)]

    again = books.compare(EASYPOST)
    assert kinds(again) == [(FindingKind.LABEL_OF_ENDED_ORDER, bought.id)]
    assert shop.carrier.voided == []


@pytest.mark.parametrize("said", [VoidState.REJECTED, VoidState.NOT_APPLICABLE])
def test_a_void_that_the_carrier_rejects_later_is_an_operators(shop, books, bought, said):
    end(bought)
    books.compare(EASYPOST)
    shop.clock.turn(days=10)
    shop.carrier.voids[bought.label_id] = said

    books.compare(EASYPOST)

    assert Orphan.objects.get().status is OrphanState.LOSS
    assert alerts(shop)[0][1].endswith(f"the void is {said}")
    assert shop.carrier.voided == [bought.label_id]


def test_a_void_whose_answer_was_lost_is_an_alert_until_it_is_known(shop, books, bought):
    end(bought)
    shop.carrier.void_after.append(DOWN)
    books.compare(EASYPOST)
    assert Orphan.objects.get().status is OrphanState.FOUND
    assert len(alerts(shop)) == 1

    shop.clock.turn(days=1)
    books.compare(EASYPOST)

    assert Orphan.objects.get().status is OrphanState.SENT
    assert alerts(shop) == []


def test_a_void_sent_by_a_worker_that_died_is_sent_again_only_if_it_never_came(shop, books, bought):
    end(bought)
    books.compare(EASYPOST)
    shop.carrier.voids.clear()

    books.compare(EASYPOST)

    assert shop.carrier.voided == [bought.label_id] * 2
    assert Orphan.objects.get().status is OrphanState.SENT


def test_what_an_operator_closes_meanwhile_is_not_voided(shop, books):
    quote = shop.quote()
    for label_id in ("shp_one", "shp_two"):
        stray(shop, label_id=label_id, reference=quote.id)
    real_void = shop.carrier.void

    def slow_void(label_id):
        books.orphans.close(f"{EASYPOST}:shp_two", Cause("ann@shop.example", "known"))
        return real_void(label_id)

    shop.carrier.void = slow_void
    books.compare(EASYPOST)

    assert shop.carrier.voided == ["shp_one"]
    assert Orphan.objects.fetch(f"{EASYPOST}:shp_two").status is OrphanState.CLOSED


def test_an_orphan_is_asked_about_again_when_the_carrier_was_away(shop, books, bought):
    end(bought)
    books.compare(EASYPOST)
    shop.carrier.sold.clear()
    shop.carrier.state_instead.append(DOWN)

    books.compare(EASYPOST)

    assert Orphan.objects.get().status is OrphanState.SENT


def test_a_loss_that_was_voided_by_hand_there_is_none(shop, books, bought):
    end(bought)
    shop.carrier.void_instead.append(REFUSED)
    books.compare(EASYPOST)
    assert alerts(shop)
    shop.carrier.voids[bought.label_id] = VoidState.REFUNDED

    books.compare(EASYPOST)

    assert Orphan.objects.get().status is OrphanState.VOIDED
    assert alerts(shop) == []


def test_an_operator_closes_a_loss_with_a_reason_once(shop, books, bought):
    end(bought)
    shop.carrier.void_instead.append(REFUSED)
    books.compare(EASYPOST)
    orphan, cause = Orphan.objects.get().id, Cause("ann@shop.example", "written off")
    with pytest.raises(ReasonMissing):
        books.orphans.close(orphan, Cause("ann@shop.example", " "))

    books.orphans.close(orphan, cause)

    with pytest.raises(NotLost):
        books.orphans.close(orphan, cause)
    assert [(entry.act, entry.reason) for entry in AuditEntry.objects] == [
        ("close orphan", "written off")
    ]
    assert alerts(shop) == []
    assert books.compare(EASYPOST).status is ReportState.CLEAN


def test_a_label_of_a_quote_that_nobody_ordered_is_voided(shop, books):
    quote = shop.quote()
    stray(shop, reference=f"{quote.id}-7K2M9Q")

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.LABEL_OF_NO_ORDER, "")]
    assert shop.carrier.voided == ["shp_stray"]


def test_a_label_whose_quote_we_do_not_know_is_told_and_not_voided(shop, books):
    stray(shop, reference="Q-7K2M9QX4T0AB-7K2M9Q")

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.LABEL_OF_NO_ORDER, "")]
    assert report.findings[0].told == NOT_OURS
    assert shop.carrier.voided == []
    assert len(alerts(shop)) == 1


@pytest.mark.parametrize("reference", ["", "invoice 17", "Q-SHORT", "xQ-7K2M9QX4T0AB"])
def test_other_peoples_labels_are_left_alone(shop, books, reference):
    stray(shop, reference=reference)

    report = books.compare(EASYPOST)

    assert (report.status, report.listed) == (ReportState.CLEAN, 1)
    assert shop.carrier.voided == []
    assert Orphan.objects.count() == 0


def test_the_second_label_of_an_order_is_voided_and_the_first_is_kept(shop, books, bought):
    stray(shop, reference=bought.reference)

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.SECOND_LABEL, bought.id)]
    assert shop.carrier.voided == ["shp_stray"]


@pytest.mark.parametrize("name", ["shipment_id", "tracking_code", "reference"])
def test_any_name_that_both_books_have_tells_whose_a_label_is(shop, books, bought, name):
    shop.carrier.sold.clear()
    facts = {"label_id": bought.label_id, "cost": bought.cost, name: getattr(bought, name)}
    stray(shop, **facts)

    assert books.compare(EASYPOST).status is ReportState.CLEAN


@pytest.mark.parametrize("status", [OrderState.UNKNOWN, OrderState.REVIEW, OrderState.VOID_SENT])
def test_a_label_of_an_order_that_has_not_ended_is_left_to_it(shop, books, bought, status):
    end(bought, status)

    assert books.compare(EASYPOST).status is ReportState.CLEAN
    assert shop.carrier.voided == []


def test_a_purchase_in_progress_is_no_orphan(shop, books, bought):
    end(bought)
    shop.carrier.sold_at = shop.clock.now() - timedelta(minutes=29)

    report = books.compare(EASYPOST)

    assert (report.status, report.listed) == (ReportState.CLEAN, 0)
    assert shop.carrier.voided == []


def test_a_label_that_we_charged_for_and_they_do_not_list_is_told(shop, books, bought):
    shop.carrier.sold.clear()

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.LABEL_NOT_LISTED, bought.id)]
    assert report.findings[0].credited == Money(1_000)
    assert books.compare("easypost:production").status is ReportState.CLEAN


def test_a_done_order_outside_of_the_time_is_not_missed(shop, books, bought):
    shop.carrier.sold.clear()
    shop.clock.turn(days=4)

    assert books.compare(EASYPOST).status is ReportState.CLEAN


def test_a_cost_that_differs_is_told_and_the_label_kept(shop, books, bought):
    Order.objects(pk=bought.id).update_one(set__cost=Money(990))

    report = books.compare(EASYPOST)

    assert kinds(report) == [(FindingKind.COST_DIFFERS, bought.id)]
    assert (report.findings[0].received, report.findings[0].credited) == (Money(1_000), Money(990))
    assert shop.carrier.voided == []


def test_a_service_that_does_not_answer_leaves_a_failed_report(shop, books, bought):
    end(bought)
    shop.carrier.statement_instead.append(DOWN)

    report = books.compare(EASYPOST)

    assert (report.status, report.listed) == (ReportState.FAILED, 0)
    assert Report.objects.get().status is ReportState.FAILED
    assert shop.carrier.voided == []


def test_each_service_is_compared_in_each_mode_by_a_job_of_its_own(shop, books):
    shop.add_carrier("shipengine", Ground=900)

    books.ask()

    names = ["easypost:test", "shipengine:test", "easypost:production", "shipengine:production"]
    assert shop.jobs.asked == [(Job.RECONCILE_CARRIERS, name) for name in names]
