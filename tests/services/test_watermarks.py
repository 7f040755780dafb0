"""What is new is proven from where the last proof ended; anchors hold what was proven."""

import pytest

from core.money import Money
from models import ledger as entries
from models.connection import collection
from models.ledger import EntryKind
from models.proof import Anchor, AnchoredHead, ProofKind, Watermark, raise_watermarks
from services.anchors import Anchors
from services.booking import Step, next_entry
from tests.shop import BUYER

ACCOUNT = f"u:{BUYER}:USD"


def prove_new(shop):
    return shop.verification.verify(ProofKind.NEW)


@pytest.fixture
def proven(shop):
    """Two accounts, proven up to their last entries, and anchored."""
    shop.credit(2_500)
    shop.place()
    shop.credit(900, user_id=8, provider_id="other")
    assert prove_new(shop).mismatches == 0
    return collection(entries.COLLECTION)


def test_only_what_came_since_is_walked(shop, proven):
    shop.credit(100, provider_id="later")

    proof = prove_new(shop)

    assert (proof.accounts, proof.entries, proof.mismatches) == (2, 1, 0)
    assert Watermark.objects.fetch(ACCOUNT).seq == 3
    assert prove_new(shop).entries == 0


def test_a_hold_proven_earlier_is_closed_by_what_is_new(shop, proven):
    assert list(Watermark.objects.fetch(ACCOUNT).holds.values()) == [750]

    shop.work()

    assert prove_new(shop).findings == []
    assert dict(Watermark.objects.fetch(ACCOUNT).holds) == {}


def test_a_flaw_in_what_is_new_stops_the_watermark(shop, proven):
    shop.work()
    proven.update_one({"account": ACCOUNT, "seq": 3}, {"$inc": {"available": 5}})

    told = [prove_new(shop).findings for _ in range(2)]

    assert "u:7:USD entry 3: available does not follow" in told[0]
    assert told[0] == told[1]
    assert Watermark.objects.fetch(ACCOUNT).seq == 2


def test_an_end_that_was_cut_off_is_found(shop, proven):
    proven.delete_one({"account": ACCOUNT, "seq": 2})

    assert prove_new(shop).findings == ["u:7:USD ends at 1, it was proven up to 2"]


def test_an_account_that_vanished_is_found(shop, proven):
    proven.delete_many({"account": "u:8:USD"})

    assert prove_new(shop).findings == ["u:8:USD has lost all its entries"]


def test_a_proven_entry_that_was_rewritten_is_found_with_the_next_one(shop, proven):
    proven.update_one({"account": ACCOUNT, "seq": 2}, {"$set": {"digest": "0" * 64}})

    assert prove_new(shop).findings == ["u:7:USD entry 2: no longer what was proven"]


def test_many_accounts_are_proven_chunk_by_chunk(shop, monkeypatch):
    monkeypatch.setattr("services.watermarks.ACCOUNTS_AT_A_TIME", 2)
    for number in range(5):
        shop.credit(100, user_id=number, provider_id=str(number))

    proof = prove_new(shop)

    assert (proof.accounts, proof.entries, proof.mismatches) == (5, 5, 0)
    assert Watermark.objects.count() == 5


def test_one_account_looks_only_at_its_own_end_however_long_it_is(shop, proven):
    """The look for the last entries reads one index key an account, or nearly."""
    for number in range(60):
        shop.credit(10, user_id=9, provider_id=f"n{number}")

    stages = [
        {"$match": {"account": {"$gt": ""}}},
        {"$sort": {"account": -1, "seq": -1}},
        {"$group": {"_id": "$account", "digest": {"$first": "$digest"}}},
    ]
    plan = proven.database.command(
        "explain",
        {"aggregate": entries.COLLECTION, "pipeline": stages, "cursor": {}},
        verbosity="executionStats",
    )

    assert "DISTINCT_SCAN" in str(plan)


def test_a_day_is_anchored_once_and_follows_the_day_before(shop, proven):
    [first] = Anchor.objects
    assert (first.day, first.accounts, first.previous) == ("2026-11-02", 2, "")

    shop.credit(100, provider_id="later")
    prove_new(shop)
    assert Anchor.objects.count() == 1
    shop.clock.turn(days=1)
    prove_new(shop)

    second = Anchor.objects.fetch("2026-11-03")
    assert (second.accounts, second.previous) == (1, first.digest)
    assert AnchoredHead.objects.count() == 3
    assert shop.verification.verify().findings == []


def test_a_quiet_day_has_an_anchor_too(shop, proven):
    shop.clock.turn(days=1)

    prove_new(shop)

    quiet = Anchor.objects.fetch("2026-11-03")
    assert (quiet.accounts, quiet.previous) == (0, Anchor.objects.fetch("2026-11-02").digest)
    assert shop.verification.verify().findings == []


def test_a_rewritten_history_with_digests_that_fit_is_found_by_its_anchor(shop, proven):
    first = proven.find_one({"account": "u:8:USD"})
    proven.delete_one({"account": "u:8:USD"})
    step = Step(
        key=first["key"],
        kind=EntryKind.TOPUP,
        d_available=first["d_available"],
        d_held=0,
        contra="provider:oxapay:USD",
        ref=first["ref"],
        by="somebody else",
    )
    proven.insert_one(next_entry("u:8:USD", step, None, first["at"]))

    assert shop.verification.verify().findings == ["u:8:USD entry 1: not as anchored"]


def test_entries_cut_off_behind_an_anchor_are_found(shop, proven):
    proven.delete_many({"account": "u:8:USD"})

    assert "u:8:USD entry 1: not as anchored" in shop.verification.verify().findings


@pytest.mark.parametrize("field", ["digest", "previous"])
def test_a_changed_anchor_is_found(shop, proven, field):
    Anchor.objects.update(**{f"set__{field}": "0" * 64})

    told = shop.verification.verify().findings

    assert "the anchor of 2026-11-02 is not that of its heads" in told
    assert ("the anchor of 2026-11-02 does not follow" in told) == (field == "previous")


def test_two_hands_lay_one_anchor_and_both_prove(shop, proven):
    Anchor.objects.delete()
    Watermark.objects.update(set__anchored_seq=0)

    anchors = Anchors(shop.clock)
    late = anchors._lay("2026-11-02")
    Watermark.objects.update(set__anchored_seq=0)
    again = anchors._lay("2026-11-02")

    assert late.digest == again.digest
    assert Anchor.objects.count() == 1
    assert shop.verification.verify().findings == []


def test_an_older_watermark_never_takes_a_newer_ones_place(shop, proven):
    shop.ledger.hold(BUYER, Money(1), "L-1")
    before = Watermark.objects.fetch(ACCOUNT)
    raise_watermarks([{"account": ACCOUNT, "seq": 1, "digest": "old"}])

    assert Watermark.objects.fetch(ACCOUNT).digest == before.digest
