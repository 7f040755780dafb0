"""Labels and voids by our EasyPost client."""

from datetime import UTC, datetime

import pytest

from core.label_formats import LabelFormat
from core.modes import ApiMode
from providers.carriers import easypost
from providers.carriers.base import CarrierDown, CarrierRefused, VoidState
from tests.providers.recorded_easypost import (
    BOUGHT,
    PATH,
    RATE,
    SENDER,
    SHIPMENT,
    answers,
    error,
    quote,
)
from tests.providers.stand import KEY, nobody_there, resets, says, shop_settings

DAY = datetime(2025, 3, 7, tzinfo=UTC)


def away() -> easypost.EasyPost:
    carrier = easypost.connect(shop_settings(nobody_there()), ApiMode.TEST)
    assert carrier is not None
    return carrier


def test_without_a_connection_nothing_is_bought_and_all_means_later():
    carrier = away()

    for ask in (
        lambda: quote(carrier),
        lambda: carrier.buy(SHIPMENT, RATE),
        lambda: carrier.find(SHIPMENT, reference="L-1"),
        lambda: carrier.void(SHIPMENT),
        lambda: carrier.void_state(SHIPMENT),
        lambda: carrier.label_file(nobody_there()),
        lambda: carrier.label_in(SHIPMENT, LabelFormat.ZPL),
        lambda: carrier.requote(SHIPMENT),
        lambda: carrier.check(SENDER),
        lambda: carrier.track("EZ1", ""),
        carrier.balance,
        lambda: list(carrier.statement(DAY, DAY)),
    ):
        with pytest.raises(CarrierDown) as caught:
            ask()
        assert caught.value.facts["provider"] == "easypost"


def test_a_void_is_asked_for_once_and_submitted(stand, carrier):
    _, submitted = answers("shipment_refund")
    stand.play(says(200, submitted))

    state = carrier.void(SHIPMENT)

    assert state is VoidState.SUBMITTED
    assert stand.calls() == [f"POST {PATH}/refund"]


def test_a_void_refused_because_it_was_asked_for_before_is_asked_for(stand, carrier):
    unavailable = error("SHIPMENT.REFUND.UNAVAILABLE")
    stand.play(says(422, unavailable), says(200, BOUGHT | {"refund_status": "refunded"}))

    state = carrier.void(SHIPMENT)

    assert state is VoidState.REFUNDED
    assert stand.calls() == [f"POST {PATH}/refund", f"GET {PATH}"]


@pytest.mark.parametrize("status", [None, "rejected"])
def test_a_refused_void_says_why(stand, carrier, status):
    unavailable = error("SHIPMENT.REFUND.UNAVAILABLE", "too late")
    stand.play(says(422, unavailable), says(200, BOUGHT | {"refund_status": status}))

    with pytest.raises(CarrierRefused) as caught:
        carrier.void(SHIPMENT)

    assert caught.value.facts["reason"] == "SHIPMENT.REFUND.UNAVAILABLE"
    assert caught.value.facts["told"] == "too late"


@pytest.mark.parametrize("status", ["rejected", "not_applicable"])
def test_a_void_that_is_decided_at_once_says_so(stand, carrier, status):
    stand.play(says(200, BOUGHT | {"refund_status": status}))

    assert carrier.void(SHIPMENT) == status


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (None, VoidState.NONE),
        ("", VoidState.NONE),
        ("submitted", VoidState.SUBMITTED),
        ("refunded", VoidState.REFUNDED),
        ("rejected", VoidState.REJECTED),
        ("not_applicable", VoidState.NOT_APPLICABLE),
        ("a word that nobody knows", VoidState.NONE),
    ],
)
def test_the_carrier_says_how_far_a_void_is(stand, carrier, told, state):
    stand.play(says(200, BOUGHT | {"refund_status": told}))

    assert carrier.void_state(SHIPMENT) is state
    assert stand.calls() == [f"GET {PATH}"]


@pytest.mark.parametrize("act", [resets, says(500, {}), says(404, error("NOT_FOUND"))])
def test_a_void_that_cannot_be_looked_up_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.void_state(SHIPMENT)


@pytest.mark.parametrize(
    "act",
    [
        resets,
        says(500, {}),
        says(429, {}),
        says(200, BOUGHT),
        says(422, error("REFUND.NO_RESPONSE")),
    ],
)
def test_a_void_without_a_usable_answer_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.void(SHIPMENT)


def test_a_label_is_fetched_without_our_key(stand, carrier):
    stand.play(says(200, b"%PDF-1.4 label"))

    label = carrier.label_file(f"{stand.url}/labels/1.pdf")

    assert label == b"%PDF-1.4 label"
    assert KEY not in str(stand.asked[0].headers)


@pytest.mark.parametrize(
    "act",
    [
        says(200, b"\x89PNG"),
        says(200, b""),
        says(403, b"%PDF- expired"),
        says(200, b"%PDF" + b"x" * 10 * 1024 * 1024),
        resets,
    ],
    ids=["png", "empty", "forbidden", "huge", "reset"],
)
def test_a_label_that_is_no_whole_pdf_means_later(stand, act):
    stand.play(act)
    carrier = easypost.connect(shop_settings(stand.url), ApiMode.TEST)

    with pytest.raises(CarrierDown):
        carrier.label_file(f"{stand.url}/labels/1.pdf")


