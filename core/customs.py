"""What a customs officer is told of a parcel's contents, and when one has to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.addresses import Address
from core.errors import Refusal
from core.money import Money
from core.parcels import Parcel
from core.regions import MILITARY, TERRITORIES

MOST_ITEMS = 10
MOST_WORTH = Money(250_000)
"""Goods of one kind worth more leave the country only with an export filing of their own."""


class CustomsMissing(Refusal):
    """The parcel crosses a customs border, and nobody said what is in it."""


class TooManyItems(Refusal):
    """Facts: `limit`."""


class TooValuable(Refusal):
    """One kind of thing is worth more than goes without an export filing. Facts: `most` (Money)."""


class ContentsTooHeavy(Refusal):
    """The things together weigh more than the parcel. Facts: `contents_oz` and `parcel_oz`."""


class ContentsType(StrEnum):
    """Why the contents travel."""

    MERCHANDISE = "merchandise"
    GIFT = "gift"
    DOCUMENTS = "documents"
    RETURNED_GOODS = "returned_goods"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class CustomsItem:
    """One kind of thing in the parcel; value and ounces are of all its pieces together.

    `origin` is a country's two letters, `tariff` a code of the Harmonized System, or empty.
    """

    description: str
    quantity: int
    value: Money
    weight_oz: Decimal
    origin: str = "US"
    tariff: str = ""


@dataclass(frozen=True, slots=True)
class Customs:
    """A declaration; `signer` is the person who vouches for it."""

    contents: ContentsType
    items: tuple[CustomsItem, ...]
    signer: str


def needs_customs(sender: Address, recipient: Address) -> bool:
    """Whether a customs form goes with a parcel between these two.

    To and from a military post office always: it may lie in any country. To, from and between
    territories: the post takes some of these for domestic, the other carriers none.
    """
    states = {sender.state, recipient.state}
    return bool(states & MILITARY) or (len(states) > 1 and bool(states & TERRITORIES))


def check_worth(value: Money) -> None:
    """Of one kind of thing. Raises TooValuable."""
    if value > MOST_WORTH:
        raise TooValuable(most=MOST_WORTH)


def check_items(items: Sequence[CustomsItem], parcel: Parcel) -> None:
    """Whether a form takes them. Raises TooManyItems, TooValuable, ContentsTooHeavy."""
    if len(items) > MOST_ITEMS:
        raise TooManyItems(limit=MOST_ITEMS)
    for item in items:
        check_worth(item.value)
    contents_oz = sum(item.weight_oz for item in items)
    if contents_oz > parcel.weight_oz:
        raise ContentsTooHeavy(contents_oz=contents_oz, parcel_oz=parcel.weight_oz)


def check_customs(
    customs: Customs | None, sender: Address, recipient: Address, parcel: Parcel
) -> None:
    """Whether carriers are told all that they need.

    Raises CustomsMissing and what `check_items` raises.
    """
    items = customs.items if customs else ()
    if not items and needs_customs(sender, recipient):
        raise CustomsMissing
    check_items(items, parcel)
