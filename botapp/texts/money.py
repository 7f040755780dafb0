"""What is said of top-ups, the balance and its statement."""

from collections.abc import Mapping
from typing import Any

from botapp.language import day, gettext as _, hour
from botapp.markup import Html, bold, fill, lines, link, paragraphs, safe
from core.addresses import Address
from core.money import Money
from models.ledger import EntryKind
from models.payment import Payment


def ask_amount(least: Money, most: Money, balance: Money) -> Html:
    return paragraphs(
        fill(_("Your balance is <b>{balance}</b>."), balance=balance),
        fill(_("<b>How much would you like to add?</b>")),
        fill(
            _("Choose an amount or type one, from {least} to {most}."),
            least=short(least),
            most=short(most),
        ),
    )


def short(amount: Money) -> str:
    """`$25` for whole dollars."""
    return str(amount).removesuffix(".00")


def choose_provider(amount: Money) -> Html:
    return paragraphs(
        fill(_("<b>Top-up of {amount}</b>"), amount=amount),
        fill(_("How would you like to pay?")),
    )


def opening_invoice() -> Html:
    return fill(_("Making your invoice…"))


def invoice(payment: Payment) -> Html:
    until = (
        fill(_("The invoice is open until {hour}."), hour=hour(payment.expires_at))
        if payment.expires_at
        else ""
    )
    if payment.seen_at:
        return seen(payment.amount)
    return paragraphs(
        fill(_("<b>Top-up of {amount}</b>"), amount=payment.amount),
        fill(_("Pay with the button below, in the coin you like. {until}"), until=until),
        fill(_("This message changes by itself when the money arrives.")),
    )


def seen(amount: Money) -> Html:
    return paragraphs(
        fill(_("<b>Your payment of {amount} is on its way.</b>"), amount=amount),
        fill(_("The network is confirming it. I will tell you as soon as it is here.")),
    )


def pay_invoice(payment: Payment) -> str:
    return _("Pay {amount}").format(amount=payment.amount)


def pay_rest(missing: Money) -> str:
    return _("Pay the missing {amount}").format(amount=missing)


def qr_code() -> str:
    return _("QR code")


def qr_caption(payment: Payment) -> Html:
    """Says what is in the picture, for those who can't see or scan it."""
    return paragraphs(
        fill(_("<b>Scan this QR code to pay {amount}.</b>"), amount=payment.amount),
        fill(
            _("It leads to the same page as the button: {page}"),
            page=link(payment.url, payment.url),
        ),
    )


def check_payment() -> str:
    return _("Check payment")


def not_there_yet() -> Html:
    return fill(_("Nothing has arrived yet. I keep looking, you need not wait here."))


def checking_payment() -> Html:
    return fill(_("Asking the payment service…"))


def paid(amount: Money) -> Html:
    return fill(_("<b>Paid.</b> {amount} is on your balance."), amount=amount)


def part_paid(total: Money, missing: Money) -> Html:
    return fill(
        _(
            "<b>{total} has arrived</b> and is on your balance. {missing} is missing: if you send "
            "it to the same invoice, it is added too."
        ),
        total=total,
        missing=missing,
    )


def expired(amount: Money) -> Html:
    return fill(
        _(
            "The invoice of {amount} has expired. If you have paid it late, the money is still "
            "credited; otherwise simply make a new one."
        ),
        amount=amount,
    )


def in_review(amount: Money) -> Html:
    return fill(
        _(
            "Something about your payment of {amount} needs a person's eyes. "
            "We look into it and tell you here."
        ),
        amount=amount,
    )


def sent_back(amount: Money) -> Html:
    return fill(
        _(
            "The payment service is sending your payment of {amount} back to you, so nothing was "
            "added to your balance. A person looks into it and tells you here."
        ),
        amount=amount,
    )


def rejected(payment: Payment) -> Html:
    credited = payment.credited
    told = (
        _(
            "We have looked into your payment of {amount}: beside the {credited} on your balance, "
            "nothing of it can be credited."
        )
        if credited
        else _("We have looked into your payment of {amount}: it can't be credited.")
    )
    return lines(
        fill(told, amount=payment.amount, credited=credited),
        fill(_("If you think otherwise, /help tells whom to write to.")),
    )


def balance(available: Money, held: Money) -> Html:
    return lines(
        fill(_("Available: <b>{available}</b>"), available=available),
        fill(_("Held for labels on their way: {held}"), held=held),
    )


def balance_page(stand: Html, story: Html) -> Html:
    return paragraphs(stand, story)


def no_entries() -> Html:
    return fill(_("No movements yet. Tap Top up to add money."))


def statement(entries: list[Mapping[str, Any]], recipients: Mapping[str, Address]) -> Html:
    """Newest first: date, what, amount, balance after. `recipients` are those of the orders."""
    return paragraphs(bold(_("Statement")), *(_entry(entry, recipients) for entry in entries))


def _entry(entry: Mapping[str, Any], recipients: Mapping[str, Address]) -> Html:
    amount = Money(int(entry["d_available"]))
    signed = f"+{amount}" if amount.minor > 0 else str(amount)
    recipient = recipients.get(entry["ref"].get("order", ""))
    what = _of_label(entry, recipient) if recipient and recipient.name else what_happened(entry)
    facts = " · ".join([day(entry["at"]), *([signed] if amount else [])])
    after = Money(int(entry["available"]))
    return lines(fill("{facts} → <b>{after}</b>", facts=facts, after=after), safe(what))


def what_happened(entry: Mapping[str, Any]) -> str:
    """As the file tells it, where an order goes by its number."""
    order = entry["ref"].get("order", "")
    kinds = {
        EntryKind.TOPUP: _("top-up"),
        EntryKind.HOLD: _("held for {order}"),
        EntryKind.CAPTURE: _("{order} bought for the held {amount}"),
        EntryKind.RELEASE: _("{order} not bought, money back"),
        EntryKind.REFUND: _("refund"),
        EntryKind.ADJUSTMENT: _("adjustment"),
    }
    return kinds[EntryKind(entry["kind"])].format(order=order, amount=_taken(entry))


def _of_label(entry: Mapping[str, Any], recipient: Address) -> str:
    """As the screen tells it: customers know their labels by whom they go to."""
    kinds = {
        EntryKind.HOLD: _("held for a label to {name}, {city}"),
        EntryKind.CAPTURE: _("label to {name}, {city} bought for the held {amount}"),
        EntryKind.RELEASE: _("label to {name}, {city} not bought, money back"),
        EntryKind.REFUND: _("refund of the label to {name}, {city}"),
    }
    told = kinds.get(EntryKind(entry["kind"]), what_happened(entry))
    return told.format(name=recipient.name, city=recipient.city, amount=_taken(entry))


def _taken(entry: Mapping[str, Any]) -> Money:
    return Money(-int(entry["d_held"]))


def older() -> str:
    return _("Older")


def newer() -> str:
    return _("Newer")
