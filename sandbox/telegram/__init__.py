"""Telegram on a laptop: the Bot API for the bot, a chat page and an interface for customers."""

import json
import time
from collections.abc import Callable

from flask import Blueprint

from sandbox.telegram.bot_routes import BotApi
from sandbox.telegram.calls import Handler, Office
from sandbox.telegram.changes import Changes
from sandbox.telegram.customer_routes import CustomerSide
from sandbox.telegram.customers import Customers
from sandbox.telegram.editing import Editing
from sandbox.telegram.listening import Listening
from sandbox.telegram.pace import Pace
from sandbox.telegram.page import register_page
from sandbox.telegram.profile import Profile
from sandbox.telegram.sending import Sending
from sandbox.telegram.settings import TelegramSettings
from sandbox.telegram.spec import Judge
from sandbox.telegram.spec_table import built_in_judge
from sandbox.telegram.state import State
from sandbox.telegram.stored_files import StoredFiles
from sandbox.telegram.updates import Updates
from sandbox.telegram.webhook import Webhook
from sandbox.world import World


def blueprint(world: World, clock: Callable[[], float] = time.time) -> Blueprint:
    settings = TelegramSettings()
    state = State(world.journal, clock)
    updates = Updates(state, world)
    pace = Pace(clock, settings.telegram_per_second)
    office = Office(state, updates, StoredFiles(world.settings.journal), pace)
    webhook = Webhook(state, updates)
    world.on_start(webhook.wake)
    world.add_book("documents", lambda: list(state.documents))

    routes = Blueprint(
        "telegram",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/chat-static",
    )
    customers = Customers(office)
    BotApi(world, office, _judge(settings), _handlers(office, webhook), customers).register(routes)
    CustomerSide(office, customers, Changes(state)).register(routes)
    register_page(routes, settings)
    return routes


def _handlers(office: Office, webhook: Webhook) -> dict[str, Handler]:
    parts = (Sending(office), Editing(office), Listening(office, webhook), Profile(office))
    return {name: handler for part in parts for name, handler in part.handlers().items()}


def _judge(settings: TelegramSettings) -> Judge:
    if settings.telegram_spec is None:
        return built_in_judge()
    described = json.loads(settings.telegram_spec.read_text(encoding="utf-8"))
    return Judge(methods=described["methods"], types=described["types"])
