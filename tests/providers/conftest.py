"""Outside worlds for the providers' own tests."""

from collections.abc import Iterator

import pytest

from core.modes import ApiMode
from providers.carriers import easypost
from tests.providers.stand import Stand, shop_settings


@pytest.fixture
def stand() -> Iterator[Stand]:
    with Stand() as stand:
        yield stand


@pytest.fixture
def carrier(stand: Stand) -> easypost.EasyPost:
    settings = shop_settings(stand.url, carrier_timeout_seconds=0.5)
    carrier = easypost.connect(settings, ApiMode.TEST)
    assert carrier is not None
    return carrier
