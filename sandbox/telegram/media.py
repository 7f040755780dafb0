"""Files in messages: kept, described as Telegram describes them, and found again by id."""

import base64
import hashlib
import io
import mimetypes

from flask import Response
from PIL import Image, UnidentifiedImageError
from werkzeug.datastructures import FileStorage

from sandbox.telegram.calls import Call, Office
from sandbox.telegram.errors import BotApiError, bad_request
from sandbox.telegram.state import JsonObject

UPLOAD_BYTES = 50 * 1024 * 1024
SHOWN = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"}
ATTACHED = "attach://"


def received_file(office: Office, call: Call, kind: str) -> JsonObject:
    """The record of the file that the call brings along or names by its id."""
    value = call.values[kind]
    if value.startswith(ATTACHED):
        return keep_file(office, call.files[value.removeprefix(ATTACHED)], kind)
    record = office.state.files.get(value)
    if record is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if record["kind"] != kind:
        was, wanted = record["kind"].capitalize(), kind.capitalize()
        raise bad_request(f"can't use file of type {was} as {wanted}")
    return record


def keep_file(office: Office, upload: FileStorage, kind: str) -> JsonObject:
    content = upload.read()
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > UPLOAD_BYTES:
        raise BotApiError(413, "Request Entity Too Large")
    size = _picture_size(content) if kind == "photo" else {}
    digest = office.stored.put(content)
    with office.state.changed:
        record = _record(upload, kind, digest, len(office.state.files) + 1)
        office.state.commit("file", file=record | {"size": len(content)} | size)
    return office.state.files[record["file_id"]]


def served(office: Office, record: JsonObject) -> Response:
    """The bytes over HTTP, under the file's name, to be shown where the browser can.

    A file from a stranger runs in this origin: what could carry a script is only handed down.
    """
    response = Response(office.stored.get(record["sha256"]), mimetype=record["mime_type"])
    shown = record["kind"] == "photo" or record["mime_type"] in SHOWN
    response.headers.set(
        "Content-Disposition",
        "inline" if shown else "attachment",
        filename=record["file_name"].encode("ascii", "replace").decode().replace("?", "_"),
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def as_document(record: JsonObject) -> JsonObject:
    shown = {key: record[key] for key in ("file_name", "mime_type")}
    return {"document": shown | _identity(record)}


def as_photo(record: JsonObject) -> JsonObject:
    size = {key: record[key] for key in ("width", "height")}
    return {"photo": [_identity(record) | size]}


def _identity(record: JsonObject) -> JsonObject:
    names = {key: record[key] for key in ("file_id", "file_unique_id")}
    return names | {"file_size": record["size"]}


def _record(upload: FileStorage, kind: str, digest: str, number: int) -> JsonObject:
    name = (upload.filename or "file").replace("\\", "/").rpartition("/")[2] or "file"
    mime = mimetypes.guess_type(name)[0] or upload.mimetype or "application/octet-stream"
    ending = name.rpartition(".")[2] if "." in name else "bin"
    secret = hashlib.sha256(f"{number}:{digest}".encode()).digest()
    prefix = "AgAC" if kind == "photo" else "BQAC"
    return {
        "file_id": prefix + base64.urlsafe_b64encode(secret).decode().rstrip("="),
        "file_unique_id": "AgAD" + digest[:12],
        "file_name": name,
        "mime_type": mime,
        "kind": kind,
        "path": f"{kind}s/file_{number}.{ending}",
        "sha256": digest,
    }


def _picture_size(content: bytes) -> JsonObject:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return {"width": picture.width, "height": picture.height}
    except UnidentifiedImageError as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error
