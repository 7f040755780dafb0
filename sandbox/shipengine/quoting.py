"""Rates of all carriers that were asked for; those that fail cost only their own."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.carrier import rating
from sandbox.shipengine import errors, shapes
from sandbox.shipengine.accounts import ACCOUNTS, Account
from sandbox.shipengine.parcels import parcel
from sandbox.world import World

Document = dict[str, Any]
DOWN = "carrier_down"
ERRORS_IN_200 = "errors_in_200"


@dataclass(slots=True)
class Quote:
    """What the carriers said, in the order they were asked."""

    rates: list[Document] = field(default_factory=list)
    refused: list[Document] = field(default_factory=list)
    errors: list[Document] = field(default_factory=list)

    @property
    def status(self) -> str:
        if not self.errors:
            return "completed"
        return "partial" if self.rates else "error"


def accounts(options: Any) -> list[Account]:
    """Those that `rate_options` names."""
    wanted = options.get("carrier_ids") if isinstance(options, dict) else None
    if not isinstance(wanted, list) or not wanted:
        raise errors.required("rate_options.carrier_ids")
    for carrier_id in wanted:
        if carrier_id not in ACCOUNTS:
            raise errors.invalid("rate_options.carrier_ids", f"'{carrier_id}' is not yours")
    return [ACCOUNTS[carrier_id] for carrier_id in wanted]


def quote(world: World, service: str, shipment: Document, options: Document) -> Quote:
    """Faults: `errors_in_200` for `POST /rates`, `carrier_down` for `carrier ups` and the like."""
    asked = accounts(options)
    if world.faults.take(service, "POST /rates", (ERRORS_IN_200,)):
        # As recorded: a code that the specification does not list, and status 200.
        wrong = "The account's credentials were refused."
        found = [errors.of_carrier(account, "auth_failure", wrong) for account in asked]
        return Quote(errors=found)
    result = Quote()
    for account in asked:
        if world.faults.take(service, f"carrier {account.code}", (DOWN,)):
            silent = "The carrier did not answer in time."
            result.errors.append(errors.of_carrier(account, "unspecified", silent))
        else:
            _ask(account, shipment, options.get("service_codes") or (), result)
    return result


def _ask(account: Account, shipment: Document, codes: Collection[str], result: Quote) -> None:
    zone = shapes.zone(shipment)
    if zone is None:
        unknown = errors.of_carrier(account, "invalid_address", "Unknown postal code.")
        result.errors.append(unknown)
        return
    measures = parcel(shipment["packages"])
    for offer in account.offers:
        if codes and offer.service.name not in codes:
            continue
        if trouble := rating.refusal(offer.service, measures):
            result.refused.append(shapes.refused_rate(account, offer, zone, trouble))
        else:
            price = rating.price(offer.service, measures, zone)
            result.rates.append(shapes.rate(account, offer, price, zone))
