"""What the Telegram part of the sandbox is told by its environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TelegramSettings(BaseSettings):
    """`telegram_spec` names a full description of the Bot API; unset means the built-in table.

    `telegram_per_second` is what the bot may send in all; a load test lifts it.
    """

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", extra="ignore", frozen=True)

    telegram_spec: Path | None = None
    admin_url: str = ""
    telegram_per_second: float = Field(default=30.0, gt=0)
