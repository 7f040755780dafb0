"""What machines beside the shop ask it."""

from datetime import timedelta

from core.jobs import Queue
from models import connection
from models.canary import Canary
from sandbox.servers import free_port
from tests.webapp.conftest import Desk, with_settings
from webapp.factory import create_app


def test_a_process_with_its_stores_is_ready(stranger):
    assert stranger.get("/healthz").json == {"status": "ok"}
    assert stranger.get("/readyz").json == {"status": "ok", "mongo": "ok", "redis": "ok"}


def test_a_monitor_outside_hears_which_queue_is_silent(stranger, platform):
    never = stranger.get("/readyz/queues")
    for queue in Queue:
        platform.liveness.hear(queue)
    an_hour_ago = platform.liveness.clock.now() - timedelta(hours=1)
    Canary.objects(pk=Queue.BUY.value).update_one(set__heard_at=an_hour_ago)

    heard = stranger.get("/readyz/queues")

    assert (never.status_code, never.json["notify"]) == (503, "silent")
    signs = {"money": "ok", "buy": "silent", "notify": "ok", "bulk": "ok"}
    assert (heard.status_code, heard.json) == (503, {"status": "degraded"} | signs)
    platform.liveness.hear(Queue.BUY)
    assert stranger.get("/readyz/queues").status_code == 200


def test_without_redis_it_serves_on_and_says_so(platform, settings):
    away = settings.model_copy(update={"redis_url": f"redis://127.0.0.1:{free_port()}/0"})
    desk = Desk(create_app(with_settings(platform, away)).test_client())

    answer = desk.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "mongo": "ok", "redis": "away"}


def test_without_mongodb_it_lives_but_is_not_ready_until_it_is_back(stranger, mongo_url):
    away = connection.connect(f"mongodb://127.0.0.1:{free_port()}/away")

    alive, ready = stranger.get("/healthz"), stranger.get("/readyz")
    page = stranger.get("/admin/")

    away.close()
    back = connection.connect(mongo_url)
    assert alive.status_code == 200
    assert (ready.status_code, ready.json["mongo"]) == (503, "away")
    assert page.status_code == 302
    assert stranger.get("/readyz").status_code == 200
    back.close()


def test_an_operator_meets_a_page_in_words_while_mongodb_is_away(owner, mongo_url):
    away = connection.connect(f"mongodb://127.0.0.1:{free_port()}/away")

    answer = owner.get("/admin/orders/")

    away.close()
    back = connection.connect(mongo_url)
    assert (answer.status_code, "out of reach" in answer.text) == (503, True)
    back.close()
