"""What the Telegram part of the sandbox is told by its environment."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class TelegramSettings(BaseSettings):
    """`telegram_spec` names a full description of the Bot API; unset means the built-in table."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", extra="ignore", frozen=True)

    telegram_spec: Path | None = None
    admin_url: str = ""
