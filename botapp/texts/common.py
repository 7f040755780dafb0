"""Words of every screen: buttons to move about, the menu, help, what went wrong in general."""

from botapp.language import gettext as _, languages, speaking
from botapp.markup import Html, bold, fill, lines, paragraphs
from core.money import Money


def back() -> str:
    return _("Back")


def cancel() -> str:
    return _("Cancel")


def try_again() -> str:
    return _("Try again")


def menu_button() -> str:
    return _("Menu")


def new_label() -> str:
    return _("New label")


def continue_label() -> str:
    return _("Continue label")


def top_up() -> str:
    return _("Top up")


def balance() -> str:
    return _("Balance")


def orders() -> str:
    return _("Orders")


def help_button() -> str:
    return _("Help")


def language_button() -> str:
    return _("Language")


def which_language() -> Html:
    """Asked in all of them."""
    asked = []
    for code in languages():
        with speaking(code):
            asked.append(bold(_("Which language do you prefer?")))
    return lines(*asked)


def greeting() -> Html:
    return fill(_("<b>Welcome to Labeldesk.</b> Shipping labels at good rates, right here."))


def menu(available: Money, held: Money) -> Html:
    if held:
        stand = fill(
            _("Balance: <b>{available}</b>, and {held} held for labels on their way."),
            available=available,
            held=held,
        )
    else:
        stand = fill(_("Balance: <b>{available}</b>"), available=available)
    return paragraphs(stand, fill(_("What would you like to do?")))


def commands() -> list[tuple[str, str]]:
    """What Telegram lists under the menu button."""
    return [
        ("new", _("Buy a shipping label")),
        ("orders", _("Your labels and their tracking")),
        ("track", _("Where a parcel is")),
        ("templates", _("Your templates")),
        ("balance", _("Balance and statement")),
        ("topup", _("Add money")),
        ("language", _("Language")),
        ("settings", _("Notifications and quiet hours")),
        ("help", _("Help, answers, a person to write to")),
        ("cancel", _("Stop what you are doing")),
        ("export", _("Get all your data as a file")),
        ("forget", _("Erase saved addresses and drafts")),
        ("start", _("Main menu")),
    ]


def cancelled() -> Html:
    return fill(_("Cancelled. Nothing was bought."))


def use_the_buttons() -> Html:
    return fill(_("Please use the buttons below."))


def use_the_buttons_or_begin() -> Html:
    told = _("Please use the buttons below, or send both addresses in one message for a new label.")
    return fill(told)


def only_text() -> Html:
    return fill(_("I read text, and .csv or .xlsx files of many labels; no pictures and no voice."))


def unknown_command(name: str) -> Html:
    return fill(_("I don't know the command /{name}. /help lists what I can do."), name=name[:32])


def gone() -> Html:
    """Of what was asked for and is kept no longer."""
    return fill(_("That is no longer here."))


def trouble() -> Html:
    return fill(
        _("Sorry, something doesn't answer right now. Nothing is lost: please try again shortly.")
    )


def carrier_trouble() -> Html:
    return fill(
        _("The carriers don't answer right now. Your label is kept: please try again in a minute.")
    )


def payment_trouble() -> Html:
    return fill(_("The payment service doesn't answer right now. Please try again in a minute."))


def blocked(contact: str) -> Html:
    """`contact` as help has it."""
    return paragraphs(
        fill(
            _(
                "The shop has blocked your account: nothing new can be done here. What is paid "
                "for is still finished, and your money is safe."
            )
        ),
        fill(_("A person answers at {contact}."), contact=contact) if contact else "",
    )


def one_moment() -> Html:
    return fill(
        _(
            "You write faster than I can answer. I have every message and read them in order: "
            "one moment, please."
        )
    )


def sorry() -> Html:
    return fill(
        _("Sorry, I could not handle your last message. Everything before it is kept. /start")
    )
