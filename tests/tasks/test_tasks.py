"""Tasks: a name, an id, one service call."""

import pytest

from core.jobs import Job, Queue
from core.money import Money
from models import ledger as entries
from models.adjustment import Adjustment
from models.base import NotFound
from models.canary import Canary
from models.connection import collection
from models.outbox import Note, NoteKind, NoteState
from models.payment import Payment, PaymentState
from models.proof import Proof, ProofState
from tests.factories import NOON


@pytest.fixture
def run(celery_app, platform):
    """Run a job here and now, as a worker would."""

    def run(job, *args):
        celery_app.tasks[job.value].apply(args=args, throw=True)

    return run


def test_a_paid_invoice_is_settled_by_its_job(platform, run, sandbox):
    platform.users.meet(7, first_name="Maria", username="", language="en")
    payment = platform.topups.open(7, Money(2_500))
    sandbox.post(f"/checkout/oxapay/{payment.provider_id}/pay", {"amount": "25"})

    run(Job.SETTLE_PAYMENT, payment.id)

    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID
    assert platform.ledger.balance(7).available == Money(2_500)


def test_a_note_is_sent_by_its_job_and_by_the_sweep(platform, run, sandbox):
    sandbox.post("/chats/7/messages", {"text": "/start"})
    platform.users.meet(7, first_name="Maria", username="", language="en")
    payment = platform.topups.open(7, Money(2_500))
    for note_id in ("a", "b"):
        platform.outbox.put(note_id, 7, NoteKind.TOPUP_EXPIRED, payment_id=payment.id)

    run(Job.SEND_NOTE, "a")
    assert Note.objects.fetch("a").status is NoteState.SENT
    assert Note.objects.fetch("b").status is NoteState.NEW

    run(Job.RESUME_NOTES)
    assert Note.objects.fetch("b").status is NoteState.SENT


def test_sweeps_of_an_idle_shop_do_nothing(run):
    run(Job.RESUME_ORDERS)
    run(Job.RESUME_PAYMENTS)
    run(Job.RESUME_NOTES)

    assert Note.objects.count() == 0


def test_the_ledger_is_verified_and_a_mismatch_is_logged_as_an_error(platform, run, capfd):
    platform.users.meet(7, first_name="Maria", username="", language="en")
    payment = platform.topups.open(7, Money(2_500))
    platform.ledger.top_up(
        7,
        Money(2_500),
        provider="oxapay",
        provider_id=payment.provider_id,
        payment_id=payment.id,
    )
    verify(run, Job.VERIFY_LEDGER)
    assert "ledger_mismatch" not in "".join(capfd.readouterr())

    collection(entries.COLLECTION).update_one({}, {"$inc": {"available": 1}})
    verify(run, Job.VERIFY_WHOLE_LEDGER)
    assert "ledger_mismatch" in "".join(capfd.readouterr())
    assert platform.freezes.frozen()[0].account == "u:7:USD"


def verify(run, job):
    """The clock's wish, the sweep that finds it, and the slice of work itself."""
    run(job)
    run(Job.RESUME_PROOFS)
    [waiting] = Proof.objects(status=ProofState.RUNNING)
    run(Job.PROVE_LEDGER, waiting.id)
    assert Proof.objects.fetch(waiting.id).status is ProofState.DONE


def test_a_canary_through_each_queue_is_heard_and_watches_the_others(platform, run):
    for queue in Queue:
        run(Job(f"{queue}.canary"))
    assert platform.liveness.silent() == []

    Canary.objects(pk="buy").update_one(set__heard_at=NOON)
    run(Job.MONEY_CANARY)
    assert [alert.id for alert in platform.alerts.open()] == ["queue_silent:buy"]


def test_an_adjustment_left_half_way_is_posted_by_the_sweep(platform, run):
    platform.users.meet(7, first_name="Maria", username="", language="en")
    Adjustment.objects.get_or_insert(
        "form-1",
        user_id=7,
        amount=Money(500),
        status="approved",
        by="ann",
        reason="sorry",
        next_at=NOON,
        created_at=NOON,
        moved_at=NOON,
    )

    run(Job.RESUME_ADJUSTMENTS)

    assert platform.ledger.balance(7).available == Money(500)


def test_a_job_for_an_order_that_does_not_exist_fails_loudly(run):
    with pytest.raises(NotFound, match="not_found kind=order id=L-NONE"):
        run(Job.DRIVE_ORDER, "L-NONE")
