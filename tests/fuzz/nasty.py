# ruff: noqa: RUF001 - strange characters are what this is about
"""Words and numbers that break things, and ways to break what is whole."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random
from typing import Any

from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT, TERRITORY_TEXT

STRANGE = (
    " ", "\n\n", "\x00", "a\x00b", "\x07\x1b[31m", "😀" * 500, "👩‍👩‍👧‍👦", "שלום עולם", "مرحبا",
    "\u202eevil\u202c", "\u200b", "\ufeff", "\ud800", "half \udfff of it", "\U0010ffff", "ﷺ" * 99,
    "Z̴̢͇a̷l̸g̵o̶" * 20, "x" * 4_096, "ж" * 5_000, "<" * 4_096, "&" * 4_096, "\n" * 4_096, "9" * 400,
    "<b>", "</b>", "<a href='x'>y</a>", "<b><i></b>", "&lt;", "&amp;&#x0;", "<script>1</script>",
    "{price}", "{0}", "{}", "{", "%s %d", "%(name)s", "${7*7}", '{"$ne": null}', "$where", "a.b.c",
    "__proto__", "'; DROP TABLE x;--", "../../etc/passwd", "\\", '"', "`", "_*[]()~", "null", "NaN",
    "-inf", "1e999", "-1", "0", "½", "１２", "$-5", "/", "/start\x00", "/😀", "/ne\nw", "1\r\n2",
)  # fmt: skip
PLAIN = (
    "Maria <b>O'Brien & Sons\n388 Townsend St #4\nSan Francisco, CA 94107", "<i>Box</i> & co",
    "2 <T-shirts> & more 30 USD 1 lb", "Maria </b> {name}", "A & B < C, 388 Townsend St, 94107",
    SENDER_TEXT, RECIPIENT_TEXT, TERRITORY_TEXT, f"{SENDER_TEXT}\n{RECIPIENT_TEXT}\n2 lb 10x8x4",
    "2 lb", "2lb 3oz", "1,5 kg", "10x8x4", "25x20x10 cm", "25", "$25.50", "Maria O'Brien", "94107",
    "CA", "+1 415 555 0132", "maria@example.com", "2 T-shirts 30 USD 1 lb", "Weekly box",
    "/start", "/new", "/orders", "/balance", "/topup", "/track 9400", "/templates", "/settings",
    "/help", "/cancel", "/export", "/forget", "/language", "/nothing@labeldesk_bot x",
)  # fmt: skip
INTEGERS = (0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**70, 10**400)
OTHERS = (
    None, True, False, 0, -1, 2**63, 10**400, 1.5, -0.0, 1e308, float("nan"), float("inf"), "",
    "\x00", "\ud800", [], [[]], {}, [None], {"": None}, {"$ref": 5, "$id": {}}, {"a.b": {"$gt": 1}},
)  # fmt: skip
DEPTHS = (20, 99, 101, 400, 3_000)
DEEP, LONG = "so deep", "so long"
"""Stand in the update for what no writer of JSON would write."""


def words(random: Random) -> str:
    """Strange, or plain, or plain with something strange in it."""
    told = random.choice(STRANGE if random.random() < 0.5 else PLAIN)
    return spoiled(random, told) if random.random() < 0.3 else told


def spoiled(random: Random, text: str) -> str:
    place, other = random.randint(0, len(text)), random.choice((*STRANGE, *PLAIN, "", "", ":"))
    return text[:place] + other + text[place + random.randint(0, 3) :]


def broken(random: Random, whole: dict[str, Any]) -> Any:
    """A copy that is wrong in up to three places, or no update at all."""
    if random.random() < 0.02:
        return random.choice(OTHERS)
    update = deepcopy(whole)
    for _ in range(random.randint(1, 3)):
        if places := [*_places(update)]:
            random.choice(BREAKS)(random, *random.choice(places))
    return update


def written(update: Any) -> str:
    """As JSON, which knows half characters, numbers without end, and nests as deep as one likes."""
    text = json.dumps(update)
    for depth in DEPTHS:
        text = text.replace(f'"{DEEP} {depth}"', "[" * depth + "]" * depth)
    return text.replace(f'"{LONG}"', "9" * 5_000)


def is_readable(text: str) -> bool:
    try:
        json.loads(text)
    except (RecursionError, ValueError):
        return False
    return True


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    """Each container with each of its keys."""
    keys = list(part) if isinstance(part, dict) else range(len(part))
    for key in keys:
        yield part, key
        if isinstance(part[key], dict | list):
            yield from _places(part[key])


def _drop(_: Random, holder: Any, key: Any) -> None:
    if isinstance(holder, dict):
        holder.pop(key, None)


def _replace(random: Random, holder: Any, key: Any) -> None:
    holder[key] = deepcopy(random.choice(OTHERS))


def _spoil(random: Random, holder: Any, key: Any) -> None:
    holder[key] = words(random)


def _exaggerate(random: Random, holder: Any, key: Any) -> None:
    holder[key] = random.choice((*INTEGERS, LONG))


def _nest(random: Random, holder: Any, key: Any) -> None:
    holder[key] = f"{DEEP} {random.choice(DEPTHS)}"


def _wrap(random: Random, holder: Any, key: Any) -> None:
    holder[key] = random.choice(([holder[key]], {"id": holder[key]}, str(holder[key])))


BREAKS: tuple[Callable[[Random, Any, Any], None], ...] = (
    _drop, _drop, _replace, _replace, _spoil, _exaggerate, _wrap, _nest,
)  # fmt: skip
