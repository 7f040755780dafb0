"""Where a customer can stand in the conversation."""

from enum import StrEnum


class Place(StrEnum):
    """The name of a screen, kept in the draft."""

    MENU = "menu"
    HELP = "help"
    SETTINGS = "settings"
    ZONE = "zone"
    FORGET = "forget"
    LANGUAGE = "language"
    UNFINISHED = "unfinished"
    SENDER = "sender"
    RECIPIENT = "recipient"
    PAIR = "pair"
    FIELD = "field"
    ADDRESS = "address"
    VERDICT = "verdict"
    FIELDS = "fields"
    WEIGHT = "weight"
    SIZES = "sizes"
    CONTENTS = "contents"
    ITEM = "item"
    ITEMS = "items"
    CONFIRM = "confirm"
    RATES = "rates"
    PAY = "pay"
    INSUFFICIENT = "insufficient"
    BUYING = "buying"
    TOPUP = "topup"
    PROVIDER = "provider"
    INVOICE = "invoice"
    BALANCE = "balance"
    ORDERS = "orders"
    ORDER = "order"
    FORMATS = "formats"
    FIND = "find"
    TRACKING = "tracking"
    VOID = "void"
    SAVED = "saved"
    SAVED_LIST = "saved_list"
    SAVED_ONE = "saved_one"
    SAVE = "save"
    NAME = "name"
    DELETE = "delete"
    BATCH = "batch"
    BATCH_COLUMNS = "batch_columns"
    BATCH_COLUMN = "batch_column"
    BATCH_SENDER = "batch_sender"
    BATCH_WEIGHT = "batch_weight"
    BATCH_SIZES = "batch_sizes"


ADDRESSES = (Place.SENDER, Place.RECIPIENT, Place.PAIR)
CHECKS = (Place.ADDRESS, Place.VERDICT, Place.FIELDS, Place.FIELD)
PARCEL = (Place.WEIGHT, Place.SIZES, Place.CONTENTS, Place.ITEM, Place.ITEMS, Place.CONFIRM)
PRICED = (Place.RATES, Place.PAY, Place.INSUFFICIENT)

TOLD_AT = frozenset({*ADDRESSES, *CHECKS, *PARCEL})
"""Where something of a label is told, and can be taken back: choosing a rate tells nothing."""
LABEL_PLACES = TOLD_AT | {*PRICED}
"""An unfinished label is continued at the last of these that the customer stood at."""


def place_named(name: str) -> Place:
    """The place of a draft; the menu for one that this version doesn't know."""
    return Place(name) if name in Place.__members__.values() else Place.MENU
