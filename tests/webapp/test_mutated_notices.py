"""Ten thousand notices that were bent on their way: no broken page, and no credit."""

import hashlib
import hmac
import json
import random
from collections import Counter

import pytest

from core.money import Money
from models import ledger as entries
from models.payment import Payment, PaymentState
from providers.payments import oxapay
from providers.payments.base import InvoiceState
from sandbox.checkout import shapes
from sandbox.checkout.ledger import Decimal, Invoice, Transaction
from tests.fakes import PaperProvider
from tests.shop import BUYER
from tests.webapp.bending import bent_on_the_way

KEY = b"demo-oxapay-key"
SEED, MUTATIONS = 20_261_102, 10_000
SHARES = (40, 22, 20, 12, 4, 2)
PATH = "/webhooks/oxapay"
LARGEST = 300_000
"""More than the web application takes."""
HEADER_JUNK = ("", "0", "0" * 128, "None", "é" * 64, "a" * 9_000, "sha512=0", "\t", "null", '"')
WORDS = ("Paid", "Refunded", "paid\x00", "", None, [], {}, {"$ne": 1}, True, -1, 1e300, "Ω" * 500)


class Signed(PaperProvider):
    """Invoices that a test steers, and OxaPay's own reading of signed notices."""

    def __init__(self, reader):
        super().__init__()
        self.reader = reader

    def read_notice(self, body, headers):
        return self.reader.read_notice(body, headers)


@pytest.fixture
def payment(shop, settings, app):
    """Waiting for money that never comes."""
    shop.topups.providers["oxapay"] = Signed(oxapay.connect(settings))
    shop.provider = shop.topups.providers["oxapay"]
    return shop.topups.open(BUYER, Money(2_500))


def true_notices(payment):
    """As the sandbox sends them: on its way, paid, for too little and for too much."""
    for status, value in (("Paying", 0), ("Paid", 25), ("Underpaid", 5), ("Paid", 2_500_000)):
        asked = {"order_id": payment.id, "currency": "USD"}
        bill = Invoice(payment.provider_id, Decimal(25), asked, 1, 2, "http://127.0.0.1/1")
        if value:
            bill.transactions["1"] = Transaction("1", Decimal(value), "BTC", 1, confirmed=True)
        yield json.dumps(shapes.notice(bill) | {"status": status}).encode()


def signature(body):
    return hmac.new(KEY, body, hashlib.sha512).hexdigest()


class Bender:
    """One seeded source of everything that can go wrong with a notice."""

    def __init__(self, notices, seed):
        self.random, self.notices = random.Random(seed), notices

    def next(self):
        """A manner, a body, and the headers it is sent with."""
        body = self.random.choice(self.notices)
        manners = (self.bytes_, self.header, self.forged, self.fields, self.structure, self.replay)
        [manner] = self.random.choices(manners, SHARES)
        return manner.__name__, *manner(body)

    def bytes_(self, body):
        """Flipped, cut, doubled; mostly with the signature of what it was."""
        bent = bent_on_the_way(self.random, body)
        signed_again = self.random.random() < 0.3
        return bent, {"HMAC": signature(bent if signed_again else body)}

    def fields(self, body):
        """Signed by the right key, and odd."""
        told = json.loads(body)
        for _ in range(self.random.randint(1, 3)):
            told[self.random.choice([*told])] = self.random.choice(WORDS)
        if self.random.random() < 0.2:
            told.pop(self.random.choice([*told]))
        bent = json.dumps(told).encode()
        return bent, {"HMAC": signature(bent)}

    def structure(self, body):
        """Signed by the right key: deep, huge, or no object at all."""
        deep, huge = self.random.randint(1, 60_000), b" " * self.random.randint(1, LARGEST)
        bent = self.random.choice(
            (
                b"[" * deep,
                b'{"type":' * deep + b"1" + b"}" * deep,
                body[:-1] + b',"more":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
                body + huge,
                b"[" + body + b"]",
                b"9" * self.random.randint(1, 9_000),
                b"",
                b"\xff\xfe" + body,
                body.replace(b'"amount": 25', b'"amount": 25e' + b"9" * 50),
            )
        )
        return bent, {"HMAC": signature(bent)}

    def header(self, body):
        true = signature(body)
        cut = self.random.randrange(len(true))
        bent = self.random.choice((*HEADER_JUNK, true[:cut], true + true, true[::-1], true.upper()))
        name = self.random.choice(("HMAC", "Hmac", "X-Hmac", "Authorization"))
        kind = self.random.choice(
            ("application/json", "text/plain", "multipart/form-data", "x" * 90)
        )
        return body, {name: bent, "Content-Type": kind}

    def forged(self, body):
        other = self.random.randbytes(16)
        digest = self.random.choice((hashlib.sha512, hashlib.sha256, hashlib.md5))
        return body, {"HMAC": hmac.new(other, body, digest).hexdigest()}

    def replay(self, body):
        return body, {"HMAC": signature(body)}


def test_ten_thousand_bent_notices_break_nothing_and_credit_nobody(stranger, shop, payment):
    bender = Bender([*true_notices(payment)], SEED)
    answers = Counter()

    for number in range(MUTATIONS):
        manner, body, headers = bender.next()
        answer = stranger.client.post(PATH, data=body, headers=headers)
        assert answer.status_code < 500, (number, manner, body[:200], headers)
        answers[manner, answer.status_code] += 1
    shop.jobs.asked = list(dict.fromkeys(shop.jobs.asked))
    shop.work()

    assert answers.total() == MUTATIONS
    assert {status for manner, status in answers if manner == "forged"} == {403}
    assert {status for manner, status in answers if manner == "replay"} == {200}
    assert {status for _, status in answers} == {200, 400, 403, 413}
    assert list(entries.walk()) == []
    assert shop.balance() == (0, 0)
    left = Payment.objects.fetch(payment.id)
    assert (left.status, left.credits) == (PaymentState.PENDING, ())


def test_after_all_that_the_true_money_is_still_credited_once(stranger, shop, payment):
    bender = Bender([*true_notices(payment)], SEED + 1)
    shop.provider.say(payment.provider_id, InvoiceState.PAID, received=Money(2_500))

    for _ in range(200):
        _, body, headers = bender.next()
        stranger.client.post(PATH, data=body, headers=headers)
        shop.work()

    assert shop.balance() == (2_500, 0)
    assert [entry["d_available"] for entry in entries.walk()] == [2_500]
