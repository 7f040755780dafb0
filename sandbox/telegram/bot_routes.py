"""The Bot API over HTTP: parameters by URL, form, JSON or multipart; envelopes back."""

import math
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.faults import Fault
from sandbox.telegram.calls import Call, Handler, Office
from sandbox.telegram.customers import Customers
from sandbox.telegram.errors import BotApiError, bad_request, too_many_requests
from sandbox.telegram.media import served
from sandbox.telegram.spec import Judge, Misuse
from sandbox.world import World

SERVICE = "telegram"


class BotApi:
    def __init__(
        self,
        world: World,
        office: Office,
        judge: Judge,
        handlers: dict[str, Handler],
        customers: Customers,
    ) -> None:
        self._world = world
        self._office = office
        self._judge = judge
        self._handlers = handlers
        self._names = {name.lower(): name for name in handlers}
        self._customers = customers
        world.word_errors(SERVICE, _fault_wording)

    def register(self, routes: Blueprint) -> None:
        both = ["GET", "POST"]
        routes.add_url_rule("/bot<token>/<method>", view_func=self.call, methods=both)
        routes.add_url_rule("/file/bot<token>/<path:path>", "bot_file", self.file)

    def methods(self) -> set[str]:
        return set(self._handlers)

    def call(self, token: str, method: str) -> Response:
        """Faults know every call as a POST, whatever it came by."""
        name = self._names.get(method.lower(), method)
        self._world.count(SERVICE, f"POST /{name}")
        with self._world.misbehaving(SERVICE, f"POST /{name}"):
            try:
                return jsonify(ok=True, result=self._answer(token, name))
            except BotApiError as error:
                return _refused(error)

    def file(self, token: str, path: str) -> Response:
        records = self._office.state.files.values()
        found = [record for record in records if record["path"] == path]
        if not _is_token(token) or not found:
            return _refused(BotApiError(404, "Not Found"))
        return served(self._office, found[0])

    def _answer(self, token: str, name: str) -> Any:
        if not _is_token(token):
            raise BotApiError(401, "Unauthorized")
        if name not in self._handlers:
            raise BotApiError(404, "Not Found")
        self._customers.token = token
        files = request.files.to_dict()
        try:
            values = self._judge.read(name, _parameters(), files)
        except Misuse as misuse:
            raise bad_request(str(misuse)) from misuse
        return self._handlers[name](Call(token, values, files))


def _parameters() -> dict[str, Any]:
    values: dict[str, Any] = {**request.args.to_dict(), **request.form.to_dict()}
    if request.is_json:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise bad_request("can't parse request JSON object")
        values |= {name: value for name, value in body.items() if value is not None}
    return values


def _is_token(token: str) -> bool:
    number, colon, secret = token.partition(":")
    return bool(number and colon and secret)


def _refused(error: BotApiError) -> Response:
    response = jsonify(error.envelope())
    response.status_code = error.code
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _fault_wording(status: int, fault: Fault) -> Response:
    if status == too_many_requests(1).code:
        return _refused(too_many_requests(max(1, math.ceil(fault.seconds))))
    return _refused(BotApiError(status, "Internal Server Error"))
