"""Fields that know the shop's values."""

import json
from collections.abc import Mapping
from typing import Any

from mongoengine import DictField
from mongoengine.base import BaseField

from core.money import Money
from models.values import shape_of


class ValueField(BaseField):
    """A frozen value of one type, stored as a small document.

    An embedded document would do, but making one takes ten times as long, and an order has ten.
    """

    def __init__(self, kind: type, **options: Any) -> None:
        super().__init__(**options)
        self.kind, self.shape = kind, shape_of(kind)

    def to_mongo(self, value: Any) -> Any:
        return self.shape.write(value) if isinstance(value, self.kind) else value

    def to_python(self, value: Any) -> Any:
        return self.shape.read(value) if isinstance(value, Mapping) else value

    def prepare_query_value(self, op: str | None, value: Any) -> Any:  # noqa: ARG002  mongoengine's signature
        return self.to_mongo(value)

    def validate(self, value: Any, clean: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002  likewise
        if not isinstance(value, self.kind):
            self.error(f"Only {self.kind.__name__} is kept here")


class ValuesField(ValueField):
    """A tuple of such values."""

    def __init__(self, kind: type, **options: Any) -> None:
        super().__init__(kind, default=(), **options)

    def to_mongo(self, value: Any) -> Any:
        """A single one is what is pushed."""
        if isinstance(value, list | tuple):
            return [super(ValuesField, self).to_mongo(one) for one in value]
        return super().to_mongo(value)

    def to_python(self, value: Any) -> Any:
        return tuple(super(ValuesField, self).to_python(one) for one in value)

    def validate(self, value: Any, clean: bool = True) -> None:  # noqa: ARG002, FBT001, FBT002  likewise
        for one in value:
            super().validate(one)


class MoneyField(ValueField):
    """`Money`, stored as `{minor: int64, currency: str}`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(Money, **options)


class JsonField(BaseField):
    """Somebody else's JSON, kept as its text.

    As documents of MongoDB's, `$ref` would be followed and numbers of 70 bits refused.
    """

    def to_mongo(self, value: Any) -> str:
        return json.dumps(value)

    def to_python(self, value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value


class PlainMapField(DictField):
    """A document as MongoDB gives it; mongoengine would make copies that know whose they are."""

    def __get__(self, instance: Any, owner: Any) -> Any:
        return BaseField.__get__(self, instance, owner)

    def to_mongo(self, value: Any, use_db_field: bool = True, fields: Any = None) -> Any:  # noqa: ARG002, FBT001, FBT002  mongoengine's signature
        return value

    def to_python(self, value: Any) -> Any:
        return value
