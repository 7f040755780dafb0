"""EasyPost's paths under /easypost/v2, and its files beside them."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, Response, request

from sandbox.carrier import errors, forms, labels, shapes
from sandbox.carrier.addresses import Addresses
from sandbox.carrier.hooks import Hooks
from sandbox.carrier.listing import book, page
from sandbox.carrier.samples import sample
from sandbox.carrier.shipments import Shipments
from sandbox.carrier.store import Document, Store
from sandbox.carrier.trackers import Trackers
from sandbox.world import World

Answer = Document | list[Document] | tuple[Document | list[Document], int]


def easypost(world: World, store: Store, trackers: Trackers, hooks: Hooks) -> Blueprint:
    api = Blueprint("easypost", __name__, url_prefix="/easypost/v2")
    world.guard(api, "easypost")
    world.word_errors("easypost", errors.fault_wording)
    api.before_request(_authenticate)
    api.after_request(_sign_off)
    api.register_error_handler(errors.EasypostError, errors.EasypostError.response)
    addresses = Addresses(store)
    shipments = Shipments(world, store, addresses, trackers)
    world.add_book("labels", lambda: book(store.all("shipments")))
    _add_addresses(api, addresses)
    _add_shipments(api, store, shipments)
    _add_trackers(api, trackers)
    _add_webhooks(api, hooks)
    _add_account(api, store, shipments)
    return api


def _authenticate() -> None:
    given = request.authorization
    if given is None or not (given.username or given.token):
        raise errors.unauthorized()


def _sign_off(response: Response) -> Response:
    response.headers["x-ep-request-uuid"] = uuid4().hex
    return response


def _mode() -> str:
    """Keys of production begin with EZAK; all others mean test."""
    given = request.authorization
    key = (given.username or given.token or "") if given else ""
    return "production" if key.startswith("EZAK") else "test"


def _body(name: str | None = None) -> Any:
    body = request.get_json(silent=True)
    if name is None:
        return body if isinstance(body, dict) else {}
    return body.get(name) if isinstance(body, dict) else None


def _add_addresses(api: Blueprint, addresses: Addresses) -> None:
    @api.post("/addresses")
    def create() -> Answer:
        body = _body()
        verify, strict = bool(body.get("verify")), bool(body.get("verify_strict"))
        created = addresses.create(body.get("address"), _mode(), verify=verify, strict=strict)
        return created, 201

    @api.post("/addresses/create_and_verify")
    def create_and_verify() -> Answer:
        return {"address": addresses.create(_body("address"), _mode(), verify=True, strict=True)}

    @api.get("/addresses/<address_id>")
    def retrieve_address(address_id: str) -> Answer:
        return addresses.get(address_id)

    @api.get("/addresses/<address_id>/verify")
    def verify(address_id: str) -> Answer:
        return {"address": addresses.verify(address_id)}


def _add_shipments(api: Blueprint, store: Store, shipments: Shipments) -> None:
    @api.post("/shipments")
    def create_shipment() -> Answer:
        return shipments.create(_body("shipment"), _mode()), 201

    @api.get("/shipments")
    def list_shipments() -> Answer:
        return page(store.all("shipments"), request.args.get)

    @api.get("/shipments/<key>")
    def retrieve_shipment(key: str) -> Answer:
        return shipments.get(key)

    @api.post("/shipments/<key>/rerate")
    def rerate(key: str) -> Answer:
        return {"rates": shipments.rerate(key)}

    @api.post("/shipments/<key>/buy")
    def buy(key: str) -> Answer:
        return shipments.buy(key, (_body("rate") or {}).get("id"))

    @api.post("/shipments/<key>/refund")
    def refund(key: str) -> Answer:
        return shipments.refund(key)

    @api.get("/shipments/<key>/label")
    def label(key: str) -> Answer:
        return shipments.converted(key, request.args.get("file_format", "PNG").upper())


def _add_trackers(api: Blueprint, trackers: Trackers) -> None:
    @api.post("/trackers")
    def create_tracker() -> Answer:
        return trackers.create(_body("tracker"), _mode())

    @api.get("/trackers/<key>")
    def retrieve_tracker(key: str) -> Answer:
        return trackers.get(key)


def _add_webhooks(api: Blueprint, hooks: Hooks) -> None:
    @api.post("/webhooks")
    def create_webhook() -> Answer:
        return hooks.register(_body("webhook"), _mode()), 201

    @api.get("/webhooks")
    def list_webhooks() -> Answer:
        return {"webhooks": hooks.all()}

    @api.get("/webhooks/<hook_id>")
    def retrieve_webhook(hook_id: str) -> Answer:
        return hooks.get(hook_id)

    @api.patch("/webhooks/<hook_id>")
    def enable_webhook(hook_id: str) -> Answer:
        return hooks.enable(hook_id)

    @api.delete("/webhooks/<hook_id>")
    def delete_webhook(hook_id: str) -> Answer:
        hooks.delete(hook_id)
        return {}


def _add_account(api: Blueprint, store: Store, shipments: Shipments) -> None:
    @api.get("/users")
    def me() -> Answer:
        return shapes.user(store.balance)

    @api.get("/carrier_accounts")
    def accounts() -> Answer:
        return shapes.carrier_accounts()

    @api.post("/customs_infos")
    def customs() -> Answer:
        return shapes.customs_info(_body("customs_info") or {}, _mode()), 201

    @api.post("/refunds")
    def refund_many() -> Answer:
        codes = (_body("refund") or {}).get("tracking_codes") or []
        return [shapes.refund(shipments.refund(code)) for code in codes], 201

    @api.route("/<path:_>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def nothing_here(_: str) -> Answer:
        raise errors.not_found()


def files(world: World, store: Store) -> Blueprint:
    """Where label URLs point. Faults: `GET /postage_label/*`."""
    routes = Blueprint("files", __name__, url_prefix="/easypost-files")
    world.guard(routes, "easypost")

    @routes.get("/postage_label/<day>/<token>.<extension>")
    def label_file(day: str, token: str, extension: str) -> Response:
        del day
        found = store.get("labels", token)
        shipment = store.get("shipments", found["shipment_id"]) if found else None
        if shipment is None or extension not in labels.DRAWN:
            return Response("not found", 404)
        mimetype, draw = labels.DRAWN[extension]
        return Response(draw(sample(shipment)), mimetype=mimetype)

    @routes.get("/form/<day>/<token>.pdf")
    def form_file(day: str, token: str) -> Response:
        del day
        found = store.get("labels", token)
        shipment = store.get("shipments", found["shipment_id"]) if found else None
        if shipment is None or not shipment["forms"]:
            return Response("not found", 404)
        info = shipment["customs_info"]
        things = [
            f"{item['quantity']} x {item['description']}, ${item['value']}, {item['weight']} oz"
            for item in info["customs_items"]
        ]
        content = forms.pdf(shipment["tracking_code"], info["contents_type"], things)
        return Response(content, mimetype="application/pdf")

    return routes
