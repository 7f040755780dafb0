"""What the screens declare is true both ways, and nobody is ever stuck."""

from dataclasses import replace

import pytest

from botapp import picture, ways
from botapp.factory import SCREENS
from botapp.graph import BUTTONS_OF_ALL, TRANSITIONS
from botapp.states import LABEL_PLACES, Place
from botapp.views import Action
from models.batch import Batch
from models.order import Order
from models.quote import Quote
from providers.payments.base import InvoiceState
from services.saved import Kind
from tests.botapp.talk import RECIPIENT_TEXT, SENDER_TEXT
from tests.botapp.test_batch import real_pages, settle
from tests.botapp.walker import ABROAD, BOTH, PARCEL_TEXT, Walker, arrive, stand_at
from tests.shop import BUYER, PARCEL, RECIPIENT, SENDER, SHIPMENT, Address

__all__ = ["real_pages"]
PUERTO_RICO = Address(
    name="Ana Rivera", street="100 Calle San Francisco", city="San Juan", state="PR", zip="00901"
)
NEW_YORKER = "Ann Lee\n{} W 34th St\nNew York, NY 10118"
ISLANDER = "Ana Diaz\n{} Calle San Francisco\nSan Juan, PR 00901"
TYPED = f"{SENDER_TEXT}\n{{}}\n1 Wall St\nNew York, NY 10005\n{PARCEL_TEXT}".replace("388", "386")
GROUND = "press:USPS Ground"
NAMES = "Name,Address,City,State,ZIP"
ROW = "350 5th Ave,New York,NY,10118"
OUT = {"Cancel", "Menu", "Forget this file"}
"""After a purchase nothing can be cancelled."""

TO_LABELS = (Action.RESUME, Action.BUY_NOW, Action.UNDO)
WAYS = {
    *((f"/{name}", to) for name, way in ways.COMMANDS.items() for to in way.to),
    *((name, to) for name, way in BUTTONS_OF_ALL.items() for to in way.to),
} - {(name, to) for name in TO_LABELS for to in LABEL_PLACES}
"""Those to labels are gone from every place."""


def test_every_place_is_reached_from_the_menu_and_leads_back_to_it():
    forth = {place: {each.to for each in TRANSITIONS if each.here is place} for place in Place}
    back = {place: {each.here for each in TRANSITIONS if each.to is place} for place in Place}

    assert _reached(Place.MENU, forth) == set(Place)
    assert _reached(Place.MENU, back) == set(Place)


def test_the_page_shows_the_conversation_as_it_is():
    page = picture.PAGE.read_text()

    assert picture.drawn(page) == page, "make picture"
    assert {f"<!-- drawn: {name} -->" for name in picture.FLOWS} <= set(page.splitlines())
    assert sorted(place for flow in picture.FLOWS.values() for place in flow) == sorted(Place)


@pytest.mark.parametrize("place", list(Place))
def test_from_every_place_there_is_a_way_back_and_one_to_the_menu(talk, place):
    arrive(talk, place)
    kept, shown = talk.draft, set(talk.labels)
    talk.walk(("/language", "press:Back", "/language", "press:English", "/export"))
    stayed = talk.place

    talk.say("/cancel")
    cancelled = talk.place
    stand_at(kept)
    talk.say("?")
    for _ in range(20):
        if talk.place != Place.MENU:
            talk.press("Back")

    assert place is Place.MENU or ("Back" in shown and shown & OUT)
    assert stayed == (Place.MENU if place is Place.LANGUAGE else place)
    assert (cancelled, talk.place) == (Place.MENU, Place.MENU)
    if place in LABEL_PLACES:
        stand_at(kept)
        _leave_the_label_and_go_on(talk, place)


def _leave_the_label_and_go_on(talk, place):
    """It is continued where it was left: from the menu, after it was cancelled, from among two."""
    talk.walk(("/start", "press:Continue label"))
    continued = talk.place
    talk.walk(("press:Cancel", "press:Bring the label back"))
    brought_back = talk.place
    talk.walk(("/new", RECIPIENT_TEXT, "/start", "press:Unfinished: 2"))
    talk.press(talk.labels[1])

    assert [continued, brought_back, talk.place] == [place] * 3


