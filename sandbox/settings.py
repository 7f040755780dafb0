"""What the sandbox process is told by its environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class SandboxSettings(BaseSettings):
    """`journal` unset means memory only; `public_url` unset means: as the request came in.

    `cryptopay_webhook` unset means that nobody is told of payments there; `easypost_webhook` and
    `shipengine_webhook` unset, that only those are told of parcels who registered for it.
    `refund_seconds` after a void was asked for it is granted, `confirm_seconds` after a payment
    was seen it is confirmed, both only if nobody decides earlier.
    """

    model_config = SettingsConfigDict(env_prefix="SANDBOX_", extra="ignore", frozen=True)

    journal: Path | None = None
    public_url: str = ""
    oxapay_key: str = "demo-oxapay-key"
    cryptopay_token: str = "12345:demo-cryptopay-token"  # noqa: S105  it opens the sandbox only
    cryptopay_webhook: str = ""
    easypost_webhook: str = ""
    shipengine_webhook: str = ""
    easypost_webhook_secret: str = "demo-easypost-secret"  # noqa: S105  likewise
    retry_divisor: float = Field(default=60.0, gt=0)
    refund_seconds: float = Field(default=30.0, ge=0)
    confirm_seconds: float = Field(default=30.0, ge=0)
