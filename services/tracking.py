"""Tracking: where each bought label is. Webhooks and customers only say where to look now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core import journeys
from core.clock import Clock
from core.errors import Refusal
from core.jobs import Job
from core.modes import ApiMode
from models.notice import Notice, Source
from models.order import Order
from models.tracking import Trail
from models.void import Void
from providers.carriers.base import CarrierNews, ForgedNews, UnreadableNews
from services.following import Following
from services.notices import Notices
from services.outbox import Outbox
from services.ports import Carriers, Jobs
from services.voiding import OPEN
from services.watching import Pace, Watching

PER_SWEEP = 500
ASKED_AT_MOST_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """What is told of a parcel always comes from the carrier's API, never from a webhook."""

    carriers: Carriers
    following: Following
    outbox: Outbox
    jobs: Jobs
    clock: Clock
    pace: Pace

    def of(self, order_id: str) -> Trail | None:
        found: Trail | None = Trail.objects.seek(order_id)
        return found

    def of_many(self, order_ids: Sequence[str]) -> dict[str, Trail]:
        return {trail.id: trail for trail in Trail.objects(pk__in=list(order_ids))}

    def look(self, order: Order) -> Trail:
        """What is known of a bought label; a worker asks the carrier, at most once a minute.

        Raises Erased: what the carrier tells would be known again.
        """
        trail = self.following.follow(order.whole())
        last = self.clock.now() - ASKED_AT_MOST_EVERY
        is_fresh = trail.looked_at is not None and trail.looked_at > last
        if not is_fresh and trail.status not in journeys.ENDS:
            self._wake(order.id)
        return trail

    def resume(self) -> None:
        """Follow new labels, and have looked at what is due."""
        self.following.follow_new()
        for order_id in Trail.objects.due(self.clock.now(), PER_SWEEP):
            self.jobs.ask(Job.TRACK_PARCEL, order_id)

    def drive(self, order_id: str) -> None:
        """Look at one parcel, if it is due, and tell what is new. Safe to call at any time."""
        Watching(
            carriers=self.carriers,
            outbox=self.outbox,
            jobs=self.jobs,
            clock=self.clock,
            pace=self.pace,
        ).drive(order_id)

    @property
    def notices(self) -> Notices:
        return Notices(
            source=Source.CARRIERS, job=Job.READ_CARRIER_NEWS, jobs=self.jobs, clock=self.clock
        )

    def notice(self, provider: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Keep a carrier service's signed news; `read_news` has somebody look.

        Raises CarrierNotConfigured, ForgedNews, UnreadableNews.
        """
        news = self._read(provider, body, headers)
        about = news.tracked.tracking_code if news.tracked else news.label_id
        status = news.tracked.state if news.tracked else news.void
        self.notices.keep(provider, body, about=about or news.event_id, status=str(status or ""))

    def read_news(self) -> None:
        """Have looked at the parcels and voids that carriers told of."""
        self.notices.handle(self._hear)

    def _read(self, provider: str, body: bytes, headers: Mapping[str, str]) -> CarrierNews:
        """By whichever account of ours it is signed for, test or production."""
        refusals: list[Refusal] = []
        for mode in ApiMode:
            try:
                return self.carriers.get(provider, mode).read_news(body, headers)
            except Refusal as refusal:
                refusals.append(refusal)
        told = [why for why in refusals if isinstance(why, ForgedNews | UnreadableNews)]
        raise (told or refusals)[-1]

    def _hear(self, notice: Notice) -> None:
        """A code that nobody follows yet may be that of a label just bought."""
        about, provider = notice.provider_id, notice.provider
        for order in Order.objects(tracking_code=about, provider=provider, erased_at=None):
            self.following.follow(order)
            self._wake(order.id)
        now = self.clock.now()
        for void in Void.objects(label_id=about, provider=provider, status__in=OPEN):
            Void.objects(pk=void.id, status__in=OPEN).update_one(set__next_at=now)
            self.jobs.ask(Job.DRIVE_VOID, void.id)

    def _wake(self, order_id: str) -> None:
        Trail.objects(pk=order_id).update_one(set__next_at=self.clock.now())
        self.jobs.ask(Job.TRACK_PARCEL, order_id)
