"""What people and programs read when a page can't be shown."""

from collections.abc import Callable

import structlog
from flask import Flask, Response, current_app, request
from pymongo.errors import PyMongoError
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from core.errors import Unavailable
from models.base import NotFound as NoSuchRecord

FOR_PROGRAMS = frozenset({"health"})
WORDS = {
    400: ("This form is not valid any more", "Go back, reload the page and try again."),
    403: ("This is not for you", "Your role does not allow this. Ask an owner of the shop."),
    404: ("There is nothing here", "The address is wrong, or what it led to is gone."),
    413: ("That is too much", "The request is larger than the shop takes."),
    429: ("Too many attempts", "Wait a minute, then try again."),
    500: ("Something broke", "It is written in the log. Try again, or tell an engineer."),
    503: ("The shop is out of reach for a moment", "The database does not answer. Try again soon."),
}
Say = Callable[[HTTPException], Response]
UNKNOWN = ("This can't be shown", "Go back and try something else.")

log = structlog.get_logger()


def register(app: Flask) -> None:
    _register(app, _show)


def register_for_programs(app: Flask) -> None:
    """For an application that nobody looks at: a line, and no page."""
    _register(app, _say)


def _register(app: Flask, say: Say) -> None:
    def out_of_reach(error: Exception) -> Response:
        log.warning("request_not_served", path=request.path, why=str(error))
        return say(ServiceUnavailable())

    app.register_error_handler(HTTPException, say)
    app.register_error_handler(NoSuchRecord, lambda _: say(NotFound()))
    app.register_error_handler(PyMongoError, out_of_reach)
    app.register_error_handler(Unavailable, out_of_reach)


def _say(error: HTTPException) -> Response:
    answer = _answer(error)
    answer.data, answer.content_type = f"{error.name}\n", "text/plain; charset=utf-8"
    return answer


def _show(error: HTTPException) -> Response:
    if request.blueprint in FOR_PROGRAMS:
        return _say(error)
    answer = _answer(error)
    title, advice = WORDS.get(answer.status_code, UNKNOWN)
    # Without the context processors: they would ask the database who is looking.
    page = current_app.jinja_env.get_template("error.html")
    answer.data = page.render(code=answer.status_code, title=title, advice=advice)
    answer.content_type = "text/html; charset=utf-8"
    return answer


def _answer(error: HTTPException) -> Response:
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        log.error("request_failed", path=request.path, exc_info=error.original_exception)
    # Its own headers say, for one, which methods are allowed.
    return Response(status=error.code, headers=error.get_headers())
