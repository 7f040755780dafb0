"""The page of prices: who may, what is typed wrong, and nothing published but what was shown."""

import re
from decimal import Decimal

import pytest

from core.money import Money
from core.pricing import PriceList, Rule
from models.audit import AuditEntry
from models.pricing import PriceVersion, VersionState
from tests.shop import BUYER
from webapp.operators import RoleName

LIST, DRAFT = "/admin/pricing/", "/admin/pricing/1"
ACTS, PREVIEW = "/admin/pricing/draft", "/admin/pricing/draft/preview"
SETTINGS = Rule(percent=Decimal(5), minimum=Money(50))


def words(page):
    """What is read, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def stamp():
    return PriceVersion.objects.draft().stamp


def begin(desk):
    desk.press("/admin/pricing/begin", on=LIST)


def send(desk, verb, **fields):
    """As the draft's page would, now."""
    return desk.press(f"{ACTS}/{verb}", on=DRAFT, **{"stamp": stamp(), **fields})


def publish(desk, **fields):
    told = {"stamp": stamp(), "reason": "a new year", **fields}
    return desk.press(f"{ACTS}/publish", on=PREVIEW, **told)


def test_a_shop_without_versions_shows_the_settings_markup(owner):
    page = words(owner.read(LIST))

    assert "In force: the settings' markup" in page
    assert "Every rate everybody publication 5% $0.50" in page
    assert "No version yet" in page
    assert "Begin a draft" in page


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.OWNER])
def test_finance_and_owners_write_a_draft(log_in, role):
    desk = log_in(role)
    begin(desk)

    answer = send(desk, "rules", carrier="USPS", percent="7.25", flat="0.30", minimum="0.75")
    send(desk, "least-margin", least_margin="0.25")

    assert (answer.status_code, answer.location) == (302, DRAFT)
    usps = Rule(carrier="USPS", percent=Decimal("7.25"), flat=Money(30), minimum=Money(75))
    assert PriceVersion.objects.get().prices == PriceList((SETTINGS, usps), Money(25))
    page = words(desk.read(DRAFT))
    assert "USPS (every service) everybody publication 7.25% + $0.30 $0.75" in page
    assert [entry.by for entry in AuditEntry.objects] == [f"{role}@shop.example"] * 3


def test_only_an_owner_publishes(log_in, shop):
    finance, owner = log_in(RoleName.FINANCE), log_in(RoleName.OWNER)
    begin(finance)
    send(finance, "rules", carrier="USPS", percent="20")

    assert "Only an owner can publish." in finance.read(PREVIEW)
    assert "Publish version 1" not in words(finance.read(PREVIEW))
    refused = finance.press(f"{ACTS}/publish", on=DRAFT, stamp=stamp(), reason="mine")
    assert refused.status_code == 403
    assert PriceVersion.objects.last() == 0
    answer = publish(owner, reason="<b>USPS</b> got dearer")

    assert (answer.status_code, answer.location) == (302, DRAFT)
    page = owner.read(DRAFT)
    assert "Version 1 is in force: the next quote is priced by it." in page
    assert "Published by owner@shop.example" in page
    assert "&lt;b&gt;USPS&lt;/b&gt; got dearer" in page
    assert shop.quote().rule_version == "v1"
    last = AuditEntry.objects.order_by("-id").first()
    assert (last.by, last.act, last.subject) == (
        "owner@shop.example",
        "publish prices",
        "prices v1",
    )


def test_support_sees_no_prices_and_changes_none(log_in):
    owner, support = log_in(RoleName.OWNER), log_in(RoleName.SUPPORT)
    begin(owner)
    before = PriceVersion.objects.get().to_mongo()

    assert LIST not in support.read("/admin/")
    assert LIST in owner.read("/admin/")
    for path in (LIST, DRAFT, PREVIEW):
        assert support.get(path).status_code == 403
    for verb in ("rules", "rules/0", "rules/0/remove", "least-margin", "discard", "publish"):
        fields = {"stamp": stamp(), "percent": "1", "reason": "x", "sure": "yes"}
        answer = support.press(f"{ACTS}/{verb}", on="/admin/", **fields)
        assert answer.status_code == 403, verb
    assert support.press("/admin/pricing/begin").status_code == 403

    assert PriceVersion.objects.get().to_mongo() == before
    assert AuditEntry.objects.count() == 1


