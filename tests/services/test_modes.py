"""The switches: one truth, cached, changed everywhere at once."""

from core.modes import ApiMode
from models.audit import AuditEntry
from models.setting import Setting


def test_a_new_shop_is_open_and_in_test_mode(shop):
    assert shop.modes.get_api_mode_cached() is ApiMode.TEST
    assert shop.modes.get_maintenance_mode_cached() is False
    assert shop.modes.last_changes() == {}


def test_a_change_holds_at_once_and_is_audited(shop):
    shop.modes.get_api_mode_cached()

    shop.modes.set_api_mode(ApiMode.PRODUCTION, by="ann@shop")

    assert shop.modes.get_api_mode_cached() is ApiMode.PRODUCTION
    assert shop.modes.last_changes()["api_mode"].changed_by == "ann@shop"
    entry = AuditEntry.objects.get()
    assert (entry.by, entry.act, entry.subject) == ("ann@shop", "set api_mode", "production")


def test_the_cache_spares_the_reading(shop):
    shop.modes.set_maintenance_mode(on=True, by="ann")
    Setting.objects.delete()

    assert shop.modes.get_maintenance_mode_cached() is True


def test_a_lost_cache_is_read_from_the_database(shop):
    shop.modes.set_maintenance_mode(on=True, by="ann")
    shop.modes.flags.kept.clear()

    assert shop.modes.get_maintenance_mode_cached() is True
    assert shop.modes.flags.kept == {"maintenance_mode": "on"}


def test_a_switch_can_be_turned_back(shop):
    shop.modes.set_maintenance_mode(on=True, by="ann")
    shop.modes.set_maintenance_mode(on=False, by="bob")

    assert shop.modes.get_maintenance_mode_cached() is False
    assert AuditEntry.objects.count() == 2
