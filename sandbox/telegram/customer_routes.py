"""The customer's side over HTTP: a fixed interface that tests and the chat page share."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.datastructures import FileStorage

from sandbox.telegram.calls import Office
from sandbox.telegram.changes import Changes
from sandbox.telegram.customers import Customers
from sandbox.telegram.errors import BotApiError, CustomerError
from sandbox.telegram.media import served
from sandbox.telegram.state import JsonObject


class CustomerSide:
    def __init__(self, office: Office, customers: Customers, changes: Changes) -> None:
        self._office = office
        self._customers = customers
        self._changes = changes

    def register(self, routes: Blueprint) -> None:
        routes.add_url_rule("/chats/changes", view_func=self.changes)
        chat = "/chats/<int(signed=True):chat_id>"
        routes.add_url_rule(f"{chat}/messages", view_func=self.history)
        routes.add_url_rule(f"{chat}/messages", view_func=self.write, methods=["POST"])
        routes.add_url_rule(f"{chat}/press", view_func=self.press, methods=["POST"])
        routes.add_url_rule(f"{chat}/edit", view_func=self.edit, methods=["POST"])
        routes.add_url_rule(f"{chat}/block", view_func=self.block, methods=["POST"])
        routes.add_url_rule(f"{chat}/unblock", view_func=self.unblock, methods=["POST"])
        routes.add_url_rule(f"{chat}/files/<file_id>", view_func=self.file)
        routes.register_error_handler(CustomerError, _explained)
        routes.register_error_handler(BotApiError, _explained)

    def changes(self) -> JsonObject:
        given = request.args
        chats = [int(one) for one in given.get("chats", "").split(",") if one.isdecimal()]
        version, wait = given.get("since", 0, int), given.get("wait", 0.0, float)
        return self._changes.since(chats, given.get("epoch", ""), version, wait)

    def history(self, chat_id: int) -> JsonObject:
        return self._customers.history(chat_id, request.args.get("after", 0, int))

    def write(self, chat_id: int) -> JsonObject:
        upload = request.files.get("document")
        if isinstance(upload, FileStorage):
            caption, given = request.form.get("caption", ""), request.form.get("from", "{}")
            return self._customers.send_document(chat_id, upload, caption, _person(given))
        body = _body()
        person = _person(body.get("from", {}))
        if "sticker" in body:
            return self._customers.send_sticker(chat_id, _text(body, "sticker"), person)
        return self._customers.write(chat_id, _text(body, "text"), person)

    def press(self, chat_id: int) -> JsonObject:
        body = _body()
        data = _text(body, "data") if "data" in body else None
        label = "" if data is not None else _text(body, "text")
        return self._customers.press(chat_id, _message_id(body), data, label)

    def edit(self, chat_id: int) -> JsonObject:
        body = _body()
        return self._customers.edit(chat_id, _message_id(body), _text(body, "text"))

    def block(self, chat_id: int) -> JsonObject:
        return self._customers.block(chat_id, blocked=True)

    def unblock(self, chat_id: int) -> JsonObject:
        return self._customers.block(chat_id, blocked=False)

    def file(self, chat_id: int, file_id: str) -> Response:
        chat = self._customers.known(chat_id)
        record = self._office.state.files.get(file_id)
        if record is None or file_id not in json.dumps(list(chat.messages.values())):
            raise CustomerError(f"there is no file {file_id} in this chat", 404)
        return served(self._office, record)


def _body() -> JsonObject:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise CustomerError("a JSON object is expected")
    return body


def _text(body: JsonObject, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise CustomerError(f"{name!r} must be a text")
    return value


def _message_id(body: JsonObject) -> int:
    value = body.get("message_id")
    if type(value) is not int:
        raise CustomerError("'message_id' must be a whole number")
    return value


def _person(given: Any) -> JsonObject:
    try:
        person = json.loads(given) if isinstance(given, str) else given
    except json.JSONDecodeError as error:
        raise CustomerError("'from' is not JSON") from error
    if not isinstance(person, dict):
        raise CustomerError("'from' must be an object")
    return person


def _explained(error: CustomerError | BotApiError) -> tuple[Response, int]:
    if isinstance(error, BotApiError):
        return jsonify(error=error.description), error.code
    body: dict[str, Any] = {"error": error.message}
    if error.buttons is not None:
        body["buttons"] = error.buttons
    return jsonify(body), error.status
