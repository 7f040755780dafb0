"""What can be done to the shop: processes to kill, points to die at, faults to order."""

import re
from collections.abc import Iterator
from pathlib import Path

from sandbox.faults import HTTP_FAULTS, NOTICE_FAULTS

ROOT = Path(__file__).parents[1]
SEARCHED = ("services", "tasks", "botapp", "webapp")
NAMED = re.compile(r'crash_at\(f?"([^"]+)"\)')
BY_KIND = "{step.kind}"
KINDS = ("topup", "hold", "capture", "release", "refund")
"""The ledger entries that customers cause; only operators cause others."""

CARRIER_SECONDS = 5.0
"""The shop's time-out for a carrier call. What is slow is faster than that, and much faster than
the settle window: a carrier that acts after both is believed by nobody."""
SLOW_SECONDS = 4.0

KILLED = {
    "buyer": 24,
    "buyer2": 14,
    "worker": 20,
    "worker2": 12,
    "bot": 28,
    "web": 14,
    "beat": 4,
    "mongo": 12,
    "redis": 10,
}
"""Each with how often it is drawn. A dead beat's lock keeps the next one idle for a minute."""
SLOW_TO_COME_BACK = frozenset({"beat"})

PASSERS = (
    ("bot.", ("bot",)),
    ("webhook.", ()),
    ("at_once.", ()),
    ("payment.after_insert", ("bot",)),
    ("payment.after_invoice", ("bot",)),
    ("payment.", ("worker", "worker2")),
    ("notice.after_keep", ("web",)),
    ("notice.", ("worker", "worker2")),
    ("order.after_insert", ("bot",)),
    ("order.after_hold", ("bot",)),
    ("order.", ("buyer", "buyer2")),
    ("ledger.after_hold", ("bot",)),
    ("ledger.after_topup", ("worker", "worker2")),
    ("ledger.after_refund", ("worker", "worker2")),
    ("ledger.", ("buyer", "buyer2")),
    ("outbox.", ("worker", "worker2")),
    ("adjustment.", ()),
    ("refund.", ()),
    ("review.", ()),
    ("void.after_insert", ("bot",)),
    ("void.", ("worker", "worker2")),
    ("orphan.", ()),
    ("batch.", ()),
    ("export.", ()),
    ("", ("bot", "worker", "worker2", "buyer", "buyer2")),
)
"""Who passes a point that begins so; the first line that fits counts. Here are no operators,
updates are polled, and nobody sends files, asks for all their data, or ticks "Buy at once"."""

BUYING = ("easypost", "POST /shipments/*/buy")
CALLS = {
    BUYING: 5,
    ("easypost", "POST /shipments"): 1,
    ("easypost", "GET /shipments/*"): 1,
    ("easypost", "GET /shipments/*/label"): 1,
    ("easypost", "POST /shipments/*/refund"): 2,
    ("shipengine", "POST /labels/rates/*"): 3,
    ("shipengine", "POST /rates"): 1,
    ("shipengine", "GET /labels/*"): 1,
    ("shipengine", "PUT /labels/*/void"): 1,
    ("oxapay", "POST /payment/invoice"): 1,
    ("oxapay", "GET /payment/*"): 1,
    ("cryptopay", "POST /createInvoice"): 1,
    ("cryptopay", "GET /getInvoices"): 1,
    ("telegram", "POST /sendMessage"): 1,
    ("telegram", "POST /editMessageText"): 1,
    ("telegram", "POST /sendDocument"): 1,
    ("telegram", "POST /answerCallbackQuery"): 1,
    ("telegram", "POST /getUpdates"): 1,
}
"""The calls that faults strike, each with its weight."""
OF_SHIPENGINE = {
    "errors_in_200": "POST /rates",
    "carrier_down": "carrier ups",
    "label_processing": "POST /labels/rates/*",
}
"""Where the faults strike that only ShipEngine has, but words for voids that only people decide."""
NOTIFIERS = {"oxapay": 3, "cryptopay": 1}
TWICE_WEIGHT = 8
SECONDS = {
    "time_out_before": CARRIER_SECONDS + 2,
    "time_out_after": CARRIER_SECONDS + 2,
    "slow": SLOW_SECONDS,
    "rate_limit": 1.0,
    "notice_late": 5.0,
    "notice_reordered": 5.0,
}

Wish = dict[str, object]


def crash_points() -> list[str]:
    """Every named point of the product that a customer's order can pass."""
    found: set[str] = set()
    for folder in SEARCHED:
        for module in (ROOT / folder).rglob("*.py"):
            found |= set(NAMED.findall(module.read_text()))
    named = {point for point in found if BY_KIND not in point}
    named |= {point.replace(BY_KIND, kind) for point in found - named for kind in KINDS}
    return sorted(named)


def deaths() -> list[tuple[str, str]]:
    """Each point with each process that passes there."""
    return [(point, name) for point in crash_points() for name in _passers(point)]


def faults() -> Iterator[tuple[Wish, int]]:
    """Every fault that the sandbox knows, at every call that we make, with its weight."""
    for (service, call), weight in CALLS.items():
        for fault in HTTP_FAULTS:
            yield _wish(service, call, fault), weight
    for fault in NOTICE_FAULTS:
        for service, weight in NOTIFIERS.items():
            yield _wish(service, "notice", fault), weight
    for fault, call in OF_SHIPENGINE.items():
        yield _wish("shipengine", call, fault), TWICE_WEIGHT
    yield _wish("telegram", "getUpdates", "update_twice"), TWICE_WEIGHT


def _wish(service: str, call: str, fault: str) -> Wish:
    seconds = {"seconds": SECONDS[fault]} if fault in SECONDS else {}
    return {"service": service, "call": call, "fault": fault, "times": 1, **seconds}


def _passers(point: str) -> tuple[str, ...]:
    return next(names for start, names in PASSERS if point.startswith(start))
