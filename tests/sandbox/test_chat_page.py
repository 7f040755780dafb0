"""The chat page in a real browser: two customers, a bot played by the test."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

pytest_plugins = ("tests.sandbox.telegram_fixtures",)
pytestmark = pytest.mark.browser

MARIA, JOHN = 1001, 1002


@pytest.fixture
def open_page(live, browser):
    """Opens the page in a window of a size; at the end nothing may have gone wrong in it."""
    troubles, contexts = [], []

    def opened(width=1280, height=800):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda request: strangers(request.url))
        page.goto(live.url)
        return page

    def strangers(url):
        if not url.startswith((live.url, "data:", "about:")):
            troubles.append(f"asked a stranger: {url}")

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []


def pane(page, chat_id):
    return page.locator(f'[data-chat="{chat_id}"]')


def start(page, chat_id):
    pane(page, chat_id).get_by_role("button", name="Start", exact=True).click()
    expect(pane(page, chat_id).get_by_role("log")).to_contain_text("/start")


def buttons(*rows):
    return {
        "inline_keyboard": [
            [{"text": text, "callback_data": f"do:{text}"} for text in row] for row in rows
        ]
    }


def press(page, live, label):
    """Presses a button of Maria's; returns the query that the bot is told."""
    with page.expect_response("**/press"):
        pane(page, MARIA).get_by_role("button", name=label).click()
    return live.updates()[-1]["callback_query"]


def test_the_start_button_begins_each_customers_own_chat(open_page, live):
    live.result("setMyDescription", description="Labels in the chat")
    page = open_page()
    expect(pane(page, MARIA)).to_contain_text("Labels in the chat")

    start(page, MARIA)
    live.result("sendMessage", chat_id=MARIA, text="Welcome, Maria")

    expect(pane(page, MARIA).get_by_role("log")).to_contain_text("Welcome, Maria")
    expect(pane(page, JOHN).get_by_role("button", name="Start", exact=True)).to_be_visible()
    [update] = live.updates()
    sender = update["message"]["from"]
    assert (sender["id"], sender["first_name"], sender["language_code"]) == (MARIA, "Maria", "en")


def test_enter_sends_shift_enter_breaks_the_line_and_a_paste_keeps_its_lines(open_page, live):
    page = open_page()
    start(page, MARIA)
    box = pane(page, MARIA).get_by_label("Message", exact=True)

    box.fill("Maria Lopez\n417 Montgomery St")
    box.press("Shift+Enter")
    box.type("San Francisco, CA 94104")
    box.press("Enter")

    expect(box).to_have_value("")
    log = pane(page, MARIA).get_by_role("log")
    expect(log).to_contain_text("417 Montgomery St\nSan Francisco", use_inner_text=True)
    text = "Maria Lopez\n417 Montgomery St\nSan Francisco, CA 94104"
    assert live.history(MARIA)["messages"][-1]["text"] == text


def test_a_button_is_pressed_answered_and_replaced_by_an_edit(open_page, live):
    page = open_page()
    start(page, MARIA)
    asked = live.result(
        "sendMessage", chat_id=MARIA, text="Pay?", reply_markup=buttons(["Pay $12.40"], ["Cancel"])
    )
    query = press(page, live, "Pay $12.40")
    key = pane(page, MARIA).get_by_role("button", name="Pay $12.40")
    expect(key).to_have_attribute("aria-busy", "true")

    live.result("answerCallbackQuery", callback_query_id=query["id"], text="One moment")
    live.result("editMessageText", chat_id=MARIA, message_id=asked["message_id"], text="Paid")

    assert query["data"] == "do:Pay $12.40"
    expect(pane(page, MARIA).locator(".toast")).to_have_text("One moment")
    expect(pane(page, MARIA).get_by_role("log")).to_contain_text("Paid")
    expect(key).to_have_count(0)
    expect(pane(page, MARIA).get_by_role("log")).to_contain_text("edited")


