"""Alerts: each trouble is told to operators once, and is over when its cause is."""

import pytest
from mongoengine import OperationError
from pymongo.errors import AutoReconnect

from botapp.watchman import watch
from core.jobs import Queue
from models import ledger as entries
from models.alert import Alert, AlertState
from models.batch import Batch
from models.canary import Canary
from models.connection import collection
from models.notice import Notice, keep
from models.order import OrderState
from models.outbox import Note, NoteKind, NoteState
from models.payment import Payment, PaymentState
from services.alerts import Alerts
from tests.batches import confirmed, good, table
from tests.factories import OrderFactory, PaymentFactory
from tests.shop import BUYER, OPERATOR


@pytest.fixture
def quiet(shop):
    """Every queue was just heard."""
    for queue in Queue:
        shop.liveness.hear(queue)
    return shop


class Stopped:
    """An event that is set after so many waits, which take no time."""

    def __init__(self, after):
        self.after, self.waited = after, []

    def is_set(self):
        return len(self.waited) >= self.after

    def wait(self, seconds):
        self.waited.append(seconds)


def raised():
    return sorted(alert.id for alert in Alert.objects(status=AlertState.OPEN))


def test_a_quiet_shop_alerts_nobody(quiet):
    quiet.verification.verify()

    quiet.alerts.watch()

    assert (raised(), Note.objects.count()) == ([], 0)


def test_a_mismatch_is_told_to_every_operator_once(quiet):
    quiet.credit(2_500)
    collection(entries.COLLECTION).update_one({}, {"$set": {"reason": "spoilt"}})
    quiet.verification.verify()

    for _ in range(3):
        quiet.alerts.watch()
    quiet.work()

    assert raised() == ["account_frozen:u:7:USD", "ledger_mismatch:full"]
    assert quiet.notes.told == [(NoteKind.OPERATOR_ALERT, OPERATOR)] * 2
    assert [alert.id for alert in quiet.alerts.open()]
    assert "digest is wrong" in Alert.objects.fetch("account_frozen:u:7:USD").words


def test_what_ends_in_review_is_told(quiet):
    order = OrderFactory(status=OrderState.REVIEW)
    payment = PaymentFactory(status=PaymentState.REVIEW)
    OrderFactory(status=OrderState.REVIEW, timeline=[])

    quiet.alerts.watch()

    assert f"order_review:{order.id}" in raised()
    assert f"payment_review:{payment.id}" in raised()
    assert len(raised()) == 3


def test_an_alert_is_over_with_its_cause_and_told_again_when_it_comes_back(quiet):
    payment = PaymentFactory(status=PaymentState.REVIEW)
    quiet.alerts.watch()
    Payment.objects(pk=payment.id).update_one(set__status=PaymentState.PAID)
    quiet.alerts.watch()
    [over] = Alert.objects
    assert (over.status, over.over_at) == (AlertState.OVER, quiet.clock.now())

    quiet.clock.turn(minutes=1)
    Payment.objects(pk=payment.id).update_one(set__status=PaymentState.REVIEW)
    quiet.alerts.watch()

    assert raised() == [f"payment_review:{payment.id}"]
    assert Note.objects(kind=NoteKind.OPERATOR_ALERT).count() == 2


def test_what_is_not_erased_in_time_is_told_until_it_is(quiet):
    OrderFactory(done=True, created_at=quiet.clock.now())
    quiet.clock.turn(days=181)
    for queue in Queue:
        quiet.liveness.hear(queue)
    quiet.alerts.watch()
    in_time = raised()
    quiet.clock.turn(days=2)
    for queue in Queue:
        quiet.liveness.hear(queue)

    quiet.alerts.watch()
    late = raised()
    quiet.retention.sweep()
    quiet.alerts.watch()

    assert (in_time, late, raised()) == ([], ["erasing_late:orders"], [])


def test_a_silent_queue_is_told_by_whoever_is_alive(quiet):
    quiet.clock.turn(minutes=6)
    quiet.liveness.hear(Queue.MONEY)

    quiet.alerts.watch()

    assert raised() == ["queue_silent:bulk", "queue_silent:buy", "queue_silent:notify"]


