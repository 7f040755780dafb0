"""An unfinished label: plain values in the draft, seen as addresses and a parcel."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from botapp.declaration import Declaration
from botapp.states import Place
from core.addresses import Address, problems
from core.customs import Customs, needs_customs
from core.parcels import Parcel
from core.regions import city_and_state, city_named, states_of

BY_FIELD = ("name", "company", "street", "street2", "zip", "phone")
BY_ZIP = ("city", "state")
"""The ZIP tells these, so they are asked only when it does not."""
WHERE = ("street", "street2", "city", "state", "zip")
PRICE = ("quote", "rate", "only")
OPTIONAL = frozenset({"company", "street2", "phone", "email"})
CUSTOMS_GAPS = frozenset({Place.CONTENTS, Place.ITEM, Place.CONFIRM})
PARCEL_GAPS = CUSTOMS_GAPS | {Place.WEIGHT, Place.SIZES}
GAPS = PARCEL_GAPS | {Place.SENDER, Place.RECIPIENT}
"""What `next_gap` may answer: once the parcel is known, once the addresses are, and ever."""


class Side(StrEnum):
    SENDER = "sender"
    RECIPIENT = "recipient"


@dataclass(frozen=True, slots=True)
class LabelDraft:
    kept: dict[str, Any]

    @property
    def side(self) -> Side:
        """Whose address is being worked on."""
        return Side(self.kept.get("side", Side.SENDER))

    @property
    def born(self) -> int:
        """The update that began it; 0 when that is not known."""
        return int(self.kept.get("born", 0))

    @property
    def is_begun(self) -> bool:
        """Whether there is enough of it to go on with."""
        return any(side in self.kept for side in Side)

    @property
    def at(self) -> Place:
        return Place(self.kept.get("at", Place.SENDER))

    @property
    def is_editing(self) -> bool:
        """Whether all was told once and one thing of it is being changed."""
        return bool(self.kept.get("editing"))

    def turn_to(self, side: Side) -> None:
        self.kept["side"] = side.value

    def address(self, side: Side) -> Address:
        return Address.from_dict(self.kept.get(side, {}))

    def put_address(self, side: Side, fields: dict[str, str], doubtful: Collection[str]) -> None:
        self.kept[side] = fields
        self._doubt(side, doubtful)

    def put_place(self, side: Side, address: Address) -> None:
        """Where it is changes; who lives there stays."""
        self.kept[side] |= {field: getattr(address, field) for field in WHERE}

    def place_by_zip(self, side: Side) -> tuple[str, str] | None:
        """City and state of the ZIP, if the address names others."""
        address = self.address(side)
        fits = not address.zip or _fit(address.as_dict(), address.zip)
        return None if fits else city_and_state(address.zip)

    def put_field(self, side: Side, field: str, value: str) -> None:
        """A ZIP brings its city and state along, unless they fit already."""
        fields = self.kept.setdefault(side, {})
        fields[field] = value
        self._doubt(side, self.doubtful(side) - {field})
        known = city_and_state(value) if field == "zip" else None
        if known and not _fit(fields, value):
            fields["city"], fields["state"] = known
            self._doubt(side, self.doubtful(side) - {"city", "state"})

    def doubtful(self, side: Side) -> frozenset[str]:
        """Fields that were guessed and wait for a second look."""
        return frozenset(self.kept.get("doubts", {}).get(side, []))

    def trust(self, *sides: Side) -> None:
        """The customer has seen these addresses."""
        for side in sides:
            self._doubt(side, ())

    def swap(self) -> None:
        """What goes there comes from there."""
        sender, recipient = self.address(Side.SENDER), self.address(Side.RECIPIENT)
        doubts = self.doubtful(Side.SENDER), self.doubtful(Side.RECIPIENT)
        self.put_address(Side.SENDER, recipient.as_dict(), doubts[1])
        self.put_address(Side.RECIPIENT, sender.as_dict(), doubts[0])

    @property
    def weight_oz(self) -> Decimal | None:
        kept = self.kept.get("weight_oz")
        return Decimal(kept) if kept else None

    @property
    def sizes_in(self) -> tuple[Decimal, Decimal, Decimal] | None:
        if "sizes_in" not in self.kept:
            return None
        length, width, height = (Decimal(side) for side in self.kept["sizes_in"])
        return length, width, height

    @property
    def parcel(self) -> Parcel | None:
        weight, sizes = self.weight_oz, self.sizes_in
        return Parcel(*sizes, weight_oz=weight) if weight and sizes else None

    def put_weight(self, weight_oz: Decimal) -> None:
        self.kept["weight_oz"] = str(weight_oz)

    def put_sizes(self, sizes_in: Sequence[Decimal]) -> None:
        self.kept["sizes_in"] = [str(size) for size in sizes_in]

    def forget_price(self) -> bool:
        """Of another shipment the rates are none; whether there were any."""
        return bool([self.kept.pop(name) for name in PRICE if name in self.kept])

    @property
    def declaration(self) -> Declaration:
        return Declaration(self.kept)

    @property
    def customs(self) -> Customs | None:
        """What the customs are told; None where no border is crossed, or not all is told yet."""
        sender, recipient = self.address(Side.SENDER), self.address(Side.RECIPIENT)
        needed = needs_customs(sender, recipient)
        return self.declaration.signed(sender.name) if needed else None

    def copy(
        self, sender: Address, recipient: Address, parcel: Parcel, customs: Customs | None = None
    ) -> None:
        """All of a shipment at once, as it was sent before: nothing known is asked again."""
        self.put_address(Side.SENDER, sender.as_dict(), ())
        self.put_address(Side.RECIPIENT, recipient.as_dict(), ())
        self.put_weight(parcel.weight_oz)
        self.put_sizes(parcel.sizes_in)
        if customs:
            self.declaration.put(customs)

    def next_gap(self) -> Place:
        """What is still to be told; nothing: the screen that confirms it all."""
        sender, recipient = self.address(Side.SENDER), self.address(Side.RECIPIENT)
        if problems(sender):
            return Place.SENDER
        if problems(recipient):
            return Place.RECIPIENT
        if self.weight_oz is None:
            return Place.WEIGHT
        if self.sizes_in is None:
            return Place.SIZES
        untold = self.declaration.gap() if needs_customs(sender, recipient) else None
        return untold or Place.CONFIRM

    def ask(self, fields: Sequence[str], *, back: Place, then: Place) -> Place:
        """Have these fields asked one by one."""
        by_zip = BY_ZIP if "zip" in fields else ()
        self.kept["asking"] = [field for field in fields if field not in by_zip]
        self.kept["answered"] = []
        self.kept["back"], self.kept["then"] = back.value, then.value
        return Place.FIELD

    @property
    def asked(self) -> str:
        """The field that is asked for now."""
        return str(self.kept["asking"][0])

    def answer(self, value: str) -> Place:
        """Keep the asked field; where to go from there."""
        field = self.asked
        self.put_field(self.side, field, value)
        self.kept["asking"].pop(0)
        self.kept["answered"].append(field)
        if field == "zip":
            self.spare(BY_ZIP)
            told = self.kept[self.side]
            self.kept["asking"][:0] = [each for each in BY_ZIP if not told.get(each)]
        return self.spare(())

    def ask_first(self, field: str) -> None:
        """Before what is asked for now; it may have been answered already."""
        self.kept["answered"] = [each for each in self.kept["answered"] if each != field]
        self.kept["asking"].insert(0, field)

    def spare(self, fields: Collection[str]) -> Place:
        """These need not be asked any more; where to go from there."""
        self.kept["asking"] = [field for field in self.kept["asking"] if field not in fields]
        return Place.FIELD if self.kept["asking"] else Place(self.kept["then"])

    def unanswer(self) -> Place:
        """Back to the field before, or to where the asking began."""
        if not self.kept["answered"]:
            return Place(self.kept["back"])
        self.kept["asking"].insert(0, self.kept["answered"].pop())
        return Place.FIELD

    def _doubt(self, side: Side, fields: Collection[str]) -> None:
        self.kept.setdefault("doubts", {})[side.value] = sorted(fields)


def _fit(fields: dict[str, str], zip_code: str) -> bool:
    """Whether city and state are known and lie in this ZIP."""
    named = city_named(fields.get("city", ""), zip_code)
    return named is not None and fields.get("state") in states_of(zip_code)
