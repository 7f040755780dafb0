"""The paths of one edition under its prefix."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, request

from sandbox.carrier.labels import DRAWN
from sandbox.carrier.store import Document, Store
from sandbox.shipengine import accounts, errors, listing
from sandbox.shipengine.addresses import validated
from sandbox.shipengine.editions import Edition
from sandbox.shipengine.files import FORMATS, drawn, drawn_form
from sandbox.shipengine.labels import Labels
from sandbox.shipengine.scans import foreign
from sandbox.shipengine.shipments import Shipments
from sandbox.shipengine.tracking import Tracking
from sandbox.shipengine.webhooks import Webhooks
from sandbox.world import World

Answer = Document | list[Document] | tuple[str, int]
ANYTHING = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def guarded(world: World, edition: Edition) -> Blueprint:
    """An empty blueprint on which calls need a key, are counted, and may go wrong."""
    api = Blueprint(edition.name, __name__, url_prefix=edition.prefix)
    world.guard(api, edition.name)
    world.word_errors(edition.name, partial(errors.fault_wording, edition=edition))
    api.before_request(_authenticate)
    api.after_request(_sign_off)

    def refused(refusal: errors.ShipengineError) -> Response:
        return refusal.response(edition)

    api.register_error_handler(errors.ShipengineError, refused)
    return api


def _authenticate() -> None:
    """Links to label files carry a token of their own instead."""
    if not request.headers.get("API-Key") and "/downloads/" not in request.path:
        raise errors.unauthorized()


def _sign_off(response: Response) -> Response:
    response.headers["x-shipengine-requestid"] = errors.request_id()
    return response


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise errors.body_required()
    return body


def add_carriers(api: Blueprint, store: Store) -> None:
    @api.get("/carriers")
    def carriers() -> Answer:
        known = accounts.ACCOUNTS.values()
        shown = [accounts.shown(account, store.balance) for account in known]
        return {"carriers": shown, "request_id": errors.request_id(), "errors": []}

    @api.get("/carriers/<carrier_id>")
    def carrier(carrier_id: str) -> Answer:
        account = accounts.ACCOUNTS.get(carrier_id)
        if account is None:
            raise errors.unknown("Carrier", carrier_id)
        return accounts.shown(account, store.balance)


def add_shipments(api: Blueprint, shipments: Shipments, labels: Labels) -> None:
    @api.post("/rates")
    def rates() -> Answer:
        return shipments.rate(_body())

    @api.get("/rates/<rate_id>")
    def rate(rate_id: str) -> Answer:
        found: Document = shipments.one_rate(rate_id)["rate"]
        return found

    @api.get("/shipments/<shipment_id>")
    def shipment(shipment_id: str) -> Answer:
        return labels.of(shipments.get(shipment_id))

    @api.get("/shipments/external_shipment_id/<external_id>")
    def named_shipment(external_id: str) -> Answer:
        return labels.of(shipments.named(external_id))


def add_labels(api: Blueprint, labels: Labels, tracking: Tracking) -> None:
    @api.post("/labels/rates/<rate_id>")
    def buy(rate_id: str) -> Answer:
        return labels.buy(rate_id, _body())

    @api.get("/labels")
    def many() -> Answer:
        args = request.args.to_dict()
        found = [labels.shown(sold) for sold in listing.found(labels.all(), args)]
        return listing.page(request.base_url, found, args)

    @api.get("/labels/<label_id>")
    def one(label_id: str) -> Answer:
        return labels.shown(labels.get(label_id))

    @api.put("/labels/<label_id>/void")
    def void(label_id: str) -> Answer:
        return labels.void(label_id)

    @api.get("/labels/<label_id>/track")
    def track(label_id: str) -> Answer:
        return tracking.of(label_id)


def add_files(api: Blueprint, labels: Labels, shipments: Shipments) -> None:
    """Faults: `GET /downloads/*`."""

    @api.get("/downloads/10/<token>/label-<number>.<extension>")
    def label_file(token: str, number: str, extension: str) -> Response:
        sold = labels.get(f"se-{number}")
        if sold["token"] != token or extension not in FORMATS:
            raise errors.unknown("Label", number)
        content = drawn(sold, shipments.get(sold["label"]["shipment_id"]), extension)
        return Response(content, mimetype=DRAWN[extension][0])

    @api.get("/downloads/10/<token>/form-<number>.pdf")
    def form_file(token: str, number: str) -> Response:
        sold = labels.get(f"se-{number}")
        if sold["token"] != token or not sold["label"]["form_download"]:
            raise errors.unknown("Form", number)
        shipment = shipments.get(sold["label"]["shipment_id"])
        declared = shipments.declared(shipment["shipment_id"])
        return Response(drawn_form(sold, shipment, declared), mimetype="application/pdf")


def add_webhooks(api: Blueprint, webhooks: Webhooks) -> None:
    @api.get("/environment/webhooks")
    def hooks() -> Answer:
        return webhooks.all()

    @api.post("/environment/webhooks")
    def create() -> Answer:
        return webhooks.create(_body())

    @api.get("/environment/webhooks/<webhook_id>")
    def hook(webhook_id: str) -> Answer:
        return webhooks.get(webhook_id)

    @api.put("/environment/webhooks/<webhook_id>")
    def change(webhook_id: str) -> Answer:
        webhooks.change(webhook_id, _body())
        return "", 204

    @api.delete("/environment/webhooks/<webhook_id>")
    def delete(webhook_id: str) -> Answer:
        webhooks.delete(webhook_id)
        return "", 204


def add_more(api: Blueprint, labels: Labels, tracking: Tracking) -> None:
    """What only the older edition answers."""

    @api.post("/addresses/validate")
    def validate() -> Answer:
        return validated(request.get_json(silent=True))

    @api.get("/labels/external_shipment_id/<external_id>")
    def named_label(external_id: str) -> Answer:
        return labels.shown(labels.named(external_id))

    @api.get("/tracking")
    def track_any() -> Answer:
        code = request.args.get("tracking_number")
        account = accounts.account_of(request.args.get("carrier_code", ""))
        if not code:
            raise errors.required("tracking_number")
        if account is None:
            raise errors.invalid("carrier_code", "is not a carrier of yours")
        sold = labels.by_code(code)
        return tracking.of(sold["label"]["label_id"]) if sold else foreign(code, account.code)


def add_the_rest(api: Blueprint) -> None:
    @api.route("/<path:path>", methods=ANYTHING)
    def nothing_here(path: str) -> Answer:
        raise errors.unknown("Resource", path)
