"""The carrier accounts behind one key: asked for now and then, kept in between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any

import structlog

from core.clock import Clock
from core.money import Money
from providers.carriers.base import CarrierDown
from providers.carriers.shipengine_errors import BrokenAnswer, entries, mapping, read_errors
from providers.carriers.shipengine_read import read_money
from providers.exact_json import text

KEPT = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Account:
    """One carrier's account; `balance` only where labels are paid from a prepaid one."""

    carrier_id: str
    balance: Money | None


class Accounts:
    """All of them, or those that the settings name. Safe in threads."""

    def __init__(
        self,
        provider: str,
        ask: Callable[[], Mapping[str, Any]],
        only: tuple[str, ...],
        clock: Clock,
    ) -> None:
        """`ask` answers the service's list of carriers, or raises CarrierDown."""
        self._provider = provider
        self._ask, self.only, self._clock, self._lock = ask, only, clock, Lock()
        self._kept: list[str] = []
        self._due = clock.now()

    def ids(self) -> list[str]:
        """Never empty. Old ones serve while the service is silent. Raises CarrierDown.

        Nobody waits for another's question: a silent service costs each the same time.
        """
        with self._lock:
            now, kept = self._clock.now(), self._kept
            if kept and now < self._due:
                return kept
            self._due = now + KEPT
        try:
            fresh = [account.carrier_id for account in self.fresh()]
        except CarrierDown:
            if not kept:
                raise
            return kept
        with self._lock:
            self._kept = fresh
        return fresh

    def fresh(self) -> list[Account]:
        """As they stand now. Raises CarrierDown, also when there is none at all."""
        raw = self._ask()
        told = read_errors(raw)
        if told.told:
            log.warning("carrier_accounts_incomplete", told=told.told, request_id=told.request_id)
        found = [_account(each) for each in map(mapping, entries(raw.get("carriers")))]
        usable = [each for each in found if each is not None and self._wanted(each)]
        if not usable:
            raise CarrierDown(provider=self._provider, reason="no_carrier_accounts")
        return usable

    def _wanted(self, account: Account) -> bool:
        return not self.only or account.carrier_id in self.only


def _account(raw: Mapping[str, Any]) -> Account | None:
    """None for one that sells nothing: not yet approved, or not part of what we pay for."""
    asleep = raw.get("connection_status") == "pending_approval"
    carrier_id = text(raw.get("carrier_id"))
    if not carrier_id or asleep or raw.get("disabled_by_billing_plan") is True:
        return None
    return Account(carrier_id, _balance(raw))


def _balance(raw: Mapping[str, Any]) -> Money | None:
    if raw.get("requires_funded_amount") is not True:
        return None
    try:
        return read_money({"amount": raw.get("balance"), "currency": "usd"})
    except BrokenAnswer:
        return None
