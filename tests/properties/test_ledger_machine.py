"""Every verb of the ledger, in any order, repeated and killed half-way, against a plain dict."""

from collections import defaultdict

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core import crashes
from core.money import Money
from models import ledger as entries
from models.ledger import EntryKind
from services.ledger import Cause, KeyReused, Ledger, Posting, account_of
from tests.fakes import TurnedClock
from tests.properties.deaths import Killed, empty

USERS = st.sampled_from([1, 2])
CENTS = st.sampled_from([1, 100, 250, 999, 5_000])
NAMES = st.sampled_from(["a", "b", "c", "d"])
KINDS = st.sampled_from([kind.value for kind in EntryKind])
CAUSE = Cause("operator:ann@shop.example", "a reason")


class LedgerMachine(RuleBasedStateMachine):
    """`booked` holds each account's causes and what they did; everything else follows from it."""

    def __init__(self):
        super().__init__()
        empty()
        self.ledger = Ledger(TurnedClock())
        self.booked = defaultdict(dict)

    def balance(self, user):
        steps = [step[1:] for step in self.booked[user].values()]
        return sum(step[0] for step in steps), sum(step[1] for step in steps)

    def post(self, user, key, step, verb, *, overdraft=False):
        """Do it, and again if it was killed; then it must have had exactly the effect asked for."""
        known = self.booked[user].get(key)
        after = [now + change for now, change in zip(self.balance(user), step[1:], strict=True)]
        covered = overdraft or all(
            left >= 0 for left, change in zip(after, step[1:], strict=True) if change < 0
        )
        expected = Posting.POSTED if covered else Posting.INSUFFICIENT
        if known is not None:
            expected = Posting.EXISTS if known == step else KeyReused
        try:
            got = verb()
        except KeyReused:
            got = KeyReused
        except Killed:
            # A death comes after the entry: whoever asks again finds it there.
            if expected is Posting.POSTED:
                self.booked[user][key], expected = step, Posting.EXISTS
            got = verb()
        if got is Posting.POSTED:
            self.booked[user][key] = step
        assert got is expected

    @rule(user=USERS, cents=CENTS, name=NAMES)
    def top_up(self, user, cents, name):
        step = (f"topup {name}", cents, 0)
        self.post(
            user,
            f"topup:{name}",
            step,
            lambda: self.ledger.top_up(
                user, Money(cents), provider="oxapay", provider_id=name, payment_id=f"T-{name}"
            ),
        )

    @rule(user=USERS, cents=CENTS, name=NAMES)
    def hold(self, user, cents, name):
        verb = lambda: self.ledger.hold(user, Money(cents), f"L-{name}")  # noqa: E731
        self.post(user, f"hold:{name}", ("hold", -cents, cents), verb)

    @rule(user=USERS, cents=CENTS, name=NAMES)
    def capture(self, user, cents, name):
        verb = lambda: self.ledger.capture(user, Money(cents), f"L-{name}")  # noqa: E731
        self.post(user, f"close:{name}", ("capture", 0, -cents), verb)

    @rule(user=USERS, cents=CENTS, name=NAMES)
    def release(self, user, cents, name):
        verb = lambda: self.ledger.release(user, Money(cents), f"L-{name}", reason="")  # noqa: E731
        self.post(user, f"close:{name}", ("release", cents, -cents), verb)

    @rule(user=USERS, cents=CENTS, name=NAMES)
    def refund(self, user, cents, name):
        self.post(
            user,
            f"refund:{name}",
            ("refund", cents, 0),
            lambda: self.ledger.refund(
                user, Money(cents), label_id=name, order_id=f"L-{name}", cause=CAUSE
            ),
        )

    @rule(user=USERS, cents=CENTS, name=NAMES, sign=st.sampled_from([1, -1]), over=st.booleans())
    def adjust(self, user, cents, name, sign, over):
        self.post(
            user,
            f"adj:{name}",
            ("adjust", sign * cents, 0),
            lambda: self.ledger.adjust(
                user, Money(sign * cents), adjustment_id=name, cause=CAUSE, overdraft=over
            ),
            overdraft=over,
        )

    @rule(kind=KINDS)
    def somebody_will_be_killed(self, kind):
        crashes.arm(f"ledger.after_{kind}", None)

    @invariant()
    def the_balances_are_those_of_the_dict(self):
        for user in self.booked:
            balance = self.ledger.balance(user)
            assert (balance.available.minor, balance.held.minor) == self.balance(user)
            assert balance.seq == len(self.booked[user])

    def teardown(self):
        """The chain of each account has no gap, and both sides of every booking meet."""
        for user, causes in self.booked.items():
            chain = entries.entries_of(account_of(user), most=1_000)
            assert [entry["seq"] for entry in chain] == list(range(len(causes), 0, -1))
            assert all(sum(line["amount"] for line in entry["lines"]) == 0 for entry in chain)


def test_the_ledger_agrees_with_a_dict_whatever_is_repeated_or_killed(histories):
    run_state_machine_as_test(LedgerMachine, settings=histories)
