"""Celery's settings, as a worker, a beat and a sender would read them."""

import importlib.util
from pathlib import Path

import pytest
from celery import Celery
from celery.schedules import crontab
from redbeat.schedulers import RedBeatConfig

from core.jobs import Job, Queue
from providers import queue
from tests.providers.stand import shop_settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def config(monkeypatch, tmp_path):
    """Read anew under settings of this test's own."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "MONGO_URL": "mongodb://127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/7",
        "LABELDESK_SECRET_KEY": "k" * 32,
        "LABELDESK_PASSWORD_SALT": "s" * 16,
        "LABELDESK_TELEGRAM_TOKEN": "1000001:secret",
        "LABELDESK_SWEEP_SECONDS": "2.5",
    }.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("celeryconfig", ROOT / "celeryconfig.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app(config):
    app = Celery("worker", set_as_current=False)
    app.config_from_object(config)
    return app


def test_broker_and_schedule_live_in_the_configured_redis(app):
    assert app.conf.broker_url == "redis://127.0.0.1:1/7"
    assert RedBeatConfig(app).redis_url == "redis://127.0.0.1:1/7"
    assert RedBeatConfig(app).lock_timeout == 60
    assert RedBeatConfig(app).key_prefix == "labeldesk:beat:"


@pytest.mark.parametrize("job", list(Job))
def test_every_job_is_routed_to_its_own_queue(app, job):
    route = app.amqp.router.route({}, job.value)

    assert route["queue"].name == job.queue.value
    assert route["queue"].exchange.name == job.queue.value


def test_workers_know_each_queue_and_no_other(app):
    assert set(app.amqp.queues) == {each.value for each in Queue}


def test_the_sweeps_run_as_often_as_configured_and_do_not_pile_up(app):
    sweeps = {
        name: entry
        for name, entry in app.conf.beat_schedule.items()
        if isinstance(entry["schedule"], float)
    }

    assert {name: entry["schedule"] for name, entry in sweeps.items()} == {
        "money.read_notices": 2.5,
        "money.resume_payments": 2.5,
        "buy.resume_orders": 2.5,
        "notify.resume_notes": 2.5,
        "bulk.read_carrier_news": 2.5,
        "bulk.resume_batches": 2.5,
        "bulk.resume_exports": 60.0,
        "bulk.resume_tracking": 60.0,
        "bulk.resume_voids": 60.0,
        "money.resume_adjustments": 60.0,
        "bulk.resume_proofs": 60.0,
        "bulk.erase_old": 600.0,
        "bulk.read_carrier_balances": 900.0,
        "bulk.verify_ledger": 3600.0,
        **{f"{queue}.canary": 60.0 for queue in Queue},
    }
    assert all(
        (entry["task"], entry["options"]) == (name, {"expires": entry["schedule"]})
        for name, entry in sweeps.items()
    )
    assert app.conf.beat_max_loop_interval == 2.5


def test_each_night_everything_is_compared_once(app):
    nightly = {
        name: entry["schedule"]
        for name, entry in app.conf.beat_schedule.items()
        if isinstance(entry["schedule"], crontab)
    }

    assert {name: (at.hour, at.minute) for name, at in nightly.items()} == {
        "bulk.verify_whole_ledger": ({3}, {30}),
        "bulk.reconcile": ({4}, {30}),
        "bulk.reconcile_carriers": ({5}, {0}),
    }


def test_no_task_can_outlive_its_message(app):
    conf = app.conf

    assert conf.task_soft_time_limit < conf.task_time_limit
    assert conf.task_time_limit * 2 < conf.broker_transport_options["visibility_timeout"]


def test_a_sender_writes_what_a_worker_reads(app):
    sender = queue.connect(shop_settings())._app

    assert sender.conf.task_serializer in app.conf.accept_content
    assert sender.conf.task_ignore_result is app.conf.task_ignore_result is True
    assert set(sender.amqp.queues) == set(app.amqp.queues)
