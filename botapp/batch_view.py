"""How a batch looks in the chat, drawn alike by the bot and by the workers that drive it."""

from botapp.batch_words import first_mistakes
from botapp.markup import Html, paragraphs
from botapp.screens.base import to_menu
from botapp.texts import batches as texts, common, rates as rate_texts, refused
from botapp.views import Action, Choice, Row, View
from core.money import Money
from models.batch import Batch, BatchRow, BatchState, RowState, row_id_of
from services.batches import Batches, Sums, known_columns


def view(batch: Batch, batches: Batches) -> View:
    """The one message of a batch, as it stands."""
    drawn = {
        BatchState.MAPPING: _mapping,
        BatchState.CHECKING: _checking,
        BatchState.READY: _ready,
        BatchState.BUYING: _buying,
        BatchState.DROPPED: lambda *_: View(texts.dropped(), (to_menu(),)),
        BatchState.STOPPED: lambda *_: View(texts.stopped(), (_orders_and_menu(),)),
    }.get(batch.status, _done)
    return drawn(batch, batches)


def _checking(batch: Batch, _: Batches) -> View:
    return View(texts.checking(batch, BatchRow.objects.tally(batch.id)), (_drop(), to_menu()))


def _buying(batch: Batch, _: Batches) -> View:
    return View(texts.buying(batch, BatchRow.objects.tally(batch.id)), (to_menu(),))


def _done(batch: Batch, batches: Batches) -> View:
    tally = BatchRow.objects.tally(batch.id)
    balance = batches.ledger.balance(batch.user_id).available
    has_labels = tally[RowState.BOUGHT] and batch.erased_at is None
    again = ((Choice(texts.labels_again(), Action.LABEL),),) if has_labels else ()
    erased = refused.erased({}) if batch.erased_at else Html()
    text = paragraphs(texts.done(batch, tally, balance), erased)
    return View(text, (*again, _orders_and_menu()))


def _mapping(batch: Batch, batches: Batches) -> View:
    earlier = batches.bought_before(batch)
    missing = batches.missing(batch)
    known = known_columns(batch)
    first = BatchRow.objects.fetch(row_id_of(batch.id, 1))
    right = (Choice(texts.looks_right(), Action.LOOKS_RIGHT),) if not missing else ()
    change = Choice(texts.change_column(), Action.COLUMN)
    text = paragraphs(
        texts.bought_before(earlier) if earlier else Html(),
        texts.columns(batch, known, first.cells),
        texts.missing(missing) if missing else Html(),
    )
    return View(text, ((*right, change), _back_and_drop()))


def _ready(batch: Batch, batches: Batches) -> View:
    sums = batches.sums(batch)
    balance = batches.ledger.balance(batch.user_id).available
    tally = BatchRow.objects.tally(batch.id)
    rows: list[Row] = []
    if sums.rows and sums.afford == sums.rows:
        rows.append((Choice(texts.buy_all(sums), Action.BUY_ALL),))
    elif sums.rows:
        rows += _short(sums, batches.topup.nearest(sums.total - balance))
    if sums.repeats:
        rows.append((Choice(texts.with_repeats(sums.repeats), Action.REPEATS),))
    text = texts.ready(batch, tally, sums, balance, first_mistakes(batch))
    return View(text, (*rows, _back_and_drop()))


def _short(sums: Sums, offered: Money) -> list[Row]:
    """What can be done while there is not enough money for all; `offered` is a top-up."""
    buy = [(Choice(texts.buy_first(sums), Action.BUY_FIRST),)] if sums.afford else []
    top_up = Choice(rate_texts.top_up_by(offered), Action.AMOUNT, str(offered.minor))
    return [*buy, (top_up,), (Choice(texts.check_again(), Action.RECHECK),)]


def _drop() -> Row:
    return (Choice(texts.forget_file(), Action.DROP),)


def _back_and_drop() -> Row:
    return (Choice(common.back(), Action.BACK), *_drop())


def _orders_and_menu() -> Row:
    return (Choice(common.orders(), Action.ORDERS), *to_menu())
