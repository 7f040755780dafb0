"""Plays one process of the shop for the tests of the demo: `standin.py NAME [PORT]`.

As the sandbox it counts the bot's questions; copied under the name wsgi.py it has the commands
that prepare a shop.
"""

import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import click
from flask import Flask

QUESTIONS = count(1)

app = Flask(__name__)


@app.cli.group()
def indexes() -> None:
    """Prepare the database."""


@indexes.command()
def ensure() -> None:
    click.echo("the indexes are there")


@app.cli.group()
def operator() -> None:
    """Prepare the staff."""


@operator.command()
@click.argument("email")
@click.argument("password")
@click.option("--role")
def create(email: str, password: str, role: str) -> None:
    click.echo(f"{email} is {role}, the password has {len(password)} letters")


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"calls": {"telegram getUpdates": next(QUESTIONS)}}).encode())

    def log_message(self, *_: object) -> None:
        """Be quiet."""


def main(name: str, port: str = "") -> None:
    sys.stdout.write(f"{name} is up\n")
    sys.stdout.flush()
    if port:
        ThreadingHTTPServer(("127.0.0.1", int(port)), Page).serve_forever()
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
