"""The one place where interfaces meet implementations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from botapp.board import BatchBoard
from botapp.notifier import Notifier
from botapp.ticks import Ticks
from core import crashes
from core.clock import Clock, SystemClock
from core.money import Money
from core.settings import Settings
from core.tables import Limits
from core.windows import read_windows
from models import connection
from providers import bell, flags, pace, queue, telegram
from providers.carriers.configured import ConfiguredCarriers, carriers_of
from providers.payments.configured import switched_on
from services.addresses import Addresses
from services.adjustments import Adjustments
from services.alerts import Alerts
from services.asking import Panel
from services.at_once import AtOnce
from services.audits import Audits
from services.batch_driving import BatchDriving
from services.batches import Batches
from services.discounts import Discounts
from services.drafts import Drafts
from services.following import Following
from services.freezes import Freezes
from services.inbox import Inbox
from services.labels import Labels
from services.ledger import Ledger
from services.liveness import Liveness
from services.modes import Modes
from services.orders import Orders
from services.outbox import Outbox
from services.ports import Flags, Jobs
from services.pricing import from_settings
from services.purchase import Patience, Purchase
from services.quotes import Quotes
from services.rate_cache import RateCache
from services.rating import Rating
from services.renewal import Renewal
from services.retention import Retention
from services.saved import Saved
from services.topups import Range, Topups
from services.tracking import Tracking
from services.users import Users
from services.verification import Verification
from services.voids import Voids
from services.watching import Pace
from services.webhook import PATH, Webhook


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Everything that an entry point needs."""

    settings: Settings
    telegram: telegram.Telegram
    users: Users
    ledger: Ledger
    freezes: Freezes
    verification: Verification
    liveness: Liveness
    alerts: Alerts
    adjustments: Adjustments
    discounts: Discounts
    modes: Modes
    addresses: Addresses
    audits: Audits
    quotes: Quotes
    orders: Orders
    labels: Labels
    voids: Voids
    tracking: Tracking
    topups: Topups
    outbox: Outbox
    batches: Batches
    batch_driving: BatchDriving
    inbox: Inbox
    drafts: Drafts
    saved: Saved

    @property
    def webhook(self) -> Webhook | None:
        """Where Telegram brings updates; None: the bot asks for them."""
        secret = self.settings.telegram_webhook_secret
        if secret is None:
            return None
        url = str(self.settings.public_url).rstrip("/") + PATH
        rung = bell.connect(self.settings)
        return Webhook(url=url, secret=secret.get_secret_value(), inbox=self.inbox, bell=rung)

    @property
    def retention(self) -> Retention:
        return self.alerts.retention


def build(settings: Settings, *, make_jobs: Callable[[Settings], Jobs] = queue.connect) -> Platform:
    """Connect this process to its stores and assemble the services. Call it after a fork."""
    connection.connect(str(settings.mongo_url))
    crashes.arm(settings.crash_at, settings.crash_once)
    clock, jobs, carriers = SystemClock(), make_jobs(settings), carriers_of(settings)
    audits, users, ledger = Audits(clock), Users(clock), Ledger(clock)
    modes = Modes(flags.connect(settings), audits, clock)
    labels, chat = Labels(carriers, clock), telegram.connect(settings, pace.connect(settings))
    notifier = Notifier(chat=chat, users=users, labels=labels, ledger=ledger)
    outbox = _outbox(settings, notifier, jobs, clock)
    alerts = _alerts(settings, outbox, audits)
    quotes = _quotes(settings, _rating(settings, carriers, modes.flags), modes)
    orders = _orders(settings, quotes, ledger, outbox, alerts.freezes)
    return Platform(
        settings=settings,
        telegram=chat,
        users=users,
        ledger=ledger,
        freezes=alerts.freezes,
        liveness=alerts.liveness,
        alerts=alerts,
        adjustments=_adjustments(settings, ledger, outbox, audits),
        discounts=Discounts(audits),
        verification=Verification(freezes=alerts.freezes, jobs=jobs, clock=clock),
        modes=modes,
        addresses=_addresses(settings, modes),
        audits=audits,
        quotes=quotes,
        orders=orders,
        labels=labels,
        voids=_voids(settings, carriers, ledger, outbox, audits),
        tracking=_tracking(settings, carriers, outbox),
        topups=_topups(settings, orders, modes),
        outbox=outbox,
        batches=_batches(settings, ledger, jobs),
        batch_driving=_batch_driving(settings, orders, notifier),
        inbox=Inbox(clock),
        drafts=Drafts(clock),
        saved=Saved(clock),
    )


def _outbox(settings: Settings, notifier: Notifier, jobs: Jobs, clock: Clock) -> Outbox:
    turn = settings.sweep_seconds
    return Outbox(messenger=notifier, users=notifier.users, jobs=jobs, clock=clock, turn=turn)


def _addresses(settings: Settings, modes: Modes) -> Addresses:
    """Its carriers are less patient than those that quote: a customer is typing meanwhile."""
    impatient = {"carrier_timeout_seconds": settings.address_check_seconds}
    return Addresses(carriers=carriers_of(settings.model_copy(update=impatient)), modes=modes)


