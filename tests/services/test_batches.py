"""A file becomes labels: each row once, whatever is killed, repeated, or too dear."""

import csv
import io
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from core.errors import Doubtful
from core.jobs import Job
from core.modes import ApiMode
from core.money import Money
from core.tables import TableKind, read_table
from core.tables.columns import Column
from models.base import NotFound
from models.batch import Batch, BatchRow, BatchState, RowState
from models.order import Order
from models.outbox import Note, NoteKind
from providers.carriers.base import (
    CarrierDown,
    CarrierRefused,
    Checked,
    PurchaseDoubtful,
    Verdict,
)
from services.batch_files import MISTAKEN, REASON, rest_of, tracking_of
from services.batches import ColumnsMissing, NothingToBuy
from services.ledger import Cause, InsufficientFunds
from services.order_reviews import OrderReviews
from tests.batches import HEADING, bad, confirmed, good, mixed, table
from tests.shop import BUYER, REVIEW, SENDER

PRICE = 750


def checked(shop, rows, **more):
    """A batch whose rows are checked."""
    batch = confirmed(shop, table(rows, **more))
    shop.work()
    return Batch.objects.fetch(batch.id)


def bought(shop, batch, *, all_of_it=True):
    shop.batches.buy(batch, all_of_it=all_of_it)
    settle(shop)
    return Batch.objects.fetch(batch.id)


