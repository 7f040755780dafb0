"""Customs papers: fetched once, kept with a checksum beside the label, sent after it."""

import pytest

from models.connection import collection
from models.label import FILES, Label, checksum
from models.outbox import Note, NoteKind
from providers.carriers.base import CarrierDown
from services.labels import NoSuchForm
from tests.fakes import PDF
from tests.shop import BUYER

URLS = ("http://form/1", "http://form/2")


@pytest.fixture
def sold(shop):
    shop.carrier.form_urls = URLS
    shop.credit(5_000)
    order = shop.place()
    shop.work()
    return order


def test_the_papers_of_a_bought_label_are_sent_each_in_a_note_of_its_own(shop, sold):
    told = [(note.id, note.kind, note.chat_id) for note in Note.objects.order_by("id")]

    assert told == [
        (f"customs_form:{sold.id}:0", NoteKind.CUSTOMS_FORM, BUYER),
        (f"customs_form:{sold.id}:1", NoteKind.CUSTOMS_FORM, BUYER),
        (f"label_ready:{sold.id}", NoteKind.LABEL_READY, BUYER),
    ]


def test_the_label_goes_before_its_papers(shop, sold):
    before = [note.kind for note in Note.objects(status="sent")]

    shop.sweep()

    assert before == [NoteKind.LABEL_READY]
    assert {note.status.value for note in Note.objects} == {"sent"}


def test_a_paper_is_fetched_once_and_kept_with_its_checksum(shop, sold):
    first = [shop.labels.form(sold.id, number) for number in (0, 1, 0)]
    fetched = list(shop.carrier.fetched)

    kept = Label.objects.get(pk=sold.id).forms
    assert first == [PDF + URLS[0].encode(), PDF + URLS[1].encode(), PDF + URLS[0].encode()]
    assert fetched.count(URLS[0]) == fetched.count(URLS[1]) == 1
    assert [(form.url, form.sha256, form.size) for form in kept] == [
        (url, checksum(data), len(data)) for url, data in zip(URLS, first[:2], strict=True)
    ]
    assert shop.labels.pdf(sold.id) == PDF


def test_a_paper_whose_bytes_were_spoiled_is_fetched_anew(shop, sold):
    whole = shop.labels.form(sold.id, 0)
    [kept] = Label.objects.get(pk=sold.id).forms
    collection(FILES).update_one({"_id": kept.file_id}, {"$set": {"data": b"%PDF spoiled"}})

    assert shop.labels.form(sold.id, 0) == whole
    assert shop.carrier.fetched.count(URLS[0]) == 2


def test_a_silent_carrier_leaves_a_paper_for_later(shop, sold):
    shop.labels.pdf(sold.id)
    shop.carrier.file_instead = [CarrierDown(provider="easypost")]

    with pytest.raises(CarrierDown):
        shop.labels.form(sold.id, 0)

    assert shop.labels.form(sold.id, 0) == PDF + URLS[0].encode()


def test_there_are_no_papers_but_the_carriers(shop, sold):
    for number in (-1, 2):
        with pytest.raises(NoSuchForm):
            shop.labels.form(sold.id, number)
