"""Pricing: the versions of the rules, the draft of the next one, its preview and publication."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from core.errors import Refusal
from core.pricing import Rule
from models.base import NotFound
from models.pricing import PriceVersion, VersionState
from services.previews import QUOTES_AT_MOST, Previews
from services.price_drafts import LONGEST_REASON, DraftMoved, PriceDrafts
from webapp.admin import cells, price_forms, price_lines
from webapp.admin.cells import Column
from webapp.admin.price_forms import BLANK, Typed
from webapp.admin.staff import FINANCE, acting, has_role, insist
from webapp.admin.views import ReadOnlyView, number
from webapp.operators import RoleName

PERIODS = (7, 30, 90)
USUAL_PERIOD = 30
DATES_AT_MOST = 8
WHY_NOT = {
    "draft_moved": "Somebody has changed, published or discarded the draft meanwhile. "
    "This is how it stands now; nothing of yours was done.",
    "draft_begun": "There is a draft already.",
    "reason_missing": "Say why: the reason stays with the version.",
    "nothing_changed": "The draft's rules are those in force: there is nothing to publish.",
    "unreadable_amount": "The least margin is an amount in dollars, as 0.25.",
    "wrong_rule": f"The least margin is {price_forms.RANGES['amount_range'].lower()}",
}


class PricingView(ReadOnlyView):
    """Finance and owners write the draft; only owners put it in force."""

    roles = FINANCE
    group = "Shop"
    title = "Pricing"
    about = "What customers pay on top of our cost, version by version."
    nothing_yet = "No version yet: the settings' markup prices everything."
    search_hint = "Version number"
    newest_by = "_id"
    choices = VersionState
    list_template = "prices.html"
    columns = (
        Column("id", "Version", lambda row: cells.link("pricing", row["_id"], f"v{row['_id']}")),
        Column("status", "Status", cells.badge_of("status")),
        Column("moved_at", "When", cells.time_of("moved_at")),
        Column("by", "By", cells.text_of("by")),
        Column("reason", "Reason", cells.text_of("reason")),
        Column("rules", "Rules", lambda row: str(len(row["prices"]["rules"])), numeric=True),
        Column(
            "least_margin",
            "Least margin",
            lambda row: cells.money(row["prices"]["least_margin"]),
            numeric=True,
        ),
    )

    def __init__(
        self, model: type[PriceVersion], *, drafts: PriceDrafts, previews: Previews
    ) -> None:
        self._drafts = drafts
        self._previews = previews
        super().__init__(model, "pricing")

    def find(self, term: str) -> list[dict[str, Any]]:
        version = number(term.removeprefix("v"))
        return [{"_id": version}] if version is not None else []

    def render(self, template: str, **told: Any) -> str:
        """Every page here tells rules and sums in the same words."""
        return super().render(
            template,
            **{"cells": cells, "forms": price_forms, "standing": self._standing(), **told},
        )

    @expose("/<record_id>")
    def details_view(self, record_id: str) -> str | Response:
        version: PriceVersion = PriceVersion.objects.fetch(self._number(record_id))
        if version.status is VersionState.DRAFT:
            return self._draft_page(version, BLANK, request.args.get("change", ""))
        return self.render("price_version.html", version=version, prices=version.prices)

    @expose("/begin", methods=("POST",))
    def begin(self) -> Response:
        like = number(request.form.get("like", ""))
        return self._act(lambda _: self._drafts.begin(by=acting(), like=like))

    @expose("/draft/rules", methods=("POST",))
    def add_rule(self) -> Response:
        return self._write(lambda stamp, rule: self._drafts.add(stamp, rule, by=acting()))

    @expose("/draft/rules/<int:index>", methods=("POST",))
    def change_rule(self, index: int) -> Response:
        return self._write(
            lambda stamp, rule: self._drafts.change(stamp, index, rule, by=acting()), str(index)
        )

    @expose("/draft/rules/<int:index>/remove", methods=("POST",))
    def remove_rule(self, index: int) -> Response:
        return self._act(
            lambda stamp: self._drafts.remove(stamp, index, by=acting()), "The rule is out."
        )

    @expose("/draft/least-margin", methods=("POST",))
    def set_least_margin(self) -> Response:
        def set_it(stamp: str) -> None:
            amount = price_forms.amount(request.form.get("least_margin", ""))
            self._drafts.set_least_margin(stamp, amount, by=acting())

        return self._act(set_it, "The least margin is set.")

    @expose("/draft/discard", methods=("POST",))
    def discard(self) -> Response:
        if request.form.get("sure") != "yes":
            flash("Tick that you don't need the draft any more.", "error")
            return self._back()
        return self._act(
            lambda stamp: self._drafts.discard(stamp, by=acting()), "The draft is gone."
        )

    @expose("/draft/preview")
    def preview(self) -> str | Response:
        draft = PriceVersion.objects.draft()
        if draft is None:
            flash("There is no draft to preview.", "info")
            return redirect(url_for(".index_view"))
        days = _period(request.args.get("days", ""))
        dates = self._dates(draft)
        asked = request.args.get("on", "")
        on = next((day for day in dates if day.isoformat() == asked), None)
        return self.render(
            "price_preview.html",
            draft=draft,
            preview=self._previews.replay(draft, days=days, on=on),
            lines=price_lines,
            days=days,
            periods=PERIODS,
            dates=dates,
            at_most=QUOTES_AT_MOST,
            longest_reason=LONGEST_REASON,
            can_publish=has_role([RoleName.OWNER]),
        )

    @expose("/draft/publish", methods=("POST",))
    def publish(self) -> Response:
        insist(RoleName.OWNER)
        reason = request.form.get("reason", "")
        try:
            version = self._drafts.publish(_stamp(), by=acting(), reason=reason)
        except Refusal as refusal:
            flash(WHY_NOT[refusal.code], "error")
            return redirect(url_for(".preview"))
        flash(f"Version {version.id} is in force: the next quote is priced by it.", "success")
        return redirect(url_for(".details_view", record_id=version.id))

    def _standing(self) -> dict[str, Any]:
        """Which version is in force, its prices, and the draft's number if there is one."""
        last, draft = PriceVersion.objects.last(), PriceVersion.objects.draft()
        return {
            "number": last,
            "prices": self._drafts.pricing.prices(last),
            "draft": draft.id if draft else None,
        }

    def _dates(self, draft: PriceVersion) -> list[date]:
        """Today, and the days to come on which one of the two versions changes its prices."""
        today = self._previews.clock.now().date()
        in_force = self._drafts.pricing.prices(PriceVersion.objects.last())
        rules = (*draft.prices.rules, *in_force.rules)
        to_come = {rule.since for rule in rules if rule.since and rule.since > today}
        return [today, *sorted(to_come)[:DATES_AT_MOST]]

    def _draft_page(self, draft: PriceVersion, typed: Typed, changing: str) -> str:
        """With the form of a new rule, or of the rule whose place is in `changing`."""
        rules, place = draft.prices.rules, number(changing)
        place = place if place is not None and place < len(rules) else None
        if place is not None and typed is BLANK:
            typed = price_forms.shown(rules[place])
        return self.render(
            "price_draft.html",
            draft=draft,
            rules=rules,
            place=place,
            typed=typed,
            seen=self._previews.services_seen(),
        )

    def _write(self, write: Callable[[str, Rule], None], changing: str = "") -> Any:
        """Add or change a rule; what is wrong with it is told beside its fields."""
        typed = price_forms.read(request.form)
        try:
            if typed.rule is not None:
                write(_stamp(), typed.rule)
                flash("The draft has the rule now.", "success")
                return self._back()
        except DraftMoved as refusal:
            if changing:
                flash(WHY_NOT[refusal.code], "error")
                return self._back()
            typed = Typed(typed.values, {"": WHY_NOT[refusal.code]})
        except Refusal as refusal:
            typed = Typed(typed.values, price_forms.problem_of(refusal))
        draft = PriceVersion.objects.draft()
        if draft is None:
            return self._back()
        page = self._draft_page(draft, typed, changing)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY

    def _act(self, act: Callable[[str], object], done: str = "") -> Response:
        try:
            act(_stamp())
            if done:
                flash(done, "success")
        except Refusal as refusal:
            told = WHY_NOT.get(refusal.code) or price_forms.ABOUT_THE_LIST[refusal.code]
            flash(told, "error")
        return self._back()

    def _back(self) -> Response:
        """To the draft, or to the list while there is none."""
        draft = PriceVersion.objects.draft()
        if draft is None:
            return redirect(url_for(".index_view"))
        return redirect(url_for(".details_view", record_id=draft.id))

    def _number(self, record_id: str) -> int:
        version = number(record_id)
        if version is None:
            raise NotFound(kind="price version", id=record_id)
        return version


def _stamp() -> str:
    """Of the draft that the operator saw."""
    return request.form.get("stamp", "")


def _period(asked: str) -> int:
    return next((days for days in PERIODS if str(days) == asked), USUAL_PERIOD)
