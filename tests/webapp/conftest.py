"""The web application over real services, a browser's cookies, and operators who log in."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bootstrap import Platform
from core.settings import Settings
from providers import telegram
from services.drafts import Drafts
from services.inbox import Inbox
from services.saved import Saved
from tests.shop import TestShop, shop
from tests.stores import build_indexes
from webapp.factory import create_app
from webapp.operators import Operator, RoleName

__all__ = ["shop"]

PASSWORD = "correct horse battery"


@dataclass
class Desk:
    """One operator's browser."""

    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)

    def read(self, path: str) -> str:
        """The page, which must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:500])
        return answer.text

    def press(self, path: str, *, on: str = "/admin/", **fields: str) -> TestResponse:
        """Send a form as the page `on` would, with its CSRF token."""
        return self.client.post(path, data={"csrf_token": self.token(on), **fields})

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.read(page))
        assert found, f"{page} has no form"
        return found[1]


@pytest.fixture
def platform(shop: TestShop, settings: Settings) -> Platform:
    return platform_of(shop, settings)


def platform_of(shop: TestShop, settings: Settings) -> Platform:
    return Platform(
        settings=settings,
        telegram=telegram.connect(settings),
        users=shop.users,
        ledger=shop.ledger,
        freezes=shop.freezes,
        verification=shop.verification,
        liveness=shop.liveness,
        alerts=shop.alerts,
        adjustments=shop.adjustments,
        discounts=shop.discounts,
        modes=shop.modes,
        addresses=shop.addresses,
        audits=shop.audits,
        quotes=shop.quotes,
        orders=shop.orders,
        labels=shop.labels,
        voids=shop.voids,
        tracking=shop.tracking,
        topups=shop.topups,
        outbox=shop.outbox,
        batches=shop.batches,
        batch_driving=shop.batch_driving,
        inbox=Inbox(shop.clock),
        drafts=Drafts(shop.clock),
        saved=Saved(shop.clock),
    )


def with_settings(platform: Platform, settings: Settings) -> Platform:
    return replace(platform, settings=settings)


@pytest.fixture
def app(platform: Platform, mongo_url: str) -> Flask:
    app = create_app(platform)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    build_indexes(mongo_url)
    return app


@pytest.fixture
def stranger(app: Flask) -> Desk:
    return Desk(app.test_client())


LogIn = Callable[[RoleName], Desk]


@pytest.fixture
def log_in(app: Flask) -> LogIn:
    """A session as after the login page, without the time that checking a password takes."""

    def enter(role: RoleName) -> Desk:
        operator = Operator(
            email=f"{role}@shop.example",
            password="never compared",
            fs_uniquifier=f"session-of-{role}",
            role_names=[role.value],
        ).save()
        desk = Desk(app.test_client())
        with desk.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = operator.fs_uniquifier, True
        return desk

    return enter


@pytest.fixture
def owner(log_in: LogIn) -> Desk:
    return log_in(RoleName.OWNER)
