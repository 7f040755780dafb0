"""Every setting of every process: one frozen class, read once from the environment and `.env`."""

import os
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AliasChoices,
    Field,
    HttpUrl,
    MongoDsn,
    RedisDsn,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.windows import read_windows

PREFIX = "LABELDESK_"


class WrongSettings(SystemExit):
    """The process cannot start; the message has one line for each wrong setting."""


def _store(name: str) -> AliasChoices:
    return AliasChoices(f"{PREFIX}{name.upper()}", name.upper(), name)


class Settings(BaseSettings):
    """A missing or unknown setting stops the process with its name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", extra="forbid", frozen=True, populate_by_name=True
    )

    mongo_url: MongoDsn = Field(validation_alias=_store("mongo_url"))
    redis_url: RedisDsn = Field(validation_alias=_store("redis_url"))
    secret_key: Annotated[SecretStr, Field(min_length=32)]
    password_salt: Annotated[SecretStr, Field(min_length=16)]
    public_url: HttpUrl = HttpUrl("http://127.0.0.1:8080")
    log_level: str = "INFO"

    telegram_token: SecretStr
    telegram_webhook_secret: SecretStr | None = None
    telegram_api_url: HttpUrl = HttpUrl("https://api.telegram.org")
    telegram_per_second: Annotated[float, Field(gt=0)] = 30
    telegram_chat_per_second: Annotated[float, Field(gt=0)] = 1
    telegram_chat_burst: Annotated[float, Field(ge=1)] = 15
    telegram_alone_per_second: Annotated[float, Field(gt=0)] = 5
    bot_processes: Annotated[int, Field(gt=0, le=64)] = min(os.cpu_count() or 1, 4)
    customer_per_second: Annotated[float, Field(gt=0)] = 1
    customer_burst: Annotated[float, Field(ge=1)] = 10

    easypost_url: HttpUrl = HttpUrl("https://api.easypost.com/v2")
    easypost_test_key: SecretStr | None = None
    easypost_production_key: SecretStr | None = None
    easypost_test_webhook_secret: SecretStr | None = None
    easypost_production_webhook_secret: SecretStr | None = None
    shipengine_url: HttpUrl = HttpUrl("https://api.shipengine.com/v1")
    shipengine_keys_url: HttpUrl = HttpUrl("https://api.shipengine.com/jwks")
    shipengine_test_key: SecretStr | None = None
    shipengine_production_key: SecretStr | None = None
    shipengine_carrier_ids: Annotated[tuple[str, ...], NoDecode] = ()
    shipstation_url: HttpUrl = HttpUrl("https://api.shipstation.com/v2")
    shipstation_test_key: SecretStr | None = None
    shipstation_production_key: SecretStr | None = None
    shipstation_carrier_ids: Annotated[tuple[str, ...], NoDecode] = ()
    carrier_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 25
    carrier_balance_alert_cents: Annotated[int, Field(ge=0)] = 5_000
    address_check_seconds: Annotated[float, Field(gt=0, le=60)] = 4
    carrier_settle_seconds: Annotated[float, Field(ge=0)] = 120
    carrier_settle_seconds_of: dict[str, Annotated[float, Field(ge=0)]] = {}
    order_lease_seconds: Annotated[float, Field(gt=0)] = 60
    order_review_seconds: Annotated[float, Field(gt=0)] = 86_400
    order_funds_seconds: Annotated[float, Field(gt=0)] = 21_600

    void_days: str = "usps=30,ups=90,fedex=90,other=30"
    void_seconds: Annotated[float, Field(gt=0)] = 300
    tracking_seconds: Annotated[float, Field(gt=0)] = 3_600
    stalled_days: Annotated[int, Field(gt=0)] = 5

    oxapay_url: HttpUrl = HttpUrl("https://api.oxapay.com/v1")
    oxapay_key: SecretStr | None = None
    cryptopay_url: HttpUrl = HttpUrl("https://pay.crypt.bot/api")
    cryptopay_token: SecretStr | None = None
    payment_providers: Annotated[tuple[str, ...], NoDecode] = ("oxapay", "cryptopay")
    invoice_minutes: Annotated[int, Field(ge=15, le=2880)] = 60

    topup_minimum_cents: Annotated[int, Field(gt=0)] = 500
    topup_maximum_cents: Annotated[int, Field(gt=0)] = 500_000
    adjustment_limit_cents: Annotated[int, Field(ge=0)] = 10_000
    markup_percent: Annotated[Decimal, Field(ge=0, le=500, decimal_places=4)] = Decimal(8)
    markup_minimum_cents: Annotated[int, Field(ge=0, le=100_000)] = 50
    quote_minutes: Annotated[int, Field(gt=0)] = 15
    quote_timeout_seconds: Annotated[float, Field(gt=0, le=60)] = 10
    price_tolerance_cents: Annotated[int, Field(ge=0)] = 25

    batch_rows: Annotated[int, Field(gt=0, le=5_000)] = 500
    batch_kilobytes: Annotated[int, Field(gt=0, le=20_000)] = 2_000
    batch_lease_seconds: Annotated[float, Field(gt=0)] = 30

    # Nightly comparisons look at quotes of ten days; Telegram repeats updates for one.
    keep_drafts_days: Annotated[int, Field(ge=14)] = 30
    keep_updates_days: Annotated[int, Field(ge=7)] = 30
    keep_orders_days: Annotated[int, Field(ge=90)] = 180

    sender_phone: str = ""
    random_phone: bool = False
    support_contact: Annotated[str, Field(max_length=200)] = ""
    operator_chat_ids: Annotated[tuple[int, ...], NoDecode] = ()
    queue_silent_seconds: Annotated[float, Field(gt=60)] = 300
    sweep_seconds: Annotated[float, Field(gt=0)] = 5

    crash_at: str = ""
    crash_once: Path | None = None

    @field_validator("telegram_token")
    @classmethod
    def _is_a_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"\d+:\S+", token.get_secret_value()):
            raise ValueError("a bot token looks like 123456:ABC-DEF")
        return token

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_a_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(
            r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()
        ):
            raise ValueError("it has 16 to 256 characters of A-Z, a-z, 0-9, _ and -")
        return secret

    @field_validator("payment_providers", mode="before")
    @classmethod
    def _are_names(cls, names: object) -> object:
        return tuple(name.strip() for name in names.split(",")) if isinstance(names, str) else names

    @field_validator("shipengine_carrier_ids", "shipstation_carrier_ids", mode="before")
    @classmethod
    def _are_ids(cls, ids: object) -> object:
        if not isinstance(ids, str):
            return ids
        return tuple(name.strip() for name in ids.split(",") if name.strip())

    @field_validator("void_days")
    @classmethod
    def _are_days(cls, days: str) -> str:
        read_windows(days)
        return days

    @field_validator("operator_chat_ids", mode="before")
    @classmethod
    def _are_chats(cls, chats: object) -> object:
        if not isinstance(chats, str):
            return chats
        return tuple(chat.strip() for chat in chats.split(",") if chat.strip())

    @model_validator(mode="after")
    def _outlasts_the_carrier(self) -> Self:
        """A purchase, and the look after its refusal, must both end within one lease."""
        if self.order_lease_seconds <= 2 * self.carrier_timeout_seconds:
            raise ValueError("order_lease_seconds must be over twice carrier_timeout_seconds")
        return self


def load() -> Settings:
    """Read the settings. Raises WrongSettings, which ends the process with a line for each."""
    unknown = _unknown_variables(os.environ)
    if unknown:
        raise WrongSettings(
            "\n".join(f"Setting {name} is unknown: take it out." for name in unknown)
        )
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings("\n".join(_line(problem) for problem in error.errors())) from None


def _unknown_variables(names: Iterable[str]) -> list[str]:
    ours = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in names if name.startswith(PREFIX) and name not in ours)


def _line(problem: ErrorDetails) -> str:
    """One problem in an operator's words, never with the value: it may be a secret."""
    if not problem["loc"]:
        return f"Settings do not fit: {problem['msg'].removeprefix('Value error, ')}."
    name = str(problem["loc"][0]).upper().removeprefix(PREFIX)
    shown = f"{PREFIX}{name}"
    if problem["type"] == "extra_forbidden":
        return f"Setting {shown} is unknown: take it out of .env."
    if problem["type"] == "missing":
        return f"Setting {shown} is missing."
    return f"Setting {shown} is wrong: {problem['msg'].removeprefix('Value error, ')}."
