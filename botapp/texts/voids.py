"""What is said of a label that its owner has given back: each stage, and who has the next word."""

from botapp.language import day, gettext as _, hour, local
from botapp.markup import Html, fill, lines, paragraphs
from botapp.texts.names import whom
from models.order import Order
from models.void import Void, VoidStage, VoidStep


def stage(stage: VoidStage) -> str:
    return {
        VoidStage.ASKED: _("asked for, on its way to the carrier"),
        VoidStage.SENT: _("sent to the carrier, which has not decided yet"),
        VoidStage.REVIEW: _("a person is looking into it"),
        VoidStage.GRANTED: _("agreed, the money goes back to your balance"),
        VoidStage.DENIED: _("refused by the carrier"),
    }[stage]


def void_line(void: Void) -> Html:
    """Under an order."""
    return fill(_("Refund: {stage}"), stage=stage(void.status))


def void_stages(order: Order, void: Void) -> Html:
    """The refund's own screen: the oldest stage comes first."""
    waits = void.status in {VoidStage.ASKED, VoidStage.SENT}
    return paragraphs(
        fill(
            _("<b>Refund of your label to {place}, {price}</b>"),
            place=whom(order.recipient),
            price=void.amount,
        ),
        lines(*(_step(step) for step in void.timeline)),
        fill(
            _(
                "The carrier makes sure that the label is not used, and that can take two weeks "
                "or more. Please don't use it. You will hear from me."
            )
        )
        if waits
        else "",
    )


def _step(step: VoidStep) -> Html:
    at = f"{day(local(step.at))}, {hour(step.at)}"
    return fill("{at}: {stage}", at=at, stage=stage(step.stage))
