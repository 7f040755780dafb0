"""Alerts for operators: on the dashboard, in a list, and gone when their cause is."""

import pytest

from core.jobs import Queue
from models import ledger as entries
from models.connection import collection
from models.order import OrderState
from tests.factories import OrderFactory, post_order
from tests.webapp.test_commands import run


@pytest.fixture
def frozen(platform):
    """An entry that somebody has changed, found by a proof."""
    for queue in Queue:
        platform.liveness.hear(queue)
    order = OrderFactory(done=True)
    post_order(order)
    collection(entries.COLLECTION).update_one({"seq": 2}, {"$set": {"by": "nobody"}})
    platform.verification.verify()
    platform.alerts.watch()
    return order


def test_the_dashboard_leads_to_what_the_ledger_alerts_of(owner, frozen):
    page = owner.read("/admin/")

    assert '<span class="count">1</span> Alerts of the ledger, a queue or a carrier' in page
    assert '<span class="count">1</span> Frozen accounts' in page
    assert 'href="/admin/freezes/u:7:USD"' in page
    listed = owner.read("/admin/alerts/?status=open")
    assert 'href="/admin/freezes/u:7:USD"' in listed
    assert 'href="/admin/proofs/"' in listed
    assert "u:7:USD entry 2: digest is wrong" in owner.read("/admin/alerts/account_frozen:u:7:USD")


def test_an_alert_is_found_by_what_it_is_about_and_leads_there(owner, platform, frozen):
    order = OrderFactory(status=OrderState.REVIEW)
    platform.alerts.watch()

    page = owner.read(f"/admin/alerts/?q={order.id}")

    assert f'href="/admin/orders/{order.id}"' in page
    assert "u:7:USD" not in page


def test_an_operator_clears_a_frozen_account_by_command_with_a_reason(app, owner, platform, frozen):
    refused = run(app, "ledger", "clear", "u:8:USD", "--by", "ann", "--reason", "compared")
    cleared = run(app, "ledger", "clear", "u:7:USD", "--by", "ann", "--reason", "compared")
    platform.alerts.watch()

    assert (refused.exit_code, cleared.exit_code) == (1, 0)
    assert "not_frozen account=u:8:USD" in refused.output
    assert cleared.output == "u:7:USD may buy again.\n"
    assert platform.freezes.frozen() == []
    assert "Frozen accounts</a>" not in owner.read("/admin/").split("</nav>")[-1]


def test_queues_are_listed_and_silence_is_an_error(app, platform):
    never = run(app, "queues")
    platform.liveness.hear(Queue.MONEY)
    heard = run(app, "queues")

    assert (never.exit_code, heard.exit_code) == (1, 0)
    assert never.output.splitlines()[0] == "money    never                      SILENT"
    assert [line.split()[0] for line in heard.output.splitlines()] == [*Queue]
    assert "SILENT" not in heard.output


def test_a_proof_says_how_far_it_is_and_may_be_of_the_sums_alone(app, platform):
    post_order(OrderFactory(done=True))

    told = run(app, "ledger", "verify", "--progress", "--kind", "sums")

    assert told.exit_code == 0
    assert told.stderr.splitlines() == ["99%, 3 entries"]
    assert "Walked 3 entries of 1 accounts" in told.stdout
