"""Providers asked at the same time, each on its own account."""

from threading import Barrier, get_ident
from time import monotonic

import pytest

from providers.carriers.base import CarrierDown
from services.asking import THREADS_EACH, Panel

PATIENCE = 10


def failing(trouble):
    def ask():
        raise trouble

    return ask


def test_all_are_asked_at_the_same_time():
    meeting = Barrier(3, timeout=PATIENCE)

    heard = Panel(PATIENCE).ask(dict.fromkeys(("USPS", "UPS", "FedEx"), meeting.wait))

    assert sorted(heard.answers.values()) == [0, 1, 2]
    assert list(heard.answers) == ["USPS", "UPS", "FedEx"]
    assert (heard.failed, heard.late) == ({}, ())


def test_a_slow_one_costs_only_its_own_answer_and_is_named(never):
    started = monotonic()

    heard = Panel(0.2).ask({"USPS": lambda: never.wait(PATIENCE), "UPS": lambda: "rates"})

    assert monotonic() - started < PATIENCE / 2
    assert (heard.answers, heard.failed, heard.late) == ({"UPS": "rates"}, {}, ("USPS",))


@pytest.mark.parametrize("trouble", [CarrierDown(provider="USPS"), KeyError("rates")])
def test_a_failing_one_costs_only_its_own_answer_and_is_named(trouble):
    heard = Panel(PATIENCE).ask({"USPS": failing(trouble), "UPS": lambda: "rates"})

    assert (heard.answers, heard.failed, heard.late) == ({"UPS": "rates"}, {"USPS": trouble}, ())


def test_one_that_hangs_for_many_customers_keeps_no_other_one_waiting(never):
    panel = Panel(0.05)
    asked = []

    def hang():
        asked.append(1)
        never.wait(PATIENCE)

    heard = [
        panel.ask({"USPS": hang, "UPS": lambda number=number: number})
        for number in range(3 * THREADS_EACH)
    ]

    assert [one.answers["UPS"] for one in heard] == list(range(3 * THREADS_EACH))
    assert all(one.late == ("USPS",) for one in heard)
    assert len(asked) == THREADS_EACH


def test_connections_are_kept_because_threads_are():
    panel, threads = Panel(PATIENCE), set()

    for _ in range(20):
        panel.ask({"USPS": lambda: threads.add(get_ident())})

    assert len(threads) <= 2
