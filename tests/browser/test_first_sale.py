"""The first sale with mouse and keyboard: chat, checkout, PDF, then the operators' pages."""

import io

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from sandbox.plan import OPERATOR
from tests.harness import PASSWORD
from tests.journeys.steps import FROM, TO, books_agree

pytestmark = [pytest.mark.browser, pytest.mark.journey]
MARIA = 1001


class Chat:
    """Maria's pane of the chat page."""

    def __init__(self, page):
        self.page = page
        self.pane = page.locator(f'[data-chat="{MARIA}"]')
        self.log = self.pane.get_by_role("log")

    def press(self, label):
        self.log.get_by_role("button", name=label).last.click()

    def say(self, text):
        self.pane.get_by_label("Message", exact=True).fill(text)
        self.pane.get_by_role("button", name="Send", exact=True).click()

    def sees(self, words):
        expect(self.log).to_contain_text(words, timeout=40_000)


def pay_on_the_checkout_page(chat):
    with chat.page.context.expect_page() as opening:
        chat.log.get_by_role("button", name="Pay $25.00").last.click()
    checkout = opening.value
    expect(checkout.get_by_text("25.00").first).to_be_visible()
    checkout.get_by_role("button", name="Pay", exact=False).first.click()
    expect(checkout.get_by_text("Paid", exact=False).first).to_be_visible()
    checkout.close()


def buy_a_label(chat):
    chat.press("New label")
    chat.sees("Where do you ship from?")
    chat.say(FROM)
    chat.press("Looks right")
    chat.sees("Where does it go?")
    chat.say(TO)
    chat.press("Looks right")
    chat.sees("How heavy is the parcel?")
    chat.say("2 lb 10x8x4")
    chat.press("Get rates")
    chat.sees("Rates to New York, NY")
    chat.press("USPS Ground")
    chat.sees("from your balance of $25.00")
    chat.press("Pay $")
    chat.sees("Your label")


def pdf_in_the_chat(chat):
    link = chat.log.locator("a", has_text=".pdf").last
    expect(link).to_be_visible(timeout=40_000)
    answer = chat.page.request.get(link.evaluate("link => link.href"))
    assert answer.ok
    return answer.body()


def log_in(page):
    page.get_by_label("E-mail").fill(OPERATOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_a_newcomer_buys_a_label_and_an_operator_sees_all_of_it(shop, open_page):
    chat = Chat(open_page(shop.sandbox.url))
    chat.pane.get_by_role("button", name="Start", exact=True).click()
    chat.sees("$0.00")
    chat.press("Top up")
    chat.press("$25")
    chat.sees("How would you like to pay?")
    chat.press("OxaPay")
    chat.sees("Pay with the button below")
    pay_on_the_checkout_page(chat)
    chat.sees("$25.00 is on your balance")

    buy_a_label(chat)
    label = pdf_in_the_chat(chat)

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(label)).pages)
    assert "SAMPLE" in text
    assert "NEW YORK" in text.upper()

    admin = open_page(f"{shop.web}/admin/")
    log_in(admin)
    expect(admin.get_by_role("heading", name="Dashboard")).to_be_visible()
    admin.get_by_role("link", name="Orders").first.click()
    admin.get_by_role("link", name="L-").first.click()
    story = admin.locator("section", has_text="What happened").first
    for step in ("held", "buying", "bought", "done", "Ledger: hold", "Ledger: capture"):
        expect(story).to_contain_text(step)
    admin.get_by_role("link", name="Ledger").first.click()
    for kind in ("Top-up", "Hold", "Capture"):
        expect(admin.locator("table")).to_contain_text(kind, ignore_case=True)
    books_agree(shop, labels={MARIA: 1})


def test_the_chat_works_on_a_phone(shop, open_page):
    page = open_page(shop.sandbox.url, 390, 844)

    pane = page.locator(f'[data-chat="{MARIA}"]')
    expect(pane).to_be_visible()

    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
