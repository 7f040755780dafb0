"""What the customer is told of parcels, and when not."""

from typing import ClassVar

from botapp.screens.base import Leads, Screen, way_out
from botapp.screens.privacy import take_out
from botapp.states import Place
from botapp.texts import privacy, settings as texts
from botapp.turns import Turn
from botapp.views import Action, Choice, View
from core.quiet import PRESETS, ZONES

WANTED = {"on": True, "off": False}
HOURS = {"none": None} | {f"{hours.begin}-{hours.end}": hours for hours in PRESETS}


class Settings(Screen):
    """Each button names what is to be, not that it changes: pressed twice, it is still so."""

    place = Place.SETTINGS
    leads: ClassVar[Leads] = {
        Action.NEWS: {Place.SETTINGS},
        Action.QUIET: {Place.SETTINGS, Place.ZONE},
        Action.ZONE: Place.ZONE,
        Action.EXPORT: {Place.SETTINGS},
        Action.FORGET: Place.FORGET,
    }

    def show(self, turn: Turn) -> View:
        user = turn.shop.users.get(turn.user_id)
        news = (
            Choice(texts.no_news(), Action.NEWS, "off")
            if user.hears_of_parcels
            else Choice(texts.news(), Action.NEWS, "on")
        )
        hours = tuple(
            Choice(texts.hours(hours), Action.QUIET, name)
            for name, hours in HOURS.items()
            if hours and hours != user.quiet
        )
        never = (Choice(texts.never_quiet(), Action.QUIET, "none"),) if user.quiet else ()
        quiet = (*hours, *never, Choice(texts.zone_button(), Action.ZONE))
        yours = (
            Choice(privacy.export_button(), Action.EXPORT),
            Choice(privacy.forget_button(), Action.FORGET),
        )
        return View(texts.settings(user), ((news,), quiet[:2], quiet[2:], yours, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        users = turn.shop.users
        if action == Action.EXPORT:
            take_out(turn)
        elif action == Action.NEWS and argument in WANTED:
            users.hear_of_parcels(turn.user_id, wanted=WANTED[argument])
        elif action == Action.QUIET and argument in HOURS:
            hours = HOURS[argument]
            users.keep_quiet(turn.user_id, hours)
            if hours and not users.get(turn.user_id).zone:
                return Place.ZONE
        return super().press(turn, action, argument)


class Zone(Screen):
    place = Place.ZONE
    leads: ClassVar[Leads] = {
        Action.ZONE: {Place.SETTINGS},
        Action.BACK: Place.SETTINGS,
    }

    def show(self, turn: Turn) -> View:
        now = turn.shop.users.clock.now()
        zones = [Choice(texts.zone_now(zone, now), Action.ZONE, zone) for zone in ZONES]
        pairs = (tuple(zones[at : at + 2]) for at in range(0, len(zones), 2))
        return View(texts.ask_zone(), (*pairs, way_out()))

    def press(self, turn: Turn, action: str, argument: str) -> Place:
        if action != Action.ZONE or argument not in ZONES:
            return super().press(turn, action, argument)
        turn.shop.users.choose_zone(turn.user_id, argument)
        return Place.SETTINGS
