"""Who gets in, how often one may try, and what every answer carries."""

from urllib.parse import urlsplit

import pytest
from pydantic import HttpUrl

from tests.webapp.conftest import PASSWORD, Desk, with_settings
from webapp.factory import create_app
from webapp.operators import Operator, Operators, RoleName, appoint

EMAIL = "ann@shop.example"


@pytest.fixture
def ann(app):
    with app.app_context():
        appoint("Ann@Shop.example", PASSWORD, RoleName.SUPPORT)


def enter(desk: Desk, email: str = EMAIL, password: str = PASSWORD, **fields: str):
    return desk.press("/login", on="/login", email=email, password=password, **fields)


def test_an_operator_logs_in_and_lands_on_the_dashboard(ann, stranger):
    answer = enter(stranger)

    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert "Needs a person" in stranger.read("/admin/")
    assert Operator.objects.get(email=EMAIL).login_count == 1


@pytest.mark.parametrize(
    ("email", "password"),
    [(EMAIL, "wrong"), ("nobody@shop.example", PASSWORD), ("' || 1==1", "x"), ("", "")],
)
def test_a_wrong_login_says_the_same_whatever_was_wrong(ann, stranger, email, password):
    answer = enter(stranger, email, password)

    assert answer.status_code == 200
    assert answer.text.count("E-mail or password is wrong.") == 1
    assert stranger.get("/admin/").status_code == 302


def test_an_operator_who_was_switched_off_is_out_at_once(ann, stranger):
    enter(stranger)
    Operator.objects(email=EMAIL).update(set__active=False)

    assert stranger.get("/admin/").location.startswith("/login")
    assert stranger.get("/admin/orders/").location.startswith("/login")


def test_a_new_password_ends_the_sessions_of_the_old_one(app, ann, stranger):
    enter(stranger)

    with app.app_context():
        appoint(EMAIL, PASSWORD, RoleName.SUPPORT)
    still_in = stranger.get("/admin/").status_code
    with app.app_context():
        appoint(EMAIL, "another password", RoleName.SUPPORT)

    assert still_in == 200
    assert stranger.get("/admin/").status_code == 302


def test_logging_out_needs_the_form_and_ends_the_session(ann, stranger):
    enter(stranger)

    by_link = stranger.get("/logout")
    assert (by_link.status_code, "POST" in by_link.headers["Allow"]) == (405, True)
    assert stranger.client.post("/logout").status_code == 400
    assert stranger.press("/logout").location == "/login"
    assert stranger.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_after_logging_in_nobody_is_sent_to_a_foreign_page(ann, stranger, wanted):
    answer = enter(stranger, next=wanted)

    where = urlsplit(answer.location or "/admin/")
    assert (where.scheme, where.netloc, "\\" in where.path) == ("", "", False)


def test_pages_for_operators_are_kept_by_no_browser(ann, stranger):
    enter(stranger)

    for path in ("/admin/", "/admin/orders/", "/admin/orders/L-1/label.pdf"):
        assert stranger.get(path).headers["Cache-Control"] == "private, no-store"
    assert "no-store" not in stranger.get("/static/desk.css").headers["Cache-Control"]


def test_after_logging_in_one_lands_where_one_wanted_to_go(ann, stranger):
    wanted = stranger.get("/admin/orders/?q=L-1").location

    assert wanted == "/login?next=/admin/orders/?q%3DL-1"
    assert enter(stranger, next="/admin/orders/?q=L-1").location == "/admin/orders/?q=L-1"


def test_the_eleventh_attempt_of_a_minute_is_refused_even_with_the_right_password(ann, stranger):
    answers = [enter(stranger, password=f"wrong {n}").status_code for n in range(10)]

    assert answers == [200] * 10
    assert stranger.press("/login", on="/login", email=EMAIL, password=PASSWORD).status_code == 429
    assert stranger.get("/admin/").status_code == 302
    assert stranger.get("/login").status_code == 200


def test_attempts_are_limited_while_redis_is_away(platform, settings, ann):
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    desk = Desk(create_app(with_settings(platform, away)).test_client())

    answers = [enter(desk, password="wrong").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_passwords_are_kept_as_argon2_only(ann):
    stored = Operator.objects.get(email=EMAIL).password

    assert stored.startswith("$argon2id$")


def test_every_answer_forbids_frames_foreign_scripts_and_guessing(stranger):
    for path in ("/login", "/healthz", "/nowhere", "/static/desk.css"):
        headers = stranger.get(path).headers
        policy = headers["Content-Security-Policy"]

        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "default-src 'none'" in policy
        assert "script-src 'self' 'nonce-" in policy
        assert "unsafe" not in policy


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(ann, stranger):
    [cookie] = enter(stranger).headers.getlist("Set-Cookie")

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_a_public_address_with_https_means_https_everywhere_but_for_probes(platform, settings):
    https = settings.model_copy(update={"public_url": HttpUrl("https://shop.example")})
    client = create_app(with_settings(platform, https)).test_client()

    plain = client.get("/login")
    secure = client.get("/login", headers={"X-Forwarded-Proto": "https"})

    assert (plain.status_code, plain.location) == (302, "https://localhost/login")
    assert "max-age" in secure.headers["Strict-Transport-Security"]
    assert "Secure" in secure.headers["Set-Cookie"]
    assert client.get("/healthz").status_code == 200


def test_roles_and_nothing_else_can_be_looked_up_by_the_login_library():
    assert Operators().find_role("owner").name == "owner"
    assert Operators().find_role("king") is None


def test_there_is_no_way_to_register_or_to_reset_a_password(stranger):
    for path in ("/register", "/reset", "/change", "/confirm", "/verify", "/fs-static/x.js"):
        assert stranger.get(path).status_code in {302, 404}, path
    assert Operator.objects.count() == 0