def test_a_rule_is_changed_in_a_form_that_shows_it(owner, shop):
    begin(owner)
    send(owner, "rules", carrier="USPS", service="Priority", user_id=str(BUYER), since="2026-12-24")

    form = owner.read(f"{DRAFT}?change=0")
    for shown in ('value="USPS"', 'value="Priority"', f'value="{BUYER}"', 'value="2026-12-24"'):
        assert shown in form
    assert "Change the rule for USPS Priority" in words(form)
    send(owner, "rules/0", carrier="UPS", percent="9")

    assert PriceVersion.objects.get().prices.rules[0] == Rule(carrier="UPS", percent=Decimal(9))
    send(owner, "rules/0/remove")
    assert PriceVersion.objects.get().prices == PriceList((SETTINGS,))
    assert "Add a rule" in owner.read(f"{DRAFT}?change=7")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"percent": "eight"}, "A number, as 8 or 7.25."),
        ({"percent": "sNaN"}, "From 0 to 500, with at most four decimals."),
        ({"percent": "1e-400"}, "From 0 to 500, with at most four decimals."),
        ({"percent": "9e99999"}, "From 0 to 500, with at most four decimals."),
        ({"percent": "NaN"}, "From 0 to 500, with at most four decimals."),
        ({"percent": "501"}, "From 0 to 500, with at most four decimals."),
        ({"percent": "-1"}, "From 0 to 500, with at most four decimals."),
        ({"percent": "1" * 30}, "A number, as 8 or 7.25."),
        ({"flat": "1.234"}, "An amount in dollars, as 0.30."),
        ({"minimum": "-1"}, "An amount in dollars, as 0.50."),
        ({"minimum": "1000.01"}, "From $0 to $1,000.00."),
        ({"service": "Priority"}, "Name the carrier of this service."),
        ({"carrier": "U" * 61}, "Letters and digits, at most 60 characters."),
        ({"carrier": "---", "percent": "1"}, "Letters and digits, at most 60 characters."),
        ({"carrier": "USPS", "user_id": "maria"}, "A customer's Telegram id: digits only."),
        ({"user_id": "404"}, "We have not met this customer."),
        ({"carrier": "USPS", "since": "Christmas"}, "A day, as 2026-12-24."),
        ({}, "There is a rule for these rates from this day on. Change that one."),
    ],
)
def test_what_is_typed_wrong_is_told_beside_it_and_kept(owner, typed, told):
    begin(owner)
    seen = stamp()

    answer = send(owner, "rules", **typed)

    assert answer.status_code == 422
    assert told.replace("'", "&#39;") in answer.text
    for value in typed.values():
        assert f'value="{value}"' in answer.text
    assert ('aria-invalid="true"' in answer.text) == bool(typed)
    assert stamp() == seen


def test_percent_and_amounts_are_read_as_people_type_them(owner):
    begin(owner)

    send(owner, "rules", carrier=" USPS ", percent="7,5 %", flat="$0,30", minimum="1")

    expected = Rule(carrier="USPS", percent=Decimal("7.5"), flat=Money(30), minimum=Money(100))
    assert PriceVersion.objects.get().prices.rules[0] == expected


def test_the_rule_for_the_rest_can_be_changed_but_not_removed(owner):
    begin(owner)

    assert "/rules/0/remove" not in owner.read(DRAFT)
    send(owner, "rules/0/remove")
    assert "One rule has to price what no other names" in owner.read(DRAFT)
    narrowed = send(owner, "rules/0", carrier="USPS", percent="1")
    assert "One rule has to price what no other names" in narrowed.text
    send(owner, "rules/0", percent="6", minimum="0.55")

    rest = Rule(percent=Decimal(6), minimum=Money(55))
    assert PriceVersion.objects.get().prices == PriceList((rest,))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a lot", "The least margin is an amount in dollars, as 0.25."),
        ("1000.01", "The least margin is from $0 to $1,000.00."),
    ],
)
def test_a_least_margin_that_makes_no_sense_is_told(owner, typed, told):
    begin(owner)

    send(owner, "least-margin", least_margin=typed)

    assert told in owner.read(DRAFT)
    assert PriceVersion.objects.get().prices.least_margin == Money(0)


def test_the_preview_shows_the_figures_before_the_button(owner, shop):
    """Ground (700) was sold, Priority and Express were offered: 5% and at least $0.50, now 10%."""
    shop.credit(50_000)
    shop.place()
    shop.work()
    begin(owner)
    send(owner, "rules/0", percent="10")
    send(owner, "least-margin", least_margin="0.80")

    page = owner.read(PREVIEW)

    told = words(page)
    assert "1 quote of the last 30 days in test mode, priced again by the settings" in told
    assert "Labels sold 1 from these quotes Revenue $7.80 $7.50 now Cost $7.00" in told
    assert "Margin $0.80 $0.50 now Change +$0.30" in told
    assert "Quotes at the floor 1 of 1" in told
    assert "USPS Ground Advantage 1 $7.00 $7.50 $7.80 +$0.30 $0.50 $0.80 1" in told
    assert "USPS Express 1 $30.00 $31.50 $33.00 +$1.50 $1.50 $3.00 0" in told
    assert "In all 3 $15.67 $16.50 $17.27 +$0.77 $0.83 $1.60 1" in told
    assert page.index("Quotes at the floor") < page.index("Publish version 1")


