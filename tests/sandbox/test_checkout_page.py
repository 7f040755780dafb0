"""The checkout page in a browser: each button, on a phone and on a desk, by keyboard too."""

import re

import pytest
from playwright.sync_api import expect

from tests.sandbox.world import information, invoiced

pytestmark = pytest.mark.browser
SIZES = {"phone": (390, 844), "desk": (1200, 800)}


@pytest.fixture(params=SIZES)
def page(request, browser):
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    troubles = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text))
    yield page
    context.close()
    assert troubles == []


@pytest.fixture
def invoice(sandbox, shop):
    return invoiced(sandbox, shop, amount=1250, return_url="https://t.me/some_bot")


@pytest.mark.parametrize(
    ("button", "outcome"),
    [
        ("Pay $1,250.00", ("Paid", "paid", "1250")),
        ("Pay part", ("Not enough yet", "underpaid", "625.00")),
        ("Pay too much", ("Paid", "paid", "1255")),
        ("Pay late", ("Expired", "expired", "1250")),
        ("Send but wait", ("Payment seen", "paying", "0")),
        ("Let it expire", ("Expired", "expired", "0")),
    ],
)
def test_each_button_does_what_it_says(page, sandbox, invoice, button, outcome):
    page.goto(invoice["payment_url"])
    page.get_by_role("button", name=button).click()

    said = page.get_by_role("status").get_by_role("heading")
    expect(said).to_have_text(outcome[0])
    [book] = sandbox.books()["invoices"]
    assert (said.text_content(), book["status"], book["paid"]) == outcome


def test_the_page_says_what_is_paid_for_and_that_it_is_no_real_money(page, invoice):
    page.goto(invoice["payment_url"])

    expect(page.get_by_text("SANDBOX: no real money")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("$1,250.00")
    expect(page.get_by_text("top-up-1")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(59:\d\d|1:00:00)$"))
    expect(page.get_by_role("link", name="Back to the shop")).to_have_attribute(
        "href", "https://t.me/some_bot"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_chosen_coin_is_sent(page, sandbox, invoice):
    page.goto(invoice["payment_url"])
    page.get_by_role("radio", name="BTC").check()
    page.get_by_role("button", name="Pay $1,250.00").click()

    expect(page.get_by_text("in BTC")).to_be_visible()
    assert information(sandbox, invoice)["txs"][0]["currency"] == "BTC"


def test_the_rest_of_a_part_can_be_paid(page, sandbox, invoice):
    page.goto(invoice["payment_url"])
    page.get_by_role("button", name="Pay part").click()
    page.get_by_role("button", name="Pay $625.00").click()

    expect(page.get_by_role("status").get_by_role("heading")).to_have_text("Paid")
    assert information(sandbox, invoice)["status"] == "paid"


def test_confirmations_arrive_at_the_press_of_a_button(page, sandbox, invoice):
    page.goto(invoice["payment_url"])
    page.get_by_role("button", name="Send but wait").click()
    page.get_by_role("button", name="Let the confirmations arrive").click()

    expect(page.get_by_role("status").get_by_role("heading")).to_have_text("Paid")
    assert information(sandbox, invoice)["status"] == "paid"


def test_an_open_page_notices_what_happens_elsewhere(page, sandbox, invoice):
    page.goto(invoice["payment_url"])

    sandbox.pay(invoice["payment_url"], "1250")

    expect(page.get_by_role("status").get_by_role("heading")).to_have_text("Paid")
    expect(page.get_by_role("button")).to_have_count(0)


def test_it_can_be_paid_without_a_mouse(page, sandbox, invoice):
    page.goto(invoice["payment_url"])

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").get_by_role("heading")).to_have_text("Paid")
    assert information(sandbox, invoice)["txs"][0]["currency"] == "BTC"
