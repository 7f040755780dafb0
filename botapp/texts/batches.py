"""What is said of a batch: its columns, its rows, its price, and how far it has come."""

from collections.abc import Mapping, Sequence

from botapp.language import day, gettext as _, ngettext
from botapp.markup import Html, bold, fill, lines, paragraphs
from botapp.texts.columns import column_button, column_name
from botapp.texts.names import place
from core.addresses import Address
from core.money import Money
from core.tables.columns import Column
from models.batch import Batch, RowState
from services.batches import Sums

_CELLS_OF_BAR = 12
_UNUSED_SHOWN = 8
_TWINS_SHOWN = 12
_LONGEST_SHOWN = 40


def from_file() -> str:
    return _("From a file")


def looks_right() -> str:
    return _("Looks right")


def change_column() -> str:
    return _("Change a column")


def no_column() -> str:
    return _("No column")


def buy_all(sums: Sums) -> str:
    return _("Buy all {count} · {total}").format(count=sums.rows, total=sums.total)


def buy_first(sums: Sums) -> str:
    return _("Buy the first {count} · {total}").format(count=sums.afford, total=sums.afford_total)


def with_repeats(count: int) -> str:
    return _("Buy the {count} left out, too").format(count=count)


def check_again() -> str:
    return _("Check the balance again")


def forget_file() -> str:
    return _("Forget this file")


def labels_again() -> str:
    return _("Labels again")


def labels_are_coming() -> Html:
    return fill(_("Your labels are on their way to this chat."))


def open_batch() -> str:
    return _("Show the file")


def rows(count: int) -> str:
    return ngettext("{count} row", "{count} rows", count).format(count=count)


def columns(batch: Batch, known: Mapping[Column, str], first: Sequence[str]) -> Html:
    """The columns as they were understood, with what the first row has there, to confirm."""
    understood = [
        fill(
            "{column} ← <b>{heading}</b>: {cell}" if cell else "{column} ← <b>{heading}</b>",
            column=column_button(column),
            heading=heading[:_LONGEST_SHOWN],
            cell=cell[:_LONGEST_SHOWN],
        )
        for column, heading in known.items()
        for cell in [first[batch.columns[column]]]
    ]
    unused = [name for name in batch.heading if name and name not in known.values()]
    more = len(unused) - _UNUSED_SHOWN
    listed = ", ".join(name[:30] for name in unused[:_UNUSED_SHOWN]) + (" …" if more > 0 else "")
    head = _("<b>{name}</b>: {rows}. This is how I read it:")
    return paragraphs(
        fill(head, name=batch.name, rows=rows(batch.rows)),
        lines(*understood),
        fill(_("Not used: {columns}"), columns=listed) if unused else Html(),
    )


def missing(columns: Sequence[Column]) -> Html:
    names = ", ".join(column_name(column) for column in columns)
    return fill(
        _("I can't find the {columns}. Tap Change a column and choose where to read it."),
        columns=bold(names),
    )


def bought_before(earlier: Batch) -> Html:
    return fill(
        _(
            "<b>You sent this very file on {day}.</b> What was bought from it is not bought again "
            "unless you say so."
        ),
        day=day(earlier.created_at),
    )


def which_column() -> Html:
    return fill(_("Which one shall I read from another column?"))


def which_heading(column: Column) -> Html:
    return fill(_("Which column has the {column}?"), column=bold(column_name(column)))


def ask_sender() -> Html:
    return fill(
        _(
            "<b>Where do all these parcels ship from?</b>\nPaste the whole address: name, street, "
            "city, state and ZIP."
        )
    )


def last_sender(sender: Address) -> str:
    return f"{sender.name[:24]}, {place(sender)[:36]}"


def ask_weight() -> Html:
    return fill(
        _("<b>The file tells no weight.</b>\nHow heavy is each parcel? Examples: 2 lb, 12 oz.")
    )


def ask_sizes() -> Html:
    return fill(_("<b>The file tells no size.</b>\nHow large is each parcel? For example: 10x8x4."))


def checking(batch: Batch, tally: Mapping[RowState, int]) -> Html:
    done = batch.rows - tally[RowState.NEW]
    return paragraphs(
        fill(_("<b>Checking {name}</b>"), name=batch.name),
        bar(done, batch.rows),
        fill(_("{bad} with mistakes so far"), bad=rows(tally[RowState.BAD]))
        if tally[RowState.BAD]
        else Html(),
    )


