"""Which payment providers a process has, by its settings alone."""

import pytest

from core.settings import Settings, WrongSettings
from providers.payments.configured import switched_on
from tests.providers.stand import KEY, shop_settings


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        ({}, ["oxapay", "cryptopay"]),
        ({"oxapay_key": None}, ["cryptopay"]),
        ({"cryptopay_token": None}, ["oxapay"]),
        ({"oxapay_key": None, "cryptopay_token": None}, []),
        ({"payment_providers": "cryptopay, oxapay"}, ["cryptopay", "oxapay"]),
        ({"payment_providers": ("cryptopay",)}, ["cryptopay"]),
    ],
)
def test_those_with_a_key_are_on_in_the_order_of_the_settings(keys, names):
    providers = switched_on(shop_settings(**keys))

    assert list(providers) == names
    assert [provider.name for provider in providers.values()] == names


def test_the_order_is_read_from_the_environment_as_people_write_it(monkeypatch):
    monkeypatch.setenv("LABELDESK_PAYMENT_PROVIDERS", "cryptopay,oxapay")
    named = shop_settings().model_dump(exclude={"payment_providers"})

    assert Settings(_env_file=None, **named).payment_providers == ("cryptopay", "oxapay")


@pytest.mark.parametrize("name", ["paypal", "", "os.path", "../oxapay"])
def test_one_that_nobody_has_written_stops_the_process_by_its_name(name):
    with pytest.raises(WrongSettings) as stopped:
        switched_on(shop_settings(payment_providers=("oxapay", name), oxapay_key=KEY))

    told = f"Setting LABELDESK_PAYMENT_PROVIDERS: there is no {name}."
    assert str(stopped.value) == told
