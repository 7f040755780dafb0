"""The door to the providers, against a server that misbehaves."""

import os
import threading
from decimal import Decimal
from time import monotonic

import pytest
import requests
import structlog

from providers.http import Door, NotSent, Silent, surely_not_sent
from tests.providers.stand import (
    KEY,
    Stand,
    drips,
    hangs_up,
    nobody_there,
    resets,
    says,
    sends,
    stays_silent,
)

HEAD = b"HTTP/1.1 200 OK\r\n"


def door(url: str, seconds: float = 0.6) -> Door:
    return Door("shopkeeper", f"{url}/v2/", {"Authorization": f"Bearer {KEY}"}, seconds=seconds)


def test_a_call_sends_exact_numbers_under_our_key_and_reads_exact_numbers(stand):
    stand.play(says(201, b'{"rate": 6.10}', x_ep_request_uuid="abc"))

    answer = door(stand.url).call("POST", "/things", body={"weight": Decimal("15.4")})

    assert (answer.status, answer.data) == (201, {"rate": Decimal("6.10")})
    asked = stand.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v2/things")
    assert asked.body == b'{"weight":15.4}'
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["content-type"] == "application/json"


def test_questions_are_encoded_into_the_address(stand):
    stand.play(says(200, {}))

    door(stand.url).call("GET", "/things", params={"from": "a b&c"})

    assert stand.calls() == ["GET /v2/things?from=a+b%26c"]


@pytest.mark.parametrize("status", [301, 400, 404, 422, 429, 500, 503])
def test_an_answer_of_any_status_is_an_answer_and_is_asked_for_once(stand, status):
    stand.play(says(status, {"error": "no"}, Location="/elsewhere"))

    answer = door(stand.url).call("POST", "/things", body={})

    assert (answer.status, answer.data) == (status, {"error": "no"})
    assert stand.calls() == ["POST /v2/things"]


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1, 2]", b'"text"', b"\xff\xfe"])
def test_an_answer_that_is_no_object_has_no_data(stand, body):
    stand.play(says(200, body))

    answer = door(stand.url).call("GET", "/things")

    assert (answer.data, answer.content) == ({}, body)


@pytest.mark.parametrize(
    "url",
    [nobody_there(), "http://no-such-host.invalid", "http://", "http://127.0.0.1:1:2"],
    ids=["refused", "unknown_host", "no_host", "no_address"],
)
def test_what_found_no_connection_was_surely_not_sent(url):
    with pytest.raises(NotSent) as caught:
        Door("shopkeeper", url, {}, seconds=1).call("POST", "/things", body={})

    assert caught.value.facts["provider"] == "shopkeeper"


def test_a_time_out_of_connecting_is_surely_not_sent():
    assert surely_not_sent(requests.ConnectTimeout()) is True
    assert surely_not_sent(requests.ReadTimeout()) is False
    assert surely_not_sent(requests.ConnectionError()) is False


