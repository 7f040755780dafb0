"""A small chaos run finds nothing; with a rule switched off it finds what that rule is for.

The large one is `make chaos`.
"""

from collections import Counter
from inspect import signature

import pytest

from chaos import broken, catalogue, plan
from chaos.books import Books, compare
from chaos.plan import Disturbance, Flush, Kill
from chaos.run import run
from chaos.tally import Tally
from models.order import OrderQuerySet
from sandbox.faults import KNOWN, VOID_REASONS

AT_ONCE = 15
NOTHING_WRONG = {
    "lost_cents": 0,
    "double_credits": 0,
    "double_labels": 0,
    "labels_given_away": 0,
    "stuck_orders": 0,
    "lost_messages": 0,
    "ledger_mismatches": 0,
}
ORDER = {"_id": "L-1", "user_id": 7, "status": "done", "price": {"minor": 800}}
PAYMENT = {"_id": "T-1", "user_id": 7}
INVOICE = {"order_id": "T-1", "paid": "20.00"}
LABEL = {"reference": "Q-1", "status": "purchased"}
PDF = {"chat_id": 7, "file_name": "label-L-1.pdf"}
UPDATE = {"_id": "tg:1", "chat_id": 7, "handled_at": 1, "failure": ""}


def entry(kind, available, held, d_available, d_held, **ref):
    return {
        "account": "u:7:USD",
        "kind": kind,
        "ref": ref,
        "available": available,
        "held": held,
        "d_available": d_available,
        "d_held": d_held,
    }


TOPUP = entry("topup", 2_000, 0, 2_000, 0, payment="T-1")
HOLD = entry("hold", 1_200, 800, -800, 800, order="L-1")
CAPTURE = entry("capture", 1_200, 0, 0, -800, order="L-1")
RELEASE = entry("release", 2_000, 0, 800, -800, order="L-1")


def note(note_id, **facts):
    return {"_id": note_id, "status": "sent", "facts": facts}


def wrong(*, orders=(ORDER,), entries=(TOPUP, HOLD, CAPTURE), notes=None, voids=None, **world):
    """What is found in the books of one sale, changed as told."""
    notes = notes or (note("label_ready:L-1"), note("topup_credited:T-1", payment_id="T-1"))
    books = Books(
        world={"labels": [LABEL], "invoices": [INVOICE], "documents": [PDF], **world},
        orders={order["_id"]: order for order in orders},
        payments={"T-1": PAYMENT},
        entries=list(entries),
        notes={one["_id"]: one for one in notes},
        updates=[UPDATE],
        voids=voids or {},
    )
    tally = Tally(sent=Counter({7: 1}), pays={7: {"1 1:pay:"}})
    found = compare(books, tally).violations
    return {kind: much for kind, much in found.items() if much}


@pytest.mark.journey
def test_a_small_run_finds_nothing(tmp_path):
    outcome = run(tmp_path, orders=15, seed=104, kills=4, at_once=AT_ONCE, broken="")

    assert outcome.facts["violations"] == NOTHING_WRONG, outcome.words
    assert outcome.is_well
    assert outcome.facts["orders"] >= 15
    assert sum(outcome.facts["kills"].values()) >= 4
    assert sum(outcome.facts["faults"].values()) > 0


@pytest.mark.journey
def test_a_run_over_a_shop_that_takes_silence_for_a_refusal_finds_labels_given_away(tmp_path):
    outcome = run(
        tmp_path, orders=8, seed=78, kills=0, at_once=AT_ONCE, broken="timeout_is_failure"
    )

    assert outcome.facts["violations"]["labels_given_away"] > 0
    assert not outcome.is_well


def test_an_unfenced_move_is_asked_as_the_real_one_is():
    """Else a control ends with orders that nobody could move, and not for its rule."""
    ours, real = (signature(each) for each in (broken._move_unfenced, OrderQuerySet.move))

    assert list(ours.parameters) == list(real.parameters)


def test_one_seed_draws_one_plan():
    assert plan.draw(40, 7) == plan.draw(40, 7)
    assert plan.draw(40, 7) != plan.draw(40, 8)


def test_the_plan_of_a_large_run_leaves_nothing_out():
    drawn = plan.draw(2_000, 1)

    kills = [trouble for trouble in drawn.troubles if isinstance(trouble, Kill)]
    wishes = [each.wish for each in drawn.troubles if isinstance(each, Disturbance)]
    assert drawn.orders == 2_000
    assert len(kills) >= 150
    assert {kill.name for kill in kills} == set(catalogue.KILLED)
    assert {kill.crash_at for kill in kills} >= {point for point, _ in catalogue.deaths()}
    assert {wish["fault"] for wish in wishes} == set(KNOWN) - set(VOID_REASONS)
    assert any(isinstance(trouble, Flush) for trouble in drawn.troubles)
    assert [each.at for each in drawn.troubles] == sorted(each.at for each in drawn.troubles)


def test_books_that_agree_have_nothing_wrong():
    assert wrong() == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"documents": []}, {"lost_messages": 1}),
        ({"labels": [LABEL, LABEL]}, {"double_labels": 1}),
        ({"labels": []}, {"lost_cents": 800}),
        ({"invoices": []}, {"lost_cents": 2_000, "double_credits": 1}),
        ({"invoices": [INVOICE, {"order_id": "T-2", "paid": "1"}]}, {"lost_cents": 100}),
        ({"entries": (TOPUP, HOLD, RELEASE)}, {"lost_cents": 800, "labels_given_away": 1}),
        ({"entries": (TOPUP, HOLD)}, {"lost_cents": 1_600, "labels_given_away": 1}),
        ({"orders": ()}, {"lost_cents": 800, "labels_given_away": 1}),
        ({"orders": ({**ORDER, "status": "review"},)}, {"lost_cents": 1_600, "stuck_orders": 1}),
        ({"notes": (note("label_ready:L-1"),)}, {"lost_messages": 1}),
    ],
)
def test_each_kind_of_wrong_is_found(change, found):
    assert wrong(**change) == found


REFUND = entry("refund", 2_000, 0, 800, 0, order="L-1")
TOLD = (note("label_ready:L-1"), note("topup_credited:T-1", payment_id="T-1"))
GIVEN_BACK = {
    "orders": ({**ORDER, "status": "refunded"},),
    "labels": [{**LABEL, "status": "refunded"}],
    "entries": (TOPUP, HOLD, CAPTURE, REFUND),
    "notes": (*TOLD, note("void_refunded:L-1")),
}
ON_ITS_WAY = {
    "orders": ({**ORDER, "status": "void_sent"},),
    "labels": [LABEL],
    "voids": {"L-1": {"next_at": 1}},
}


@pytest.mark.parametrize("books", [GIVEN_BACK, ON_ITS_WAY])
def test_a_label_given_back_or_on_its_way_back_is_not_wrong(books):
    assert wrong(**books) == {}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({**GIVEN_BACK, "labels": [LABEL]}, {"lost_cents": 800, "labels_given_away": 1}),
        ({**GIVEN_BACK, "entries": (TOPUP, HOLD, CAPTURE)}, {"lost_cents": 800}),
        (
            {**GIVEN_BACK, "entries": (*GIVEN_BACK["entries"], {**REFUND, "available": 2_800})},
            {"lost_cents": 800},
        ),
        ({**GIVEN_BACK, "notes": TOLD}, {"lost_messages": 1}),
        ({**ON_ITS_WAY, "voids": {"L-1": {}}}, {"stuck_orders": 1}),
    ],
)
def test_each_kind_of_wrong_refund_is_found(change, found):
    assert wrong(**change) == found
