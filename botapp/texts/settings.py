"""What the customer has chosen to be told, and when."""

from datetime import datetime

from botapp.language import clock_time, gettext as _
from botapp.markup import Html, fill, lines, paragraphs
from core.quiet import QuietHours, clock_of
from models.user import User


def button() -> str:
    return _("Notifications")


def settings(user: User) -> Html:
    return paragraphs(
        fill(_("<b>Notifications</b>")),
        lines(
            fill(_("News of your parcels: <b>on</b>"))
            if user.hears_of_parcels
            else fill(_("News of your parcels: <b>off</b>")),
            _quiet(user),
        ),
        fill(
            _(
                "In quiet hours, news of parcels waits until the morning. Labels and money are "
                "always told at once."
            )
        ),
    )


def _quiet(user: User) -> Html:
    """Hours are told by the customer's clock in any case, so that is always named."""
    if user.quiet is None:
        clock = fill(_("Time zone: <b>{zone}</b>"), zone=zone_name(user.zone)) if user.zone else ""
        return lines(fill(_("Quiet hours: <b>none</b>")), clock)
    if not user.zone:
        told = _("Quiet hours: <b>{hours}</b>, once you have chosen a time zone")
        return fill(told, hours=hours(user.quiet))
    return fill(
        _("Quiet hours: <b>{hours}</b>, {zone} time"),
        hours=hours(user.quiet),
        zone=zone_name(user.zone),
    )


def no_news() -> str:
    return _("Turn parcel news off")


def news() -> str:
    return _("Turn parcel news on")


def hours(hours: QuietHours) -> str:
    """So short that two stand in a row of a phone."""
    return {
        QuietHours(21, 7): _("9 PM - 7 AM"),
        QuietHours(22, 8): _("10 PM - 8 AM"),
        QuietHours(23, 9): _("11 PM - 9 AM"),
    }[hours]


def never_quiet() -> str:
    return _("No quiet hours")


def zone_button() -> str:
    return _("Time zone")


def ask_zone() -> Html:
    return paragraphs(
        fill(_("<b>Where is your clock?</b>")),
        fill(_("Tap the place that shows your time.")),
    )


def zone_now(zone: str, now: datetime) -> str:
    """With its time, by which people know their own."""
    return f"{zone_name(zone)} {clock_time(now.astimezone(clock_of(zone)))}"


def zone_name(zone: str) -> str:
    return {
        "America/New_York": _("Eastern"),
        "America/Chicago": _("Central"),
        "America/Denver": _("Mountain"),
        "America/Phoenix": _("Arizona"),
        "America/Los_Angeles": _("Pacific"),
        "America/Anchorage": _("Alaska"),
        "Pacific/Honolulu": _("Hawaii"),
        "America/Puerto_Rico": _("Puerto Rico"),
        "America/Mexico_City": _("Mexico"),
        "Europe/Madrid": _("Madrid"),
        "Europe/Moscow": _("Moscow"),
    }[zone]
