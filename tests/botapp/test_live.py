"""The poller, the dispatcher and the bot over the sandbox's real HTTP, played by a customer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest

import bootstrap
from bootstrap import Platform
from botapp import poller as module
from botapp.handling import dispatcher_of, sweep
from botapp.poller import Poller
from botapp.sources import source_of
from core.jobs import Job
from models import connection, indexes
from models.draft import Draft
from models.inbox import Update
from models.order import Order
from tests.customer import Customer, wait_for

SENDER = "Maria O'Brien\n388 Townsend St\nSan Francisco, CA 94107"
RECIPIENT = "John Smith\n350 5th Ave\nNew York, NY 10118"


@dataclass
class PromptJobs:
    """Does each job at once in threads of its own, as a quick worker would."""

    platform: Platform | None = None
    at_work: list[Thread] = field(default_factory=list)

    def ask(self, job: Job, subject_id: str = "") -> None:
        assert self.platform is not None
        doers = {
            Job.DRIVE_ORDER: self.platform.orders.drive,
            Job.SETTLE_PAYMENT: self.platform.topups.settle,
            Job.SEND_NOTE: self.platform.outbox.send,
        }
        self.at_work.append(Thread(target=doers[job], args=(subject_id,)))
        self.at_work[-1].start()

    def nudge(self, job: Job) -> None:
        raise AssertionError("no notice comes here")


@pytest.fixture
def platform(settings) -> Iterator[Platform]:
    jobs = PromptJobs()
    platform = bootstrap.build(settings, make_jobs=lambda _: jobs)
    jobs.platform = platform
    indexes.ensure()
    yield platform
    for thread in jobs.at_work:
        thread.join()
    connection.disconnect()


@contextmanager
def running(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The bot's process, in threads of this one."""
    monkeypatch.setattr(module, "POLL_SECONDS", 1)
    stopping = Event()
    dispatcher = dispatcher_of(platform)
    poller = Poller(platform.telegram, source_of(platform), dispatcher, stopping)
    threads = [
        Thread(target=poller.run),
        Thread(target=sweep, args=(platform.inbox, dispatcher, stopping)),
    ]
    for thread in threads:
        thread.start()
    yield
    stopping.set()
    for thread in threads:
        thread.join()
    dispatcher.stop()


@pytest.fixture
def bot(platform, monkeypatch) -> Iterator[Platform]:
    with running(platform, monkeypatch):
        yield platform


def reach_price(customer: Customer) -> None:
    customer.say("/new")
    customer.wait_for("Where do you ship from?")
    customer.say(SENDER)
    customer.press("Looks right")
    customer.wait_for("Where does it go?")
    customer.say(RECIPIENT)
    customer.wait_for("Ship to")
    customer.press("Looks right")
    customer.wait_for("How heavy")
    customer.say("2 lb 10x8x4")
    customer.wait_for("Please check everything")
    customer.press("Get rates")
    customer.wait_for("Rates to New York, NY")
    customer.press("USPS Ground")


def test_from_start_through_a_top_up_to_the_pdf(bot, sandbox):
    customer = sandbox.customer()
    customer.say("/start")
    customer.press("Top up")
    customer.press("$25")
    customer.wait_for("Top-up of $25.00")
    sandbox.pay(customer.link("Pay $25.00"), "25.00")
    customer.press("Check payment")
    customer.wait_for("Your balance is $25.00")
    reach_price(customer)
    customer.wait_for("from your balance of $25.00")

    customer.press("Pay $")
    caption = customer.wait_for("Your label is ready")["caption"]

    [order] = Order.objects
    [(name, pdf)] = customer.documents()
    [label] = sandbox.books()["labels"]
    assert (name, pdf[:5]) == (f"label-{order.id}.pdf", b"%PDF-")
    assert order.tracking_code in caption
    assert label["tracking_code"] == order.tracking_code
    assert wait_for(lambda: "Bought:" in customer.transcript())


def test_two_taps_on_pay_at_once_buy_one_label(bot, sandbox):
    customer = sandbox.customer()
    customer.say("/start")
    credit(bot, customer)
    reach_price(customer)
    message = customer.wait_for("from your balance")
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]

    for _ in range(2):
        sandbox.post(
            f"/chats/{customer.chat_id}/press", {"message_id": message["message_id"], "data": data}
        )
    customer.wait_for("Your label is ready")
    assert wait_for(lambda: Update.objects(handled_at=None).count() == 0)

    assert Order.objects.count() == 1
    assert len(sandbox.books()["labels"]) == 1
    assert len(customer.documents()) == 1