def test_the_preview_looks_at_other_periods_and_at_days_to_come(owner, shop):
    shop.quote()
    shop.clock.turn(days=10)
    begin(owner)
    send(owner, "rules", percent="50", since="2027-01-12")
    send(owner, "rules", carrier="Nobody", percent="1")

    today = words(owner.read(PREVIEW))
    then = words(owner.read(f"{PREVIEW}?on=2027-01-12&days=90"))
    week = words(owner.read(f"{PREVIEW}?days=7&on=nonsense"))

    assert "Prices of today From 12 Jan 2027" in today
    assert "USPS Express 1 $30.00 $31.50 $31.50 0 $1.50 $1.50 0" in today
    assert "USPS Express 1 $30.00 $31.50 $45.00 +$13.50 $1.50 $15.00 0" in then
    assert "as on 12 Jan 2027" in then
    assert "Nobody asked for rates in this time." in week
    assert "0 quotes of the last 7 days" in week
    assert "Nobody (every service) everybody publication 1% $0.00 none" in today


def test_what_somebody_has_changed_since_it_was_shown_is_not_published(owner):
    begin(owner)
    send(owner, "rules", carrier="USPS", percent="20")
    seen = stamp()
    send(owner, "least-margin", least_margin="1")

    publish(owner, stamp=seen)

    assert "Somebody has changed, published or discarded the draft" in owner.read(PREVIEW)
    assert PriceVersion.objects.last() == 0


def test_a_form_of_an_older_draft_changes_nothing_and_keeps_what_was_typed(owner):
    begin(owner)
    seen = stamp()
    send(owner, "least-margin", least_margin="1")

    added = send(owner, "rules", stamp=seen, carrier="DHL", percent="3")
    changed = send(owner, "rules/0", stamp=seen, percent="3")

    assert added.status_code == 422
    assert 'value="DHL"' in added.text
    assert "Somebody has changed, published or discarded the draft" in added.text
    assert (changed.status_code, changed.location) == (302, DRAFT)
    assert PriceVersion.objects.get().prices == PriceList((SETTINGS,), Money(100))


def test_a_publication_needs_a_reason_and_a_change(owner):
    begin(owner)
    publish(owner)
    assert "there is nothing to publish" in owner.read(PREVIEW)
    send(owner, "rules/0", percent="6")

    publish(owner, reason=" ")

    assert "Say why: the reason stays with the version." in owner.read(PREVIEW)
    assert PriceVersion.objects.get().status is VersionState.DRAFT


def test_a_draft_is_discarded_only_on_purpose(owner):
    begin(owner)

    send(owner, "discard")
    kept = PriceVersion.objects.count()
    send(owner, "discard", sure="yes")

    assert (kept, PriceVersion.objects.count()) == (1, 0)
    assert "The draft is gone." in owner.read(LIST)
    assert owner.get(PREVIEW).location == LIST
    assert owner.get(DRAFT).status_code == 404
    late = owner.press(f"{ACTS}/rules", on=LIST, stamp="gone", carrier="DHL")
    assert (late.status_code, late.location) == (302, LIST)


@pytest.mark.parametrize("junk", ["%00", "-1", "1e9", "x" * 300, "<script>alert(1)</script>", "²"])
def test_rubbish_in_an_address_breaks_no_page(owner, junk):
    begin(owner)

    for path in (f"{DRAFT}?change={junk}", f"{PREVIEW}?days={junk}&on={junk}", f"{LIST}?q={junk}"):
        assert "<script>alert" not in owner.read(path)
    broken = send(owner, "rules", **dict.fromkeys(("carrier", "service", "since", "percent"), junk))

    assert broken.status_code == 422
    assert "<script>alert" not in broken.text


def test_versions_are_listed_found_and_begun_again_from(owner):
    for percent in ("6", "7"):
        begin(owner)
        owner.press(f"{ACTS}/rules/0", on=LIST, stamp=stamp(), percent=percent)
        owner.press(f"{ACTS}/publish", on=LIST, stamp=stamp(), reason=f"now {percent}")

    page = owner.read(LIST)
    assert "In force: version 2" in page
    assert page.index("now 7") < page.index("now 6")
    assert "now 6" not in owner.read(f"{LIST}?q=v2")
    assert "Version 2 in force" in words(owner.read("/admin/pricing/2"))
    assert "Version 1 published" in words(owner.read("/admin/pricing/1"))
    owner.press("/admin/pricing/begin", on="/admin/pricing/1", like="1")

    assert PriceVersion.objects.draft().prices == PriceVersion.objects.fetch(1).prices
    assert "Begin a draft" not in owner.read("/admin/pricing/1")
    owner.press("/admin/pricing/begin", on=LIST)
    assert "There is a draft already." in owner.read(LIST)
    assert 'href="/admin/pricing/3"' in owner.read(f"{LIST}?status=draft")
