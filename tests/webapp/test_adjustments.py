"""Finance corrects a balance: once a form, with a reason, above the limit with a witness."""

import re
from uuid import uuid4

import pytest

from core.money import Money
from models.adjustment import Adjustment, AdjustmentState
from models.audit import AuditEntry
from services.ledger import Cause
from tests.shop import BUYER
from webapp.operators import Operator, RoleName

PAGE = f"/admin/customers/{BUYER}"
SAID = {"direction": "credit", "amount": "5", "reason": "sorry for the delay"}


def form_of(desk):
    return re.search(r'name="form" value="([^"]+)"', desk.read(PAGE))[1]


def send(desk, form, /, **changes):
    return desk.press(f"{PAGE}/adjust", **{"form": form, **SAID, **changes})


def another(log_in, email="second@shop.example"):
    """A second browser, of another operator of finance."""
    desk = log_in(RoleName.FINANCE)
    Operator.objects(email="finance@shop.example").update(set__email=email)
    return desk


def test_a_form_sent_twice_is_booked_once_audited_and_told(log_in, shop):
    desk = log_in(RoleName.FINANCE)
    form = form_of(desk)

    first, second = send(desk, form), send(desk, form)

    assert first.location == second.location == f"/admin/adjustments/{form}"
    assert "$5.00 is booked. The customer is told." in desk.read(first.location)
    assert shop.balance() == (500, 0)
    [entry] = AuditEntry.objects
    assert (entry.by, entry.act, entry.reason) == (
        "finance@shop.example",
        "adjust by $5.00",
        SAID["reason"],
    )
    assert f'href="{first.location}"' in desk.read(f"/admin/adjustments/?q={BUYER}")
    assert SAID["reason"] in desk.read(PAGE)


def test_each_page_has_a_form_of_its_own(owner, shop):
    for form in (form_of(owner), form_of(owner)):
        send(owner, form)

    assert shop.balance() == (1_000, 0)


def test_a_stale_form_with_something_else_in_it_moves_nothing(owner, shop):
    form = form_of(owner)
    send(owner, form)

    answer = send(owner, form, amount="50")

    assert answer.status_code == 422
    assert "This form was sent before with something else in it." in answer.text
    assert 'value="50"' in answer.text
    assert f'name="form" value="{form}"' not in answer.text
    assert shop.balance() == (500, 0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"amount": "five"}, "An amount in dollars"),
        ({"amount": "0"}, "More than nothing."),
        ({"amount": "-5"}, "An amount in dollars"),
        ({"reason": "  "}, "Say why: the customer reads it."),
        ({"direction": "sideways"}, "Credit or debit?"),
        ({"form": "mine"}, "This form was not ours."),
        ({"direction": "debit"}, "$5.00 is missing. Nothing is booked."),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(owner, shop, changes, told):
    answer = send(owner, form_of(owner), **changes)

    assert answer.status_code == 422
    assert told in answer.text
    assert f'value="{changes.get("amount", "5")}"' in answer.text
    assert shop.balance() == (0, 0)


def test_only_an_owner_takes_a_balance_below_zero(log_in, owner, shop):
    finance = log_in(RoleName.FINANCE)
    debit = {"direction": "debit", "overdraft": "yes"}

    refused = send(finance, form_of(finance), **debit)
    before = shop.balance()
    send(owner, form_of(owner), **debit)

    assert (refused.status_code, before, shop.balance()) == (403, (0, 0), (-500, 0))
    assert "below zero" not in finance.read(PAGE)


def test_support_sees_no_form_and_moves_no_money(log_in, shop):
    support = log_in(RoleName.SUPPORT)
    waiting = shop.adjustments.adjust(
        BUYER, Money(20_000), Cause("operator:ann@shop.example", "lost parcel"), form=uuid4()
    )

    page = support.read(PAGE) + support.read(f"/admin/adjustments/{waiting.id}")
    answers = [
        support.press(path, form=str(uuid4()), **SAID).status_code
        for path in (
            f"{PAGE}/adjust",
            f"{PAGE}/discount",
            f"/admin/adjustments/{waiting.id}/approve",
            f"/admin/adjustments/{waiting.id}/decline",
        )
    ]

    assert answers == [403] * 4
    assert not re.search("Adjust the balance|Set the discount|Approve|Decline", page)
    assert shop.balance() == (0, 0)
    assert Adjustment.objects.get().status is AdjustmentState.WAITING


def test_above_the_limit_another_operator_approves_once(log_in, owner, shop):
    at = send(owner, form_of(owner), amount="100.01").location
    before = shop.balance()
    mine = owner.read(at)
    owner.press(f"{at}/approve", on=at)
    own_approval = owner.read(at)
    second = another(log_in)

    theirs = second.read(at)
    for _ in range(2):
        second.press(f"{at}/approve", on=PAGE)

    assert "It waits for another operator" in mine
    assert ("Approve and book" in mine, "Take it back" in mine) == (False, True)
    assert "another operator has to approve it" in own_approval
    assert "Approve and book" in theirs
    assert "Somebody has decided already." in second.read(at)
    assert "Approve and book" not in second.read(at)
    assert (before, shop.balance()) == ((0, 0), (10_001, 0))
    assert Adjustment.objects.get().decided_by == "operator:second@shop.example"
    assert AuditEntry.objects(by="second@shop.example").count() == 1


def test_what_was_declined_meanwhile_is_not_approved(log_in, owner, shop):
    at = send(owner, form_of(owner), amount="100.01").location
    second = another(log_in)
    seen = second.read(at)

    owner.press(f"{at}/decline", on=at)
    second.press(f"{at}/approve", on=PAGE)

    assert "Approve and book" in seen
    assert "Somebody has decided already." in second.read(at)
    assert shop.balance() == (0, 0)


def test_a_debit_that_the_balance_no_longer_covers_is_refused_at_the_second_look(
    log_in, owner, shop
):
    shop.credit(20_000)
    at = send(owner, form_of(owner), direction="debit", amount="150").location
    shop.place()
    shop.adjustments.adjust(BUYER, Money(-10_000), Cause("operator:bob", "spent"), form=uuid4())
    held = shop.balance()

    another(log_in).press(f"{at}/approve", on=PAGE)

    assert "Refused: not enough money" in owner.read(at)
    assert shop.balance() == held


def test_finance_sets_a_discount_with_a_reason(log_in, shop):
    desk = log_in(RoleName.FINANCE)

    told = []
    for percent, reason in (("7,5", "many labels"), ("51", "more"), ("ten", "more"), ("5", " ")):
        desk.press(f"{PAGE}/discount", percent=percent, reason=reason)
        told += re.findall(r'role="status">([^<]+)', desk.read(PAGE))

    out_of_range = "A percentage from 0 to 50, with at most two decimals."
    assert told == [
        "The discount is 7.5% from the next quote on.",
        *[out_of_range] * 2,
        "Say why: the reason is kept.",
    ]
    assert shop.users.get(BUYER).discount_percent == "7.5"
    assert [entry.act for entry in AuditEntry.objects] == ["set discount to 7.5%"]


def test_a_statement_is_a_file_of_all_entries(owner, shop):
    shop.credit(2_500)
    shop.adjustments.adjust(BUYER, Money(-500), Cause("operator:ann", "=1+1"), form=uuid4())

    answer = owner.get(f"{PAGE}/statement.csv")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="statement-{BUYER}.csv"'
    lines = answer.text.splitlines()
    assert [line.split(",")[2:] for line in lines[1:]] == [["25.00", "25.00"], ["-5.00", "20.00"]]
    assert owner.get("/admin/customers/404/statement.csv").status_code == 404
