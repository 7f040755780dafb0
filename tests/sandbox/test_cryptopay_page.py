"""Crypto Pay's page in a browser: the look of the other one, and only what a wallet can do."""

import pytest
from playwright.sync_api import expect

from tests.sandbox.world import billed, stand_of

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
def invoice(sandbox):
    return billed(sandbox, amount="1250.00", paid_btn_url="https://t.me/some_bot")


@pytest.mark.parametrize(
    ("button", "outcome"),
    [("Pay $1,250.00", ("Paid", "paid")), ("Let it expire", ("Expired", "expired"))],
)
def test_each_button_does_what_it_says(page, sandbox, invoice, button, outcome):
    page.goto(invoice["bot_invoice_url"])
    page.get_by_role("button", name=button).click()

    expect(page.get_by_role("status").get_by_role("heading")).to_have_text(outcome[0])
    expect(page.get_by_role("button")).to_have_count(0)
    assert stand_of(sandbox, invoice) == outcome[1]


def test_the_page_says_what_is_paid_for_and_offers_nothing_a_wallet_cannot_do(page, invoice):
    page.goto(invoice["bot_invoice_url"])

    expect(page.get_by_text("SANDBOX: no real money")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("$1,250.00")
    expect(page.get_by_text("top-up-1")).to_be_visible()
    expect(page.get_by_text("A stand-in for Crypto Pay's checkout")).to_be_visible()
    expect(page.get_by_role("button")).to_have_text(["Pay $1,250.00", "Let it expirepay nothing"])
    expect(page.get_by_role("link", name="Back to the shop")).to_have_attribute(
        "href", "https://t.me/some_bot"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_chosen_coin_is_sent(page, invoice):
    page.goto(invoice["bot_invoice_url"])
    page.get_by_role("radio", name="TON").check()
    page.get_by_role("button", name="Pay $1,250.00").click()

    expect(page.get_by_text("in TON")).to_be_visible()


def test_an_open_page_notices_what_happens_elsewhere(page, sandbox, invoice):
    page.goto(invoice["bot_invoice_url"])

    sandbox.pay(invoice["bot_invoice_url"], "1250")

    expect(page.get_by_role("status").get_by_role("heading")).to_have_text("Paid")
    expect(page.get_by_role("button")).to_have_count(0)
