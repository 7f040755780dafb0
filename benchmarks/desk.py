"""The services, wired as in production, with outsiders that answer at once; and their goods."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from benchmarks.outsiders import Flags, InstantCarrier, NoJobs, Silence
from core.addresses import Address
from core.clock import SystemClock
from core.ids import new_id
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from models.connection import collection
from models.parts import PricedRate
from models.quote import Quote
from services.audits import Audits
from services.labels import Labels
from services.ledger import Ledger
from services.modes import Modes
from services.orders import Orders
from services.outbox import Outbox
from services.pricing import from_settings
from services.purchase import Patience, Purchase
from services.quotes import Quotes
from services.topups import Range, Topups
from services.users import Users

HOUR = timedelta(hours=1)
SENDER = Address(
    name="Maria O'Brien", street="388 Townsend St", city="San Francisco", state="CA", zip="94107"
)
RECIPIENT = Address(
    name="John Smith", street="350 5th Ave", city="New York", state="NY", zip="10118"
)
PARCEL = Parcel(Decimal(10), Decimal(8), Decimal(4), Decimal(32))
RATE_ID, PRICE = "rate_0", Money(750)


@dataclass(slots=True)
class Desk:
    """What sells labels."""

    clock: SystemClock = field(default_factory=SystemClock)

    @property
    def orders(self) -> Orders:
        clock, carriers = self.clock, InstantCarrier()
        patience = Patience(lease=HOUR, settle=HOUR, review_after=HOUR)
        return Orders(
            quotes=Quotes(
                carriers=carriers,
                modes=self.modes,
                pricing=from_settings(Decimal(5), Money(50)),
                clock=clock,
                lifetime=HOUR,
            ),
            ledger=Ledger(clock),
            purchase=Purchase(carriers=carriers, patience=patience, clock=clock),
            outbox=self.outbox,
            jobs=NoJobs(),
            clock=clock,
        )

    @property
    def labels(self) -> Labels:
        return Labels(InstantCarrier(), self.clock)

    @property
    def topups(self) -> Topups:
        return Topups(
            providers={},
            ledger=Ledger(self.clock),
            outbox=self.outbox,
            modes=self.modes,
            jobs=NoJobs(),
            clock=self.clock,
            range=Range(least=Money(500), most=Money(500_000)),
            invoice_minutes=60,
            public_url="http://shop/",
        )

    @property
    def outbox(self) -> Outbox:
        users = Users(self.clock)
        return Outbox(messenger=Silence(), users=users, jobs=NoJobs(), clock=self.clock)

    @property
    def modes(self) -> Modes:
        return Modes(Flags(), Audits(self.clock), self.clock)

    def customer(self, user_id: int) -> None:
        """Somebody known to us, with more money than they can spend."""
        Users(self.clock).meet(user_id, first_name="Maria", username="maria", language="en")
        Ledger(self.clock).top_up(
            user_id, Money(10**12), provider="oxapay", provider_id=f"{user_id}", payment_id="T-1"
        )

    def quotes(self, user_id: int, number: int) -> list[str]:
        """Ids of so many quotes of theirs, each with a rate of `RATE_ID`."""
        pattern = self._quote(user_id).to_mongo()
        rows = [
            {**pattern, "_id": new_id("Q"), "shipment_id": f"shp_{new_id('S')}"}
            for _ in range(number)
        ]
        collection("quotes").insert_many(rows)
        return [row["_id"] for row in rows]

    def _quote(self, user_id: int) -> Quote:
        rate = PricedRate(
            rate_id=RATE_ID, carrier="USPS", service="Ground", cost=Money(700), price=PRICE, days=5
        )
        now = self.clock.now()
        return Quote(
            id="Q-",
            user_id=user_id,
            mode=ApiMode.TEST,
            provider="easypost",
            shipment_id="shp",
            sender=SENDER,
            recipient=RECIPIENT,
            parcel=PARCEL,
            rates=(rate,),
            rule_version="bench",
            created_at=now,
            expires_at=now + HOUR,
        )
