"""`POST /addresses/validate`: what the post knows of an address."""

from typing import Any

from sandbox.carrier import places
from sandbox.shipengine import errors, shapes

Document = dict[str, Any]
# The street with which tests ask for an answer that is half a yes.
HALF_KNOWN = "partial"
TROUBLES = {
    "E.ADDRESS.NOT_FOUND": ("a1002", "address_not_found", "The address was not found."),
    "E.HOUSE_NUMBER.MISSING": ("a1003", "missing_house_number", "The house number is missing."),
}


def validated(given: Any) -> list[Document]:
    if not isinstance(given, list) or not given:
        raise errors.body_required()
    return [_one(address) for address in given]


def _one(given: Document) -> Document:
    original = shapes.address(given)
    if original["country_code"] != "US":
        text = "The country is not supported."
        message = _message("a1000", "unsupported_country", text, "warning")
        return _answer("unverified", original, None, message)
    plain = _plain(original)
    if failures := places.failures(plain):
        code, detail, text = TROUBLES[failures[0]["code"]]
        return _answer("error", original, None, _message(code, detail, text, "error"))
    matched = _matched(original, places.delivered_as(plain))
    if HALF_KNOWN in plain["street1"].lower():
        text = "The address was verified to the street only."
        message = _message("a1004", "partially_verified_to_street_level", text, "warning")
        return _answer("warning", original, matched, message)
    return _answer("verified", original, matched)


def _answer(
    status: str, original: Document, matched: Document | None, *messages: Document
) -> Document:
    return {
        "status": status,
        "original_address": original,
        "matched_address": matched,
        "messages": list(messages),
    }


def _message(code: str, detail: str, text: str, kind: str) -> Document:
    return {"code": code, "message": text, "type": kind, "detail_code": detail}


def _plain(address: Document) -> Document:
    """In the words of the places."""
    return {
        "name": address["name"],
        "company": address["company_name"],
        "street1": address["address_line1"] or "",
        "street2": address["address_line2"],
        "city": address["city_locality"],
        "state": address["state_province"],
        "zip": address["postal_code"],
    }


def _matched(original: Document, delivered: Document) -> Document:
    """Capitals, ZIP+4, and an empty second line, as it was recorded."""
    return original | {
        "name": delivered["name"],
        "company_name": delivered["company"],
        "address_line1": delivered["street1"],
        "address_line2": "",
        "city_locality": delivered["city"],
        "state_province": delivered["state"],
        "postal_code": delivered["zip"],
        "address_residential_indicator": "yes" if delivered["residential"] else "no",
    }