def test_an_answer_that_comes_before_the_press_has_returned_frees_the_button(open_page, live):
    page = open_page()
    start(page, MARIA)
    live.result("sendMessage", chat_id=MARIA, text="?", reply_markup=buttons(["Check"]))
    held = []

    def answer_first(route):
        response = route.fetch()
        live.result("answerCallbackQuery", callback_query_id=response.json()["id"], text="Done")
        held.append((route, response))

    page.route("**/press", answer_first)
    key = pane(page, MARIA).get_by_role("button", name="Check")
    key.click()
    expect(pane(page, MARIA).locator(".toast")).to_have_text("Done")
    expect(key).to_have_attribute("aria-busy", "true")

    [(route, response)] = held
    route.fulfill(response=response)

    expect(key).not_to_have_attribute("aria-busy", "true")


def test_an_alert_waits_for_the_customer(open_page, live):
    page = open_page()
    start(page, MARIA)
    live.result("sendMessage", chat_id=MARIA, text="?", reply_markup=buttons(["Check"]))
    query = press(page, live, "Check")

    live.result("answerCallbackQuery", callback_query_id=query["id"], text="No!", show_alert=True)

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("No!")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()


def test_a_url_button_and_a_document_open_in_tabs_of_their_own(open_page, live):
    page = open_page()
    start(page, MARIA)
    there = f"{live.url}/world/books"
    markup = {"inline_keyboard": [[{"text": "Pay", "url": there}]]}
    live.result("sendMessage", chat_id=MARIA, text="Bill", reply_markup=markup)
    files = {"document": ("label.txt", b"the label")}
    url = f"{live.url}/bot4:x/sendDocument"
    live.session.post(url, data={"chat_id": MARIA}, files=files, timeout=5)

    with page.context.expect_page() as bill:
        pane(page, MARIA).get_by_role("button", name="Pay").click()
    with page.context.expect_page() as label:
        pane(page, MARIA).get_by_role("link", name="label.txt").click()

    bill.value.wait_for_load_state()
    label.value.wait_for_load_state()
    assert bill.value.url == there
    assert label.value.inner_text("body") == "the label"


def test_words_of_the_bot_are_shown_and_never_run(open_page, live):
    page = open_page()
    start(page, MARIA)

    live.result(
        "sendMessage", chat_id=MARIA, parse_mode="HTML",
        text='<b>bold</b> &lt;img src=x onerror="alert(1)"&gt; <a href="https://a.example">a</a>',
    )  # fmt: skip

    log = pane(page, MARIA).get_by_role("log")
    expect(log).to_contain_text('<img src=x onerror="alert(1)">')
    expect(log.locator("img")).to_have_count(0)
    expect(log.locator("strong")).to_have_text("bold")
    expect(log.get_by_role("link", name="a", exact=True)).to_have_attribute(
        "href", "https://a.example"
    )


def test_a_picture_is_shown_and_a_file_is_sent(open_page, live):
    page = open_page()
    start(page, MARIA)
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(picture, "PNG")
    url = f"{live.url}/bot4:x/sendPhoto"
    photo = {"photo": ("qr.png", picture.getvalue())}
    live.session.post(url, data={"chat_id": MARIA}, files=photo, timeout=5)

    expect(pane(page, MARIA).get_by_role("img", name="Picture")).to_be_visible()
    page.wait_for_function("document.querySelector('.picture img').naturalWidth === 300")
    upload = pane(page, MARIA).get_by_label("Send a file")
    upload.set_input_files({"name": "batch.csv", "mimeType": "text/csv", "buffer": b"a,b"})

    expect(pane(page, MARIA).get_by_role("link", name="batch.csv")).to_be_visible()
    assert live.history(MARIA)["messages"][-1]["document"]["file_name"] == "batch.csv"


def test_commands_are_listed_filtered_and_sent(open_page, live):
    commands = [{"command": "new", "description": "New label"},
                {"command": "balance", "description": "Your money"}]  # fmt: skip
    live.result("setMyCommands", commands=commands)
    page = open_page()
    chat = pane(page, MARIA)

    chat.get_by_role("button", name="Commands").click()
    expect(chat.get_by_role("group", name="Commands")).to_contain_text("New label")
    page.keyboard.press("Escape")
    expect(chat.get_by_role("group", name="Commands")).to_be_hidden()
    chat.get_by_label("Message", exact=True).type("/b")
    chat.get_by_role("button", name="/balance").click()

    expect(chat.get_by_role("log")).to_contain_text("/balance")
    assert [one["text"] for one in live.history(MARIA)["messages"]] == ["/balance"]


