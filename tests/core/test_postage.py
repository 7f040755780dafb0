"""One service under the names of several providers."""

import pytest

from core.postage import family, product


@pytest.mark.parametrize(
    ("carrier", "known"),
    [
        ("USPS", "usps"),
        ("stamps_com", "usps"),
        ("UPSDAP", "ups"),
        ("ups_walleted", "ups"),
        ("FedExDefault", "fedex"),
        ("OnTrac V3", "ontracv3"),
    ],
)
def test_an_account_is_known_by_its_carrier(carrier, known):
    assert family(carrier) == known


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("USPS", "Priority"), ("stamps_com", "usps_priority_mail")),
        (("USPS", "Express"), ("usps", "usps_priority_mail_express")),
        (("USPS", "GroundAdvantage"), ("USPS", "usps_ground_advantage")),
        (("UPSDAP", "Ground"), ("ups", "ups_ground")),
        (("UPS", "2ndDayAir"), ("ups_walleted", "ups_2nd_day_air")),
        (("UPS", "UPSSaver"), ("ups", "ups_worldwide_saver")),
        (("FedEx", "FEDEX_2_DAY"), ("fedex", "fedex_2day")),
        (("FedExDefault", "STANDARD_OVERNIGHT"), ("fedex", "fedex_standard_overnight")),
        (("FedEx", "GROUND_HOME_DELIVERY"), ("fedex", "fedex_home_delivery")),
    ],
)
def test_the_same_service_is_recognised(one, other):
    assert product(*one) == product(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("USPS", "Express"), ("UPS", "Express")),
        (("USPS", "Priority"), ("USPS", "Express")),
        (("UPS", "Ground"), ("FedEx", "FEDEX_GROUND")),
        (("UPS", "UPS"), ("UPS", "Ground")),
    ],
)
def test_another_service_is_not(one, other):
    assert product(*one) != product(*other)
