"""The one connection to MongoDB. Made after a fork, never before."""

from typing import Any

import mongoengine
from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

SELECTION_MS = 3_000
CONNECT_MS = 3_000
ANSWER_MS = 30_000
POOL_MOST = 20
POOL_LEAST = 2


def connect(url: str) -> MongoClient[Any]:
    """Connect this process. Every write waits for the majority and the journal."""
    mongoengine.disconnect()
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
    mongoengine.disconnect()


def database() -> Database[dict[str, Any]]:
    """The product's database, for what is too hot or too large for documents."""
    return mongoengine.connection.get_db()


def collection(name: str) -> Collection[dict[str, Any]]:
    """A raw collection that reads and writes aware UTC times."""
    return database().get_collection(name, codec_options=CodecOptions(tz_aware=True))


def is_reachable() -> bool:
    """Ask the server for a sign of life. Raises pymongo's errors when there is none."""
    return bool(database().client.admin.command("ping")["ok"])
