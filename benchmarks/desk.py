"""The services, wired as in production, with outsiders that answer at once; and their goods."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from benchmarks.outsiders import Flags, InstantCarrier, NoJobs, Silence
from botapp.ticks import Ticks
from core.addresses import Address
from core.clock import SystemClock
from core.ids import new_id
from core.modes import ApiMode
from core.money import Money
from core.parcels import Parcel
from models.connection import collection
from models.parts import PricedRate
from models.quote import Quote
from services.asking import Panel
from services.at_once import AtOnce
from services.audits import Audits
from services.drafts import Drafts
from services.freezes import Freezes
from services.labels import Labels
from services.ledger import Ledger
from services.modes import Modes
from services.orders import Orders
from services.outbox import Outbox
from services.ports import Carriers
from services.pricing import from_settings
from services.purchase import Patience, Purchase
from services.quotes import Quotes
from services.rate_cache import RateCache
from services.rating import Rating
from services.renewal import Renewal
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
        patience = Patience(lease=HOUR, settle=HOUR, review_after=HOUR, funds=HOUR)
        quotes = self.quotes_of(carriers)
        return Orders(
            quotes=quotes,
            ledger=Ledger(clock),
            freezes=Freezes(Audits(clock), clock),
            purchase=Purchase(carriers=carriers, patience=patience, clock=clock),
            renewal=Renewal(rating=quotes.rating, tolerance=Money(0), clock=clock),
            outbox=self.outbox,
            jobs=NoJobs(),
            clock=clock,
        )

    def quotes_of(self, carriers: Carriers) -> Quotes:
        modes = self.modes
        cache, panel = RateCache(modes.flags), Panel(seconds=10)
        return Quotes(
            rating=Rating(carriers=carriers, cache=cache, panel=panel),
            modes=modes,
            pricing=from_settings(Decimal(5), Money(50)),
            clock=self.clock,
            lifetime=HOUR,
        )

    @property
    def labels(self) -> Labels:
        return Labels(InstantCarrier(), self.clock)

    @property
    def topups(self) -> Topups:
        return Topups(
            providers={},
            ledger=Ledger(self.clock),
            at_once=AtOnce(wishes=Ticks(Drafts(self.clock)), orders=self.orders),
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
        [rate] = pattern["rates"]
        rows = [
            {
                **pattern,
                "_id": new_id("Q"),
                "rates": [{**rate, "shipment_id": f"shp_{new_id('S')}"}],
            }
            for _ in range(number)
        ]
        collection("quotes").insert_many(rows)
        return [row["_id"] for row in rows]

    def _quote(self, user_id: int) -> Quote:
        rate = PricedRate(
            rate_id=RATE_ID,
            provider="easypost",
            carrier="USPS",
            service="Ground",
            cost=Money(700),
            price=PRICE,
            days=5,
        )
        now = self.clock.now()
        return Quote(
            id="Q-",
            user_id=user_id,
            mode=ApiMode.TEST,
            sender=SENDER,
            recipient=RECIPIENT,
            parcel=PARCEL,
            rates=(rate,),
            rule_version="bench",
            created_at=now,
            expires_at=now + HOUR,
        )
