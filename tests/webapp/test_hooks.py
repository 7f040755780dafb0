"""Notices of payment providers: kept when they are true, refused when not, never broken by them."""

import hashlib
import hmac
import json
import random

import pytest
from pydantic import HttpUrl
from pymongo import MongoClient

from core.jobs import Job
from core.money import Money
from models import connection
from models.ledger import LedgerEntry
from models.notice import Notice
from models.payment import Payment
from providers.payments import oxapay
from sandbox.servers import free_port
from tests.shop import BUYER
from tests.webapp.conftest import Desk, with_settings
from webapp.factory import create_app

KEY = b"demo-oxapay-key"
PATH = "/webhooks/oxapay"


@pytest.fixture
def payment(shop, settings, app) -> Payment:
    """Waiting for its money, at a provider that signs."""
    payment = shop.topups.open(BUYER, Money(2_500))
    Payment.objects(pk=payment.id).update(set__provider_id="123456789")
    shop.topups.providers["oxapay"] = oxapay.connect(settings)
    return Payment.objects.fetch(payment.id)


def notice(**changes: object) -> bytes:
    told = {
        "track_id": "123456789",
        "status": "Paid",
        "type": "invoice",
        "amount": 1_000_000,
        "currency": "USD",
    }
    return json.dumps(told | changes).encode()


def signed(body: bytes) -> dict[str, str]:
    return {"HMAC": hmac.new(KEY, body, hashlib.sha512).hexdigest()}


def post(desk, body: bytes, headers: dict[str, str] | None = None, path: str = PATH):
    given = signed(body) if headers is None else headers
    return desk.client.post(path, data=body, headers=given, content_type="application/json")


def test_a_signed_notice_is_kept_and_a_worker_is_asked_but_nothing_is_credited(
    stranger, payment, shop
):
    body = notice()

    answer = post(stranger, body)

    assert (answer.status_code, answer.text) == (200, "ok")
    assert [(kept.provider_id, kept.body) for kept in Notice.objects] == [("123456789", body)]
    assert shop.jobs.asked == [(Job.READ_NOTICES, "")]
    assert LedgerEntry.objects.count() == 0


def test_a_worker_that_reads_it_asks_for_its_payment_alone(stranger, payment, shop):
    shop.topups.open(BUYER, Money(3_000))
    post(stranger, notice())
    shop.jobs.asked.clear()

    shop.topups.read_notices()

    assert shop.jobs.asked == [(Job.SETTLE_PAYMENT, payment.id)]


def test_what_answers_programs_takes_no_part_in_sessions_forms_or_logins(app, stranger, payment):
    answer = post(stranger, notice())

    assert not [rule for rule in app.url_map.iter_rules() if "webhook" in rule.rule]
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Strict-Transport-Security" not in answer.headers


def test_an_address_that_leads_nowhere_is_told_in_one_line(stranger, payment):
    answer = post(stranger, notice(), path="/webhooks/oxapay/more")

    assert (answer.status_code, answer.text) == (404, "Not Found\n")
    assert stranger.get("/webhooks").text == "Not Found\n"


def test_behind_a_proxy_only_https_is_taken(platform, settings, payment):
    public = settings.model_copy(update={"public_url": HttpUrl("https://shop.example")})
    desk = Desk(create_app(with_settings(platform, public)).test_client())

    plain = post(desk, notice())
    secure = post(desk, notice(), signed(notice()) | {"X-Forwarded-Proto": "https"})

    assert (plain.status_code, plain.location) == (308, "https://localhost/webhooks/oxapay")
    assert (secure.status_code, secure.text) == (200, "ok")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=31556926")
    assert Notice.objects.count() == 1


def test_what_nobody_foresaw_is_told_in_one_line_and_logged(stranger, payment, shop, capsys):
    shop.topups.providers["oxapay"] = None

    answer = post(stranger, notice())

    assert (answer.status_code, answer.text) == (500, "Internal Server Error\n")
    assert "request_failed" in "".join(capsys.readouterr())


def test_the_same_notice_twice_is_kept_once_and_answered_twice(stranger, payment):
    answers = [post(stranger, notice()).text for _ in range(2)]

    assert answers == ["ok", "ok"]
    assert Notice.objects.count() == 1


def test_a_forged_notice_credits_nobody_and_its_body_is_not_logged(stranger, payment, shop, capsys):
    answer = post(stranger, notice(email="secret@customer.example"), {"HMAC": "0" * 128})
    unsigned = post(stranger, notice(), {})

    assert (answer.status_code, answer.text) == (403, "forged_notice\n")
    assert unsigned.status_code == 403
    assert (Notice.objects.count(), shop.jobs.asked) == (0, [])
    logged = "".join(capsys.readouterr())
    assert "forged_notice" in logged
    assert "secret@customer.example" not in logged


def test_a_signed_notice_without_sense_is_refused(stranger, payment):
    answer = post(stranger, b"[]")

    assert (answer.status_code, answer.text) == (400, "unreadable_notice\n")
    assert Notice.objects.count() == 0


def test_a_provider_that_we_do_not_know_is_not_found(stranger, payment):
    assert post(stranger, notice(), path="/webhooks/unheard-of").status_code == 404
    assert stranger.get(PATH).status_code == 405


def test_a_notice_larger_than_any_real_one_is_refused_unread(stranger, payment):
    assert post(stranger, b"x" * (256 * 1024 + 1)).status_code == 413
    assert post(stranger, b"x" * 256 * 1024).status_code == 400
    assert Notice.objects.count() == 0


def test_without_mongodb_the_provider_is_asked_to_come_again(stranger, payment, mongo_url):
    away: MongoClient = connection.connect(f"mongodb://127.0.0.1:{free_port()}/away")

    answer = post(stranger, notice())

    away.close()
    back = connection.connect(mongo_url)
    assert (answer.status_code, answer.mimetype) == (503, "text/plain")
    assert Notice.objects.count() == 0
    assert post(stranger, notice()).text == "ok"
    back.close()


def test_three_hundred_mutated_notices_never_break_the_shop(stranger, payment, shop):
    chance = random.Random(20261102)

    for _ in range(300):
        body = mutated(notice(order_id=payment.id), chance)
        headers = signed(body) if chance.random() < 0.8 else {"HMAC": body[:40].hex()}
        answer = post(stranger, body, headers)
        assert answer.status_code in {200, 400, 403}, body

    shop.topups.read_notices()

    assert LedgerEntry.objects.count() == 0
    assert {subject for _, subject in shop.jobs.asked} <= {payment.id, ""}


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Cut, repeated, overwritten, or with another value for a field."""
    kind = chance.randrange(5)
    place = chance.randrange(len(body))
    if kind == 0:
        return body[:place]
    if kind == 1:
        return body[:place] + bytes([chance.randrange(256)]) + body[place + 1 :]
    if kind == 2:
        return body[place:] + body
    if kind == 3:
        return chance.randbytes(place)
    values = [None, [], {}, {"$ne": 1}, 10**400, -1, "\u0000", "x" * 9_000, [[[]]], True, "NaN"]
    field = chance.choice(["track_id", "status", "type", "amount", "order_id", "currency"])
    return json.dumps(json.loads(body) | {field: chance.choice(values)}).encode()
