"""Fields that know the shop's values."""

from typing import Any

from bson import Int64
from mongoengine.base import BaseField

from core.money import Money


class MoneyField(BaseField):
    """`Money`, stored as `{minor: int64, currency: str}`."""

    def to_mongo(self, value: Money | None) -> dict[str, Any] | None:
        if value is None:
            return None
        return {"minor": Int64(value.minor), "currency": value.currency}

    def to_python(self, value: Any) -> Money | None:
        if value is None or isinstance(value, Money):
            return value
        return Money(int(value["minor"]), value["currency"])

    def prepare_query_value(self, op: str | None, value: Any) -> Any:  # noqa: ARG002  likewise
        return self.to_mongo(value) if isinstance(value, Money) else value

    def validate(self, value: Any, clean: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002  mongoengine's signature
        if not isinstance(value, Money):
            self.error("Only Money is kept here")
