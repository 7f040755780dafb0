"""Named points at which a test may kill the process, to prove that nothing is lost there.

Off unless LABELDESK_CRASH_AT names a point; then the process dies there as by kill -9, once
for the file that LABELDESK_CRASH_ONCE names.
"""

import os
import signal
from pathlib import Path

_point: str = ""
_once: Path | None = None


def arm(point: str, once: Path | None) -> None:
    """Die at `point`; with `once`, only if that file does not exist yet (it is then made)."""
    global _point, _once
    _point, _once = point, once


def crash_at(point: str) -> None:
    """Do nothing, unless a test armed this very point: then die as by kill -9."""
    if point != _point:
        return
    if _once is not None:
        if _once.exists():
            return
        _once.touch()
    os.kill(os.getpid(), signal.SIGKILL)