def test_every_declared_transition_is_gone_and_leads_back(talk, real_pages):
    walker = Walker(talk)

    _look_where_nothing_is_kept(walker)
    _run_short_of_money(walker)
    _send_files(walker)
    _furnish(talk)
    _use_what_is_kept(walker)
    _tell_the_customs(walker)
    _tell_addresses_and_a_parcel(walker)
    _mend_addresses(walker)
    _buy(walker)
    _look_after_orders(walker)
    _choose_settings(walker)
    _go_the_ways_of_all(talk)

    gone = {(each.by, each.to) for each in talk.conversation.taken}
    assert walker.untaken == set()
    assert WAYS - gone == set()
    shown = {(place, way) for place, screen in SCREENS.items() for way in screen.ways}
    assert shown - talk.conversation.seen == set()


def _look_where_nothing_is_kept(walker):
    walker.go("/start", "press:Saved", "press:New label", "/templates", "press:New label")


def _run_short_of_money(walker):
    talk = walker.talk
    walker.go("/start")
    talk.walk(("/new", f"{BOTH}\n{PARCEL_TEXT}", "press:Get rates"))
    walker.go(GROUND, "press:Another amount", "press:$25")
    talk.walk(("/start", "press:Continue label"))
    walker.go(_two_ways_to_pay, "press:Another amount", "press:$25", _one_way_to_pay)
    talk.walk(("/start", "press:Continue label"))
    talk.shop.credit(750)
    walker.go("hello")
    talk.press("Buy now")
    walker.go(lambda talk: talk.shop.place())
    talk.walk(("/cancel", "/new", f"{BOTH}\n{PARCEL_TEXT}", "press:Get rates", GROUND))
    talk.press("Top up $7.50")
    walker.go(_pay)
    talk.walk(("press:Buy now", "press:Pay $7.50"))
    walker.go("/topup", "press:$50", _pay)
    talk.walk(("/topup", "press:$100"))
    walker.go(_expire)
    talk.walk(("/new", BOTH, "/topup", "press:$25"))
    walker.go(_pay)
    talk.walk(("/new", SENDER_TEXT, "/start"))
    walker.go("press:Unfinished: 2")
    for _ in range(2):
        talk.shop.place(rate=2)
    talk.shop.jobs.asked.clear()


def _two_ways_to_pay(talk):
    talk.shop.second_provider()


def _one_way_to_pay(talk):
    talk.shop.providers.pop("cryptopay")


def _expire(talk):
    _, provider = max(talk.shop.providers.items())
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    provider.say(payment.provider_id, InvoiceState.EXPIRED)
    talk.press("Check payment")


def _pay(talk):
    talk.shop.pay(talk.shop.topups.get(talk.draft.data["payment"]))
    talk.press("Check payment")


def _send_files(walker):
    talk = walker.talk
    walker.go("/start", "press:From a file")
    walker.go(_file(NAMES, f"Ann,{ROW}"), "press:Looks right", "press:Back")
    talk.press("Looks right")
    walker.go(SENDER_TEXT, "press:Back")
    talk.press("Looks right")
    walker.go("2 lb", "press:Back", "press:Looks right")
    walker.go(_file(f"{NAMES},Pounds", f"Ann,{ROW},2"), "press:Looks right")
    walker.go(_file(f"{NAMES},Size", f"Ann,{ROW},10x8x4"), "press:Looks right", SENDER_TEXT)
    for name in ("Ann", "Bob"):
        walker.go(_file(f"{NAMES},Pounds,Size", f"{name},{ROW},2,10x8x4"), "press:Looks right")
    walker.go(_file(f"{NAMES},Pounds", f"Cat,{ROW},2"), "press:Change a column", "press:Company")
    talk.shop.clock.turn(minutes=1)
    walker.go(_file(*_whole("Ann", "Bob")), _checked, _two_ways_to_pay, _one_way_to_pay)
    walker.go("press:Buy the first 1 · $7.50", _bought)
    talk.shop.clock.turn(minutes=1)
    walker.go(_file(*_whole("Cat", "Dan")))
    talk.press("Looks right")
    walker.go(_checked, _top_up_the_rest, "press:Back", "press:Back")
    walker.go(_top_up_the_rest, _pay, "press:Show the file", _buy_all, _bought)
    talk.shop.clock.turn(minutes=1)
    walker.go(_file(*_whole("Cat", "Dan")), "press:Looks right", _checked, "press:Forget this file")


def _whole(*names):
    """A file that tells all, of a label for each."""
    rows = (f"{name},{ROW},2,10x8x4,Eve,600 Howard St,San Francisco,CA,94105" for name in names)
    ours = "From name,From address,From city,From state,From zip"
    return f"{NAMES},Pounds,Size,{ours}", *rows


