"""The web process: `gunicorn wsgi:app`, or `flask --app wsgi` for commands.

Workers import this after their fork, so that each has connections of its own.
"""

import sys

from bootstrap import build
from core import log
from core.settings import Settings, WrongSettings, load
from webapp.factory import create_app

CANNOT_BOOT = 3
"""On this code gunicorn stops; on any other it would start the worker again, for ever."""


def _settings() -> Settings:
    try:
        return load()
    except WrongSettings as wrong:
        sys.stderr.write(f"{wrong}\n")
        raise SystemExit(CANNOT_BOOT) from None


settings = _settings()
log.configure(settings.log_level, "web")
app = create_app(build(settings))