def _alerts(settings: Settings, outbox: Outbox, audits: Audits) -> Alerts:
    clock = audits.clock
    return Alerts(
        freezes=Freezes(audits, clock),
        liveness=Liveness(clock, timedelta(seconds=settings.queue_silent_seconds)),
        retention=_retention(settings, clock),
        outbox=outbox,
        clock=clock,
        operators=settings.operator_chat_ids,
    )


def _retention(settings: Settings, clock: Clock) -> Retention:
    return Retention(
        clock=clock,
        drafts=timedelta(days=settings.keep_drafts_days),
        updates=timedelta(days=settings.keep_updates_days),
        orders=timedelta(days=settings.keep_orders_days),
    )


def _adjustments(settings: Settings, ledger: Ledger, outbox: Outbox, audits: Audits) -> Adjustments:
    return Adjustments(
        ledger=ledger,
        outbox=outbox,
        audits=audits,
        clock=audits.clock,
        limit=Money(settings.adjustment_limit_cents),
    )


def _quotes(settings: Settings, rating: Rating, modes: Modes) -> Quotes:
    return Quotes(
        rating=rating,
        modes=modes,
        pricing=from_settings(settings.markup_percent, Money(settings.markup_minimum_cents)),
        clock=modes.clock,
        lifetime=timedelta(minutes=settings.quote_minutes),
    )


def _rating(settings: Settings, carriers: ConfiguredCarriers, cache: Flags) -> Rating:
    return Rating(
        carriers=carriers,
        cache=RateCache(cache),
        panel=Panel(settings.quote_timeout_seconds),
        shop_phone=settings.sender_phone,
        random_phone=settings.random_phone,
    )


def _orders(
    settings: Settings, quotes: Quotes, ledger: Ledger, outbox: Outbox, freezes: Freezes
) -> Orders:
    clock, rating = outbox.clock, quotes.rating
    return Orders(
        quotes=quotes,
        ledger=ledger,
        freezes=freezes,
        purchase=Purchase(carriers=rating.carriers, patience=_patience(settings), clock=clock),
        renewal=Renewal(
            rating=rating, tolerance=Money(settings.price_tolerance_cents), clock=clock
        ),
        outbox=outbox,
        jobs=outbox.jobs,
        clock=clock,
    )


def _voids(
    settings: Settings, carriers: ConfiguredCarriers, ledger: Ledger, outbox: Outbox, audits: Audits
) -> Voids:
    return Voids(
        carriers=carriers,
        ledger=ledger,
        outbox=outbox,
        audits=audits,
        jobs=outbox.jobs,
        clock=outbox.clock,
        windows=read_windows(settings.void_days),
        pace=timedelta(seconds=settings.void_seconds),
    )


def _tracking(settings: Settings, carriers: ConfiguredCarriers, outbox: Outbox) -> Tracking:
    return Tracking(
        carriers=carriers,
        following=Following(read_windows(settings.void_days), outbox.clock),
        outbox=outbox,
        jobs=outbox.jobs,
        clock=outbox.clock,
        pace=Pace(
            shortest=timedelta(seconds=settings.tracking_seconds),
            patience=timedelta(days=settings.stalled_days),
        ),
    )


def _batches(settings: Settings, ledger: Ledger, jobs: Jobs) -> Batches:
    limits = Limits(size=settings.batch_kilobytes * 1_000, rows=settings.batch_rows)
    clock, topup = ledger.clock, _range(settings)
    return Batches(ledger=ledger, jobs=jobs, clock=clock, limits=limits, topup=topup)


def _batch_driving(settings: Settings, orders: Orders, notifier: Notifier) -> BatchDriving:
    batches = _batches(settings, orders.ledger, orders.jobs)
    return BatchDriving.of(
        orders,
        addresses=_addresses(settings, orders.quotes.modes),
        labels=notifier.labels,
        board=BatchBoard(chat=notifier.chat, users=notifier.users, batches=batches),
        lease=settings.batch_lease_seconds,
    )


def _patience(settings: Settings) -> Patience:
    slow = settings.carrier_settle_seconds_of
    return Patience(
        lease=timedelta(seconds=settings.order_lease_seconds),
        settle=timedelta(seconds=settings.carrier_settle_seconds),
        review_after=timedelta(seconds=settings.order_review_seconds),
        funds=timedelta(seconds=settings.order_funds_seconds),
        settle_of={name: timedelta(seconds=seconds) for name, seconds in slow.items()},
    )


def _range(settings: Settings) -> Range:
    least, most = settings.topup_minimum_cents, settings.topup_maximum_cents
    return Range(least=Money(least), most=Money(most))


def _topups(settings: Settings, orders: Orders, modes: Modes) -> Topups:
    return Topups(
        providers=switched_on(settings),
        ledger=orders.ledger,
        at_once=AtOnce(wishes=Ticks(Drafts(orders.clock)), orders=orders),
        outbox=orders.outbox,
        modes=modes,
        jobs=orders.jobs,
        clock=orders.clock,
        range=_range(settings),
        invoice_minutes=settings.invoice_minutes,
        public_url=str(settings.public_url),
    )
