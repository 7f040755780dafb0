"""When two services are the same one, whatever the provider that sells them calls them."""

import re

_FAMILIES = ("usps", "ups", "fedex", "dhl")
_USPS_RESELLERS = ("stamps", "endicia")
_KNOWN_AS = {
    ("usps", "prioritymail"): "priority",
    ("usps", "prioritymailexpress"): "express",
    ("usps", "firstclassmail"): "first",
    ("usps", "firstclass"): "first",
    ("usps", "prioritymailexpressinternational"): "expressmailinternational",
    ("usps", "firstclasspackageinternational"): "firstclasspackageinternationalservice",
    ("ups", "worldwidesaver"): "saver",
    ("ups", "worldwideexpress"): "express",
    ("ups", "worldwideexpressplus"): "expressplus",
    ("ups", "worldwideexpedited"): "expedited",
    ("fedex", "groundhomedelivery"): "homedelivery",
    ("fedex", "smartpost"): "groundeconomy",
}


def family(carrier: str) -> str:
    """The carrier behind an account's own name: `fedex` for FedExDefault, `usps` for stamps_com."""
    name = _letters(carrier)
    if name.startswith(_USPS_RESELLERS):
        return "usps"
    return next((known for known in _FAMILIES if name.startswith(known)), name)


def product(carrier: str, service: str) -> tuple[str, str]:
    """Equal for what a customer would call the same service: USPS Priority, usps_priority_mail."""
    whose = family(carrier)
    name = _letters(service)
    name = name.removeprefix(whose) or name
    return whose, _KNOWN_AS.get((whose, name), name)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
