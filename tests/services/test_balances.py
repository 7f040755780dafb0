"""The watch of the shop's own balance at carrier services."""

from datetime import timedelta

import pytest

from core.errors import Refusal
from core.jobs import Job
from core.money import Money
from models.alert import Alert, AlertState
from models.balance import CarrierBalance
from providers.carriers.base import CarrierDown
from services.balances import Balances
from services.dashboard import Dashboard

LIVE = "easypost:production"


@pytest.fixture
def balances(shop):
    return Balances(carriers=shop.carriers, jobs=shop.jobs, clock=shop.clock, least=Money(5_000))


@pytest.fixture
def told(shop):
    """The alerts that are open after a look."""

    def told():
        shop.alerts.watch()
        open_ones = Alert.objects(status=AlertState.OPEN, kind="carrier_balance_low")
        return [(alert.subject, alert.words) for alert in open_ones]

    return told


def test_an_account_that_is_nearly_empty_is_an_alert_until_it_is_filled(shop, balances, told):
    shop.carrier.funds = Money(4_999)
    balances.read(LIVE)
    assert told() == [(LIVE, "$49.99 left")]

    shop.carrier.funds = Money(5_000)
    balances.read(LIVE)

    assert told() == []
    assert CarrierBalance.objects.get().amount == Money(5_000)


def test_an_empty_account_in_test_mode_is_nobodys_trouble(shop, balances, told):
    shop.carrier.funds = Money(0)

    balances.read("easypost:test")

    assert told() == []
    assert CarrierBalance.objects.get().low


def test_a_service_without_a_prepaid_balance_is_never_low(shop, balances, told):
    shop.carrier.funds = None

    balances.read(LIVE)

    assert told() == []
    assert CarrierBalance.objects.get().amount is None
    assert Dashboard(shop.clock).funds() == []


@pytest.mark.parametrize("trouble", [CarrierDown(provider="easypost"), Refusal()])
def test_a_service_that_does_not_answer_leaves_what_it_last_said(shop, balances, told, trouble):
    shop.carrier.funds = Money(100)
    balances.read(LIVE)
    shop.carrier.balance_instead.append(trouble)

    balances.read(LIVE)

    assert told() == [(LIVE, "$1.00 left")]


def test_what_was_told_long_ago_is_no_alert_and_not_shown(shop, balances, told):
    shop.carrier.funds = Money(100)
    balances.read(LIVE)
    assert [one.id for one in Dashboard(shop.clock).funds()] == [LIVE]

    shop.clock.turn(days=1, seconds=1)

    assert told() == []
    assert Dashboard(shop.clock).funds() == []
    assert CarrierBalance.objects.get().told_at < shop.clock.now() - timedelta(days=1)


def test_only_services_with_a_key_are_asked_each_by_a_job_of_its_own(shop, balances, monkeypatch):
    def names(_, mode):
        if mode == "test":
            raise Refusal(mode=mode)
        return ["easypost"]

    monkeypatch.setattr(type(shop.carriers), "names", names)

    balances.ask()

    assert shop.jobs.asked == [(Job.READ_CARRIER_BALANCES, LIVE)]