def test_ten_messages_in_a_burst_are_heard_in_order(bot, sandbox):
    customer = sandbox.customer()
    customer.say("/new")
    customer.press("Field by field")
    customer.wait_for("Full name?")

    for word in ("Maria O'Brien", "O'Brien & Sons", "388 Townsend St", "Apt 20", "94107"):
        customer.say(word)
    customer.say("415-555-2671")
    customer.wait_for("Is this right?")
    for word in (RECIPIENT, "not an address", "/new", "/balance"):
        customer.say(word)
    customer.wait_for("No movements yet")

    [label] = Draft.objects.get(pk=customer.chat_id).data["aside"]
    sender = {key: value for key, value in label["sender"].items() if value}
    assert sender == {
        "name": "Maria O'Brien",
        "company": "O'Brien & Sons",
        "street": "388 Townsend St",
        "street2": "Apt 20",
        "zip": "94107",
        "city": "San Francisco",
        "state": "CA",
        "phone": "+14155552671",
    }
    assert label["recipient"]["name"] == "John Smith"


def test_an_update_that_telegram_sends_twice_counts_once(bot, sandbox):
    customer = sandbox.customer()
    sandbox.misbehave("telegram", "getUpdates", "update_twice", times=3)

    customer.say("/start")
    customer.wait_for("What would you like to do?")
    customer.press("Help")
    customer.wait_for("How it works")
    assert wait_for(lambda: Update.objects(handled_at=None).count() == 0)

    answers = [message for message in customer.messages() if message["from"]["is_bot"]]
    assert len(answers) == 1
    assert Update.objects.count() == 2


def test_a_new_process_goes_on_where_the_old_one_was(platform, sandbox, monkeypatch):
    customer = sandbox.customer()
    with running(platform, monkeypatch):
        customer.say("/new")
        customer.wait_for("Where do you ship from?")
    customer.say(SENDER)
    customer.say("/balance")

    with running(platform, monkeypatch):
        customer.wait_for("Available:")
        customer.press("Back")
        customer.press("Continue label")
        customer.wait_for("Maria O'Brien")

    assert Draft.objects.get(pk=customer.chat_id).screen == "address"


def test_a_carrier_that_fails_is_told_and_tried_again(bot, sandbox):
    customer = sandbox.customer()
    customer.say("/start")
    credit(bot, customer)
    sandbox.misbehave("easypost", "POST /shipments", "error_500", times=1)
    customer.say("/new")
    customer.wait_for("Where do you ship from?")
    for words in (SENDER, RECIPIENT):
        customer.say(words)
    customer.wait_for("John Smith")
    customer.press("Looks right")
    customer.wait_for("How heavy")
    customer.say("2 lb 10x8x4")
    customer.press("Get rates")
    customer.wait_for("The carriers don't answer right now")

    customer.press("Get rates")

    customer.wait_for("Rates to New York, NY")


def test_a_blocked_bot_and_a_customer_who_comes_back(bot, sandbox):
    customer = sandbox.customer()
    customer.say("/start")
    customer.wait_for("What would you like to do?")
    sandbox.post(f"/chats/{customer.chat_id}/block", {})
    gone = wait_for(lambda: bot.users.get(customer.chat_id).unreachable_at)
    sandbox.post(f"/chats/{customer.chat_id}/unblock", {})

    customer.say("/help")

    customer.wait_for("How it works")
    assert gone is not None
    assert bot.users.get(customer.chat_id).unreachable_at is None


def test_telegram_away_for_a_moment_loses_nothing(bot, sandbox):
    customer = sandbox.customer()
    sandbox.misbehave("telegram", "POST /sendMessage", "error_500", times=2)
    sandbox.misbehave("telegram", "POST /getUpdates", "error_500", times=1)

    customer.say("/start")

    customer.wait_for("What would you like to do?")


def credit(platform: Platform, customer: Customer) -> None:
    customer.wait_for("What would you like to do?")
    payment = platform.topups.open(customer.chat_id, bootstrap.Money(2_500))
    customer.sandbox.pay(payment.url, "25.00")
    platform.topups.settle(payment.id)
    customer.wait_for("$25.00 has arrived")
