"""Every flow of the shop, played side by side in English, Spanish and Russian.

With BOT_DEATHS=10 the bot is killed as often meanwhile, at any moment.
"""

import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from itertools import count, product
from pathlib import Path
from random import Random

import pytest

from botapp.language import languages
from botapp.texts.customs import EXAMPLE, LONGER_EXAMPLE
from tests.batches import bad, good, table
from tests.journeys.desk import Desk
from tests.journeys.mishaps import Mishaps
from tests.journeys.speaker import Speaker, latin
from tests.journeys.steps import FROM, TO, books_agree

pytestmark = pytest.mark.journey
SETTINGS = {
    "LABELDESK_TELEGRAM_WEBHOOK_SECRET": "a-secret-of-the-journeys",
    "LABELDESK_CRASH_AT": "webhook.after_keep",
    "LABELDESK_CRASH_ONCE": "died",
    "LABELDESK_BOT_PROCESSES": "2",
}
"""Telegram brings its updates here, and whoever has kept the first dies before saying so."""
FIRST_CHAT = 6001
DEATHS = int(os.environ.get("BOT_DEATHS", "0"))
LIVES = (2.0, 10.0)
"""Seconds: some end before the lease of the one before does."""
TYPED = {
    "FROM": FROM,
    "FROM NEXT DOOR": FROM.replace("388", "386"),
    "TO": TO,
    "PAIR": f"{FROM}\n{TO}",
    "PAIR AND PARCEL": f"From: {FROM}\nTo: {TO}\nParcel: 2 lb 10x8x4",
    "FAR AWAY": f"{FROM}\nAna Rivera\n100 Calle San Francisco\nSan Juan, PR 00901\n2 lb 10x8x4",
    "ARMY": f"{FROM}\nBob Hill\nPSC 802 Box 74\nAPO AE 09499\n2 lb 10x8x4",
    "POST BOX": f"{FROM}\nJohn Smith\nPO Box 350\nNew York, NY 10118\n2 lb 10x8x4",
    "MILAN": "Mario Rossi\nVia Roma 1\n20121 Milano MI, Italy",
    "NO FLAT": "John Smith\n350 5th Ave Apt\nNew York, NY 10118",
    "NO FLAT EITHER": "Ann Lee\n11 Wall St Apt\nNew York, NY 10118",
    "NO NUMBER": "John Smith\nPark Ave\nNew York, NY 10118",
    "WRONG CITY": "John Smith\n350 5th Ave\nAlbany, NY 10118",
    "orders.csv": table([good(1), *map(bad, range(2, 7)), good(7)]).decode("utf-8-sig"),
    "notes.csv": "%PDF-1.7",
}
FOREIGN = latin(
    " ".join([*TYPED.values(), EXAMPLE, LONGER_EXAMPLE])
    + "USPS UPS FedEx Ground Advantage Priority Mail Express First Class Parcel Select Media Saver "
    "Standard Home Delivery Overnight Day Air Economy Early Labeldesk English Español Jane Doe "
    "Next Weekly Monthly box PDF Letter PNG ZPL UTC Name Address City State ZIP Weight Sizes"
)
"""Besides what was typed: carriers, services, formats, examples and columns."""
STORIES = [
    dict(re.findall(r"# (.+)\n((?:.+\n)+)", story.read_text()))
    for story in sorted((Path(__file__).parent / "flows").glob("*.txt"))
]
"""Each is what one customer does, from flow to flow; all customers are there at once."""
FLOWS = [flow for story in STORIES for flow in story]
BEFORE_CLOSING = """
say     PAIR AND PARCEL
press   Get rates
press   USPS Ground
press   Buy at once when paid
press   Top up {amount}
press   Any coin, on OxaPay's page
see     Pay with the button below, in the coin you like. {until}
"""
WHILE_CLOSED = """
pay     all
see     {amount} has arrived. Your balance is {balance}.
see     The money is here, but I have not bought your label by myself.
see     We are closed for maintenance for a little while.…
press   Buy now
press   Pay {amount}
see     We are closed for maintenance for a little while.…
say     /topup
press   $50
press   Any coin, on OxaPay's page
see     We are closed for maintenance for a little while.…
say     /balance
see     Statement
"""
WITH_A_SILENT_CARRIER = """
say     /start
press   Continue label
press   Pay {amount}
see     The carrier has not answered about your label to {place} yet…
"""
AFTERWARDS = """
get     .pdf
see     Your label is ready
"""


@pytest.fixture(scope="module")
def desk(shop):
    return Desk(shop.web)


@pytest.fixture(scope="module")
def speaker(shop, desk):
    """One more customer, who speaks the language of this code."""
    chats = count(FIRST_CHAT)
    mishaps = Mishaps(shop)
    return lambda code: Speaker(shop.sandbox, desk, mishaps, next(chats), code, TYPED, FOREIGN)


@pytest.fixture(scope="module")
def played(shop, speaker):
    """Each flow in each language, as it comes to its end."""
    flows = {}
    with ExitStack() as stack:
        for story, code in product(STORIES, languages()):
            customer = speaker(code)
            alone = stack.enter_context(ThreadPoolExecutor(1))
            for flow, deeds in story.items():
                flows[flow, code] = alone.submit(customer.play, deeds)
        chance = Random(DEATHS)
        for _ in range(DEATHS):
            if wait(flows.values(), chance.uniform(*LIVES)).not_done:
                shop.restart("bot")
        yield flows


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("flow", FLOWS)
def test_every_flow_in_every_language(played, flow, code):
    played[flow, code].result()


def test_maintenance_and_a_silent_carrier_in_the_middle_of_a_label(shop, desk, played, speaker):
    def done():
        books = shop.sandbox.books()
        return len(books["invoices"]), len(books["labels"])

    def all_play(deeds):
        list(side_by_side.map(lambda each: each.go_on(deeds), customers))

    wait(played.values())
    customers = [speaker(code) for code in languages()]
    with ThreadPoolExecutor(len(customers)) as side_by_side:
        all_play(BEFORE_CLOSING)
        desk.close()
        before = done()
        all_play(WHILE_CLOSED)
        assert done() == before

        desk.open()
        shop.sandbox.misbehave(
            "easypost", "POST /shipments/*/buy", "reset_after", times=len(customers)
        )
        shop.sandbox.misbehave("easypost", "GET /shipments/*", "error_500", times=1_000)
        all_play(WITH_A_SILENT_CARRIER)
        shop.sandbox.behave()
        all_play(AFTERWARDS)


def test_afterwards_all_books_agree(shop, played):
    wait(played.values())
    with shop.database() as client:
        store = client.get_default_database()
        orders = list(store.orders.find())
        entries = list(store.ledger_entries.find({"account": {"$regex": "^u:"}}))

    assert shop.log("web").count("was sent SIGKILL") == 1
    bought = [order for order in orders if order["status"] != "released"]
    assert len(orders) - len(bought) == len(languages())
    labels = shop.sandbox.books()["labels"]
    sold = Counter(label["shipment_id"] for label in labels)
    assert sold == Counter(order["shipment_id"] for order in bought)
    assert set(sold.values()) == {1}
    ends = Counter(label["status"] for label in labels)
    assert (ends["refunded"], ends["rejected"]) == (len(languages()), len(languages()))
    for kind, those in (("hold", orders), ("capture", bought)):
        told = [entry["ref"]["order"] for entry in entries if entry["kind"] == kind]
        assert sorted(told) == sorted(order["_id"] for order in those)
    assert [entry["kind"] for entry in entries].count("refund") == len(languages())
    books_agree(shop, labels={})
