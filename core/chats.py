"""What can go wrong when the shop speaks to a customer's chat."""

from core.errors import Doubtful, Refusal, Unavailable


class ChatUnreachable(Refusal):
    """The customer blocked the bot, or the account is gone. Facts: `chat_id`, `told`."""


class MessageGone(Refusal):
    """The message to change was deleted or is too old to change. Facts: `chat_id`."""


class BadMessage(Refusal):
    """The chat service would not take this message, whoever sends it. Facts: `told`."""


class TooManyMessages(Unavailable):
    """The chat service asks us to slow down. Facts: `retry_after` (seconds)."""


class TelegramDown(Unavailable):
    """The chat service surely did not take the message. Facts: `method`."""


class MessageDoubtful(Doubtful):
    """The message was sent and no answer came. Facts: `method`."""
