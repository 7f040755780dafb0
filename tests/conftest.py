"""Real stores for every test, the sandbox, the settings, and a browser where there is one."""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pymongo import MongoClient
from redis import Redis

from core.settings import PREFIX, Settings
from sandbox import servers
from sandbox.children import CannotStart
from sandbox.settings import SandboxSettings
from tests.customer import Sandbox
from tests.harness import Shop
from tests.sandbox.world import served
from tests.stores import Stores, adopt, own_mongo, own_redis

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
STORES = pytest.StashKey[Stores]()


def pytest_configure(config: pytest.Config) -> None:
    """The controller starts the stores and every worker finds them in its environment."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    for name in [name for name in os.environ if name.startswith((PREFIX, "SANDBOX_"))]:
        del os.environ[name]
    try:
        config.stash[STORES] = adopt(Path(tempfile.mkdtemp(prefix="labeldesk-tests-")))
    except CannotStart as reason:
        pytest.exit(str(reason), returncode=1)


def pytest_unconfigure(config: pytest.Config) -> None:
    stores = config.stash.get(STORES, None)
    if stores is not None:
        stores.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed journey shows what the shop's processes have said."""
    report = yield
    if report.failed:
        for shop in getattr(item, "funcargs", {}).values():
            if isinstance(shop, Shop):
                report.sections.append(("The shop's logs", shop.logs()))
    return report


@pytest.fixture(scope="session")
def mongo_server() -> Iterator[MongoClient]:
    """The server, once it is writable; its default database is that of `mongo_url`."""
    with MongoClient(own_mongo()) as client:
        yield client


@pytest.fixture
def mongo_url(mongo_server: MongoClient) -> str:
    """A database of this worker's own, without documents; its indexes stay from test to test."""
    database = mongo_server.get_default_database()
    for name in database.list_collection_names():
        database[name].delete_many({})
    return own_mongo()


@pytest.fixture
def redis_url() -> str:
    """A database of this worker's own, empty."""
    with Redis.from_url(own_redis()) as client:
        client.flushdb()
    return own_redis()


@pytest.fixture
def private_stores(tmp_path: Path) -> Iterator[Stores]:
    """A MongoDB and a Redis that this test may kill and revive."""
    stores = Stores(tmp_path / "stores")
    stores.start(servers.mongod(stores.folder / "mongo"))
    stores.start(servers.redis_server(stores.folder / "redis"))
    stores.wait()
    yield stores
    stores.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A fresh world for this test alone."""
    with served(SandboxSettings(retry_divisor=600)) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox_url(sandbox: Sandbox) -> str:
    return sandbox.url


@pytest.fixture
def settings(mongo_url: str, redis_url: str, sandbox_url: str) -> Settings:
    """As the demo's, with stores and a sandbox of this test's own."""
    return Settings(
        _env_file=None,
        mongo_url=mongo_url,
        redis_url=redis_url,
        secret_key="only-for-tests-" * 4,
        password_salt="only-for-tests-" * 2,
        telegram_token="1000001:only-for-tests",
        telegram_api_url=sandbox_url,
        customer_per_second=1_000,
        easypost_url=f"{sandbox_url}/easypost/v2",
        easypost_test_key="EZTKtests",
        oxapay_url=f"{sandbox_url}/oxapay/v1",
        oxapay_key="demo-oxapay-key",
    )


@pytest.fixture(scope="session")
def chromium() -> str:
    """The machine's browser. Without one the test is skipped, or fails with REQUIRE_BROWSER."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("REQUIRE_BROWSER is set, but this machine has no Chromium.")
    pytest.skip("This machine has no Chromium: `apt-get install chromium` for the browser tests.")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*BROWSER_FLAGS])
        yield browser
        browser.close()
