"""Each carrier takes a label back for so many days."""

from datetime import UTC, datetime, timedelta

import pytest

from core.windows import read_windows

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("carrier", "days"), [("USPS", 30), ("UPSDAP", 90), ("FedExDefault", 60), ("OnTrac", 14)]
)
def test_a_carrier_goes_by_the_beginning_of_its_accounts_name(carrier, days):
    windows = read_windows("usps=30, UPS = 90,fedex=60,other=14")

    assert windows.end(carrier, NOON) - NOON == timedelta(days=days)


@pytest.mark.parametrize(
    "text",
    ["", "usps=30", "other=0", "other=x", "other=30,usps", "other=30,usps=", "other=30,,usps=3"],
)
def test_what_leaves_a_carrier_without_days_is_refused(text):
    with pytest.raises(ValueError, match="as usps=30,other=30"):
        read_windows(text)
