"""What keeps a customer from going on, and how to put it right. By the refusals' codes."""

from collections.abc import Callable, Mapping
from typing import Any

from botapp.language import gettext as _
from botapp.markup import Html, fill, lines
from botapp.texts import common, files, saved, unfinished
from botapp.texts.money import short
from botapp.texts.names import field_name, less, plain, taker, weight

Facts = Mapping[str, Any]


def bad_field(facts: Facts) -> Html:
    reasons = {
        "missing": _("The {field} is missing."),
        "too_short": _("The {field} is too short: it needs at least {limit} characters."),
        "too_long": _("The {field} is too long: at most {limit} characters fit on a label."),
        "no_letters": _("The {field} needs letters or digits."),
        "several_lines": _("The {field} must be on one line."),
        "strange_characters": _("The {field} has characters that can't be printed on a label."),
        "unknown_state": _("I don't know that state. Use its name or two letters, like CA."),
        "bad_zip": _("A ZIP has 5 digits, or 5 and 4, like 94107 or 94107-1234."),
        "unknown_zip": _("There is no such ZIP in the United States."),
        "zip_not_in_state": _("The ZIP {zip} is not in {state}. Please change one of them."),
        "bad_phone": _("I can't read that phone number. An example: 415-555-0132."),
        "bad_email": _("I can't read that e-mail address."),
        "abroad": _(
            "That looks like an address abroad. We ship within the United States only, for now: "
            "its states, its territories and military mail (APO, FPO, DPO). If it is there, add "
            "its state and ZIP."
        ),
    }
    told = {"limit": "", "zip": "", "state": ""} | dict(facts)
    return fill(reasons[told["reason"]], **told | {"field": field_name(told["field"])})


def unreadable_weight(_facts: Facts) -> Html:
    return fill(_("I can't read that weight. Examples: 2 lb, 1 lb 4 oz, 35 oz, 1.5 kg."))


def too_heavy(facts: Facts) -> Html:
    return fill(
        _("That is too heavy: carriers take at most {limit} lb."), limit=plain(facts["limit_lb"])
    )


def unreadable_sizes(_facts: Facts) -> Html:
    return fill(_("I can't read that size. Examples: 10x8x4, 10 8 4 in, 25x20x10 cm."))


def too_large(facts: Facts) -> Html:
    return fill(
        _("One side is too long: carriers take at most {limit} in."),
        limit=plain(facts["limit_in"]),
    )


def too_big_for_every_carrier(facts: Facts) -> Html:
    measures = {
        "weight_lb": _(
            "No carrier takes this parcel: it weighs {actual} lb, the limit is {limit}."
        ),
        "longest_in": _(
            "No carrier takes this parcel: its longest side is {actual} in, the limit is {limit}."
        ),
        "length_plus_girth_in": _(
            "No carrier takes this parcel: its length plus girth (the longest side and once "
            "around it) is {actual} in, the limit is {limit}."
        ),
    }
    said = fill(
        measures[facts["measure"]], actual=plain(facts["actual"]), limit=plain(facts["limit"])
    )
    fix = facts.get("fix")
    if fix is None:
        return said
    return lines(said, fill(_("{less}, and {taker} takes it."), less=less(fix), taker=taker(fix)))


def bad_item(facts: Facts) -> Html:
    reasons = {
        "description": _(
            "What is it? Name the thing in a word or two, for example cotton T-shirts."
        ),
        "too_long": _("That is too long: name the thing in at most {limit} letters."),
        "not_latin": _("Customs officers read Latin letters. Please name the thing in English."),
        "strange_characters": _("There are characters that can't be printed on a customs form."),
        "quantity": _("There can be from 1 to {limit} pieces of a thing."),
        "worth": _("How much is it worth? Add it in US dollars, for example $30."),
        "weight": _("How heavy is it? Add its weight, for example 1 lb or 12 oz."),
        "each": _("Tell the worth and the weight of all pieces together, please, not of each."),
        "tariff": _("A tariff code has 6 to 10 digits, for example HS 6109.10."),
        "origin": _("I don't know that country. Use two letters, for example: made in CN."),
    }
    told = reasons.get(facts["reason"], _("I can't read that. An example: 2 T-shirts, $30, 1 lb."))
    return fill(told, limit=facts.get("limit", ""))


def too_many_items(facts: Facts) -> Html:
    return fill(_("A customs form has room for {limit} kinds of things."), limit=facts["limit"])


def too_valuable(facts: Facts) -> Html:
    return fill(
        _(
            "Things of one kind worth more than {most} need an export filing of their own, which "
            "we can't do."
        ),
        most=short(facts["most"]),
    )


