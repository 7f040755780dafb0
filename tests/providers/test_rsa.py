"""Signatures of webhooks: one of OpenSSL's, and those meant to fool them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from providers.rsa import PublicKey
from tests.providers.signing import (
    DIGEST_INFO,
    EXPONENT,
    MODULUS,
    SIZE,
    encoded,
    published,
    sealed,
    signature,
    url_number,
)

MESSAGE = b'2026-11-23T03:00:00Z.{"resource_type":"API_TRACK"}'
BY_OPENSSL = (
    "lNUDSu1W2ImedKoZrG36xa0K7nbvI6Nuf30JGO2L7TELnDc+LYKpNAewgx97wh2rAfR0s03Gzv5GGYEXfx+hdH40CGHp"
    "jJ5AL7PBgGeIiRzVlyjci/Z8yLzymjX8wUpXS4yVPnSZi8bMIB54Rl5YZzNNf7yY0yYyRTl4xYw42gTqRwz83r7T9OTo"
    "8V+jwh6OtVMb/F0W+ynxWeq2QACf92ibr51MniId6JUaGCN80kn0yXuxYjw2qhmaKTfAUE42GC3MErastkf5SBoaAJPl"
    "jyBS++Gt9a14lt/PAlQ4xMH6GCfn7GzHwoDUqkoBr17flwB765lsd6FtTvmrblToAA=="
)
"""`openssl dgst -sha256 -sign` over MESSAGE with the key of these tests."""


@pytest.fixture
def key():
    key = PublicKey.of(published())
    assert key.key.public_numbers() == RSAPublicNumbers(EXPONENT, MODULUS)
    return key


def test_a_signature_by_openssl_is_good_and_is_the_one_we_make_in_tests(key):
    assert key.signed(MESSAGE, BY_OPENSSL)
    assert signature(MESSAGE) == BY_OPENSSL


def test_another_message_or_signature_is_not(key):
    raw = bytearray(base64.b64decode(BY_OPENSSL))
    raw[100] ^= 1

    assert not key.signed(MESSAGE + b" ", BY_OPENSSL)
    assert not key.signed(MESSAGE, base64.b64encode(raw).decode())


def test_paddings_that_careless_checks_let_pass_are_refused(key):
    good = encoded(MESSAGE)
    digest = good[-32:]
    short_padding = b"\x00\x01" + b"\xff" * 8 + b"\x00" + DIGEST_INFO + digest
    no_null = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20" + digest

    for block in (
        short_padding.ljust(SIZE, b"\x00"),
        b"\x00\x02" + good[2:],
        good[:2] + b"\xfe" + good[3:],
        b"\x00\x01" + b"\xff" * (SIZE - len(no_null) - 3) + b"\x00" + no_null,
        (b"\x00\x01" + b"\xff" * 202 + b"\x00" + digest).rjust(SIZE, b"\x00"),
    ):
        assert len(block) == SIZE
        assert not key.signed(MESSAGE, sealed(block))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "?",
        "AAAA",
        base64.b64encode(bytes(SIZE)).decode(),
        base64.b64encode(b"\xff" * SIZE).decode(),
        base64.b64encode(b"\x00" + base64.b64decode(BY_OPENSSL)).decode(),
        BY_OPENSSL[:-4],
        f"{BY_OPENSSL[:-4]}!A==",
    ],
)
def test_what_is_no_signature_of_that_size_is_refused(key, given):
    assert not key.signed(MESSAGE, given)


@pytest.mark.parametrize(
    "change",
    [
        {"kty": "EC"},
        {"n": None},
        {"n": "!"},
        {"n": url_number(MODULUS >> 8)},
        {"n": url_number(MODULUS << 6_200)},
        {"e": None},
        {"e": url_number(1)},
        {"e": url_number(2**33)},
    ],
)
def test_a_key_that_is_weak_absurd_or_of_another_kind_is_none(change):
    assert PublicKey.of(published(**change)) is None
