"""What was answered lately: found by the same question only, and without anybody's ids."""

from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, strategies as st
from redis import Redis

from core.customs import ContentsType, Customs, CustomsItem
from core.modes import ApiMode
from core.money import Money
from core.shipments import Shipment
from providers.carriers.base import Quoted, Rate
from providers.flags import RedisFlags
from services.rate_cache import RateCache, key_of
from tests.fakes import ForgetfulFlags
from tests.shop import PARCEL, RECIPIENT, SENDER

ITEM = CustomsItem("cotton shirt", 2, Money(2_500), Decimal(12), "US", "6105.10")
CUSTOMS = Customs(ContentsType.GIFT, (ITEM,), "Maria O'Brien")
SHIPMENT = Shipment(sender=SENDER, recipient=RECIPIENT, parcel=PARCEL, customs=CUSTOMS)
ASKED = {"provider": "easypost", "account": "ours", "mode": ApiMode.TEST}
QUOTED = Quoted(
    "shp_1",
    (
        Rate("rate_1", "USPS", "Priority", Money(1_000), 2, date(2026, 11, 4), "ca_1"),
        Rate("rate_2", "UPS", "Ground", Money(1_250), None, None, "ca_2"),
    ),
    ("FedEx: account is closed",),
)


def key(shipment=SHIPMENT, **changes):
    return key_of(shipment, **(ASKED | changes))


def variations(value):
    """The value with one leaf of it changed, for each of its leaves, by the way to the leaf."""
    if is_dataclass(value):
        for field in fields(value):
            for way, other in variations(getattr(value, field.name)):
                yield f"{field.name}.{way}".rstrip("."), replace(value, **{field.name: other})
    elif isinstance(value, ContentsType):
        yield "", ContentsType.SAMPLE
    elif isinstance(value, str):
        yield "", value + "x"
    elif isinstance(value, tuple):
        yield "more", (*value, *value)
        for way, other in variations(value[0]):
            yield way, (other, *value[1:])
    else:
        yield "", value + 1


VARIATIONS = dict(variations(SHIPMENT))


@pytest.mark.parametrize("way", VARIATIONS)
def test_each_field_of_a_shipment_makes_another_question(way):
    assert key(VARIATIONS[way]) != key()


def test_no_field_of_a_shipment_is_left_out():
    assert {"sender.zip", "recipient.street2", "parcel.weight_oz", "customs.contents"} <= set(
        VARIATIONS
    )
    assert len(VARIATIONS) == 2 * len(fields(SENDER)) + len(fields(PARCEL)) + 3 + 7


@pytest.mark.parametrize(
    "change",
    [{"provider": "shipengine"}, {"account": "another"}, {"mode": ApiMode.PRODUCTION}],
)
def test_provider_account_and_mode_make_another_question(change):
    assert key(**change) != key()


def test_without_customs_is_another_question():
    assert key(replace(SHIPMENT, customs=None)) != key()


@pytest.mark.parametrize(
    "same",
    [
        replace(SHIPMENT, sender=replace(SENDER, street="  388  TOWNSEND st ")),
        replace(SHIPMENT, recipient=replace(RECIPIENT, city="NEW YORK")),
        replace(SHIPMENT, parcel=replace(PARCEL, length_in=Decimal("10.00"))),
    ],
)
def test_blanks_letter_case_and_zeros_after_the_point_make_none(same):
    assert key(same) == key()


TEXTS = st.text("ab XY", min_size=1, max_size=6)


@given(st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_neighbouring_fields_never_run_into_one_another(one, other):
    assume(
        [" ".join(text.split()).casefold() for text in one]
        != [" ".join(text.split()).casefold() for text in other]
    )

    def of(texts):
        return replace(SHIPMENT, sender=replace(SENDER, street=texts[0], street2=texts[1]))

    assert key(of(one)) != key(of(other))


def test_an_answer_comes_back_whole_but_for_its_ids():
    cache = RateCache(ForgetfulFlags())

    cache.put(key(), QUOTED)

    known = cache.get(key())
    assert known == Quoted(
        "", tuple(replace(rate, rate_id="") for rate in QUOTED.rates), QUOTED.complaints
    )


def test_neither_addresses_nor_ids_leave_for_the_cache():
    flags = ForgetfulFlags()

    RateCache(flags).put(key(), QUOTED)

    kept = str(flags.kept).lower()
    assert not [word for word in ("shp_1", "rate_1", "brien", "townsend") if word in kept]


def test_an_answer_without_rates_is_asked_for_again():
    cache = RateCache(ForgetfulFlags())

    cache.put(key(), Quoted("shp_1", (), ("USPS: try later",)))

    assert cache.get(key()) is None


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"rates": [{}]}', '{"rates": 1}', "null"])
def test_what_cannot_be_read_counts_as_unknown(kept):
    assert RateCache(ForgetfulFlags({key(): kept})).get(key()) is None


def test_answers_are_kept_in_redis_for_fifteen_minutes(redis_url):
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        RateCache(RedisFlags(redis)).put(key(), QUOTED)

        [name] = redis.keys()
        assert 890 < redis.ttl(name) <= 900
        assert RateCache(RedisFlags(redis)).get(key()).rates[0].cost == Money(1_000)


def test_without_redis_nothing_is_known_and_nothing_fails():
    with Redis(port=1, socket_connect_timeout=0.2) as nobody:
        cache = RateCache(RedisFlags(nobody))

        cache.put(key(), QUOTED)

        assert cache.get(key()) is None
