"""The two switches of the shop. MongoDB holds them, a cache spares the reading."""

from dataclasses import dataclass

from core.clock import Clock
from core.modes import ApiMode
from models.setting import Setting
from services.audits import Audits
from services.ports import Flags

CACHED_SECONDS = 60
API_MODE = "api_mode"
MAINTENANCE = "maintenance_mode"
ON, OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class Modes:
    flags: Flags
    audits: Audits
    clock: Clock

    def get_api_mode_cached(self) -> ApiMode:
        """Test until an operator says otherwise."""
        return ApiMode(self._read(API_MODE, ApiMode.TEST))

    def get_maintenance_mode_cached(self) -> bool:
        """True while new work is refused."""
        return self._read(MAINTENANCE, OFF) == ON

    def set_api_mode(self, mode: ApiMode, *, by: str) -> None:
        self._write(API_MODE, mode.value, by)

    def set_maintenance_mode(self, *, on: bool, by: str) -> None:
        self._write(MAINTENANCE, ON if on else OFF, by)

    def last_changes(self) -> dict[str, Setting]:
        """Who set each switch, and when; a switch never touched is left out."""
        return {row.id: row for row in Setting.objects(pk__in=[API_MODE, MAINTENANCE])}

    def _read(self, name: str, default: str) -> str:
        cached = self.flags.get(name)
        if cached is not None:
            return cached
        row = Setting.objects(pk=name).first()
        value = row.value if row else default
        self.flags.put(name, value, seconds=CACHED_SECONDS)
        return value

    def _write(self, name: str, value: str, by: str) -> None:
        """The cache is refreshed in the same breath, so that the change holds at once."""
        Setting.objects(pk=name).update_one(
            upsert=True, set__value=value, set__changed_by=by, set__changed_at=self.clock.now()
        )
        self.flags.put(name, value, seconds=CACHED_SECONDS)
        self.audits.record(by, f"set {name}", value)
