"""Addresses checked by the sandbox's ShipEngine; ShipStation checks none."""

import pytest

from tests.sandbox.shipengine_world import BUYER, V1, V2, Account


@pytest.fixture
def account(sandbox):
    return Account(sandbox, V1)


def checked(account, **changes):
    [answer] = account.ask("POST", "/addresses/validate", [BUYER | changes]).json()
    return answer


def test_a_good_address_comes_back_as_the_post_writes_it(account):
    answer = checked(account, address_line2="Apt 2")

    assert (answer["status"], answer["messages"]) == ("verified", [])
    assert answer["original_address"]["address_line1"] == "179 N Harbor Dr #4"
    matched = answer["matched_address"]
    assert matched["address_line1"] == "179 N HARBOR DR #4 APT 2"
    assert matched["address_line2"] == ""
    assert matched["city_locality"] == "REDONDO BEACH"
    assert matched["postal_code"].startswith("90277-")
    assert matched["phone"] == BUYER["phone"]
    assert matched["address_residential_indicator"] == "yes"


@pytest.mark.parametrize(
    ("changes", "status", "detail", "is_matched"),
    [
        ({"postal_code": "00001"}, "error", "address_not_found", False),
        ({"state_province": "NY"}, "error", "address_not_found", False),
        ({"address_line1": "Harbor Dr"}, "error", "missing_house_number", False),
        ({"address_line1": "1 Partial St"}, "warning", "partially_verified_to_street_level", True),
        ({"country_code": "FR"}, "unverified", "unsupported_country", False),
    ],
)
def test_a_doubtful_address_is_told_with_its_reason(account, changes, status, detail, is_matched):
    answer = checked(account, **changes)

    assert answer["status"] == status
    assert [message["detail_code"] for message in answer["messages"]] == [detail]
    assert (answer["matched_address"] is not None) == is_matched


def test_several_addresses_are_answered_in_their_order(account):
    two = [BUYER, BUYER | {"postal_code": "00001"}]

    answer = account.ask("POST", "/addresses/validate", two).json()

    assert [one["status"] for one in answer] == ["verified", "error"]


def test_nothing_to_check_is_refused_and_the_newer_one_does_not_check(account, sandbox):
    assert account.send("POST", "/addresses/validate", []).status_code == 400
    assert Account(sandbox, V2).send("POST", "/addresses/validate", [BUYER]).status_code == 404
