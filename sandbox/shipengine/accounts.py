"""The carriers behind ShipEngine and ShipStation, and what each of them offers."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.carrier.rating import FEDEX, UPS, USPS, Service, service

PACKAGE = {
    "package_code": "package",
    "name": "Package",
    "description": "A box or another thick parcel of the sender's own.",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """`service.name` is the service code, `letter` is printed large on the label."""

    service: Service
    title: str
    letter: str


@dataclass(frozen=True, slots=True)
class Account:
    """A funded account is paid from the shop's balance; the others are billed by the carrier."""

    carrier_id: str
    code: str
    carrier: str
    friendly_name: str
    tracking_page: str
    offers: tuple[Offer, ...]
    funded: bool = False

    @property
    def nickname(self) -> str:
        return f"Sandbox account - {self.friendly_name}"


def _offer(carrier: str, code: str, printed: str, prices: str, days: tuple[int, ...]) -> Offer:
    """`printed` is the letter and then the title."""
    letter, _, title = printed.partition(" ")
    girth = {"usps_ground_advantage": 130}.get(code, 108 if carrier == USPS else 165)
    return Offer(service(carrier, code, prices, days, girth), title, letter)


STAMPS_COM = Account(
    "se-700001",
    "stamps_com",
    USPS,
    "Stamps.com",
    "https://tools.usps.com/go/TrackConfirmAction?tLabels=",
    (
        _offer(
            USPS,
            "usps_ground_advantage",
            "G USPS Ground Advantage",
            "5.11 0.35 0.42 0.11",
            (2, 3, 4, 5),
        ),
        _offer(
            USPS, "usps_priority_mail", "P USPS Priority Mail", "6.71 0.28 0.55 0.20", (1, 2, 2, 3)
        ),
        _offer(
            USPS,
            "usps_priority_mail_express",
            "E USPS Priority Mail Express",
            "27.90 2.05 2.05 0.47",
            (1, 1, 1, 2),
        ),
    ),
    funded=True,
)
UPS_ACCOUNT = Account(
    "se-700002",
    "ups",
    UPS,
    "UPS",
    "https://www.ups.com/track?tracknum=",
    (
        _offer(UPS, "ups_ground", "GND UPS® Ground", "8.79 0.43 0.38 0.09", (1, 3, 4, 5)),
        _offer(UPS, "ups_3_day_select", "3 UPS 3 Day Select®", "13.40 1.15 0.80 0.24", (3,)),
        _offer(UPS, "ups_2nd_day_air", "2 UPS 2nd Day Air®", "17.70 1.80 1.17 0.36", (2,)),
        _offer(UPS, "ups_next_day_air", "1 UPS Next Day Air®", "37.95 4.15 1.95 0.61", (1,)),
    ),
)
FEDEX_ACCOUNT = Account(
    "se-700003",
    "fedex",
    FEDEX,
    "FedEx",
    "https://www.fedex.com/fedextrack/?trknbr=",
    (
        _offer(FEDEX, "fedex_ground", "GND FedEx Ground®", "9.05 0.41 0.36 0.10", (1, 3, 4, 5)),
        _offer(
            FEDEX, "fedex_express_saver", "XS FedEx Express Saver®", "14.20 1.16 0.84 0.25", (3,)
        ),
        _offer(FEDEX, "fedex_2day", "2D FedEx 2Day®", "16.75 1.82 1.09 0.35", (2,)),
        _offer(
            FEDEX,
            "fedex_standard_overnight",
            "SO FedEx Standard Overnight®",
            "36.80 3.90 1.89 0.59",
            (1,),
        ),
    ),
)
ACCOUNTS = {account.carrier_id: account for account in (STAMPS_COM, UPS_ACCOUNT, FEDEX_ACCOUNT)}


def account_of(carrier_code: str) -> Account | None:
    """USPS is also known by its own name, not only by that of its reseller."""
    wanted = {"usps": "stamps_com"}.get(carrier_code, carrier_code)
    return next((account for account in ACCOUNTS.values() if account.code == wanted), None)


def shown(account: Account, balance: Decimal) -> dict[str, Any]:
    """One entry of `GET /carriers`."""
    return {
        "carrier_id": account.carrier_id,
        "carrier_code": account.code,
        "account_number": f"sandbox_{account.carrier_id.removeprefix('se-')}",
        "requires_funded_amount": account.funded,
        "balance": float(balance) if account.funded else 0.0,
        "nickname": account.nickname,
        "friendly_name": account.friendly_name,
        "primary": False,
        "has_multi_package_supporting_services": False,
        "supports_label_messages": True,
        "services": [_service(account, offer) for offer in account.offers],
        "packages": [PACKAGE],
        "options": [{"name": "non_machinable", "default_value": "False", "description": ""}],
    }


def _service(account: Account, offer: Offer) -> dict[str, Any]:
    return {
        "carrier_id": account.carrier_id,
        "carrier_code": account.code,
        "service_code": offer.service.name,
        "name": offer.title,
        "domestic": True,
        "international": False,
        "is_multi_package_supported": False,
    }
