"""Price drafts: the next version while operators write it, and its publication."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import Refusal
from core.ids import new_id
from core.money import Money
from core.pricing import PriceList, Rule
from models.pricing import PriceVersion
from models.user import User
from services.audits import Audits, ReasonMissing
from services.pricing import Pricing

LONGEST_REASON = 500


class DraftMoved(Refusal):
    """There is no such draft any more: somebody has changed, published or discarded it."""


class DraftBegun(Refusal):
    """There is a draft already, and there is never a second one."""


class UnknownCustomer(Refusal):
    """A rule for somebody whom we have not met. Facts: `user_id`."""


class NothingChanged(Refusal):
    """The draft's rules are those in force."""


@dataclass(frozen=True, slots=True)
class PriceDrafts:
    """Each verb names the `stamp` of the draft that its operator saw, and changes no other.

    All of them raise DraftMoved. Rules are counted from 0, in the order of the draft's list.
    """

    pricing: Pricing
    audits: Audits

    def begin(self, *, by: str, like: int | None = None) -> PriceVersion:
        """With the rules of version `like`, else of the last one. Raises DraftBegun, NotFound."""
        last, now = PriceVersion.objects.last(), self.audits.clock.now()
        prices = self.pricing.prices(last if like is None else like)
        if not PriceVersion.objects.begin(prices, after=last, stamp=new_id("P"), by=by, at=now):
            raise DraftBegun
        draft = self._seen()
        self._record(by, "begin price draft", draft)
        return draft

    def add(self, stamp: str, rule: Rule, *, by: str) -> None:
        """Raises UnknownCustomer, and what PriceList does."""
        draft = self._seen(stamp)
        _insist_on_customer(rule)
        self._replace(draft, (*draft.prices.rules, rule), by=by)
        self._record(by, "add price rule", draft, told(rule))

    def change(self, stamp: str, index: int, rule: Rule, *, by: str) -> None:
        """Raises UnknownCustomer, and what PriceList does."""
        draft = self._seen(stamp)
        _insist_on_customer(rule)
        old, others = _taken_out(draft, index)
        self._replace(draft, (*others, rule), by=by)
        self._record(by, "change price rule", draft, f"{told(old)}; now {told(rule)}")

    def remove(self, stamp: str, index: int, *, by: str) -> None:
        """Raises NoRuleForTheRest for the rule that prices what no other names."""
        draft = self._seen(stamp)
        old, others = _taken_out(draft, index)
        self._replace(draft, others, by=by)
        self._record(by, "remove price rule", draft, told(old))

    def set_least_margin(self, stamp: str, amount: Money, *, by: str) -> None:
        """Raises WrongRule."""
        draft = self._seen(stamp)
        self._replace(draft, draft.prices.rules, by=by, least_margin=amount)
        self._record(by, "set least margin", draft, str(amount))

    def publish(self, stamp: str, *, by: str, reason: str) -> PriceVersion:
        """In force at once, in every process. Raises ReasonMissing, NothingChanged."""
        reason = reason.strip()[:LONGEST_REASON]
        if not reason:
            raise ReasonMissing
        draft = self._seen(stamp)
        if draft.prices == self.pricing.prices(draft.id - 1):
            raise NothingChanged
        now = self.audits.clock.now()
        published: PriceVersion | None = PriceVersion.objects.publish(
            stamp, by=by, reason=reason, at=now
        )
        if published is None:
            raise DraftMoved
        self._record(by, "publish prices", published, reason)
        return published

    def discard(self, stamp: str, *, by: str) -> None:
        discarded: PriceVersion | None = PriceVersion.objects.discard(stamp)
        if discarded is None:
            raise DraftMoved
        self._record(by, "discard price draft", discarded)

    def _seen(self, stamp: str | None = None) -> PriceVersion:
        draft: PriceVersion | None = PriceVersion.objects.draft()
        if draft is None or stamp not in {None, draft.stamp}:
            raise DraftMoved
        return draft

    def _replace(
        self,
        draft: PriceVersion,
        rules: Iterable[Rule],
        *,
        by: str,
        least_margin: Money | None = None,
    ) -> None:
        margin = draft.prices.least_margin if least_margin is None else least_margin
        prices = PriceList(tuple(rules), margin)
        replaced = PriceVersion.objects.replace(
            draft.stamp, prices, new_stamp=new_id("P"), by=by, at=self.audits.clock.now()
        )
        if not replaced:
            raise DraftMoved

    def _record(self, by: str, act: str, version: PriceVersion, reason: str = "") -> None:
        self.audits.record(by, act, f"prices v{version.id}", reason)


def told(rule: Rule) -> str:
    """A rule in one line, for the audit log."""
    named = " ".join(filter(None, (rule.carrier, rule.service))) or "every rate"
    customer = f" of customer {rule.user_id}" if rule.user_id is not None else ""
    since = f" from {rule.since:%Y-%m-%d}" if rule.since else ""
    return f"{named}{customer}{since}: {rule.percent}% and {rule.flat}, at least {rule.minimum}"


def _taken_out(draft: PriceVersion, index: int) -> tuple[Rule, tuple[Rule, ...]]:
    rules = draft.prices.rules
    if not 0 <= index < len(rules):
        raise DraftMoved
    return rules[index], (*rules[:index], *rules[index + 1 :])


def _insist_on_customer(rule: Rule) -> None:
    if rule.user_id is not None and not User.objects.has(rule.user_id):
        raise UnknownCustomer(user_id=rule.user_id)
