"""The one connection to MongoDB. Made after a fork, never before."""

from collections.abc import Iterable
from typing import Any

import mongoengine
from bson.codec_options import CodecOptions
from pymongo import InsertOne, MongoClient, WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import BulkWriteError

SELECTION_MS = 3_000
CONNECT_MS = 3_000
ANSWER_MS = 30_000
POOL_MOST = 20
POOL_LEAST = 2
DUPLICATE_KEY = 11_000

# Making a collection object costs a tenth of what asking it for one document does.
_collections: dict[str, Collection[dict[str, Any]]] = {}
_hasty: dict[str, Collection[dict[str, Any]]] = {}


def connect(url: str) -> MongoClient[Any]:
    """Connect this process. Every write waits for the majority and the journal."""
    disconnect()
    client: MongoClient[Any] = mongoengine.connect(
        host=url,
        tz_aware=True,
        uuidRepresentation="standard",
        maxPoolSize=POOL_MOST,
        minPoolSize=POOL_LEAST,
        serverSelectionTimeoutMS=SELECTION_MS,
        connectTimeoutMS=CONNECT_MS,
        socketTimeoutMS=ANSWER_MS,
        w="majority",
        journal=True,
        retryWrites=True,
        readPreference="primary",
    )
    return client


def disconnect() -> None:
    _collections.clear()
    _hasty.clear()
    mongoengine.disconnect()


def database() -> Database[dict[str, Any]]:
    """The product's database, for what is too hot or too large for documents."""
    return mongoengine.connection.get_db()


def collection(name: str) -> Collection[dict[str, Any]]:
    """A raw collection that reads and writes aware UTC times."""
    found = _collections.get(name)
    if found is None:
        found = database().get_collection(name, codec_options=CodecOptions(tz_aware=True))
        _collections[name] = found
    return found


def hasty_collection(name: str) -> Collection[dict[str, Any]]:
    """For writes on which nothing is decided: a primary that is lost may take them along."""
    found = _hasty.get(name)
    if found is None:
        found = collection(name).with_options(write_concern=WriteConcern(w=1))
        _hasty[name] = found
    return found


def insert_what_is_new(name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert the documents whose unique values are not there yet, acknowledged by the majority."""
    writes = [InsertOne(row) for row in rows]
    if not writes:
        return
    try:
        collection(name).bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        if any(failed["code"] != DUPLICATE_KEY for failed in error.details["writeErrors"]):
            raise


def is_reachable() -> bool:
    """Ask the server for a sign of life. Raises pymongo's errors when there is none."""
    return bool(database().client.admin.command("ping")["ok"])