def settle(shop, minutes=1, step=4):
    """Let beat come by until nothing is left to do."""
    for _ in range(60 * minutes // step):
        shop.work()
        if not Batch.objects(next_at__ne=None).count():
            return
        shop.clock.turn(seconds=step)
        shop.batch_driving.resume()


def states(batch):
    return dict(BatchRow.objects.tally(batch.id))


def note_kinds():
    return sorted(note.kind.value for note in Note.objects)


def test_good_rows_are_bought_and_bad_ones_come_back_with_their_reasons(shop):
    shop.credit(10_000)

    batch = bought(shop, checked(shop, mixed(8, 2)))

    assert batch.status is BatchState.DONE
    assert states(batch) == {RowState.BOUGHT: 6, RowState.BAD: 2}
    assert len(shop.carrier.sold) == 6
    assert shop.balance() == (10_000 - 6 * PRICE, 0)
    assert note_kinds() == ["batch_labels", "batch_rest", "batch_tracking"]
    rest = read_table(
        rest_of(batch, MISTAKEN, lambda row: f"because of {row.line}"), shop.batches.limits
    )
    assert rest.heading == (*HEADING, REASON)
    assert [line.cells[-1] for line in rest.lines] == ["because of 5", "because of 9"]


def test_a_corrected_file_is_read_again_and_its_reason_is_no_column(shop):
    batch = checked(shop, [bad(1), good(2)], kind=TableKind.XLSX)
    mended = read_table(rest_of(batch, MISTAKEN, lambda _: "=why"), shop.batches.limits)
    again = shop.batches.receive(BUYER, "mended.xlsx", rest_of(batch, MISTAKEN, lambda _: "why"))

    assert mended.kind is TableKind.XLSX
    assert (again.rows, again.heading[-1], len(again.columns)) == (1, REASON, len(HEADING))
    assert rest_of(again, [RowState.NEW], lambda _: "other").count(REASON.encode()) <= 1


def test_a_customer_who_buys_before_the_worker_has_let_go_is_served(shop, monkeypatch):
    shop.credit(10_000)
    keen = iter([True])

    def shown(batch_id):
        batch = Batch.objects.fetch(batch_id)
        if batch.status is BatchState.READY and next(keen, False):
            shop.batches.buy(batch, all_of_it=True)
        return True

    monkeypatch.setattr(shop.board, "show", shown)
    batch = checked(shop, [good(1), good(2)])
    settle(shop)

    assert Batch.objects.fetch(batch.id).status is BatchState.DONE
    assert len(shop.carrier.sold) == 2


def test_a_worker_whose_lease_ran_out_leaves_that_of_another_alone(shop, monkeypatch):
    theirs = []

    def overtaken(_):
        shop.clock.turn(seconds=60)
        theirs.append(Batch.objects.take(batch.id, shop.clock.now(), shop.batch_driving.lease))
        return True

    batch = confirmed(shop, table([good(1)]))
    monkeypatch.setattr(shop.board, "show", overtaken)
    shop.batch_driving.drive(batch.id)

    kept = Batch.objects.fetch(batch.id)
    assert (kept.lease_until, kept.next_at) == (theirs[0].lease_until, theirs[0].next_at)


def test_tracking_numbers_come_in_the_order_of_the_file(shop):
    shop.credit(10_000)
    batch = bought(shop, checked(shop, [good(1), good(2)]))

    head, *lines = csv.reader(io.StringIO(tracking_of(batch).decode("utf-8-sig")))

    told = [dict(zip(head, line, strict=True)) for line in lines]
    assert [(each["row"], each["reference"], each["price"]) for each in told] == [
        ("2", "A-1", "7.50"),
        ("3", "A-2", "7.50"),
    ]
    assert {each["tracking"] for each in told} == {
        one.tracking_code for one in shop.carrier.sold.values()
    }
    assert told[0]["order"] == f"L-{batch.id.removeprefix('B-')}-0001"


def test_the_first_rows_are_bought_that_the_balance_allows(shop):
    shop.credit(2 * PRICE + 10)
    batch = checked(shop, mixed(5, 1))
    sums = shop.batches.sums(batch)

    with pytest.raises(InsufficientFunds) as refused:
        shop.batches.buy(batch, all_of_it=True)
    shop.batches.buy(batch, all_of_it=False)
    shop.credit(10_000, provider_id="after the customer has pressed")
    settle(shop)
    batch = Batch.objects.fetch(batch.id)

    assert (sums.rows, sums.afford, sums.total) == (4, 2, Money(4 * PRICE))
    assert refused.value.facts == {"missing": Money(2 * PRICE - 10)}
    assert states(batch) == {RowState.BOUGHT: 2, RowState.LEFT: 2, RowState.BAD: 1}
    assert len(shop.carrier.sold) == 2
    assert shop.balance() == (10_010, 0)


def test_nothing_is_bought_where_no_row_is_good(shop):
    shop.credit(10_000)
    batch = checked(shop, [bad(1), bad(2)])

    with pytest.raises(NothingToBuy):
        shop.batches.buy(batch, all_of_it=True)

    assert Order.objects.count() == 0


def test_each_row_is_bought_once_however_often_and_by_however_many_it_is_driven(shop):
    shop.credit(10_000)
    batch = checked(shop, mixed(6, 0))
    shop.batches.buy(batch, all_of_it=True)

    def drive(_):
        shop.batch_driving.drive(batch.id)
        Batch.objects(pk=batch.id).update_one(unset__lease_until=True)

    for _ in range(4):
        with ThreadPoolExecutor(8) as workers:
            list(workers.map(drive, range(8)))
        shop.work()
    settle(shop)

    assert len(shop.carrier.sold) == Order.objects.count() == 6
    assert states(batch) == {RowState.BOUGHT: 6}
    assert shop.balance() == (10_000 - 6 * PRICE, 0)


def test_a_press_that_comes_twice_buys_once(shop):
    shop.credit(10_000)
    batch = checked(shop, [good(1)])

    shop.batches.buy(batch, all_of_it=True)
    shop.batches.buy(batch, all_of_it=True)
    shop.batches.buy(Batch.objects.fetch(batch.id), all_of_it=True)
    settle(shop)

    assert len(shop.carrier.sold) == 1


def test_the_same_file_is_the_same_batch_until_it_is_bought(shop):
    data = table([good(1)])

    first = confirmed(shop, data)
    again = shop.batches.receive(BUYER, "renamed.csv", data)

    assert (again.id, again.status) == (first.id, BatchState.CHECKING)
    assert Batch.objects.count() == BatchRow.objects.count() == 1


def test_the_same_file_again_buys_nothing_unless_the_customer_says_so(shop):
    shop.credit(10_000)
    rows = [good(1), good(2)]
    first = bought(shop, checked(shop, rows))

    second = checked(shop, rows)
    before = shop.batches.sums(second)
    with pytest.raises(NothingToBuy):
        shop.batches.buy(second, all_of_it=True)
    shop.batches.want_repeats(second)
    second = bought(shop, Batch.objects.fetch(second.id))

    assert shop.batches.bought_before(second).id == first.id
    assert (before.rows, before.repeats) == (0, 2)
    assert len(shop.carrier.sold) == 4
    assert second.status is BatchState.DONE


def test_rows_that_another_file_has_bought_meanwhile_are_left_out(shop):
    """A mended copy of the whole file holds the good rows, too."""
    shop.credit(10_000)
    first, second = checked(shop, [good(1), good(2)]), checked(shop, [good(1), good(3)])

    bought(shop, first)
    second = bought(shop, second)

    assert len(shop.carrier.sold) == 3
    assert states(second) == {RowState.BOUGHT: 1, RowState.REPEATED: 1}
    assert NoteKind.BATCH_REST not in note_kinds()


def test_a_row_asks_for_its_own_service_and_is_told_what_is_offered(shop):
    heading = (*HEADING, "Service")
    lines = [
        [*good(1), "USPS Priority Mail"],
        [*good(2), "usps"],
        [*good(3), "UPS Ground"],
        [*good(4), ""],
    ]
    data = "\n".join(",".join(line) for line in (heading, *lines)).encode()

    batch = confirmed(shop, data)
    shop.work()

    rows = list(BatchRow.objects(batch_id=batch.id).order_by("number"))
    assert [row.service for row in rows] == ["Priority", "GroundAdvantage", "", "GroundAdvantage"]
    assert rows[2].refusal == "service_not_offered"
    assert rows[2].told["offered"][0] == "USPS GroundAdvantage"


def test_old_prices_are_asked_for_again_and_shown_before_anything_is_bought(shop):
    shop.credit(10_000)
    batch = checked(shop, [good(1)])
    shop.clock.turn(minutes=20)
    shop.modes.flags.kept.clear()
    shop.carrier.costs["GroundAdvantage"] = 900

    shop.batches.buy(batch, all_of_it=True)
    settle(shop)

    batch = Batch.objects.fetch(batch.id)
    assert (batch.status, batch.renewed) == (BatchState.READY, 1)
    assert shop.batches.sums(batch).total == Money(950)
    assert not shop.carrier.sold


def test_prices_are_asked_for_again_also_after_a_death_in_between(shop):
    shop.credit(10_000)
    batch = checked(shop, [good(1), good(2)])
    BatchRow.objects(number=1).update_one(set__status=RowState.NEW)

    shop.batches.buy(batch, all_of_it=True)
    settle(shop)

    assert Batch.objects.fetch(batch.id).status is BatchState.READY
    assert states(batch) == {RowState.QUOTED: 2}
    assert not shop.carrier.sold


def test_a_row_whose_price_cannot_be_had_again_comes_back_too(shop):
    batch = checked(shop, [good(1), good(2)])
    shop.credit(10_000)
    shop.clock.turn(minutes=20)
    shop.carrier.checks["1 1 Main St"] = Checked(Verdict.UNDELIVERABLE, None, ("Torn down.",))
    before = note_kinds()

    shop.batches.buy(batch, all_of_it=True)
    settle(shop)

    assert states(batch) == {RowState.BAD: 1, RowState.QUOTED: 1}
    assert ("batch_rest" in before, "batch_rest" in note_kinds()) == (False, True)


@pytest.mark.parametrize(("cost", "state"), [(900, RowState.FAILED), (600, RowState.BOUGHT)])
def test_a_price_that_expires_during_the_purchase_is_never_exceeded(shop, cost, state):
    shop.credit(10_000)
    batch = checked(shop, [good(1)])
    shop.batches.buy(batch, all_of_it=True)
    shop.clock.turn(minutes=20)
    shop.modes.flags.kept.clear()
    shop.carrier.costs["GroundAdvantage"] = cost

    settle(shop)

    assert states(batch) == {state: 1}
    assert len(shop.carrier.sold) == (state is RowState.BOUGHT)
    assert shop.balance() == (10_000 - (650 if state is RowState.BOUGHT else 0), 0)


def test_money_spent_elsewhere_meanwhile_leaves_rows_out_and_overdraws_nothing(shop):
    shop.credit(2 * PRICE)
    batch = checked(shop, [good(1), good(2)])
    shop.batches.buy(batch, all_of_it=True)
    shop.place()

    settle(shop, minutes=3, step=10)

    assert states(batch) == {RowState.BOUGHT: 1, RowState.LEFT: 1}
    assert BatchRow.objects.get(status=RowState.LEFT).refusal == "no_money_left"
    assert shop.balance() == (0, 0)


def test_what_the_carrier_refuses_comes_back_and_costs_nothing(shop):
    shop.credit(10_000)
    batch = checked(shop, [good(1), good(2)])
    shop.carrier.instead.append(CarrierRefused(provider="easypost", told="No such street here."))

    batch = bought(shop, batch)

    assert states(batch) == {RowState.BOUGHT: 1, RowState.FAILED: 1}
    failed = BatchRow.objects.get(status=RowState.FAILED)
    assert (failed.refusal, failed.told) == ("not_bought", {"told": "No such street here."})
    assert shop.balance() == (10_000 - PRICE, 0)
    assert f"batch_rest:{batch.id}:bought" in {note.id for note in Note.objects}
    assert not {"order_refused", "label_ready"} & set(note_kinds())


def test_an_order_that_is_still_unknown_holds_up_the_batch_for_minutes_only(shop):
    """It is told of by itself when the carrier has answered."""
    shop.credit(10_000)
    batch = checked(shop, [good(1), good(2)])
    shop.carrier.after.append(Doubtful())
    shop.carrier.find_instead += [CarrierDown(provider="easypost")] * 40
    shop.batches.buy(batch, all_of_it=True)

    settle(shop, minutes=7, step=30)
    told_of = (Batch.objects.fetch(batch.id).status, states(batch))
    shop.carrier.find_instead.clear()
    for _ in range(8):
        shop.clock.turn(minutes=5)
        shop.orders.resume()
        settle(shop, step=30)

    assert told_of == (BatchState.TRAILING, {RowState.BOUGHT: 1, RowState.ORDERED: 1})
    assert states(batch) == {RowState.BOUGHT: 2}
    assert Batch.objects.fetch(batch.id).status is BatchState.DONE
    assert note_kinds().count("label_ready") == 1
    assert len(shop.carrier.sold) == 2


@pytest.mark.parametrize("sold", [True, False])
def test_a_row_that_a_person_looked_into_is_told_of_by_itself_in_the_end(shop, sold):
    shop.credit(10_000)
    batch = checked(shop, [good(1), good(2)])
    (shop.carrier.after if sold else shop.carrier.instead).append(PurchaseDoubtful())
    shop.carrier.find_instead += [CarrierDown()] * 100
    shop.batches.buy(batch, all_of_it=True)
    settle(shop)
    shop.clock.turn(seconds=REVIEW.total_seconds() + 1)
    for _ in range(3):
        shop.orders.resume()
        settle(shop)
    told_of = (Batch.objects.fetch(batch.id).status, states(batch))
    shop.carrier.find_instead.clear()

    reviews = OrderReviews(
        purchase=shop.orders.purchase, ledger=shop.ledger, audits=shop.audits, jobs=shop.jobs
    )
    decide = reviews.ask_again if sold else reviews.give_back
    decide(BatchRow.objects.get(status=RowState.REVIEW).order_id, Cause("operator:ann", "asked"))
    shop.work()

    assert told_of == (BatchState.TRAILING, {RowState.BOUGHT: 1, RowState.REVIEW: 1})
    end, kind = (RowState.BOUGHT, "label_ready") if sold else (RowState.FAILED, "order_refused")
    assert states(batch) == dict(Counter([RowState.BOUGHT, end]))
    assert note_kinds().count(kind) == 1
    assert Batch.objects.fetch(batch.id).status is BatchState.DONE
    assert shop.balance() == (10_000 - PRICE * (1 + sold), 0)


def test_a_carrier_that_is_down_is_asked_again_and_not_for_ever(shop):
    shop.carrier.quote_instead += [CarrierDown(provider="easypost")] * 2
    batch = confirmed(shop, table([good(1)]))
    settle(shop)
    once_down = states(batch)

    shop.modes.flags.kept.clear()
    shop.carrier.quote_instead += [CarrierDown(provider="easypost")] * 9
    other = confirmed(shop, table([good(2)]))
    settle(shop, minutes=3, step=10)

    assert once_down == {RowState.QUOTED: 1}
    assert BatchRow.objects.get(batch_id=other.id).refusal == "carriers_silent"


def test_nothing_is_checked_or_bought_during_maintenance_and_all_of_it_after(shop):
    shop.credit(10_000)
    shop.modes.set_maintenance_mode(on=True, by="anna")
    batch = confirmed(shop, table([good(1)]))
    settle(shop)
    closed = states(batch)

    shop.modes.set_maintenance_mode(on=False, by="anna")
    settle(shop, minutes=2, step=10)

    assert closed == {RowState.NEW: 1}
    assert states(batch) == {RowState.QUOTED: 1}


def test_an_address_nobody_delivers_to_is_a_mistake(shop):
    shop.carrier.checks["1 1 Main St"] = Checked(Verdict.UNDELIVERABLE, None, ("No such house.",))

    batch = checked(shop, [good(1), good(2)])

    assert states(batch) == {RowState.BAD: 1, RowState.QUOTED: 1}
    row = BatchRow.objects.get(status=RowState.BAD)
    assert (row.refusal, row.told) == ("undeliverable", {"told": "No such house."})


def test_columns_can_be_changed_until_they_are_confirmed(shop):
    data = b"Who,Where,ZIP,Weight\nAnn Lee,1 Market St,94105,2 lb\n"
    batch = shop.batches.receive(BUYER, "odd.csv", data)

    missing = shop.batches.missing(batch)
    with pytest.raises(ColumnsMissing):
        shop.batches.confirm(batch)
    shop.batches.map_column(batch, Column.NAME, 0)
    shop.batches.map_column(batch, Column.STREET, 1)
    untold = shop.batches.untold(batch)
    shop.batches.put_sender(batch, SENDER)
    shop.batches.put_sizes(batch, "10x8x4")
    shop.batches.confirm(batch)
    shop.batches.map_column(batch, Column.NAME, 3)
    shop.work()

    assert missing == [Column.NAME, Column.STREET]
    assert untold == ["sender", "sizes"]
    row = BatchRow.objects.get(batch_id=batch.id)
    assert (row.status, row.recipient.city) == (RowState.QUOTED, "San Francisco")


def test_a_batch_is_nobody_elses(shop):
    batch = shop.batches.receive(BUYER, "orders.csv", table([good(1)]))

    with pytest.raises(NotFound):
        shop.batches.get(batch.id, BUYER + 1)


def test_a_forgotten_file_is_not_checked_further(shop):
    batch = confirmed(shop, table([good(1)]))
    shop.batches.drop(batch)
    settle(shop)

    assert Batch.objects.fetch(batch.id).status is BatchState.DROPPED
    assert Batch.objects.fetch(batch.id).next_at is None
    assert shop.batches.latest(BUYER) is None


def test_a_batch_is_shown_once_in_three_seconds_and_surely_at_its_end(shop):
    shop.board.watched = True
    batch = confirmed(shop, table(mixed(40, 0)))
    shop.batches.shown(batch.id)

    shop.work()
    at_once = len(shop.board.shown)
    settle(shop)

    assert at_once == 0
    assert len(shop.board.shown) == 1
    assert Batch.objects.fetch(batch.id).shown == "ready"
    assert note_kinds() == []
    assert shop.jobs.asked == []


def test_who_has_left_the_chats_screen_is_told_that_the_file_is_checked(shop):
    checked(shop, [good(1)])
    settle(shop)

    assert note_kinds() == ["batch_checked"]


def test_work_that_always_kills_its_worker_stops_the_batch(shop):
    shop.credit(10_000)
    batch = checked(shop, [good(1), good(2)])
    shop.batches.buy(batch, all_of_it=True)
    shop.batch_driving.drive(batch.id)
    Batch.objects(pk=batch.id).update_one(set__wakes=7)

    settle(shop)

    assert Batch.objects.fetch(batch.id).status in {BatchState.STOPPED, BatchState.DONE}
    assert "batch_stopped" in note_kinds()
    assert len(shop.carrier.sold) == Order.objects.count()
    assert shop.balance()[1] == 0


def test_a_batch_of_the_other_mode_is_not_bought_in_this_one(shop):
    shop.credit(10_000)
    batch = checked(shop, [good(1)])
    shop.modes.set_api_mode(ApiMode.PRODUCTION, by="anna")

    shop.batches.buy(batch, all_of_it=True)
    settle(shop)

    assert {order.mode for order in Order.objects} <= {ApiMode.PRODUCTION}
    assert shop.clock.now() - batch.created_at > timedelta(0)


def test_beat_finds_what_was_dropped(shop):
    shop.credit(10_000)
    batch = confirmed(shop, table([good(1)]))
    shop.jobs.asked.clear()
    shop.clock.turn(seconds=1)

    shop.batch_driving.resume()

    assert shop.jobs.asked == [(Job.DRIVE_BATCH, batch.id)]