def _file(*lines):
    return lambda talk: talk.send("orders.csv", "\n".join(lines).encode())


def _checked(talk):
    settle(talk)
    talk.walk(("/start", "press:From a file"))


def _bought(talk):
    settle(talk)
    talk.press("Show the file")


def _top_up_the_rest(talk):
    _press(talk, "Top up")


def _buy_all(talk):
    _press(talk, "Buy all")


def _press(talk, beginning):
    talk.press(next(label for label in talk.labels if label.startswith(beginning)))


def _furnish(talk):
    """Much of everything, and carriers that write most streets otherwise."""
    shop, saved = talk.shop, talk.conversation.shop.saved
    shop.credit(100_000, provider_id="much")
    for _ in range(6):
        shop.place()
        shop.clock.turn(minutes=1)
    shop.work()
    shop.place()
    shop.jobs.asked.clear()
    for number in range(7):
        saved.keep_address(BUYER, replace(RECIPIENT, street=f"{number} Main St"))
        saved.keep_parcel(BUYER, replace(PARCEL, weight_oz=PARCEL.weight_oz + number))
        shop.clock.turn(minutes=1)
    island = saved.keep_address(BUYER, PUERTO_RICO)
    for time in range(9):
        saved.use(Kind.ADDRESS, BUYER, island.key, by=str(time))
    saved.keep_template(BUYER, "To an island", replace(SHIPMENT, recipient=PUERTO_RICO))
    shop.add_carrier("shipengine", usps_media_mail=800)
    talk.add_ups()
    shop.correct(SENDER, street="388 TOWNSEND AVE")
    for number in range(1, 6):
        shop.correct(replace(RECIPIENT, street=f"{number} W 34th St"), street="34 W 34TH ST")
        shop.correct(
            replace(PUERTO_RICO, street=f"{number} Calle San Francisco"), street="34 CALLE"
        )


def _use_what_is_kept(walker):
    walker.go("/templates", "press:To an island", "press:Rename", "press:Back")
    walker.go("/start", "press:Saved", _first, "press:Next", "press:Previous", _second)
    walker.go("press:Rename", "press:Back", "press:Delete", _first)


def _tell_the_customs(walker):
    """First, since most words lead there from most places."""
    ours = ("/new", SENDER_TEXT, "press:Looks right", "press:Keep mine")
    theirs = (ISLANDER.format(1), "press:Looks right", "press:Keep mine")
    walker.talk.walk((*ours, *theirs, "2 lb 10x8x4", "press:Gift"))
    _tell_again(walker, ISLANDER.format(2), ABROAD)
    walker.go("2 T-shirts 30 USD 1 lb", "press:Add another", "1 mug 5 USD 4 oz")
    walker.go("press:Change: Gift", "press:Gift", "press:Done", "press:Edit contents")
    walker.go("press:Change: Gift", "press:Back", "press:Remove T-shirts", "press:Remove mug")
    walker.go("press:Back", "press:Back", "press:Back")
    walker.talk.walk(("/cancel", *ours, *theirs))
    walker.go("press:All saved parcels", "press:Back", "2 lb", "10x8x4")
    _tell_again(walker, ISLANDER.format(3), ABROAD)


def _tell_again(walker, recipient, both):
    """Back to where the addresses are told, and forth, with all that was told besides."""
    walker.back_to(Place.RECIPIENT)
    walker.go(recipient, "press:Looks right")
    walker.back_to(Place.SENDER)
    walker.go("press:All saved addresses", "press:Back", both, "press:Looks right")


def _tell_addresses_and_a_parcel(walker):
    walker.talk.say("/cancel")
    walker.go("/new", "press:All saved addresses", "press:Back")
    walker.go(SENDER_TEXT, "press:Looks right", "press:Keep mine")
    walker.go(NEW_YORKER.format(1), "press:Looks right", "press:Keep mine")
    _tell_again(walker, NEW_YORKER.format(2), BOTH)
    walker.go("2 lb")
    _tell_again(walker, NEW_YORKER.format(3), BOTH)
    walker.go("10x8x4")
    _tell_again(walker, NEW_YORKER.format(4), BOTH)


