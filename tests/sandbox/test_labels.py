"""The label files: size, words, bars, and the same bytes each time."""

from io import BytesIO

import pytest
import requests
from PIL import Image
from pypdf import PdfReader

from sandbox.carrier import drawing
from tests.sandbox.world import BUYER, PARCEL, SENDER, bought, easypost


@pytest.fixture
def label(sandbox):
    return bought(sandbox, reference="order-1", options={"label_format": "PDF"})


def file(label, extension="pdf"):
    url = label["postage_label"]["label_url"].rpartition(".")[0]
    return requests.get(f"{url}.{extension}", timeout=5)


def test_a_pdf_is_four_by_six_inches_and_says_what_a_label_says(label):
    document = PdfReader(BytesIO(file(label).content))

    [page] = document.pages
    assert (page.mediabox.width, page.mediabox.height) == (4 * 72, 6 * 72)
    words = page.extract_text()
    code = label["tracking_code"]
    for said in (
        "SAMPLE",
        "SAMPLE - DO NOT MAIL",
        "USPS GROUND ADVANTAGE",
        "Jack Sparrow",
        "ELIZABETH O'BRIEN & SÖHNE",
        "179 N HARBOR DR #4",
        f"REDONDO BEACH CA {label['to_address']['zip']}",
        " ".join(code[start : start + 4] for start in range(0, len(code), 4)),
        "REF order-1",
    ):
        assert said in words


def test_a_label_is_the_same_file_each_time(label):
    assert file(label).content == file(label).content
    assert file(label, "png").content == file(label, "png").content


def test_a_png_has_the_resolution_of_a_label_printer(label):
    answer = file(label, "png")

    image = Image.open(BytesIO(answer.content))
    assert (answer.headers["Content-Type"], image.size) == ("image/png", (1200, 1800))
    assert image.getextrema() == (0, 255)


def test_printer_languages_carry_the_tracking_code(label):
    assert label["tracking_code"] in file(label, "zpl").text
    assert label["tracking_code"] in file(label, "epl2").text


def test_there_is_no_file_of_another_kind_or_of_nobody(label, sandbox):
    nobody = f"{sandbox.url}/easypost-files/postage_label/20260101/nobody.pdf"

    assert file(label, "exe").status_code == 404
    assert requests.get(nobody, timeout=5).status_code == 404


def test_a_download_can_fail_like_any_other_call(label, sandbox):
    sandbox.misbehave("easypost", "GET /postage_label/*", "error_500")

    assert file(label).status_code == 500
    assert file(label).status_code == 200


def test_bars_fill_the_width_and_begin_as_code_128_does():
    bars = drawing.barcode("9400100000000000000000", 10, 20, 200, 50)

    assert bars[0].x == 10
    assert bars[-1].x + bars[-1].width == pytest.approx(210)
    assert {bar.height for bar in bars} == {50}
    first, second = bars[:2]
    # Start code C: a bar of 2, a gap of 1, a bar of 1.
    assert second.x - first.x == pytest.approx(1.5 * first.width)
    assert second.width == pytest.approx(first.width / 2)


def test_a_long_name_is_made_to_fit():
    name = "The Extraordinarily Long Named Trading Company of the Pacific"

    size = drawing.fitted(name, drawing.BOLD, 11.5, 200)

    assert drawing.text_width(name, drawing.BOLD, size) == pytest.approx(200)
    assert drawing.fitted("Jack", drawing.BOLD, 11.5, 200) == 11.5


@pytest.mark.parametrize("number", range(11))
def test_every_service_has_a_label(sandbox, number):
    shipment = bought(sandbox)
    rates = easypost(sandbox, "GET", f"/shipments/{shipment['id']}").json()["rates"]
    wanted = {"service": rates[number]["service"], "carrier": rates[number]["carrier"]}

    label = bought_in_one_call(sandbox, wanted)

    document = PdfReader(BytesIO(file(label).content))
    assert rates[number]["carrier"].upper() in document.pages[0].extract_text()


def bought_in_one_call(sandbox, wanted):
    shipment = {"from_address": SENDER, "to_address": BUYER, "parcel": PARCEL, **wanted}
    return easypost(sandbox, "POST", "/shipments", {"shipment": shipment}).json()
