"""All indexes, built by command at deploy."""

from models import (
    adjustment,
    alert,
    audit,
    balance,
    batch,
    canary,
    draft,
    export,
    freeze,
    inbox,
    label,
    ledger,
    notice,
    order,
    orphan,
    outbox,
    payment,
    pricing,
    proof,
    quote,
    report,
    saved,
    setting,
    tracking,
    user,
    void,
)
from models.base import Record

DOCUMENTS: tuple[type[Record], ...] = (
    user.User,
    ledger.LedgerEntry,
    freeze.Freeze,
    adjustment.Adjustment,
    alert.Alert,
    canary.Canary,
    proof.Proof,
    proof.Watermark,
    proof.Anchor,
    proof.AnchoredHead,
    pricing.PriceVersion,
    quote.Quote,
    order.Order,
    batch.Batch,
    batch.BatchRow,
    label.Label,
    label.LabelFile,
    tracking.Trail,
    void.Void,
    payment.Payment,
    notice.Notice,
    inbox.Update,
    inbox.ChatLease,
    draft.Draft,
    saved.SavedAddress,
    saved.SavedParcel,
    saved.Template,
    export.Export,
    export.ExportPart,
    outbox.Note,
    setting.Setting,
    audit.AuditEntry,
    report.Report,
    orphan.Orphan,
    balance.CarrierBalance,
)


def ensure() -> list[str]:
    """Build what is missing, in every collection known to this process; answer their names."""
    kinds = dict.fromkeys((*DOCUMENTS, *Record.all_kinds()))
    for kind in kinds:
        kind.ensure_indexes()
    return [kind._get_collection_name() for kind in kinds]  # noqa: SLF001
