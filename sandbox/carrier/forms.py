"""What a sandbox customs form looks like: what was declared, line by line."""

from collections.abc import Sequence

from sandbox.carrier.drawing import BOLD, PLAIN, WIDTH, Mark, Text, as_pdf, fitted

EDGE, FIRST, STEP = 16, 90, 16


def pdf(tracking_code: str, contents: str, things: Sequence[str]) -> bytes:
    heads: list[Mark] = [
        Text(EDGE, 30, "CUSTOMS DECLARATION", 16, BOLD),
        Text(EDGE, 50, tracking_code, 10, PLAIN),
        Text(EDGE, 68, f"Contents: {contents.replace('_', ' ')}", 10, PLAIN),
    ]
    room = WIDTH - 2 * EDGE
    lines: list[Mark] = [
        Text(EDGE, FIRST + number * STEP, thing, fitted(thing, PLAIN, 9, room), PLAIN)
        for number, thing in enumerate(things)
    ]
    return as_pdf(f"SAMPLE customs form {tracking_code}", [*heads, *lines])
