"""What somebody who has just started the demo wants to know."""

from typing import Any


def pages(facts: dict[str, Any], *, here: bool) -> str:
    """`here`: whether it runs in this very terminal."""
    operator = facts["operator"]
    return (
        f"  Buy a label in the chat   {facts['sandbox']}/\n"
        f"  Operators' pages          {facts['web']}/admin/\n"
        f"      e-mail                {operator['email']}\n"
        f"      password              {operator['password']}\n"
        f"\n  {'Ctrl-C or `make demo-stop`' if here else '`make demo-stop`'} ends it."
    )
