"""The least that takes a POST: what P4 compares with, `gunicorn benchmarks.bare:app`."""

from flask import Flask, Response, request

app = Flask(__name__)


@app.get("/healthz")
def healthz() -> Response:
    return Response("ok", mimetype="text/plain")


@app.post("/webhooks/<provider>")
def notice(provider: str) -> Response:  # noqa: ARG001  the same address as the product's
    request.get_data()
    return Response("ok", mimetype="text/plain")
