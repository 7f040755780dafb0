"""Customers: known from their first message on."""

from dataclasses import dataclass

from core.clock import Clock
from core.quiet import QuietHours
from models.user import User


@dataclass(frozen=True, slots=True)
class Users:
    clock: Clock

    def meet(
        self,
        user_id: int,
        *,
        first_name: str,
        username: str,
        language: str,
        known: User | None = None,
    ) -> User:
        """The customer behind an update: made at the first one, kept up to date after.

        `known` saves reading one that was read a moment ago.
        """
        user: User = (
            known
            or User.objects.seek(user_id)
            or User.objects.get_or_insert(
                user_id,
                first_name=first_name,
                username=username,
                language=language,
                created_at=self.clock.now(),
            )
        )
        changed = (user.first_name, user.username) != (first_name, username)
        if changed or user.unreachable_at is not None:
            user = User.objects(pk=user_id).modify(
                new=True,
                set__first_name=first_name,
                set__username=username,
                unset__unreachable_at=True,
            )
        return user

    def get(self, user_id: int) -> User:
        """Raises models.base.NotFound."""
        found: User = User.objects.fetch(user_id)
        return found

    def language_of(self, user_id: int, otherwise: str) -> str:
        """What this customer is spoken to in; `otherwise` for one whom nobody has met."""
        known: User | None = User.objects.seek(user_id)
        return known.language if known else otherwise

    def choose_language(self, user_id: int, language: str) -> None:
        """From now on, whatever the Telegram client says."""
        User.objects(pk=user_id).update_one(set__language=language)

    def hear_of_parcels(self, user_id: int, *, wanted: bool) -> None:
        User.objects(pk=user_id).update_one(set__hears_of_parcels=wanted)

    def keep_quiet(self, user_id: int, hours: QuietHours | None) -> None:
        User.objects(pk=user_id).update_one(set__quiet=hours)

    def choose_zone(self, user_id: int, zone: str) -> None:
        User.objects(pk=user_id).update_one(set__zone=zone)

    def mark_unreachable(self, user_id: int) -> None:
        """The bot can't write to this chat until the customer writes again."""
        known = User.objects(pk=user_id, unreachable_at=None)
        known.update_one(set__unreachable_at=self.clock.now())

    def told_of_block(self, user_id: int) -> None:
        User.objects(pk=user_id).update_one(set__block_told_at=self.clock.now())

    def is_unreachable(self, user_id: int) -> bool:
        return bool(User.objects(pk=user_id, unreachable_at__ne=None).only("pk").first())
