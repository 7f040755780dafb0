"""How the shop's values look on an operators' page. Everything is escaped here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from flask import url_for
from markupsafe import Markup, escape

from core.money import Money

Row = Mapping[str, Any]
PROVIDERS = {
    "easypost": "EasyPost",
    "shipengine": "ShipEngine",
    "shipstation": "ShipStation",
    "oxapay": "OxaPay",
    "cryptopay": "Crypto Pay",
}
LANGUAGES = {"en": "English", "ru": "Russian", "es": "Spanish"}
NOTHING = Markup('<span class="nothing">none</span>')

TONES = {
    **dict.fromkeys(
        ("done", "paid", "delivered", "sent", "topup", "production", "clean", "in force"), "good"
    ),
    **dict.fromkeys(
        ("held", "void_sent", "buying", "bought", "pending", "sending", "new", "hold", "draft"),
        "busy",
    ),
    **dict.fromkeys(("unknown", "expired", "test", "adjustment", "underpaid", "open"), "wait"),
    **dict.fromkeys(
        ("review", "failed", "failure", "undeliverable", "findings", "given_up"), "bad"
    ),
}
"""The other states are over, and neither good nor bad."""


class Cell(Protocol):
    def __call__(self, row: Row, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list; `numeric` ones stand to the right."""

    name: str
    label: str
    cell: Cell
    numeric: bool = False


def money(value: Money | Mapping[str, Any] | int | None) -> str:
    """Accepts what documents hold: Money, its stored form, or minor units."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        value = Money(int(value))
    if not isinstance(value, Money):
        value = Money(int(value["minor"]), value["currency"])
    return Markup('<span class="money">{}</span>').format(str(value))


def signed(minor: int) -> str:
    """A change: with its sign, and nothing where nothing changed."""
    if minor == 0:
        return Markup('<span class="nothing">0</span>')
    tone = "plus" if minor > 0 else "minus"
    sign = "+" if minor > 0 else "\u2212"
    return Markup('<span class="money {}">{}{}</span>').format(tone, sign, str(Money(abs(minor))))


def when(moment: datetime | None) -> str:
    if moment is None:
        return NOTHING
    return Markup('<time datetime="{}">{} <small>{}</small></time>').format(
        moment.isoformat(), f"{moment:%d %b %Y}", f"{moment:%H:%M:%S} UTC"
    )


def provider(name: object) -> str:
    """A provider or a carrier service by the name it gives itself."""
    return PROVIDERS.get(str(name), str(name))


def provider_of(name: str) -> Cell:
    return lambda row: plain(account(row.get(name)))


def account(subject: object) -> str:
    """`easypost:production` and `u:7:USD` as people say them; anything else as it is."""
    first, _, second = str(subject or "").partition(":")
    if first in PROVIDERS:
        return ", ".join([PROVIDERS[first], *second.split(":", 1)]) if second else PROVIDERS[first]
    return f"customer {second.partition(':')[0]}" if first == "u" and second else str(subject or "")


def day(moment: datetime | None) -> str:
    return NOTHING if moment is None else plain(f"{moment:%d %b %Y}")


def word(name: object) -> str:
    """A code of ours as people write it."""
    return str(name).replace("topup", "top-up").replace("_", " ")


def counted(number: int, thing: str) -> str:
    """`1 mismatch`, `2,000 mismatches`."""
    ending = "" if number == 1 else "es" if thing.endswith(("s", "ch")) else "s"
    return f"{number:,} {thing}{ending}"


def badge(name: object, words: Mapping[str, str] = MappingProxyType({}), tone: str = "") -> str:
    """A state, told by its word and by colour; `words` has the words of those that need others."""
    tone = tone or TONES.get(str(name), "over")
    told = words.get(str(name)) or word(name)
    return Markup('<span class="state state-{}">{}</span>').format(tone, told)


def who(by: str) -> str:
    """Who has done something, as the books write it: `operator:ann@shop.example`, `worker`."""
    kind, _, name = by.partition(":")
    if kind == "user":
        return link("customers", name, "the customer")
    if kind in {"carrier", "provider"}:
        return plain(provider(name))
    told = name if kind == "operator" else by
    # A long address may break where it hurts the least.
    return Markup("@<wbr>").join(plain(part) for part in told.split("@")) if told else NOTHING


def language(code: str) -> str:
    return LANGUAGES.get(code.partition("-")[0], code)


def service(carrier: str, name: str) -> Markup:
    """`USPS GroundAdvantage` as it is written on a counter."""
    return escape(f"{carrier} {re.sub('(?<=[a-z])(?=[A-Z])', ' ', name)}")


def link(view: str, record_id: object, text: object = None) -> str:
    """To a record's own page."""
    if record_id in {None, ""}:
        return NOTHING
    url = url_for(f"{view}.details_view", record_id=record_id)
    return Markup('<a href="{}">{}</a>').format(url, record_id if text is None else text)


def plain(value: object) -> str:
    return escape(value) if value not in {None, ""} else NOTHING


def code(value: object) -> str:
    return Markup("<code>{}</code>").format(value) if value not in {None, ""} else NOTHING


def text_of(name: str) -> Cell:
    return lambda row: plain(row.get(name))


def time_of(name: str) -> Cell:
    return lambda row: when(row.get(name))


def badge_of(name: str) -> Cell:
    return lambda row: badge(row[name])


def money_of(name: str) -> Cell:
    return lambda row: money(row.get(name))


def link_of(view: str, name: str) -> Cell:
    return lambda row: link(view, row.get(name))


def outside(url: str) -> str:
    """A link away from the shop; anything but a web address is only shown."""
    if not url.startswith(("https://", "http://")):
        return plain(url)
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(url, url)
