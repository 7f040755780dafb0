"""ShipEngine v1 and ShipStation v2: one implementation, two accounts, one set of keys."""

from functools import partial

from flask import Blueprint

from sandbox.carrier.store import Document, Store
from sandbox.shipengine import routes
from sandbox.shipengine.editions import EDITIONS, SHIPENGINE, Edition
from sandbox.shipengine.keys import Keyring
from sandbox.shipengine.labels import Labels
from sandbox.shipengine.seller import Seller
from sandbox.shipengine.shipments import Shipments
from sandbox.shipengine.sold import booked
from sandbox.shipengine.tracking import Tracking
from sandbox.world import World


def blueprint(world: World) -> Blueprint:
    both = Blueprint("shipengine_and_shipstation", __name__)
    keys = Keyring(world.journal)
    for edition in EDITIONS:
        both.register_blueprint(_edition(world, edition, keys))
    both.register_blueprint(_published(world, keys))
    return both


def _edition(world: World, edition: Edition, keys: Keyring) -> Blueprint:
    store = Store(world.journal, edition.name)
    shipments = Shipments(world, store, edition)
    labels = Labels(world, store, edition, shipments)
    tracking = Tracking(world, store, edition, labels, keys)
    world.sellers.append(Seller(edition.name, store, labels, tracking))
    world.add_book("labels", partial(_book, edition.name, labels))
    api = routes.guarded(world, edition)
    routes.add_carriers(api, store)
    routes.add_shipments(api, shipments, labels)
    routes.add_labels(api, labels, tracking)
    routes.add_files(api, labels, shipments)
    routes.add_webhooks(api, tracking.hooks)
    if edition.more_calls:
        routes.add_more(api, labels, tracking)
    routes.add_the_rest(api)
    return api


def _book(name: str, labels: Labels) -> list[Document]:
    return [booked(name, sold) for sold in labels.all()]


def _published(world: World, keys: Keyring) -> Blueprint:
    """`GET /shipengine/jwks`, for both, and the door that changes the key."""
    routes = Blueprint("shipengine_keys", __name__, url_prefix="/shipengine")
    world.guard(routes, SHIPENGINE.name)
    routes.add_url_rule("/jwks", view_func=keys.jwks, endpoint="jwks")

    @routes.post("/jwks/change")
    def change() -> Document:
        keys.change()
        return keys.jwks()

    return routes