def test_typing_shows_and_goes_with_the_message(open_page, live):
    page = open_page()
    start(page, MARIA)
    status = pane(page, MARIA).locator(".status")

    live.result("sendChatAction", chat_id=MARIA, action="typing")
    expect(status).to_have_text("typing…")
    live.result("sendMessage", chat_id=MARIA, text="Here")

    expect(status).to_have_text("bot")


def test_added_customers_write_from_telegrams_in_other_languages(open_page, live):
    page = open_page()
    for _ in range(2):
        page.get_by_role("button", name="Add a customer").click()

    for chat_id in (1003, 1004):
        start(page, chat_id)

    senders = [update["message"]["from"] for update in live.updates()[-2:]]
    assert [(sender["first_name"], sender["language_code"]) for sender in senders] == [
        ("Elena", "ru"),
        ("Carlos", "es"),
    ]


def test_a_reload_shows_the_same_chat_and_an_added_customer_stays(open_page, live):
    page = open_page()
    start(page, MARIA)
    sent = live.result("sendMessage", chat_id=MARIA, text="Kept")
    gone = live.result("sendMessage", chat_id=MARIA, text="Oops")
    page.get_by_role("button", name="Add a customer").click()
    expect(pane(page, 1003)).to_be_visible()

    page.reload()
    expect(pane(page, MARIA).get_by_role("log")).to_contain_text("Oops")
    live.result("deleteMessage", chat_id=MARIA, message_id=gone["message_id"])

    expect(pane(page, MARIA).get_by_role("log")).not_to_contain_text("Oops")
    kept = pane(page, MARIA).locator(f'[data-message-id="{sent["message_id"]}"]')
    expect(kept).to_contain_text("Kept")
    pane(page, 1003).get_by_label("More").click()
    pane(page, 1003).get_by_role("button", name="Close this chat").click()
    expect(pane(page, 1003)).to_have_count(0)


def test_a_customer_blocks_the_bot_and_takes_it_back(open_page, live):
    page = open_page()
    start(page, MARIA)
    chat = pane(page, MARIA)

    chat.get_by_label("More").click()
    chat.get_by_role("button", name="Block the bot").click()
    expect(chat).to_have_class(re.compile("blocked"))
    assert live.call("sendMessage", chat_id=MARIA, text="x")["error_code"] == 403
    chat.get_by_label("Message", exact=True).fill("hello")
    chat.get_by_role("button", name="Send", exact=True).click()

    expect(chat.locator(".toast")).to_contain_text("blocked the bot")
    expect(chat.get_by_label("Message", exact=True)).to_have_value("hello")


def test_a_phone_shows_one_customer_with_a_switcher_and_counts_what_is_unread(open_page, live):
    live.says(MARIA, "/start")
    page = open_page(390, 844)
    expect(pane(page, MARIA)).to_be_visible()
    expect(pane(page, JOHN)).to_be_hidden()

    page.get_by_role("button", name="John").click()
    live.result("sendMessage", chat_id=MARIA, text="Are you there?")

    expect(pane(page, JOHN)).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Maria"))).to_contain_text("1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_page_leads_to_the_operators_and_the_books(open_page):
    page = open_page()

    expect(page.get_by_role("link", name="Books")).to_have_attribute("href", "/world/books")
    expect(page.get_by_role("link", name="Operators")).to_have_count(0)
    expect(page.get_by_role("heading", name="Labeldesk sandbox")).to_be_visible()


def test_a_known_operators_page_is_linked(monkeypatch, request, browser):
    monkeypatch.setenv("SANDBOX_ADMIN_URL", "http://127.0.0.1:8080/admin")
    live = request.getfixturevalue("live")
    page = request.getfixturevalue("open_page")()

    link = page.get_by_role("link", name="Operators")

    expect(link).to_have_attribute("href", "http://127.0.0.1:8080/admin")
    assert live.updates() == []
