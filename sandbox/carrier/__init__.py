"""Carriers and those who sell their labels."""

from flask import Blueprint

from sandbox.carrier.hooks import Hooks
from sandbox.carrier.routes import easypost, files
from sandbox.carrier.seller import Easypost
from sandbox.carrier.store import Store
from sandbox.carrier.trackers import Trackers
from sandbox.world import World


def blueprint(world: World) -> Blueprint:
    store = Store(world.journal, "easypost")
    hooks = Hooks(world, store)
    trackers = Trackers(world, store, hooks)
    carrier = Blueprint("carrier", __name__)
    carrier.register_blueprint(easypost(world, store, trackers, hooks))
    carrier.register_blueprint(files(world, store))
    world.sellers.append(Easypost(store, trackers))
    return carrier