def contents_too_heavy(facts: Facts) -> Html:
    return fill(
        _(
            "The things in the parcel weigh {contents} together, but the whole parcel only "
            "{parcel}. Please change one of them."
        ),
        contents=weight(facts["contents_oz"]),
        parcel=weight(facts["parcel_oz"]),
    )


def customs_missing(_facts: Facts) -> Html:
    return fill(
        _("This parcel needs a customs form. Please go back to the summary and tell what is in it.")
    )


def unreadable_amount(_facts: Facts) -> Html:
    return fill(_("I can't read that amount. Examples: 25, $25, 25.50."))


def amount_out_of_range(facts: Facts) -> Html:
    return fill(
        _("A top-up can be from {least} to {most}."),
        least=short(facts["least"]),
        most=short(facts["most"]),
    )


def too_many_invoices(facts: Facts) -> Html:
    return fill(
        _(
            "You have {most} open invoices already, of {amounts}. Ask for one of these amounts "
            "again to pay it, or wait until one expires."
        ),
        most=facts["most"],
        amounts=", ".join(map(str, facts["amounts"])),
    )


def no_payment_provider(_facts: Facts) -> Html:
    return fill(_("Top-ups are not possible right now. Please try again later."))


def payment_refused(_facts: Facts) -> Html:
    return fill(_("The payment service did not accept this invoice. Try another amount, please."))


def insufficient_funds(facts: Facts) -> Html:
    return fill(_("{missing} is missing on your balance."), missing=facts["missing"])


def no_rates(facts: Facts) -> Html:
    complaints = "\n".join(str(told)[:200] for told in facts.get("complaints", [])[:3])
    return fill(
        _("No carrier offers a rate for this parcel between these addresses.\n{told}"),
        told=complaints,
    )


def quote_expired(_facts: Facts) -> Html:
    return fill(_("These prices have expired. Please ask for rates again."))


def rate_gone(_facts: Facts) -> Html:
    return fill(_("That rate is not offered any more. Please choose again."))


def tick_expired(_facts: Facts) -> Html:
    return fill(_("Its price has expired. I ask the carrier for today's before you pay."))


def label_changed(_facts: Facts) -> Html:
    return fill(_("You have changed it since. Please look at it once more."))


def shop_closed(_facts: Facts) -> Html:
    return fill(
        _(
            "We are closed for maintenance for a little while. Labels already paid are on their "
            "way, and what you entered is kept."
        )
    )


def carrier_refused(facts: Facts) -> Html:
    return fill(
        _("The carriers can't rate this: {told} Please check the addresses and the parcel."),
        told=str(facts.get("told", ""))[:300],
    )


def no_funds(_facts: Facts) -> Html:
    return fill(_("The shop can't buy from this carrier right now. Please try again later."))


def carrier_not_configured(_facts: Facts) -> Html:
    return fill(_("We can't ask the carriers right now. Please try again later."))


def account_frozen(_facts: Facts) -> Html:
    return fill(
        _(
            "We are checking your account, and until then nothing can be bought. Your money is "
            "safe. Please try again later."
        )
    )


def customer_blocked(_facts: Facts) -> Html:
    return common.blocked("")


def no_label_yet(_facts: Facts) -> Html:
    return fill(_("This order has no label yet."))


def erased(_facts: Facts) -> Html:
    return fill(_("That is erased: addresses and labels are kept for a time only."))


def unknown_number(_facts: Facts) -> Html:
    return fill(
        _(
            "I don't know this number. I can look up labels bought here, by their tracking number "
            "or the number of the order: /orders lists yours."
        )
    )


def not_voidable(facts: Facts) -> Html:
    reasons = {
        "window_over": _("The carrier does not take this label back any more: it is too late."),
        "scanned": _("The carrier has scanned this label: a used one is not taken back."),
        "refunded": _("This label is refunded already."),
    }
    return fill(reasons.get(facts["reason"], _("There is no label here to give back.")))


SENTENCES: Mapping[str, Callable[[Facts], Html]] = {
    sentence.__name__: sentence
    for sentence in (
        bad_field,
        unreadable_weight,
        too_heavy,
        unreadable_sizes,
        too_large,
        too_big_for_every_carrier,
        bad_item,
        too_many_items,
        too_valuable,
        contents_too_heavy,
        customs_missing,
        unreadable_amount,
        amount_out_of_range,
        too_many_invoices,
        no_payment_provider,
        payment_refused,
        insufficient_funds,
        no_rates,
        quote_expired,
        rate_gone,
        tick_expired,
        label_changed,
        shop_closed,
        account_frozen,
        customer_blocked,
        carrier_refused,
        no_funds,
        carrier_not_configured,
        no_label_yet,
        erased,
        not_voidable,
        *files.SENTENCES,
        unknown_number,
        unfinished.too_many_unfinished,
        saved.bad_name,
        saved.name_taken,
        saved.too_many_saved,
    )
}
