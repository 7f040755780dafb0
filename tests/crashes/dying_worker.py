"""A worker that dies at one point each time, and each time is started again.

`python -m tests.crashes.dying_worker <mongo url> <order|payment|note> <id> <crash point>` prints
how often it died before an attempt ended. Each life is a fork made before any connection.
"""

import os
import sys

from core import crashes
from models import connection
from tests.shop import TestShop

LIVES_AT_MOST = 30


def live(number: int, url: str, verb: str, subject_id: str, point: str) -> None:
    connection.connect(url)
    shop = TestShop()
    shop.clock.turn(minutes=5 * (1 + number))
    crashes.arm(point, None)
    attempts = {
        "order": shop.orders.drive,
        "payment": shop.topups.settle,
        "note": shop.outbox.send,
    }
    attempts[verb](subject_id)


def main(*told: str) -> int:
    """The number of deaths."""
    for number in range(LIVES_AT_MOST):
        child = os.fork()
        if child == 0:
            live(number, *told)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            return number if os.WEXITSTATUS(status) == 0 else -1
    return LIVES_AT_MOST


if __name__ == "__main__":
    sys.stdout.write(f"{main(*sys.argv[1:])}\n")
