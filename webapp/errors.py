"""What people and programs read when a page can't be shown."""

import structlog
from flask import Flask, Response, current_app, request
from pymongo.errors import PyMongoError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from core.errors import Unavailable
from models.base import NotFound as NoSuchRecord

FOR_PROGRAMS = frozenset({"hooks", "health"})
WORDS = {
    400: ("This form is not valid any more", "Go back, reload the page and try again."),
    403: ("This is not for you", "Your role does not allow this. Ask an owner of the shop."),
    404: ("There is nothing here", "The address is wrong, or what it led to is gone."),
    413: ("That is too much", "The request is larger than the shop takes."),
    429: ("Too many attempts", "Wait a minute, then try again."),
    500: ("Something broke", "It is written in the log. Try again, or tell an engineer."),
    503: ("The shop is out of reach for a moment", "The database does not answer. Try again soon."),
}
UNKNOWN = ("This can't be shown", "Go back and try something else.")

log = structlog.get_logger()


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, _say)
    app.register_error_handler(NoSuchRecord, lambda _: _say(NotFound()))
    app.register_error_handler(PyMongoError, _out_of_reach)
    app.register_error_handler(Unavailable, _out_of_reach)


def _say(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        log.error("request_failed", path=request.path, exc_info=error.original_exception)
    # Its own headers say, for one, which methods are allowed.
    answer = Response(status=error.code, headers=error.get_headers())
    if request.blueprint in FOR_PROGRAMS:
        answer.data, answer.content_type = f"{error.name}\n", "text/plain; charset=utf-8"
        return answer
    title, advice = WORDS.get(answer.status_code, UNKNOWN)
    # Without the context processors: they would ask the database who is looking.
    page = current_app.jinja_env.get_template("error.html")
    answer.data = page.render(code=answer.status_code, title=title, advice=advice)
    answer.content_type = "text/html; charset=utf-8"
    return answer


def _out_of_reach(error: Exception) -> Response:
    log.warning("request_not_served", path=request.path, why=str(error))
    return _say(ServiceUnavailable())
