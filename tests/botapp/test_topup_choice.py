"""Choosing how to pay, and the picture of the invoice's address."""

import pytest
import segno

from botapp import qr
from botapp.states import Place
from core.chats import TooManyMessages
from models.payment import Payment
from providers.payments.base import InvoiceState, PaymentProviderDown
from tests.shop import BUYER

OXAPAY, CRYPTOPAY = "Any coin, on OxaPay's page", "Crypto Pay, here in Telegram"


@pytest.fixture
def cryptopay(talk):
    return talk.shop.second_provider()


def providers_of_payments():
    return sorted(payment.provider for payment in Payment.objects)


def test_with_one_provider_nobody_is_asked(talk):
    talk.say("/topup")

    assert talk.press("$25").startswith("<b>Top-up of $25.00</b>\n\nPay with the button")
    assert providers_of_payments() == ["oxapay"]


@pytest.mark.parametrize(("label", "name"), [(OXAPAY, "oxapay"), (CRYPTOPAY, "cryptopay")])
def test_with_several_the_customer_chooses_after_the_amount(talk, cryptopay, label, name):
    talk.say("/topup")
    asked = talk.say("25,50")
    before = Payment.objects.count()

    invoice = talk.press(label)

    assert asked == "<b>Top-up of $25.50</b>\n\nHow would you like to pay?"
    assert before == 0
    assert invoice.startswith("<b>Top-up of $25.50</b>\n\nPay with the button")
    assert providers_of_payments() == [name]
    made = {"oxapay": talk.shop.provider.made, "cryptopay": cryptopay.made}
    assert {each: len(bills) for each, bills in made.items()} == {
        each: int(each == name) for each in made
    }


def test_each_way_to_pay_has_a_row_of_its_own(talk, cryptopay):
    talk.reach(Place.PROVIDER)

    assert talk.labels == [OXAPAY, CRYPTOPAY, "Back", "Cancel"]


def test_making_an_invoice_is_announced_only_when_it_is_made(talk, cryptopay):
    talk.say("/topup")
    talk.chat.calls.clear()
    talk.press("$25")
    asked = talk.chat.calls.count("typing")

    talk.press(CRYPTOPAY)

    assert asked == 0
    assert talk.chat.calls.count("typing") == 1


def test_the_chosen_invoice_is_credited_when_its_provider_says_so(talk, cryptopay):
    talk.reach(Place.PROVIDER)
    talk.press(CRYPTOPAY)
    payment = talk.shop.topups.get(talk.draft.data["payment"])

    cryptopay.say(payment.provider_id, InvoiceState.PAID, received=payment.amount)
    talk.press("Check payment")

    assert talk.text == "<b>Paid.</b> $25.00 is on your balance."
    assert talk.shop.balance() == (2_500, 0)


def test_the_same_amount_again_offers_the_open_invoice_of_the_chosen_provider(talk, cryptopay):
    for label in (OXAPAY, CRYPTOPAY, CRYPTOPAY, OXAPAY):
        talk.reach(Place.PROVIDER)
        talk.press(label)

    assert providers_of_payments() == ["cryptopay", "oxapay"]


def test_another_amount_may_be_typed_instead(talk, cryptopay):
    talk.reach(Place.PROVIDER)

    assert talk.say("40").startswith("<b>Top-up of $40.00</b>\n\nHow would")
    assert talk.say("1").startswith("A top-up can be from $5 to $5,000.")
    assert talk.place == Place.PROVIDER
    talk.press(CRYPTOPAY)
    assert Payment.objects.get().amount.minor == 4_000


def test_an_amount_out_of_range_is_refused_before_the_choice(talk, cryptopay):
    talk.say("/topup")

    talk.say("4.99")

    assert talk.place == Place.TOPUP
    assert Payment.objects.count() == 0


def test_a_provider_that_is_down_leaves_the_other_one_to_choose(talk, cryptopay):
    cryptopay.troubles.append(PaymentProviderDown(provider="cryptopay"))
    talk.reach(Place.PROVIDER)

    talk.press(CRYPTOPAY)
    stayed = talk.place
    talk.press(OXAPAY)

    assert (stayed, talk.place) == (Place.PROVIDER, Place.INVOICE)
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    assert payment.provider == "oxapay"


def test_a_provider_switched_off_meanwhile_is_refused(talk, cryptopay):
    talk.reach(Place.PROVIDER)
    del talk.shop.providers["cryptopay"]

    talk.press(CRYPTOPAY)

    assert talk.place == Place.PROVIDER
    assert Payment.objects.count() == 0


def test_a_provider_without_a_name_of_ours_goes_by_its_own(talk):
    talk.shop.second_provider()
    talk.shop.providers["stripe"] = talk.shop.providers.pop("cryptopay")
    talk.reach(Place.PROVIDER)

    assert "Stripe" in talk.labels


def test_back_leads_to_the_amount(talk, cryptopay):
    talk.reach(Place.PROVIDER)

    talk.press("Back")

    assert talk.place == Place.TOPUP


def test_the_qr_code_holds_the_pages_address_and_its_caption_says_so(talk):
    talk.reach(Place.INVOICE)
    url = talk.button("Pay $25.00")[1].url

    talk.press("QR code")

    assert talk.chat.files == [("picture.png", qr.picture(url))]
    caption, buttons = talk.chat.shown[max(talk.chat.shown)]
    assert caption.startswith("<b>Scan this QR code to pay $25.00.</b>")
    assert f'<a href="{url}">{url}</a>' in caption
    assert buttons == []
    assert talk.place == Place.INVOICE


def test_after_the_picture_the_invoice_still_works(talk):
    talk.reach(Place.INVOICE)
    talk.press("QR code")
    payment = talk.shop.topups.get(talk.draft.data["payment"])
    talk.shop.provider.say(payment.provider_id, InvoiceState.PAID, received=payment.amount)

    talk.press("Check payment")

    invoice, _ = talk.button("New label")
    assert talk.chat.shown[invoice][0] == "<b>Paid.</b> $25.00 is on your balance."


def test_a_picture_that_cannot_be_sent_now_can_be_asked_for_again(talk):
    talk.reach(Place.INVOICE)
    talk.chat.troubles["send_photo"] = [TooManyMessages(retry_after=1)]
    talk.press("QR code")

    talk.press("QR code")

    assert [name for name, _ in talk.chat.files] == ["picture.png"]


def test_a_picture_is_a_png_that_a_camera_can_read():
    address = "https://t.me/CryptoBot?start=IVDoTcNBYEfk"

    png = qr.picture(address)

    assert png.startswith(b"\x89PNG")
    modules = segno.make(address, error="m", micro=False).symbol_size(scale=10, border=4)
    assert int.from_bytes(png[16:20], "big") == modules[0] > 250


def test_a_chosen_provider_stays_chosen_for_a_waiting_label(talk, cryptopay):
    talk.reach(Place.INSUFFICIENT)

    talk.press("Top up $7.50")
    talk.press(CRYPTOPAY)

    assert [(one.user_id, one.provider) for one in Payment.objects] == [(BUYER, "cryptopay")]
