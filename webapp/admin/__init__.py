"""The operators' pages."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from bootstrap import Platform
from models.adjustment import Adjustment
from models.alert import Alert
from models.audit import AuditEntry
from models.balance import CarrierBalance
from models.batch import Batch
from models.freeze import Freeze
from models.label import Label
from models.ledger import LedgerEntry
from models.notice import Notice
from models.order import Order
from models.orphan import Orphan
from models.outbox import Note
from models.payment import Payment
from models.pricing import PriceVersion
from models.proof import Proof
from models.report import Report
from models.tracking import Trail
from models.user import User
from models.void import Void
from services.blocks import Blocks
from services.dashboard import Dashboard
from services.order_reviews import OrderReviews
from services.orphans import Orphans
from services.previews import Previews
from services.price_drafts import PriceDrafts
from services.rechecks import Rechecks
from services.reviews import Reviews
from services.stalls import Stalls
from webapp.admin.adjustments import AdjustmentView
from webapp.admin.alerts import AlertView
from webapp.admin.batches import BatchView
from webapp.admin.customers import CustomerView
from webapp.admin.dashboard import DashboardView
from webapp.admin.freezes import FreezeView
from webapp.admin.funds import FundsView
from webapp.admin.given_back import LabelServices
from webapp.admin.ledger import LedgerView
from webapp.admin.orders import OrderView
from webapp.admin.orphans import OrphanView
from webapp.admin.parcels import ParcelView
from webapp.admin.payments import PaymentView
from webapp.admin.pricing import PricingView
from webapp.admin.proofs import ProofView
from webapp.admin.records import AuditView, LabelView, NoteView, NoticeView
from webapp.admin.reports import ReportView
from webapp.admin.views import ReadOnlyView
from webapp.admin.voids import VoidView


def register(app: Flask, platform: Platform) -> None:
    rechecks = Rechecks(
        topups=platform.topups,
        audits=platform.audits,
        jobs=platform.orders.jobs,
        clock=platform.audits.clock,
    )
    dashboard = DashboardView(platform.modes, Dashboard(platform.audits.clock))
    admin = Admin(app, name="Labeldesk", theme=Bootstrap4Theme(), index_view=dashboard)
    admin.add_views(
        *_shop(platform, rechecks),
        *_money(platform, rechecks),
        *_checks(platform),
        *_records(platform),
    )
    app.context_processor(lambda: {"modes": platform.modes})


def _shop(platform: Platform, rechecks: Rechecks) -> list[ReadOnlyView]:
    of_label = LabelServices(
        voids=platform.voids,
        tracking=platform.tracking,
        stalls=Stalls(platform.audits, platform.audits.clock),
        adjustments=platform.adjustments,
        reviews=OrderReviews(
            purchase=platform.orders.purchase,
            ledger=platform.ledger,
            audits=platform.audits,
            jobs=platform.orders.jobs,
        ),
    )
    return [
        OrderView(Order, labels=platform.labels, rechecks=rechecks, of_label=of_label),
        CustomerView(
            User,
            ledger=platform.ledger,
            adjustments=platform.adjustments,
            discounts=platform.discounts,
            blocks=Blocks(platform.audits, platform.audits.clock),
        ),
        BatchView(Batch),
        VoidView(Void),
        ParcelView(Trail),
        LabelView(Label),
        _pricing(platform),
    ]


def _money(platform: Platform, rechecks: Rechecks) -> list[ReadOnlyView]:
    reviews = Reviews(settling=platform.topups.settling, audits=platform.audits)
    return [
        PaymentView(Payment, rechecks=rechecks, reviews=reviews),
        LedgerView(LedgerEntry),
        AdjustmentView(Adjustment, adjustments=platform.adjustments),
        FreezeView(Freeze, freezes=platform.freezes),
        ProofView(Proof, verification=platform.verification, audits=platform.audits),
    ]


def _checks(platform: Platform) -> list[ReadOnlyView]:
    return [
        AlertView(Alert),
        ReportView(Report),
        OrphanView(Orphan, orphans=_orphans(platform)),
        FundsView(CarrierBalance),
    ]


def _records(platform: Platform) -> list[ReadOnlyView]:
    return [
        NoticeView(Notice, providers=platform.topups.providers),
        NoteView(Note),
        AuditView(AuditEntry),
    ]


def _orphans(platform: Platform) -> Orphans:
    voids = platform.voids
    return Orphans(carriers=voids.carriers, audits=voids.audits, clock=voids.clock)


def _pricing(platform: Platform) -> PricingView:
    pricing, clock = platform.quotes.pricing, platform.audits.clock
    return PricingView(
        PriceVersion,
        drafts=PriceDrafts(pricing, platform.audits),
        previews=Previews(pricing, platform.modes, clock),
    )
