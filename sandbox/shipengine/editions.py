"""One service under two names: what ShipEngine v1 and ShipStation v2 do differently."""

from dataclasses import dataclass

ADDRESS = ("name", "address_line1", "city_locality", "state_province", "postal_code")

ERROR = ("error_source", "error_type", "error_code", "message")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """With `refunds` it is told what becomes of a void; without, nobody learns it but by the money.

    `more_calls`: addresses are checked, any parcel is tracked, labels found by external id.
    `brief` errors do not name a carrier or a field but in their message, and a 500 says nothing.
    """

    name: str
    prefix: str
    error_source: str
    address_fields: tuple[str, ...]
    brief: bool
    refunds: bool
    more_calls: bool
    webhook_type: str
    webhook_path: str

    def error(self, error: dict[str, str]) -> dict[str, str]:
        """As this edition words it; without a source it is the service itself that refuses."""
        worded = {"error_source": self.error_source, **error}
        return {name: worded[name] for name in ERROR} if self.brief else worded


SHIPENGINE = Edition(
    name="shipengine",
    prefix="/shipengine/v1",
    error_source="shipengine",
    address_fields=ADDRESS,
    brief=False,
    refunds=True,
    more_calls=True,
    webhook_type="API_TRACK",
    webhook_path="/tracking?carrier_code={carrier}&tracking_number={code}",
)
SHIPSTATION = Edition(
    name="shipstation",
    prefix="/shipstation/v2",
    error_source="ShipStation",
    address_fields=(*ADDRESS, "phone", "country_code", "address_residential_indicator"),
    brief=True,
    refunds=False,
    more_calls=False,
    webhook_type="TRACK_EVENT_V2",
    webhook_path="/labels/{label_id}/track",
)
EDITIONS = (SHIPENGINE, SHIPSTATION)
