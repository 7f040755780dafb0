"""The payment providers that this shop has keys for."""

from importlib import import_module
from importlib.util import find_spec

from core.settings import Settings, WrongSettings
from providers.payments.base import PaymentProvider


def switched_on(settings: Settings) -> dict[str, PaymentProvider]:
    """Those that have a key, in the order in which customers are to see them.

    A new one is a module of its name with a `connect`, and its settings: nothing else knows it.
    """
    offered: dict[str, PaymentProvider] = {}
    for name in settings.payment_providers:
        module = f"providers.payments.{name}"
        if not name.isidentifier() or find_spec(module) is None:
            raise WrongSettings(f"Setting LABELDESK_PAYMENT_PROVIDERS: there is no {name}.")
        connected: PaymentProvider | None = import_module(module).connect(settings)
        if connected is not None:
            offered[name] = connected
    return offered
