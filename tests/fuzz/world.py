"""The shop around the bot: its services over real stores, with outsiders on paper."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import monotonic
from unittest.mock import patch

import bootstrap
from bootstrap import Platform
from core.jobs import Job
from core.money import Money
from core.settings import Settings
from models import connection, indexes
from providers import telegram
from providers.payments.base import InvoiceState
from services.exports import Exports
from tests.fakes import HeldJobs, PaperCarrier, PaperCarriers, PaperProvider
from tests.fuzz.door import TOKEN, Door

MUCH = Money(500_000)


class Clock:
    """Goes on from a day on which nothing of the paper world has ended."""

    begin = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)

    def __init__(self) -> None:
        self._started = monotonic()

    def now(self) -> datetime:
        return self.begin + timedelta(seconds=monotonic() - self._started)


@dataclass
class World:
    platform: Platform
    door: Door
    provider: PaperProvider
    jobs: HeldJobs = field(default_factory=HeldJobs)

    def welcome(self, chat_id: int) -> None:
        self.door.open_chat(chat_id)
        self.platform.users.meet(chat_id, first_name="Maria", username="maria", language="en")

    def enrich(self, chat_id: int) -> None:
        """They pay in what they will never spend."""
        topups = self.platform.topups
        payment = topups.open(chat_id, MUCH)
        self.provider.say(str(payment.provider_id), InvoiceState.PAID, received=MUCH)
        topups.settle(payment.id)

    def work(self) -> None:
        """What workers do."""
        shop = self.platform
        doers: dict[Job, Callable[[str], object]] = {
            Job.DRIVE_ORDER: shop.orders.drive,
            Job.SETTLE_PAYMENT: shop.topups.settle,
            Job.SEND_NOTE: shop.outbox.send,
            Job.DRIVE_VOID: shop.voids.drive,
            Job.BUILD_EXPORT: Exports(shop.outbox).build,
            Job.TRACK_PARCEL: shop.tracking.drive,
            Job.DRIVE_BATCH: shop.batch_driving.drive,
        }
        while self.jobs.asked:
            job, subject_id = self.jobs.asked.pop(0)
            doers[job](subject_id)


@contextmanager
def a_world(mongo_url: str, redis_url: str, door: Door) -> Iterator[World]:
    """As `bootstrap` builds it, but that Telegram, carriers and payments are in this process."""
    settings = Settings(
        _env_file=None,
        mongo_url=mongo_url,
        redis_url=redis_url,
        secret_key="only-for-fuzzing-" * 3,
        password_salt="only-for-fuzzing-" * 2,
        telegram_token=TOKEN,
        telegram_per_second=100_000,
        telegram_chat_per_second=100_000,
        telegram_chat_burst=100_000,
        markup_percent=Decimal(5),
        markup_minimum_cents=50,
        customer_per_second=100_000,
        customer_burst=100_000,
        support_contact="@labeldesk_help",
    )
    carrier, provider, jobs = PaperCarrier(), PaperProvider(), HeldJobs()
    with ExitStack() as changes:
        for whose, name, instead in (
            (bootstrap, "carriers_of", lambda _: PaperCarriers({carrier.name: carrier})),
            (bootstrap, "switched_on", lambda _: {provider.name: provider}),
            (bootstrap, "SystemClock", Clock),
            (telegram, "Wire", lambda _: door),
        ):
            changes.enter_context(patch.object(whose, name, instead))
        platform = bootstrap.build(settings, make_jobs=lambda _: jobs)
        indexes.ensure()
        yield World(platform, door, provider, jobs)
        connection.disconnect()
