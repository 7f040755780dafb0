"""The pages of one order, one payment, one customer, and the dashboard."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from core.addresses import Address
from core.customs import ContentsType, Customs, CustomsItem
from core.errors import Doubtful, Unavailable
from core.jobs import Job
from core.modes import ApiMode
from core.money import Money
from models.audit import AuditEntry
from models.connection import collection
from models.order import Order, OrderState
from models.payment import PaymentState
from providers.carriers.base import CarrierRefused
from providers.payments.base import PaymentProviderDown
from services.erasing import erase_orders
from tests.factories import (
    LabelFactory,
    NoteFactory,
    NoticeFactory,
    OrderFactory,
    PaymentFactory,
    post_payment,
)
from tests.fakes import PDF
from tests.shop import BUYER
from webapp.operators import RoleName


@pytest.fixture
def done(shop, owner) -> Order:
    """Bought as by a customer."""
    shop.credit(5_000)
    order = shop.place()
    shop.work()
    return shop.orders.get(order.id)


def words(page: str) -> str:
    """What is read, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_an_erased_orders_page_says_so_and_still_tells_its_money(owner, done):
    Order.objects.update(unset__follow_at=True)
    now = done.moved_at + timedelta(days=180)
    for _ in range(2):
        erase_orders(collection("orders"), {"_id": done.id}, now=now, kept=timedelta(0))

    page = words(owner.read(f"/admin/orders/{done.id}"))
    listed = words(owner.read("/admin/orders/"))
    file = owner.get(f"/admin/orders/{done.id}/label.pdf")

    assert "The addresses, and what was declared, were erased" in page
    assert str(done.price) in page
    assert done.tracking_code in page
    assert "Ask where it is" not in page
    assert "John Smith" not in page
    assert "Erased" in listed
    assert (file.status_code, file.text) == (404, "There is no label to show: erased.\n")


def test_an_orders_page_tells_everything_that_happened_with_its_money(owner, done):
    page = words(owner.read(f"/admin/orders/{done.id}"))

    assert done.status is OrderState.DONE
    story = page[page.index("What happened") :]
    happened = ["new", "Ledger: hold", "held", "buying", "bought", "Ledger: capture", "done"]
    places = [story.index(f" {one} ") for one in happened]
    assert places == sorted(places)
    assert story.index("Message: label ready") > 0
    for told in (str(done.price), str(done.cost), str(done.price - done.cost), done.tracking_code):
        assert told in page
    assert "John Smith 350 5th Ave New York, NY 10118" in page
    assert "Re-check" not in page


def test_an_orders_page_shows_what_the_customs_were_told_and_that_the_form_was_sent(shop, owner):
    shop.carrier.form_urls = ("http://form/1",)
    mugs = CustomsItem("mugs", 3, Money(2_450), Decimal(36), origin="CN", tariff="6912.00")
    shop.credit(5_000)
    order = shop.place()
    Order.objects(pk=order.id).update_one(
        set__customs=Customs(ContentsType.GIFT, (mugs,), "Maria O'Brien")
    )

    shop.work()

    page = words(owner.read(f"/admin/orders/{order.id}"))
    assert "Customs: gift 3 x mugs, $24.50, 36 oz, made in CN, HS 6912.00" in page
    assert "Signed by Maria O&#39;Brien" in page
    assert "Message: customs form" in page


