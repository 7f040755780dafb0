"""Commands of `flask --app wsgi`."""

import json

from core.money import Money
from models.audit import AuditEntry
from models.connection import collection
from models.indexes import DOCUMENTS
from models.orphan import Orphan, OrphanState
from tests.factories import NOON, OrderFactory, post_order
from webapp.operators import Operator


def run(app, *words: str):
    return app.test_cli_runner().invoke(args=words)


def test_indexes_are_built_for_every_collection_and_again(app):
    answers = [run(app, "indexes", "ensure") for _ in range(2)]

    assert [answer.exit_code for answer in answers] == [0, 0]
    assert f"in {len(DOCUMENTS) + 1} collections" in answers[0].output
    assert {"email", "session"} <= set(Operator._get_collection().index_information())


def test_an_operator_is_made_once_and_then_updated(app):
    first = run(app, "operator", "create", "Ann@Shop.example", "a password", "--role", "support")
    second = run(app, "operator", "create", "ann@shop.example", "another", "--role", "owner")

    assert first.output == "Operator ann@shop.example made, role support.\n"
    assert second.output == "Operator ann@shop.example updated, role owner.\n"
    [ann] = Operator.objects
    assert (ann.email, ann.role_names, ann.active) == ("ann@shop.example", ["owner"], True)
    assert ann.password.startswith("$argon2id$")
    assert [entry.act for entry in AuditEntry.objects] == ["appoint operator"] * 2


def test_a_role_that_does_not_exist_is_refused(app):
    assert run(app, "operator", "create", "a@b.example", "x", "--role", "king").exit_code == 2
    assert Operator.objects.count() == 0


def test_a_whole_ledger_verifies(app):
    post_order(OrderFactory(done=True))

    as_json = run(app, "ledger", "verify", "--json")
    in_words = run(app, "ledger", "verify")

    told = json.loads(as_json.output.splitlines()[-1])
    assert (as_json.exit_code, in_words.exit_code) == (0, 0)
    assert list(told) == ["accounts", "entries", "mismatches", "seconds"]
    assert (told["accounts"], told["entries"], told["mismatches"]) == (1, 3, 0)
    assert in_words.output.endswith("the ledger is whole.\n")


def test_a_balance_changed_by_hand_is_found_and_named(app):
    post_order(OrderFactory(done=True))
    collection("ledger_entries").update_one({"seq": 2}, {"$inc": {"available": 100_000}})

    as_json = run(app, "ledger", "verify", "--json")
    in_words = run(app, "ledger", "verify")

    assert (as_json.exit_code, in_words.exit_code) == (1, 1)
    assert json.loads(as_json.output.splitlines()[-1])["mismatches"] > 0
    assert "u:7:USD entry 2: available does not follow" in in_words.output


def test_a_lost_label_is_closed_with_a_reason_and_once(app):
    words = ("orphans", "close", "easypost:test:shp_1", "--by", "ann@shop.example", "--reason")
    Orphan(
        id="easypost:test:shp_1",
        service="easypost:test",
        label_id="shp_1",
        cost=Money(800),
        status=OrphanState.LOSS,
        found_at=NOON,
        moved_at=NOON,
    ).save()

    nameless, closed, again = (run(app, *words, why) for why in (" ", "written off", "again"))

    assert (nameless.exit_code, closed.exit_code, again.exit_code) == (1, 0, 1)
    assert closed.output == "easypost:test:shp_1 is closed.\n"
    assert Orphan.objects.get().status is OrphanState.CLOSED
    assert [entry.reason for entry in AuditEntry.objects] == ["written off"]