PNG = b"\x89PNG\r\n\x1a\n a picture"
ZPL = b"\n^XA a printer's words ^XZ"


def converted(stand, **urls):
    """The shipment as it is once its label was converted: files lie with the stand."""
    label = BOUGHT["postage_label"] | {"label_url": f"{stand.url}/1.png"}
    for kind in urls:
        label[f"label_{kind}_url"] = f"{stand.url}/1.{kind}"
    return BOUGHT | {"postage_label": label}


@pytest.mark.parametrize("picture", ["http://127.0.0.1:1/1.png", ""])
def test_a_label_bought_as_a_picture_is_converted_before_it_is_fetched(stand, carrier, picture):
    stand.play(says(200, converted(stand, pdf=True)), says(200, b"%PDF-1.4 label"))

    label = carrier.label_file(f"{picture}#{SHIPMENT}")

    assert label == b"%PDF-1.4 label"
    assert stand.calls() == [f"GET {PATH}/label?file_format=PDF", "GET /1.pdf"]


def test_a_label_that_was_bought_as_pdf_or_converted_is_fetched_at_once(stand, carrier):
    label = BOUGHT["postage_label"]
    bought_as_pdf = label | {"label_url": "https://a/1.pdf", "label_file_type": "application/pdf"}
    converted_before = label | {"label_pdf_url": "https://a/1.pdf"}
    stand.play(
        says(200, BOUGHT | {"postage_label": bought_as_pdf}),
        says(200, BOUGHT | {"postage_label": converted_before}),
    )

    found = [carrier.find(SHIPMENT, reference="L-1") for _ in range(2)]

    assert [each.label_url for each in found] == ["https://a/1.pdf", "https://a/1.pdf"]


@pytest.mark.parametrize(
    ("wanted", "kind", "content"),
    [(LabelFormat.PDF_4X6, "pdf", b"%PDF-1.4"), (LabelFormat.ZPL, "zpl", ZPL)],
)
def test_a_label_in_another_format_is_converted_once(stand, carrier, wanted, kind, content):
    stand.play(
        says(200, BOUGHT),
        says(200, converted(stand, **{kind: True})),
        says(200, content),
        says(200, converted(stand, **{kind: True})),
        says(200, content),
    )

    assert [carrier.label_in(SHIPMENT, wanted) for _ in range(2)] == [content, content]
    assert stand.calls() == [
        f"GET {PATH}",
        f"GET {PATH}/label?file_format={kind.upper()}",
        f"GET /1.{kind}",
        f"GET {PATH}",
        f"GET /1.{kind}",
    ]


def test_the_picture_that_was_bought_needs_no_conversion(stand, carrier):
    stand.play(says(200, converted(stand)), says(200, PNG))

    assert carrier.label_in(SHIPMENT, LabelFormat.PNG) == PNG
    assert stand.calls() == [f"GET {PATH}", "GET /1.png"]


def test_a_format_that_the_carrier_does_not_make_is_refused_unasked(stand, carrier):
    with pytest.raises(CarrierRefused) as caught:
        carrier.label_in(SHIPMENT, LabelFormat.PDF_LETTER)

    assert caught.value.facts["reason"] == "LABEL_FORMAT"
    assert stand.calls() == []


def test_a_label_that_the_carrier_does_not_convert_is_refused(stand, carrier):
    stand.play(says(200, BOUGHT), says(422, error("SHIPMENT.LABEL.CONVERSION", "only PNG")))

    with pytest.raises(CarrierRefused) as caught:
        carrier.label_in(SHIPMENT, LabelFormat.ZPL)

    assert caught.value.facts["told"] == "only PNG"


@pytest.mark.parametrize("act", [says(422, error("X")), says(404, error("X")), resets])
def test_a_label_whose_conversion_is_refused_or_lost_means_later(stand, carrier, act):
    stand.play(act)

    with pytest.raises(CarrierDown):
        carrier.label_file(f"{stand.url}/1.png#{SHIPMENT}")

    assert stand.calls() == [f"GET {PATH}/label?file_format=PDF"]


@pytest.mark.parametrize(
    "acts",
    [
        [resets],
        [says(404, error("NOT_FOUND"))],
        [says(200, BOUGHT), says(200, BOUGHT)],
        [says(200, BOUGHT), says(500, {})],
        [says(200, BOUGHT), says(422, error("IMAGE.CONVERSION.FAILURE"))],
    ],
)
def test_a_conversion_without_a_usable_answer_means_later(stand, carrier, acts):
    stand.play(*acts)

    with pytest.raises(CarrierDown):
        carrier.label_in(SHIPMENT, LabelFormat.ZPL)


def test_a_file_of_another_kind_than_wanted_means_later(stand, carrier):
    stand.play(says(200, converted(stand, zpl=True)), says(200, b"%PDF-1.4"))

    with pytest.raises(CarrierDown):
        carrier.label_in(SHIPMENT, LabelFormat.ZPL)


@pytest.mark.parametrize("url", ["", "not an address", "file:///etc/passwd"])
def test_a_label_without_an_address_means_later(carrier, url):
    with pytest.raises(CarrierDown):
        carrier.label_file(url)
