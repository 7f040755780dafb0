"""A death while a file of labels is bought, or a customer's data is put together."""

import pytest

from models import ledger as entries
from models.batch import Batch, BatchRow, BatchState, RowState
from models.export import Export
from models.outbox import Note, NoteKind
from tests.batches import confirmed, mixed, table
from tests.crashes.deaths import survive
from tests.shop import BUYER

BATCH_POINTS = [
    "batch.after_quote",
    "batch.after_place",
    "batch.before_notes",
    "batch.after_notes",
    "order.after_hold",
    "order.after_purchase",
]
EXPORT_POINTS = ["export.after_file"]


def live_on(shop):
    """Leases end, sweeps come by."""
    for _ in range(40):
        survive(shop.work)
        shop.clock.turn(seconds=20)
        survive(shop.sweep)


@pytest.mark.parametrize("point", BATCH_POINTS)
def test_a_file_of_labels_survives_a_death(shop, die_at, point):
    shop.credit(10_000)
    died = die_at(point)

    batch = confirmed(shop, table(mixed(4, 1)))
    live_on(shop)
    shop.batches.buy(Batch.objects.fetch(batch.id), all_of_it=True)
    live_on(shop)

    assert died.exists()
    assert Batch.objects.fetch(batch.id).status is BatchState.DONE
    assert BatchRow.objects.tally(batch.id) == {RowState.BOUGHT: 3, RowState.BAD: 1}
    assert len(shop.carrier.sold) == 3
    assert len([entry for entry in entries.walk() if entry["kind"] == "capture"]) == 3
    assert shop.balance() == (10_000 - 3 * 750, 0)
    told = sorted(note.kind.value for note in Note.objects)
    assert told == ["batch_checked", "batch_labels", "batch_rest", "batch_tracking"]
    assert shop.verification.verify().mismatches == 0


@pytest.mark.parametrize("point", EXPORT_POINTS)
def test_a_customers_data_comes_once_though_a_worker_died_over_it(shop, die_at, point):
    shop.users.meet(BUYER, first_name="Maria", username="", language="en")
    died = die_at(point)

    survive(lambda: shop.exports.ask(BUYER, 1))
    live_on(shop)

    assert died.exists()
    assert [note.kind for note in Note.objects] == [NoteKind.DATA_EXPORT]
    assert Export.objects(next_at__ne=None).count() == 0
