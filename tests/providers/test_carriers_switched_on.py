"""Which carrier services a process has, by its settings alone."""

from itertools import product

import pytest

from core.modes import ApiMode
from providers.carriers.configured import CarrierNotConfigured, carriers_of
from tests.providers.stand import KEY, Stand, says, shop_settings

TEST, PRODUCTION = ApiMode.TEST, ApiMode.PRODUCTION
TWINS = ("shipengine", "shipstation")
CARRIERS = {"carriers": [{"carrier_id": "se-1"}]}


def test_those_with_a_key_stand_side_by_side_in_each_mode():
    settings = shop_settings(
        shipengine_test_key=KEY,
        shipstation_test_key=KEY,
        shipstation_production_key="live",
    )

    carriers = carriers_of(settings)

    assert carriers.names(TEST) == ["easypost", "shipengine", "shipstation"]
    assert carriers.names(PRODUCTION) == ["shipstation"]
    assert carriers.get("shipengine", TEST).name == "shipengine"
    with pytest.raises(CarrierNotConfigured):
        carriers.get("shipengine", PRODUCTION)


def test_each_service_has_its_own_address_and_a_key_for_each_mode():
    with Stand() as stand:
        settings = shop_settings(
            **{f"{name}_{mode}_key": f"{name} {mode}" for name in TWINS for mode in ApiMode},
            **{f"{name}_url": f"{stand.url}/{name}" for name in TWINS},
        )
        carriers = carriers_of(settings)
        stand.play(*[says(200, CARRIERS)] * 4)

        for mode, name in product(ApiMode, TWINS):
            carriers.get(name, mode).balance()

    asked = [(asked.path, asked.headers["api-key"]) for asked in stand.asked]
    assert asked == [
        (f"/{name}/carriers", f"{name} {mode}") for mode, name in product(ApiMode, TWINS)
    ]


def test_account_ids_are_read_as_people_write_lists():
    settings = shop_settings(shipengine_carrier_ids=" se-1, se-2 ,")

    assert settings.shipengine_carrier_ids == ("se-1", "se-2")
    assert settings.shipstation_carrier_ids == ()
    switched = carriers_of(shop_settings(shipengine_carrier_ids="se-1", shipengine_test_key=KEY))
    assert switched.get("shipengine", TEST).account.endswith(",se-1")
