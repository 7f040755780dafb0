"""A shop of real processes, and pages whose every error is a failure."""

import pytest

from tests.harness import Shop

# Here a carrier may take its time, as on a machine that does other things too.
UNHURRIED = {
    "LABELDESK_CARRIER_TIMEOUT_SECONDS": "20",
    "LABELDESK_ORDER_LEASE_SECONDS": "45",
}


@pytest.fixture(scope="module")
def shop(mongo_server, tmp_path_factory):
    with Shop(tmp_path_factory.mktemp("shop"), UNHURRIED) as shop:
        yield shop


@pytest.fixture
def open_page(browser):
    """Opens a page in a window of its own; at the end nothing may have gone wrong in it."""
    troubles, contexts = [], []

    def opened(url, width=1280, height=800):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console", lambda said: troubles.append(said.text) if said.type == "error" else None
        )
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
