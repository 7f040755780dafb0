"""What goes out first when Telegram takes less than there is to say."""

from enum import IntEnum


class Urgency(IntEnum):
    """The smaller, the sooner."""

    REPLY = 0
    """Somebody looks at the chat and waits."""
    MONEY = 1
    """Money that moved, a label that was bought."""
    TRACKING = 2
    BROADCAST = 3