def test_addresses_are_shown_as_typed_and_never_run(owner):
    order = OrderFactory(
        recipient=Address(
            name="<script>alert(1)</script>",
            company="O'Brien & Sons #4",
            street="350 5th Ave",
            city="New York",
            state="NY",
            zip="10118",
        ),
        tracking_url="javascript:alert(1)",
    )

    page = owner.read(f"/admin/orders/{order.id}")

    assert "&lt;script&gt;alert(1)" in page
    assert "O&#39;Brien &amp; Sons #4" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_the_label_is_shown_inside_the_page_and_can_be_taken_away(owner, done):
    page = owner.read(f"/admin/orders/{done.id}")
    shown = owner.get(f"/admin/orders/{done.id}/label.pdf")
    taken = owner.get(f"/admin/orders/{done.id}/label.pdf/download")

    assert f'<iframe class="label" src="/admin/orders/{done.id}/label.pdf#' in page
    assert (shown.data, shown.mimetype) == (PDF, "application/pdf")
    assert shown.headers["Content-Disposition"] == f'inline; filename="{done.id}.pdf"'
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert taken.data == PDF
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["X-Frame-Options"] == "DENY"


def test_an_order_without_a_label_says_so(owner, shop):
    order = OrderFactory()
    shop.carrier.file_instead.append(Unavailable(provider="easypost"))
    lost = OrderFactory(done=True)

    assert "There is no label yet." in owner.read(f"/admin/orders/{order.id}")
    for one in (order.id, lost.id, "L-NONE"):
        assert owner.get(f"/admin/orders/{one}/label.pdf").status_code == 404


def test_a_recheck_of_an_unknown_order_finds_its_label(owner, shop):
    shop.credit(5_000)
    shop.carrier.after.append(Doubtful(provider="easypost"))
    shop.carrier.find_instead.append(Unavailable(provider="easypost"))
    order = shop.place()
    shop.work()
    path = f"/admin/orders/{order.id}"
    unknown = owner.read(path)

    answer = owner.press(f"{path}/check", on=path)

    assert ("Unknown" in unknown or "unknown" in unknown, "Re-check" in unknown) == (True, True)
    assert (answer.status_code, answer.location) == (302, path)
    assert shop.jobs.asked == [(Job.DRIVE_ORDER, order.id)]
    shop.work()
    assert shop.orders.get(order.id).status is OrderState.DONE
    assert len(shop.carrier.sold) == 1
    entry = AuditEntry.objects.get(act="re-check order")
    assert (entry.by, entry.subject) == ("owner@shop.example", order.id)


def test_a_finished_order_cannot_be_rechecked(owner, done, shop):
    path = f"/admin/orders/{done.id}"

    owner.press(f"{path}/check", on=path)

    assert "there is nothing to check" in owner.read(path)
    assert (shop.jobs.asked, AuditEntry.objects.count()) == ([], 0)


def test_a_refused_order_shows_the_reason_and_the_money_given_back(owner, shop):
    shop.credit(5_000)
    shop.carrier.instead.append(CarrierRefused(provider="easypost", told="Account is <empty>"))
    order = shop.place()
    shop.work()

    page = words(owner.read(f"/admin/orders/{order.id}"))

    assert "Ledger: release" in page
    assert "Account is &lt;empty&gt;" in page
    assert "Message: order refused" in page


def test_a_payments_page_has_the_entry_and_the_notices(owner):
    payment = PaymentFactory(status=PaymentState.PAID, provider_id="42424242")
    post_payment(payment)
    notice = NoticeFactory(provider_id="42424242", status="paid")

    page = owner.read(f"/admin/payments/{payment.id}")

    assert "Ledger: top-up" in page
    assert f"/admin/notices/{notice.id}" in page
    assert "Check with the provider" not in page


def test_a_payment_that_never_got_its_invoice_has_a_page_too(owner):
    payment = PaymentFactory(status=PaymentState.NEW, provider_id=None)

    page = owner.read(f"/admin/payments/{payment.id}")

    assert "The provider has not told us anything by itself." in page
    assert "Ledger:" not in page


def test_a_note_leads_to_the_order_or_payment_it_tells_of(owner):
    NoteFactory(facts={"order_id": "L-1"})
    NoteFactory(facts={"payment_id": "T-1"})

    page = owner.read("/admin/outbox/")

    assert 'href="/admin/orders/L-1"' in page
    assert 'href="/admin/payments/T-1"' in page


