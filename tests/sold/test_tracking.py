"""Tracking where nobody tells anything: parcels are looked at, at every carrier service."""

from models.outbox import Note
from models.tracking import Trail

WAY = ("in_transit", "out_for_delivery", "delivered")


def test_a_parcel_is_looked_at_until_its_end_and_each_move_is_told_once(till):
    told = []
    for state in WAY:
        till.move(state)
        till.sweep(hours=6)
        till.sweep(hours=6)
        told.append([note.facts["state"] for note in Note.objects(kind="parcel_moved")])
    looks = till.asked(till.desk.tracking)
    till.sweep(days=2)

    assert [sorted(each) for each in told] == [sorted(WAY[: count + 1]) for count in range(3)]
    assert till.asked(till.desk.tracking) == looks
    trail = Trail.objects.get()
    assert (trail.status, trail.carrier, trail.next_at) == ("delivered", "USPS", None)
    assert [scan.state for scan in trail.scans if scan.state != "pre_transit"] == [*WAY]


def test_a_look_without_an_answer_is_taken_again_within_the_hour(till):
    till.move("in_transit")
    till.misbehave(till.desk.tracking, "error_500", None)
    till.sweep(hours=6)
    silent = (till.shop.told(), Trail.objects.get().problem)

    till.sweep(hours=1)

    assert silent[0] == []
    assert silent[1].startswith("carrier_down")
    assert till.shop.told() == ["parcel_moved"]
    assert Trail.objects.get().problem == ""
