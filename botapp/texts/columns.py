"""Names of what a column of a file can be."""

from botapp.language import gettext as _
from botapp.texts.names import field_name
from core.addresses import FIELDS
from core.tables.columns import Column


def column_name(column: Column | str) -> str:
    """As `ZIP`, `weight in pounds`, or `sender: ZIP`."""
    name = str(column)
    if name.startswith("from_"):
        return _("sender: {field}").format(field=field_name(name.removeprefix("from_")))
    if name in FIELDS:
        return field_name(name)
    return {
        Column.FIRST_NAME: _("first name"),
        Column.LAST_NAME: _("last name"),
        Column.WEIGHT: _("weight"),
        Column.POUNDS: _("pounds"),
        Column.OUNCES: _("ounces"),
        Column.SIZES: _("sizes"),
        Column.LENGTH: _("length"),
        Column.WIDTH: _("width"),
        Column.HEIGHT: _("height"),
        Column.SERVICE: _("service"),
        Column.REFERENCE: _("order number"),
    }[Column(name)]


def column_button(column: Column | str) -> str:
    name = column_name(column)
    return name[:1].upper() + name[1:]