def test_the_bot_tells_of_silent_queues_when_no_worker_is_left(quiet):
    quiet.clock.turn(minutes=6)
    stopping = Stopped(after=2)

    watch(quiet.alerts, stopping, every=30)

    assert stopping.waited == [300, 30]
    assert quiet.notes.told == [(NoteKind.OPERATOR_ALERT, OPERATOR)] * 4
    told = Note.objects(status=NoteState.SENT)
    assert sorted(note.facts["subject"] for note in told) == ["bulk", "buy", "money", "notify"]


@pytest.mark.parametrize("trouble", [AutoReconnect("gone"), OperationError("shutting down")])
def test_the_bots_watch_outlives_a_lost_mongo(quiet, monkeypatch, trouble):
    looks = []

    def lost(_):
        looks.append(1)
        raise trouble

    monkeypatch.setattr(Alerts, "watch", lost)

    watch(quiet.alerts, Stopped(after=3))

    assert len(looks) == 2


def test_a_notice_that_was_given_up_is_told_for_three_days(quiet):
    keep(
        {
            "_id": "n1", "source": "payments", "provider": "oxapay", "provider_id": "t",
            "body": b"{}", "received_at": quiet.clock.now(), "attempts": 7,
        }
    )  # fmt: skip
    quiet.alerts.watch()
    assert raised() == []

    Notice.objects.mark_handled("n1", quiet.clock.now(), failure="kills_its_worker")
    quiet.alerts.watch()
    assert raised() == ["notice_given_up:n1"]

    quiet.clock.turn(days=4)
    for queue in Queue:
        quiet.liveness.hear(queue)
    quiet.alerts.watch()
    assert raised() == []


def test_a_watcher_killed_before_telling_is_followed_by_one_that_tells(quiet):
    payment = PaymentFactory(status=PaymentState.REVIEW)
    quiet.alerts.watch()
    Note.objects.delete()
    Alert.objects.update(set__told=False)

    quiet.alerts.watch()

    assert [note.facts["subject"] for note in Note.objects] == [payment.id]


def test_without_operators_alerts_are_kept_for_the_dashboard(quiet):
    PaymentFactory(status=PaymentState.REVIEW)
    watcher = Alerts(
        freezes=quiet.freezes,
        liveness=quiet.liveness,
        retention=quiet.retention,
        outbox=quiet.outbox,
        clock=quiet.clock,
        operators=(),
    )

    watcher.watch()

    assert (len(raised()), Note.objects.count()) == (1, 0)
    assert BUYER not in watcher.operators
    assert Canary.objects.count() == len(Queue)


def test_an_empty_account_at_a_carrier_is_one_alert_until_its_orders_have_gone_on(quiet):
    first, _ = OrderFactory(unfunded=1), OrderFactory(unfunded=2)
    OrderFactory(unfunded=1, status=OrderState.DONE)

    quiet.alerts.watch()
    told = raised()
    collection("orders").update_many({}, {"$set": {"status": OrderState.DONE}})
    quiet.alerts.watch()

    assert told == ["carrier_funds:easypost:test"]
    words = Alert.objects.fetch(told[0]).words
    assert words == f"2 waiting, the first since {first.created_at.isoformat(timespec='minutes')}"
    assert raised() == []


def test_a_batch_that_nobody_drives_is_told_of_until_it_goes_on(quiet):
    def still():
        quiet.alerts.watch()
        return [alert_id for alert_id in raised() if alert_id.startswith("batch_still")]

    batch = confirmed(quiet, table([good(1)]))
    quiet.clock.turn(minutes=14)
    early = still()
    quiet.clock.turn(minutes=2)

    late = still()
    quiet.work()

    assert (early, late, still()) == ([], [f"batch_still:{batch.id}"], [])
    words = Alert.objects.fetch(f"batch_still:{batch.id}").words
    assert words == "checking, 0 of 1 rows bought, nothing since 12:00 UTC"
    assert Batch.objects.fetch(batch.id).counts == {"quoted": 1}
