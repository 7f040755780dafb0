"""The form of one pricing rule: what was typed, what is wrong with it, and how rules are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from markupsafe import Markup

from core.errors import Refusal
from core.money import Money, UnreadableAmount
from core.pricing import MOST_AMOUNT, MOST_PERCENT, RULES_AT_MOST, PriceList, Rule, bare
from webapp.admin import cells
from webapp.admin.views import number

LONGEST_NAME = 60
LONGEST_TYPED = 20
EMPTY = dict.fromkeys(Rule.__dataclass_fields__, "")
RANGES = {
    "percent_range": f"From 0 to {MOST_PERCENT}, with at most four decimals.",
    "amount_range": f"From $0 to {MOST_AMOUNT}.",
    "carrier_missing": "Name the carrier of this service.",
}
UNREADABLE = {
    "percent": "A number, as 8 or 7.25.",
    "flat": "An amount in dollars, as 0.30.",
    "minimum": "An amount in dollars, as 0.50.",
    "user_id": "A customer's Telegram id: digits only.",
    "since": "A day, as 2026-12-24.",
}
ABOUT_THE_LIST = {
    "same_rule_twice": "There is a rule for these rates from this day on. Change that one.",
    "no_rule_for_the_rest": "One rule has to price what no other names: every rate of every "
    "customer, at once. Give it other values instead.",
    "too_many_rules": f"A version has at most {RULES_AT_MOST} rules.",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """`errors` has a sentence by field, and under an empty name what is wrong with the whole."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    rule: Rule | None = None


BLANK = Typed(EMPTY, {})


def read(form: Mapping[str, str]) -> Typed:
    """A rule, or what is wrong with each field."""
    values = {name: str(form.get(name, "")).strip() for name in EMPTY}
    facts: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in values.items():
        try:
            facts[name] = _read_one(name, value)
        except (UnreadableAmount, ArithmeticError, ValueError):
            errors[name] = UNREADABLE.get(
                name, f"Letters and digits, at most {LONGEST_NAME} characters."
            )
    if errors:
        return Typed(values, errors)
    try:
        return Typed(values, {}, Rule(**facts))
    except Refusal as refusal:
        return Typed(values, problem_of(refusal))


def shown(rule: Rule) -> Typed:
    """A rule as its form has it."""
    values = {
        "carrier": rule.carrier,
        "service": rule.service,
        "user_id": "" if rule.user_id is None else str(rule.user_id),
        "since": rule.since.isoformat() if rule.since else "",
        "percent": percent(rule.percent),
        "flat": f"{rule.flat.decimal:.2f}" if rule.flat else "",
        "minimum": f"{rule.minimum.decimal:.2f}" if rule.minimum else "",
    }
    return Typed(values, {}, rule)


def problem_of(refusal: Refusal) -> dict[str, str]:
    """The sentence, by its field."""
    if refusal.code == "wrong_rule":
        return {refusal.facts["field"]: RANGES[refusal.facts["why"]]}
    if refusal.code == "unknown_customer":
        return {"user_id": "We have not met this customer."}
    return {"": ABOUT_THE_LIST[refusal.code]}


def amount(typed: str) -> Money:
    """Nothing typed is nothing. Raises UnreadableAmount."""
    return Money.parse(typed) if typed.strip() else Money(0)


def percent(value: Decimal) -> str:
    """Without zeros that say nothing."""
    return f"{value.normalize():f}"


def rates_of(rule: Rule) -> str:
    """Which rates a rule names, in words."""
    if not rule.carrier:
        return "Every rate"
    return cells.service(rule.carrier, rule.service or "(every service)")


def customer_of(rule: Rule) -> str:
    if rule.user_id is None:
        return Markup('<span class="nothing">everybody</span>')
    return cells.link("customers", rule.user_id)


def since_of(rule: Rule) -> str:
    if rule.since is None:
        return Markup('<span class="nothing">publication</span>')
    return Markup('<time datetime="{}">{:%d %b %Y}</time>').format(rule.since, rule.since)


def floor_of(prices: PriceList) -> str:
    margin = f" plus {prices.least_margin}" if prices.least_margin else ""
    return f"Nothing is sold under cost{margin}."


def markup_of(rule: Rule) -> str:
    """`8% + $0.30`."""
    parts = [f"{percent(rule.percent)}%"] if rule.percent or not rule.flat else []
    parts += [str(rule.flat)] if rule.flat else []
    return " + ".join(parts)


def _read_one(name: str, value: str) -> object:
    if name in {"flat", "minimum"}:
        return amount(value)
    if name == "percent":
        return _percent(value)
    if name == "user_id":
        return _customer(value)
    if name == "since":
        return date.fromisoformat(value) if value else None
    if len(value) > LONGEST_NAME or bool(value) != bool(bare(value)):
        raise ValueError(name)
    return value


def _percent(value: str) -> Decimal:
    if len(value) > LONGEST_TYPED:
        raise InvalidOperation(value)
    return Decimal(value.removesuffix("%").strip().replace(",", ".") or "0")


def _customer(value: str) -> int | None:
    user_id = number(value)
    if value and user_id is None:
        raise ValueError(value)
    return user_id
