"""Which carrier services a process has, by its settings alone."""

import pytest

from bootstrap import CarrierNotConfigured, _carriers as switched_on
from core.modes import ApiMode
from tests.providers.stand import KEY, shop_settings

TEST, PRODUCTION = ApiMode.TEST, ApiMode.PRODUCTION


def test_those_with_a_key_stand_side_by_side_in_each_mode():
    settings = shop_settings(
        shipengine_test_key=KEY,
        shipstation_test_key=KEY,
        shipstation_production_key="live",
    )

    carriers = switched_on(settings)

    assert carriers.names(TEST) == ["easypost", "shipengine", "shipstation"]
    assert carriers.names(PRODUCTION) == ["shipstation"]
    assert carriers.get("shipengine", TEST).name == "shipengine"
    with pytest.raises(CarrierNotConfigured):
        carriers.get("shipengine", PRODUCTION)


def test_account_ids_are_read_as_people_write_lists():
    settings = shop_settings(shipengine_carrier_ids=" se-1, se-2 ,")

    assert settings.shipengine_carrier_ids == ("se-1", "se-2")
    assert settings.shipstation_carrier_ids == ()