def ready(
    batch: Batch, tally: Mapping[RowState, int], sums: Sums, balance: Money, bad: Sequence[Html]
) -> Html:
    told = (
        fill(
            _("<b>{good} of {all} can be bought, for {total}.</b>"),
            good=sums.rows,
            all=rows(batch.rows),
            total=sums.total,
        )
        if sums.rows
        else fill(_("<b>None of the {all} can be bought.</b>"), all=rows(batch.rows))
    )
    return paragraphs(
        told,
        fill(_("Prices were too old and are asked for anew: these hold now."))
        if batch.renewed
        else Html(),
        fill(_("Your balance: <b>{balance}</b>"), balance=balance) if sums.rows else Html(),
        _short(sums, balance),
        _repeats(sums),
        _mistakes(tally[RowState.BAD], bad),
    )


def _repeats(sums: Sums) -> Html:
    bought = sums.repeats - len(sums.twins)
    shown = ", ".join(map(str, sums.twins[:_TWINS_SHOWN]))
    more = " …" if len(sums.twins) > _TWINS_SHOWN else ""
    return lines(
        fill(_("Left out, since you bought them before: {rows}."), rows=rows(bought))
        if bought
        else "",
        fill(
            _("Left out, since they repeat an earlier row: {numbers}."),
            numbers=shown + more,
        )
        if sums.twins
        else "",
    )


def _short(sums: Sums, balance: Money) -> Html:
    if sums.afford == sums.rows:
        return Html()
    missing = fill(_("{missing} is missing for all of them."), missing=sums.total - balance)
    if not sums.afford:
        return missing
    first = fill(
        _("It is enough for the first {count}, {total}."),
        count=sums.afford,
        total=sums.afford_total,
    )
    return lines(missing, first)


def _mistakes(count: int, bad: Sequence[Html]) -> Html:
    if not count:
        return Html()
    return lines(
        fill(_("With mistakes: {rows}"), rows=rows(count)),
        *bad,
        fill(_("… and {more}"), more=rows(count - len(bad))) if count > len(bad) else "",
        fill(_("They come back to you in a file: mend them there and send it to me.")),
    )


def row_line(line: int, reasons: Sequence[Html]) -> Html:
    return fill(_("Row {line}: {reasons}"), line=line, reasons=Html(" ".join(reasons)))


def of_sender(reason: Html) -> Html:
    return fill(_("The sender: {reason}"), reason=reason)


def left_out() -> Html:
    return fill(_("It was not among the rows that you bought."))


def buying(batch: Batch, tally: Mapping[RowState, int]) -> Html:
    ended = (RowState.BOUGHT, RowState.FAILED, RowState.LEFT, RowState.REVIEW, RowState.REPEATED)
    return paragraphs(
        fill(_("<b>Buying the labels of {name}</b>"), name=batch.name),
        bar(sum(tally[state] for state in ended), batch.wanted),
        fill(_("You may leave this chat: the labels come by themselves, in one PDF.")),
    )


def done(batch: Batch, tally: Mapping[RowState, int], balance: Money) -> Html:
    late = tally[RowState.ORDERED]
    return paragraphs(
        fill(_("<b>{name}</b>: {labels}"), name=batch.name, labels=labels(tally[RowState.BOUGHT])),
        lines(
            _counted(_("Not sold by the carrier: {rows}"), tally[RowState.FAILED]),
            _counted(_("Left out: {rows}"), tally[RowState.LEFT]),
            _counted(_("Asked for twice, so left out: {rows}"), tally[RowState.REPEATED]),
            _counted(_("With mistakes: {rows}"), tally[RowState.BAD]),
            _counted(_("A person is looking into: {rows}"), tally[RowState.REVIEW]),
            _counted(
                _("The carrier has not answered yet about {rows}. Each is told of as it comes."),
                late,
            ),
        ),
        fill(_("Your balance: <b>{balance}</b>"), balance=balance),
    )


def dropped() -> Html:
    return fill(_("The file is forgotten. Nothing was bought."))


def stopped() -> Html:
    return fill(
        _(
            "<b>Something went wrong with your file, and we stopped.</b> What was bought until "
            "then is under Orders; nothing else was charged."
        )
    )


def labels(count: int) -> str:
    return ngettext("{count} label", "{count} labels", count).format(count=count)


def bar(part: int, whole: int) -> Html:
    full = _CELLS_OF_BAR * part // whole if whole else _CELLS_OF_BAR
    return fill(
        _("{bar} {part} of {whole}"),
        bar="▓" * full + "░" * (_CELLS_OF_BAR - full),
        part=part,
        whole=whole,
    )


def _counted(sentence: str, count: int) -> Html:
    return fill(sentence, rows=rows(count)) if count else Html()
