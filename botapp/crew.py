"""The bot as several processes: each uses one core, and handles a share of the chats.

Whose a chat is follows from its id, so that what is remembered of it (a pause, a customer who
floods) is in one process. Order and exactly once don't depend on that: leases see to them.
"""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from threading import Event, Thread
from typing import Any

import structlog

from botapp.dispatcher import Dispatcher
from services.inbox import Share, chat_of

log = structlog.get_logger()

TOLD_AT_ONCE = 100
"""A line of so many ids is shorter than the 4,096 bytes that a pipe takes whole or not at all."""


class Hand:
    """A process beside this one, which ends when it is sent home or this one is no more."""

    def __init__(self, share: Share) -> None:
        self.share = share
        told, telling = os.pipe()
        os.set_blocking(telling, False)
        self._line = os.fdopen(telling, "wb", buffering=0)
        self.process = subprocess.Popen(  # noqa: S603  a module of ours
            [sys.executable, "-m", "botapp.hand", str(share.number), str(share.of)], stdin=told
        )
        os.close(told)

    def tell(self, update_ids: Sequence[int]) -> None:
        """Never waits. What a hand does not take in, it finds when it sweeps.

        One that was sent home is told nothing: what comes then waits for the next start.
        """
        for first in range(0, len(update_ids), TOLD_AT_ONCE):
            said = " ".join(map(str, update_ids[first : first + TOLD_AT_ONCE]))
            if not (self._takes_in(f"{said}\n".encode()) or self._line.closed):
                log.warning("hand_not_told", hand=self.share.number)

    def send_home(self) -> None:
        """It finishes what it is handling, and ends."""
        self._line.close()

    def _takes_in(self, line: bytes) -> bool:
        try:
            return self._line.write(line) is not None
        except (BrokenPipeError, ValueError):
            return False


class Crew:
    """The dispatcher of this process, and the hands beside it.

    A hand that ends by itself sets `stopping`: whoever starts the bot again starts all of it.
    """

    def __init__(self, own: Dispatcher, hands: Sequence[Hand], stopping: Event) -> None:
        self._own = own
        self._hands = hands
        self._stopping = stopping
        self._is_whole = True
        for hand in hands:
            Thread(target=self._watch, args=(hand,), name="watch", daemon=True).start()

    def hear(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Have these updates of the inbox greeted and handled, each where it belongs."""
        shares: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
        for update in updates:
            shares[chat_of(update) % (1 + len(self._hands))].append(update)
        for hand in self._hands:
            hand.tell([update["update_id"] for update in shares[hand.share.number]])
        self._own.hear(shares[0])

    def stop(self) -> bool:
        """Have all of them finish what they are handling; False if one ended unasked or badly."""
        self._stopping.set()
        for hand in self._hands:
            hand.send_home()
        self._own.stop()
        codes = [hand.process.wait() for hand in self._hands]
        return self._is_whole and not any(codes)

    def _watch(self, hand: Hand) -> None:
        code = hand.process.wait()
        if not self._stopping.is_set():
            log.error("hand_ended", hand=hand.share.number, code=code)
            self._is_whole = False
            self._stopping.set()


def start_hands(processes: int) -> Sequence[Hand]:
    """All but the first of so many processes: this one is the first."""
    return [Hand(Share(number, processes)) for number in range(1, processes)]
