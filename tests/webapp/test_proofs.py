"""The ledger is proven on demand, by those who may, one proof at a time, with its progress."""

import pytest

from models import ledger as entries
from models.audit import AuditEntry
from models.connection import collection
from models.proof import Proof
from tests.factories import OrderFactory, post_order
from webapp.operators import RoleName


def test_verify_now_runs_once_shows_its_progress_and_what_it_found(owner, shop):
    post_order(OrderFactory(done=True))
    collection(entries.COLLECTION).update_one({"seq": 2}, {"$set": {"by": "<nobody>"}})
    ledger = owner.read("/admin/ledger/")

    at = {owner.press("/admin/proofs/verify").location for _ in range(2)}
    [page] = at
    running = owner.read(page)
    shop.work()
    ended = owner.read(page)

    assert "The ledger has not been proven yet." in ledger
    assert Proof.objects.count() == 1
    assert ("Running: 0%" in running, 'http-equiv="refresh"' in running) == (True, True)
    assert ("digest is wrong" in ended, 'http-equiv="refresh"' in ended) == (True, False)
    assert f'href="{page}"' in owner.read("/admin/ledger/")
    [entry] = AuditEntry.objects
    assert (entry.by, entry.act) == ("owner@shop.example", "verify ledger")


def test_a_whole_ledger_is_said_to_be_whole(owner, shop):
    post_order(OrderFactory(done=True))
    page = owner.press("/admin/proofs/verify").location
    shop.work()

    assert "The ledger is whole" in owner.read(page)
    assert "3 entries of 1 accounts" in owner.read(page)


@pytest.mark.parametrize("path", ["/admin/ledger/", "/admin/proofs/"])
def test_support_reads_proofs_and_begins_none(log_in, path):
    support = log_in(RoleName.SUPPORT)

    assert "Verify now" not in support.read(path)
    assert support.press("/admin/proofs/verify").status_code == 403
    assert Proof.objects.count() == 0
