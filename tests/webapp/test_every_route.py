"""Every address of the application, walked as a stranger, without a token and with rubbish."""

import pytest

from core.modes import ApiMode
from models.audit import AuditEntry
from models.order import Order
from models.user import User
from tests.factories import OrderFactory, PaymentFactory
from webapp.operators import RoleName
from webapp.security import PUBLIC


def routes(app):
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def address(app, rule, **values):
    named = {name: values.get(name, "1") for name in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **named)


def test_the_addresses_open_to_strangers_are_these(app):
    assert {rule.endpoint for rule in routes(app)} >= PUBLIC
    assert {
        "admin.static",
        "health.healthz",
        "health.readyz",
        "health.queues",
        "security.login",
        "static",
    } == PUBLIC


def test_a_stranger_is_sent_to_log_in_or_refused_everywhere_else(app, stranger):
    for rule in routes(app):
        if rule.endpoint in PUBLIC:
            continue
        for method in rule.methods - {"OPTIONS"}:
            answer = stranger.client.open(address(app, rule), method=method)
            where = (rule.rule, method, answer.status_code)
            if method in {"GET", "HEAD"}:
                assert (answer.status_code, "/login" in answer.location) == (302, True), where
            else:
                assert answer.status_code == 403, where


def test_a_post_without_the_forms_token_is_refused_everywhere(app, owner):
    order, payment = OrderFactory(), PaymentFactory()
    before = (Order.objects.fetch(order.id).to_mongo(), AuditEntry.objects.count())

    posts = [rule for rule in routes(app) if "POST" in rule.methods]
    for rule in posts:
        record_id = payment.id if "payments" in rule.rule else order.id
        answer = owner.client.post(address(app, rule, record_id=record_id))
        assert answer.status_code == 400, rule.rule

    assert {rule.endpoint for rule in posts} == {
        "admin.set_api_mode",
        "admin.set_maintenance",
        "adjustments.approve",
        "adjustments.decline",
        "customers.adjust",
        "customers.block",
        "customers.set_discount",
        "customers.unblock",
        "freezes.clear",
        "orders.ask_again",
        "orders.check",
        "orders.check_void",
        "orders.close_void",
        "orders.deny_void",
        "orders.give_back",
        "orders.grant_void",
        "orders.refund",
        "orders.take_stalled",
        "orders.track",
        "orders.void",
        "orphans.close",
        "payments.check",
        "payments.credit",
        "payments.reject",
        "pricing.add_rule",
        "pricing.begin",
        "pricing.change_rule",
        "pricing.discard",
        "pricing.publish",
        "pricing.remove_rule",
        "pricing.set_least_margin",
        "proofs.verify",
        "security.login",
        "security.logout",
        "security.verify",
    }
    assert (Order.objects.fetch(order.id).to_mongo(), AuditEntry.objects.count()) == before


def test_flask_admins_own_ways_to_write_and_to_serve_files_do_not_exist(app, owner, shop):
    balance = User.objects.first().to_mongo()

    for view in ("orders", "customers", "payments", "ledger", "labels", "notices", "outbox"):
        for path in ("new/", "edit/?id=7", "delete/", "action/", "ajax/update/", "export/csv/"):
            url = f"/admin/{view}/{path}"
            assert owner.get(url).status_code in {404, 405}, url
            fields = {"id": "7", "first_name": "Changed", "discount_percent": "50"}
            assert owner.press(url, **fields).status_code in {404, 405}, url
        assert owner.get(f"/admin/{view}/api/file/?id=1&coll=label_files").status_code == 404

    assert User.objects.first().to_mongo() == balance
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("role", [RoleName.SUPPORT, RoleName.FINANCE])
def test_only_an_owner_may_turn_the_switches(log_in, shop, role):
    desk = log_in(role)

    assert "Switch to production" not in desk.read("/admin/")
    assert desk.press("/admin/modes/api", mode="production", sure="yes").status_code == 403
    assert desk.press("/admin/modes/maintenance", maintenance="on").status_code == 403

    assert shop.modes.get_api_mode_cached() is ApiMode.TEST
    assert shop.modes.get_maintenance_mode_cached() is False


def test_no_address_answers_rubbish_with_a_broken_page(app, owner):
    without_words = {"static", "admin.static", "health.queues"}
    rubbish = ["%00", "'\"><script>alert(1)</script>", "x" * 3000, "$ne", "-1", "ё" * 80, "[(*"]
    places = ("before", "status", "kind", "page", "id")

    for rule in routes(app):
        if "GET" not in rule.methods or rule.endpoint in without_words:
            continue
        for junk in rubbish:
            for query in ({}, {"q": junk}, dict.fromkeys(places, junk)):
                answer = owner.client.get(address(app, rule, record_id=junk), query_string=query)
                assert answer.status_code < 500, (rule.rule, query)
                assert b"<script>alert" not in answer.data


def test_a_broken_page_is_said_in_words_and_logged_without_telling_strangers_why(
    app, owner, capsys, monkeypatch
):
    monkeypatch.setitem(app.view_functions, "orders.index_view", lambda: {}["a secret"])

    answer = owner.get("/admin/orders/")

    assert (answer.status_code, "Something broke" in answer.text) == (500, True)
    assert "secret" not in answer.text
    assert "request_failed" in "".join(capsys.readouterr())
