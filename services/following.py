"""Who is tracked: every bought label is given a trail by a sweep.

A sold order says that nobody follows its parcel yet. Those from before orders said so are found
by their labels, over the time at which these were stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import Clock
from core.windows import Windows
from models.label import Label
from models.order import Order
from models.setting import Setting
from models.tracking import Trail
from services.voids import bought_at

MARK = "labels_followed_until"
OVERLAP = timedelta(minutes=2)
"""Labels are kept by many machines: what another wrote a little late is looked at again."""
LOOKED_BACK = timedelta(days=90)
NEW_ONES = 2_000
PER_SWEEP = 5_000
AT_A_TIME = 500
FIRST_LOOK_AFTER = timedelta(minutes=30)
OFFERED_BEFORE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Following:
    """A mark says how far old labels were looked at; one never set begins 90 days back."""

    windows: Windows
    clock: Clock

    def follow(self, order: Order) -> Trail:
        """The trail of a bought label, made if there is none."""
        now, bought = self.clock.now(), bought_at(order)
        until = self.windows.end(order.rate.carrier, bought)
        trail: Trail = Trail.objects.get_or_insert(
            order.id,
            user_id=order.user_id,
            mode=order.mode,
            provider=order.provider,
            carrier=order.rate.carrier,
            tracking_code=order.tracking_code,
            next_at=max(now, bought + FIRST_LOOK_AFTER),
            offer_at=until - OFFERED_BEFORE if until > now else None,
            created_at=bought,
            moved_at=bought,
        )
        return trail

    def follow_new(self) -> None:
        """Follow what is not followed yet. Safe to call any number of times."""
        for order in Order.objects(follow_at__type="date").order_by("follow_at").limit(NEW_ONES):
            self.follow(order)
            Order.objects(pk=order.id).update_one(unset__follow_at=True)
        self._follow_old()

    def _follow_old(self) -> None:
        labels = self._labels(self._mark())
        for ids in _in_parts([label["_id"] for label in labels]):
            known = {row["_id"] for row in Trail.objects(pk__in=ids).only("id").as_pymongo()}
            for order in Order.objects(pk__in=[each for each in ids if each not in known]):
                if order.tracking_code:
                    self.follow(order)
        if labels:
            self._set_mark(labels[-1]["stored_at"])

    def _labels(self, mark: datetime) -> list[dict[str, datetime]]:
        found = Label.objects(stored_at__gte=mark).order_by("stored_at").limit(PER_SWEEP)
        return list(found.only("id", "stored_at").as_pymongo())

    def _mark(self) -> datetime:
        kept: Setting | None = Setting.objects(pk=MARK).first()
        if kept is None:
            return self.clock.now() - LOOKED_BACK
        return datetime.fromisoformat(kept.value) - OVERLAP

    def _set_mark(self, at: datetime) -> None:
        Setting.objects(pk=MARK).update_one(
            upsert=True,
            set__value=at.isoformat(),
            set__changed_by="clock",
            set__changed_at=self.clock.now(),
        )


def _in_parts(ids: list[datetime]) -> Iterator[list[datetime]]:
    for begin in range(0, len(ids), AT_A_TIME):
        yield ids[begin : begin + AT_A_TIME]
