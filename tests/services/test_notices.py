"""Notices: kept before they are answered, handled once somebody has done what follows."""

from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect

from core.errors import Unavailable
from core.jobs import Job
from core.money import Money
from models.notice import Notice
from models.payment import Payment, PaymentState
from providers.payments.base import InvoiceState
from services.attempts import DEATHS_AT_MOST
from services.notices import CLOCKS_APART, LEASE, PER_TURN
from tests.shop import BUYER


class Killed(BaseException):
    """What kill -9 is to a test in the same process."""


@pytest.fixture
def notices(shop):
    return shop.topups.notices


def keep(notices, *words):
    return [notices.keep("oxapay", word.encode(), about=f"track-{word}") for word in words]


def handled(notices):
    """What was handed out, in its order."""
    seen = []
    notices.handle(lambda notice: seen.append(bytes(notice.body).decode()))
    return seen


def dying(notice):
    raise Killed


def failing(error):
    def act(notice):
        raise error

    return act


def test_each_is_handled_once_the_oldest_first(shop, notices):
    keep(notices, "a")
    shop.clock.turn(seconds=-1)
    keep(notices, "b")

    assert handled(notices) == ["b", "a"]
    assert handled(notices) == []


def test_a_burst_is_one_wish_for_a_worker(shop, notices):
    assert keep(notices, "a", "b", "c") == [True, True, True]

    assert shop.jobs.asked == [(Job.READ_NOTICES, "")]


def test_the_same_words_of_another_provider_are_another_notice(notices):
    told = [notices.keep(name, b"paid", about="1") for name in ("oxapay", "cryptopay", "oxapay")]

    assert told == [True, True, False]
    assert Notice.objects.count() == 2


def test_one_that_was_told_again_is_handled_no_second_time(shop, notices):
    keep(notices, "a")
    assert keep(notices, "a") == [False]
    assert handled(notices) == ["a"]

    shop.jobs.asked.clear()
    assert keep(notices, "a") == [False]
    assert handled(notices) == []
    assert shop.jobs.asked == []


def test_one_kept_by_a_machine_whose_clock_goes_before_is_due_all_the_same(shop, notices):
    shop.clock.turn(seconds=CLOCKS_APART.total_seconds())
    keep(notices, "a")
    shop.clock.turn(seconds=-CLOCKS_APART.total_seconds())

    assert handled(notices) == ["a"]


def test_whoever_dies_leaves_it_to_the_next_and_the_others_to_anybody(shop, notices):
    keep(notices, "a", "b")

    with pytest.raises(Killed):
        notices.handle(dying)

    assert handled(notices) == ["b"]
    shop.clock.turn(seconds=LEASE.total_seconds())
    assert handled(notices) == ["a"]


def test_one_in_somebodys_hands_is_nobody_elses(notices):
    others = []
    keep(notices, "a")

    notices.handle(lambda _: others.extend(handled(notices)))

    assert others == []
    assert Notice.objects.get().next_at is None


def test_one_that_kills_its_worker_each_time_ends_and_says_so(shop, notices, capsys):
    keep(notices, "a")

    for _ in range(DEATHS_AT_MOST):
        with pytest.raises(Killed):
            notices.handle(dying)
        shop.clock.turn(seconds=LEASE.total_seconds())
    notices.handle(dying)

    left = Notice.objects.get()
    assert (left.next_at, left.handled_at) == (None, shop.clock.now())
    assert left.failure == f"kills_its_worker id={left.id}"
    assert "notice_given_up" in "".join(capsys.readouterr())


def test_one_that_can_only_fail_ends_too(shop, notices):
    keep(notices, "a")

    for _ in range(DEATHS_AT_MOST):
        with pytest.raises(KeyError):
            notices.handle(failing(KeyError("nobody foresaw it")))
        shop.clock.turn(seconds=LEASE.total_seconds())

    assert handled(notices) == []
    assert Notice.objects.get().next_at is None


@pytest.mark.parametrize("trouble", [Unavailable(), AutoReconnect("gone")])
def test_what_time_can_cure_is_tried_for_as_long_as_it_takes(shop, notices, trouble):
    keep(notices, "a")

    for _ in range(3 * DEATHS_AT_MOST):
        with pytest.raises(type(trouble)):
            notices.handle(failing(trouble))
        shop.clock.turn(seconds=LEASE.total_seconds())

    assert handled(notices) == ["a"]
    assert Notice.objects.get().failure == ""


def test_more_than_one_turn_holds_is_asked_for_again(shop, notices):
    words = [f"{number:03}" for number in range(PER_TURN + 1)]
    keep(notices, *words)
    shop.jobs.asked.clear()

    assert handled(notices) == words[:PER_TURN]
    assert shop.jobs.asked == [(Job.READ_NOTICES, "")]
    assert handled(notices) == words[PER_TURN:]


def test_a_repeated_notice_has_an_unpaid_one_looked_at_again_at_once(shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    body = payment.provider_id.encode()
    shop.topups.notice("oxapay", body, {})
    shop.work()
    shop.pay(payment)

    shop.topups.notice("oxapay", body, {})

    assert shop.jobs.asked == [(Job.SETTLE_PAYMENT, payment.id)]
    assert Payment.objects.fetch(payment.id).next_at == shop.clock.now()


def test_news_read_only_after_an_older_report_was_credited_is_heard_all_the_same(shop):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.pay(payment)
    shop.topups.notice("oxapay", f"{payment.provider_id} more".encode(), {})
    shop.topups.settle(payment.id)
    assert Payment.objects.fetch(payment.id).status is PaymentState.PAID
    shop.provider.say(payment.provider_id, InvoiceState.PAID, received=Money(4_000))

    shop.clock.turn(minutes=1)
    shop.work()

    assert shop.balance() == (4_000, 0)


def test_a_notice_is_no_longer_due_only_when_its_payment_is_woken(shop, monkeypatch):
    payment = shop.topups.open(BUYER, Money(2_500))
    shop.topups.notice("oxapay", payment.provider_id.encode(), {})
    with monkeypatch.context() as broken:
        broken.setattr(type(Payment.objects), "wake", lambda *_, **__: dying(None))
        with pytest.raises(Killed):
            shop.topups.read_notices()
    assert Notice.objects.get().next_at == shop.clock.now() + LEASE

    shop.pay(payment)
    shop.clock.turn(seconds=LEASE / timedelta(seconds=1))
    shop.jobs.asked.clear()
    shop.topups.read_notices()
    shop.work()

    assert Notice.objects.get().next_at is None
    assert shop.balance() == (2_500, 0)
