"""What the bot's tests share."""

from tests.botapp.talk import talk

__all__ = ["talk"]