def test_checking_a_payment_credits_what_was_paid_once(owner, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    path = f"/admin/payments/{payment.id}"
    shop.pay(payment)

    answer = owner.press(f"{path}/check", on=path)
    told = owner.read(path)
    owner.press(f"{path}/check", on=path)

    assert (answer.status_code, answer.location) == (302, path)
    assert "The payment is paid." in told
    assert "be checked: nothing to check." in owner.read(path)
    assert shop.balance() == (2_500, 0)
    assert AuditEntry.objects(act="check payment").count() == 1


def test_a_silent_provider_is_said_and_changes_nothing(owner, shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    path = f"/admin/payments/{payment.id}"
    shop.provider.troubles.append(PaymentProviderDown(provider="oxapay"))

    owner.press(f"{path}/check", on=path)

    assert "The provider does not answer now" in owner.read(path)
    assert shop.balance() == (0, 0)


def test_a_customers_balance_is_the_ledgers_in_the_list_too(owner, shop):
    post_payment(PaymentFactory(user_id=BUYER, amount=Money(2_500)))
    shop.ledger.hold(BUYER, Money(750), "L-1")

    page = words(owner.read(f"/admin/customers/{BUYER}"))
    listed = words(owner.read("/admin/customers/"))

    assert "Available $17.50 Held $7.50" in page
    assert "$17.50 $7.50" in listed


def test_the_dashboard_names_what_needs_a_person_with_a_way_there(owner, done):
    payment = PaymentFactory(status=PaymentState.REVIEW)
    NoteFactory(status="undeliverable")

    page = owner.read("/admin/")

    assert f'href="/admin/payments/{payment.id}"' in page
    assert 'href="/admin/outbox/?status=undeliverable"' in page
    told = words(page)
    assert f"Labels bought 1 1 in test mode Revenue {done.price} Cost {done.cost}" in told
    assert "Top-ups $50.00 1 by OxaPay: $50.00" in told


def test_a_new_shop_needs_nobody(owner):
    page = owner.read("/admin/")

    assert "Nothing. The shop runs by itself." in page
    assert "No customer has ordered a label yet." in page


def test_an_owner_goes_into_production_only_on_purpose(owner, shop):
    assert "labels are samples, no real money" in owner.read("/admin/orders/")

    owner.press("/admin/modes/api", mode="production")
    hasty = shop.modes.get_api_mode_cached()
    owner.press("/admin/modes/api", mode="nonsense", sure="yes")
    owner.press("/admin/modes/api", mode="production", sure="yes")

    assert (hasty, shop.modes.get_api_mode_cached()) == (ApiMode.TEST, ApiMode.PRODUCTION)
    page = owner.read("/admin/")
    assert "no real money" not in page
    assert "Set by owner@shop.example" in page
    assert [(entry.act, entry.subject) for entry in AuditEntry.objects] == [
        ("set api_mode", "production")
    ]


def test_an_owner_closes_and_opens_the_shop(owner, shop):
    owner.press("/admin/modes/maintenance", maintenance="on")
    closed = shop.modes.get_maintenance_mode_cached()
    page = owner.read("/admin/orders/")
    owner.press("/admin/modes/maintenance", maintenance="nonsense")
    owner.press("/admin/modes/maintenance", maintenance="off")

    assert closed is True
    assert "new work is refused" in page
    assert shop.modes.get_maintenance_mode_cached() is False


def test_an_operator_without_a_role_sees_nothing(app, log_in):
    desk = log_in(RoleName.SUPPORT)
    desk.read("/admin/")
    app.extensions["security"].datastore.user_model.objects.update(set__role_names=[])

    for path in ("/admin/", "/admin/orders/", "/admin/ledger/"):
        answer = desk.get(path)
        assert (answer.status_code, "not for you" in answer.text) == (403, True), path


def test_labels_are_listed_with_their_checksum(owner):
    label = LabelFactory()

    assert label.sha256 in owner.read(f"/admin/labels/{label.id}")
