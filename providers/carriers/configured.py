"""The carrier services that this shop has keys for."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Refusal
from core.modes import ApiMode
from core.settings import Settings
from providers.carriers import easypost, shipengine
from providers.carriers.base import Carrier


class CarrierNotConfigured(Refusal):
    """No key for a carrier service in this mode. Facts: `mode`."""


@dataclass(frozen=True, slots=True)
class ConfiguredCarriers:
    """The carrier services that have a key, by mode."""

    by_mode: Mapping[ApiMode, Mapping[str, Carrier]]

    def get(self, name: str, mode: ApiMode) -> Carrier:
        carrier = self.by_mode[mode].get(name)
        if carrier is None:
            raise CarrierNotConfigured(mode=mode, name=name)
        return carrier

    def names(self, mode: ApiMode) -> list[str]:
        if not self.by_mode[mode]:
            raise CarrierNotConfigured(mode=mode)
        return list(self.by_mode[mode])


def carriers_of(settings: Settings) -> ConfiguredCarriers:
    """Those that have a key, in the order in which they are asked."""
    by_mode: dict[ApiMode, dict[str, Carrier]] = {}
    for mode in ApiMode:
        offered = (
            easypost.connect(settings, mode),
            shipengine.connect(settings, mode),
            shipengine.connect_shipstation(settings, mode),
        )
        by_mode[mode] = {carrier.name: carrier for carrier in offered if carrier is not None}
    return ConfiguredCarriers(by_mode)
