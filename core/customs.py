"""What a customs officer is told of a parcel's contents."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.money import Money


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
