"""The machines can see: with one rule of the shop switched off they find what goes wrong."""

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from core.ids import new_id
from models.order import OrderState
from services.booking import Step
from services.ledger import Ledger
from services.purchase import Purchase
from tests.properties.test_money_machine import MoneyMachine


def a_silent_carrier_has_sold_nothing(monkeypatch):
    def doubt(self, order, why):
        return type(order).objects.move(
            order, OrderState.FAILED, at=self.clock.now(), note=why, set__next_at=self.clock.now()
        )

    monkeypatch.setattr(Purchase, "doubt", doubt)


def every_posting_has_a_key_of_its_own(monkeypatch):
    post = Ledger._post

    def careless(self, user_id, step):
        facts = {name: getattr(step, name) for name in Step.__slots__}
        return post(self, user_id, Step(**facts | {"key": f"{step.key}:{new_id('K')}"}))

    monkeypatch.setattr(Ledger, "_post", careless)


def a_death_is_forgotten(monkeypatch):
    monkeypatch.setattr(Purchase, "check_lease", lambda _self, _order: None)


@pytest.mark.parametrize(
    "switch_off",
    [a_silent_carrier_has_sold_nothing, every_posting_has_a_key_of_its_own, a_death_is_forgotten],
)
def test_a_broken_rule_is_found(histories, monkeypatch, switch_off):
    switch_off(monkeypatch)
    quick = settings(histories, phases=[Phase.generate], report_multiple_bugs=False)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(MoneyMachine, settings=quick)
