"""Documents are read by a shorter way than mongoengine's, and come out the same."""

import pytest

from models import indexes
from models.base import Record

assert indexes  # Imports every kind of document.
KINDS = sorted(set(Record.all_kinds()), key=lambda kind: kind.__name__)


def read_both_ways(kind, row):
    ours, theirs = kind.of_row(row), kind._from_son({**row})
    return (
        {name: getattr(ours, name) for name in kind._fields},
        {name: getattr(theirs, name) for name in kind._fields},
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_row_lacks_or_has_as_null_has_its_default(kind):
    for row in ({"_id": "one"}, dict.fromkeys(field.db_field for field in kind._fields.values())):
        ours, theirs = read_both_ways(kind, row)

        assert ours == theirs


def test_real_rows_are_read_the_same(shop):
    shop.credit(2_500)
    order = shop.place()
    shop.work()

    seen = 0
    for kind in KINDS:
        for row in kind._get_collection().find():
            ours, theirs = read_both_ways(kind, row)
            assert ours == theirs
            assert kind.of_row(row).to_mongo() == kind._from_son({**row}).to_mongo()
            seen += 1
    assert seen > 4
    assert order.id in {each.id for each in type(order).objects}