def _mend_addresses(walker):
    talk = walker.talk
    talk.walk(("/cancel", "/new"))
    walker.go(BOTH.replace("CA 94107", "NY 94107"), "press:Edit to", "press:Paste again")
    walker.go("press:All saved addresses", "press:Back", RECIPIENT_TEXT, "press:Back")
    walker.go(NEW_YORKER.format(5), "press:Looks right")
    talk.walk(("/cancel", "/new"))
    walker.go(SENDER_TEXT.replace("San Francisco", "Springfield"), "press:Edit", "press:City")
    walker.go("press:Back", "press:Company")
    talk.walk(("/cancel", "/new"))
    walker.go("press:Field by field", "Maria O'Brien")
    talk.walk(("/cancel", "/new"))
    walker.go(RECIPIENT_TEXT)
    talk.press("Looks right")
    walker.go("press:Field by field")
    talk.walk(("/cancel", "/new"))
    walker.go(ABROAD, "press:Back", BOTH, "press:All saved parcels", "press:Back")
    walker.go("press:Edit from", "press:Company")
    talk.walk(("press:Back", "press:Back"))
    walker.go(PARCEL_TEXT, "press:Edit weight", "press:Back", "press:Edit size")
    walker.go("press:Back", "press:Edit from", "press:Company")
    talk.walk(("press:Back", "press:Back"))
    _edit(walker, "from", "State", "NY")
    _edit(walker, "from", "State", "CA")
    _edit(walker, "to", "State", "CA")
    _edit(walker, "to", "ZIP", "00901")


def _edit(walker, side, field, value):
    walker.talk.walk((f"press:Edit {side}", f"press:{field}"))
    walker.go(value)


def _buy(walker):
    talk = walker.talk
    _choose_a_rate(talk, "Eve Poe")
    walker.go(_wait)
    _choose_a_rate(talk, "Eve Poe")
    walker.go(_buy_another_rate)
    talk.walk(("/cancel", "/new"))
    walker.go(TYPED.format("Eve Poe"), "press:Save as template", "press:Back", "press:Get rates")
    walker.go(GROUND, "press:Pay $7.50")
    _choose_a_rate(talk, "Kim Fox")
    walker.go("press:Pay $7.50", "press:Save as template")
    talk.walk(("/cancel", "/new", TYPED.format("Kim Fox"), "press:Save as template", "Mine"))
    walker.go("/templates", "press:Mine")
    _choose_a_rate(talk, "Kim Fox")
    talk.shop.carrier.costs.pop("GroundAdvantage")
    walker.go(_wait)


def _choose_a_rate(talk, name):
    talk.walk(("/cancel", "/new", TYPED.format(name), "press:Get rates", GROUND))


def _wait(talk):
    talk.shop.clock.turn(minutes=16)


def _buy_another_rate(talk):
    quote = Quote.objects.get(pk=talk.draft.data["label"]["quote"])
    talk.shop.place(quote, rate=1)


def _look_after_orders(walker):
    talk = walker.talk
    talk.shop.jobs.asked.clear()
    walker.go("/orders", "press:Older", "press:8")
    walker.go("press:Other formats", "press:Back", "press:Track", "press:Back")
    walker.go("press:Save", "press:Save as template", "press:Back", "press:Back")
    walker.go("press:Refund", "/track", "/balance", "press:Older")


def _choose_settings(walker):
    walker.go("/settings", "press:Time zone", "press:Back", "/help", _first)
    walker.go("/settings", "press:Forget my data", "press:Back", "press:Forget my data", _first)


def _go_the_ways_of_all(talk):
    bought = Order.objects(tracking_code__gt="").first()
    placed = Order.objects(tracking_code__in=["", None]).first()
    for command in (*ways.COMMANDS, f"track {bought.id}", f"track {placed.id}"):
        talk.say(f"/{command}")
    subjects = {
        Action.SHOW_ORDER: bought.id,
        Action.KEEP_ORDER: bought.id,
        Action.SHOW_BATCH: Batch.objects.first().id,
    }
    presses = [(action, subjects.get(action, "")) for action in BUTTONS_OF_ALL]
    single = Order.objects(batch_id="").first()
    for action, subject in (*presses, (Action.BUY_NOW, single.quote_id)):
        data = f"{talk.draft.version}:{action}:{subject}"
        talk.handle(talk.pressed_data(talk.draft.message_id, data))


def _first(talk):
    talk.press(talk.labels[0])


def _second(talk):
    talk.press(talk.labels[1])


def _reached(start, edges):
    found, waiting = {start}, [start]
    while waiting:
        beyond = edges[waiting.pop()] - found
        found |= beyond
        waiting += beyond
    return found