@pytest.mark.parametrize(
    "act",
    [
        resets,
        hangs_up,
        sends(b"not HTTP at all\r\n\r\n"),
        sends(HEAD + b"Content-Length: 100\r\n\r\n{}"),
        sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
        sends(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
    ],
    ids=["reset", "hung_up", "no_http", "cut_short", "cut_chunk", "no_gzip"],
)
def test_what_was_sent_and_not_answered_whole_is_silence_and_is_not_sent_again(stand, act):
    stand.play(act)

    with pytest.raises(Silent) as caught:
        door(stand.url).call("POST", "/things", body={})

    assert caught.value.facts["provider"] == "shopkeeper"
    assert stand.calls() == ["POST /v2/things"]


def dripping(stand: Stand) -> list:
    long_head = HEAD + b"X-Padding: " + b"a" * 1000
    body = b" " * 1000
    return [
        stays_silent(stand),
        drips(stand, long_head),
        drips(stand, body, start=HEAD + b"Content-Length: 1000\r\n\r\n"),
        drips(stand, b"1\r\na\r\n" * 500, start=HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
    ]


@pytest.mark.parametrize("manner", range(4), ids=["silent", "head", "body", "chunks"])
def test_the_whole_exchange_ends_in_time_however_slowly_it_drips(stand, manner):
    stand.play(dripping(stand)[manner])
    started = monotonic()

    with pytest.raises(Silent):
        door(stand.url, seconds=0.5).call("POST", "/things", body={})

    assert 0.4 < monotonic() - started < 1.0


def test_an_answer_that_comes_after_its_time_is_not_read(stand, monkeypatch):
    monkeypatch.setattr("providers.deadline.monotonic", lambda: monotonic() + 60)
    stand.play(says(200, {}))

    with pytest.raises(Silent):
        door(stand.url).call("GET", "/things")


def test_an_answer_without_end_is_not_read_to_its_end(stand):
    stand.play(says(200, b" " * (9 * 1024 * 1024)))

    with pytest.raises(Silent):
        door(stand.url, seconds=10).call("GET", "/things")


def test_a_file_is_fetched_without_our_key_and_follows_its_host(stand):
    stand.play(says(302, {}, Location=f"{stand.url}/moved.pdf"), says(200, b"%PDF-1.4"))

    answer = door(stand.url).fetch(f"{stand.url}/label.pdf", most_bytes=100)

    assert (answer.status, answer.content) == (200, b"%PDF-1.4")
    assert stand.calls() == ["GET /label.pdf", "GET /moved.pdf"]
    assert all("authorization" not in asked.headers for asked in stand.asked)


def test_a_file_larger_than_allowed_is_no_answer(stand):
    stand.play(says(200, b"x" * 101))

    with pytest.raises(Silent):
        door(stand.url).fetch(f"{stand.url}/label.pdf", most_bytes=100)


def test_the_log_tells_what_happened_and_shows_neither_keys_nor_questions_nor_addresses(stand):
    stand.play(says(200, {}, x_ep_request_uuid="ep-1"), says(200, b"%PDF"), resets)

    with structlog.testing.capture_logs() as lines:
        shop = door(stand.url)
        shop.call("POST", "/things", body={"name": "Elizabeth"}, params={"q": "Swan"})
        shop.fetch(f"{stand.url}/secret-label", most_bytes=10)
        with pytest.raises(Silent):
            shop.call("GET", "/things")

    told = [(line["event"], line["path"], line.get("status")) for line in lines]
    assert told == [
        ("provider_answered", "/things", 200),
        ("provider_answered", "(file)", 200),
        ("provider_silent", "/things", None),
    ]
    assert lines[0]["request_id"] == "ep-1"
    assert all(line["milliseconds"] >= 0 for line in lines)
    assert not [word for word in (KEY, "Elizabeth", "Swan", "secret") if word in str(lines)]


def test_calls_of_one_thread_share_a_connection_and_threads_do_not(stand):
    stand.play(*[says(200, {})] * 3)
    shop = door(stand.url)

    shop.call("GET", "/one")
    shop.call("GET", "/two")
    thread = threading.Thread(target=shop.call, args=("GET", "/three"))
    thread.start()
    thread.join()

    assert (len(stand.asked), stand.connections) == (3, 2)


def test_a_connection_that_idled_is_not_trusted_with_a_purchase(stand, monkeypatch):
    stand.play(says(200, {}), says(200, {}))
    monkeypatch.setattr("providers.http.IDLE_SECONDS", 0)
    shop = door(stand.url)

    shop.call("GET", "/one")
    shop.call("GET", "/two")

    assert stand.connections == 2


def test_a_forked_process_opens_its_own_connection(stand, monkeypatch):
    stand.play(says(200, {}), says(200, {}))
    shop = door(stand.url)

    shop.call("GET", "/one")
    monkeypatch.setattr("providers.http.os.getpid", os.getppid)
    shop.call("GET", "/two")

    assert stand.connections == 2


def test_the_machines_proxy_is_not_asked(stand, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", nobody_there())
    monkeypatch.setenv("http_proxy", nobody_there())
    stand.play(says(200, {}))

    answer = door(stand.url).call("GET", "/things")

    assert answer.status == 200


def test_accounts_are_told_apart_without_giving_the_key_away():
    doors = [
        Door("easypost", "http://one/v2", {"Authorization": "Bearer EZTKsecret"}, seconds=1),
        Door("easypost", "http://one/v2", {"Authorization": "Bearer EZTKother"}, seconds=1),
        Door("easypost", "http://two/v2", {"Authorization": "Bearer EZTKsecret"}, seconds=1),
    ]

    accounts = {door.account for door in doors}

    assert len(accounts) == 3
    assert not [account for account in accounts if "secret" in account or "EZTK" in account]
    assert Door("easypost", "http://one/v2/", doors[0]._headers, seconds=9).account in accounts
