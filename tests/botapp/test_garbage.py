# ruff: noqa: RUF001 - strange characters are what this is about
"""Whatever customers type, they get words, and the draft stays whole."""

import random

import pytest

from botapp.states import Place
from models.inbox import Update
from tests.botapp.talk import STEPS, Talk
from tests.shop import BUYER

SAMPLES = [
    "", " ", "\n\n\n", "\t", "\x00", "\x07\x1b[31m", "x" * 10_000, "9" * 10_000,
    "😀" * 500, "😀", "שלום עולם", "\u202eevil\u202c", "\u200b\u200b", "NaN", "nan", "inf",
    "-inf", "Infinity", "-1", "0", "0.0", "-0", "1e9", "1e999", "1E-9", "0x10", "1_000",
    "½", "²", "٣", "１２", "9" * 400, "99999999999999999999", "-99999999999999999999",
    "1.2.3", "1,2,3", "..", ",", "$", "$$", "$-5", "$ne", '{"$ne": null}', '{"$gt": ""}',
    "$where: 1", "a.b.c", "__proto__", "constructor", "<b>", "</b>",
    "<script>alert(1)</script>", "&lt;", "&amp;&", "<a href='x'>y</a>", "<b><i></b>",
    "{price}", "{0}", "{", "}", "{}", "%s %d %n", "%(name)s", "${7*7}", "{{7*7}}",
    "'; DROP TABLE x;--", "../../etc/passwd", "\\", "\\n", '"', "'", "`", "```", "_*[]()~",
    "null", "None", "undefined", "true", "[]", "()", "0 lb", "0x0x0", "-2 lb", "nan lb",
    "inf oz", "1e5 kg", "151 lb", "999999 lb", "1x1x1x1", "0x10x10", "109x1x1",
    "nanxnanxnan", "1xx1", "10x10x", "x10x10", "10 by", "lb", "in", "00000", "99999-9999",
    "94107-", "9410", "941077", "zip", "CA", "ZZ", "+1", "+" * 50, "1" * 15, "a@b", "@",
    "@@", "/", "//", "/ ", "/*", "/$ne", "/😀", "/start\x00", "hello\nworld", "a" * 51,
    "é" * 101, "\ufeffBOM", "\ud7ff", "\uffff", "\U0010ffff", "ﷺ", "Z̴̢͇a̷l̸g̵o̶" * 20,
    "　", "\xa0", "Привет", "¿Qué?", "中文地址", "👩‍👩‍👧‍👦", "🇺🇸", "#", "# 5",
    "O'Brien & Sons #4", "1\r\n2", "\r",
]  # fmt: skip
HEARD_AT_MOST = {
    Place.SIZES: 1,
    Place.SENDER: 2,
    Place.RECIPIENT: 2,
    Place.FIELD: len(SAMPLES) * 2,
    Place.NAME: len(SAMPLES),
}
"""`1,2,3` is an odd size, two noises on two lines may be name and street, and a name may be
anything: what was heard so is shown, asked on, and confirmed before it counts."""
_random = random.Random(7)
_ALPHABET = "aZ0 .,;:-x×$<>&{}'\"\\/\n\t\x00\x1b\u200f\u202e😀éЖ中#+@½"
SAMPLES += [
    "".join(_random.choices(_ALPHABET, k=_random.randint(1, 60))) for _ in range(220 - len(SAMPLES))
]
LISTENING = {
    Place.SENDER,
    Place.RECIPIENT,
    Place.ADDRESS,
    Place.FIELD,
    Place.WEIGHT,
    Place.SIZES,
    Place.ITEM,
    Place.ITEMS,
    Place.TOPUP,
    Place.INSUFFICIENT,
}
"""The others answer every text alike: there a tenth of the samples will do."""


@pytest.mark.parametrize("place", sorted(STEPS))
def test_garbage_gets_words_and_harms_no_draft(talk: Talk, place: Place):
    talk.reach(place)
    talk.shop.provider.create_invoice = _never
    before = talk.draft
    heard = set()

    for sample in SAMPLES if place in LISTENING else SAMPLES[::10]:
        count = len(talk.chat.shown)
        talk.handle(_update(talk, sample))
        assert len(talk.chat.shown) == count + 1
        after = talk.draft
        if (after.screen, _kept(after)) != (before.screen, _kept(before)):
            heard.add(sample)
            after.update(set__screen=before.screen, set__data=before.data)

    assert len(SAMPLES) >= 200
    assert len(heard) <= HEARD_AT_MOST.get(place, 0)


def _update(talk, text):
    message = {"from": {"id": BUYER, "first_name": "Maria"}, "chat": {"id": BUYER}, "text": text}
    update_id = next(talk.update_ids)
    return Update(
        id=f"tg:{update_id}", update_id=update_id, chat_id=BUYER, raw={"message": message}
    )


def _kept(draft):
    """Without what is only about the very last word, and where its answer stands."""
    passing = {"notice", "again", "last_word", "standing"}
    return {key: value for key, value in draft.data.items() if key not in passing}


def _never(*_, **__):
    raise AssertionError("garbage opened an invoice")
