"""The two modes in which the shop deals with carriers and payment providers."""

from enum import StrEnum


class ApiMode(StrEnum):
    """Stamped on quote, order, label and invoice; test labels never use real money."""

    TEST = "test"
    PRODUCTION = "production"
