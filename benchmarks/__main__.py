"""`make bench`: one JSON object a line, on a MongoDB of its own."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import ledger
from benchmarks.rates import Comparison
from models import connection, indexes
from sandbox import servers
from sandbox.children import CannotStart, Child, Reaper, stop_all

MEASURES: dict[str, tuple[Callable[[], Comparison], str, str]] = {
    "P1": (lambda: ledger.appends_against_inserts(1), "appends_per_s", "raw_inserts_per_s"),
    "P1-8": (lambda: ledger.appends_against_inserts(8), "appends_per_s", "raw_inserts_per_s"),
}


def main(wanted: list[str]) -> int:
    names = wanted or list(MEASURES)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"No such measure: {', '.join(unknown)}. There are: {', '.join(MEASURES)}.")
        return 2
    with _mongo() as url:
        connection.connect(url)
        indexes.ensure()
        for name in names:
            measure, ours, bare = MEASURES[name]
            found = measure()
            figures = {ours: round(found.ours), bare: round(found.bare)}
            line = {"measure": name, "ratio": round(found.ratio, 3), "figures": figures}
            print(json.dumps(line), flush=True)
        connection.disconnect()
    return 0


@contextmanager
def _mongo() -> Iterator[str]:
    """A server for this run alone: what else a shared one does would be measured too."""
    folder = Path(tempfile.mkdtemp(prefix="labeldesk-bench-"))
    reaper = Reaper()
    store = servers.mongod(folder / "mongo", "labeldesk_bench")
    with (folder / "mongo.log").open("ab") as log:
        child = Child(store.program, log, reaper)
    try:
        store.wait(lambda: child.ended)
        yield store.url
    finally:
        stop_all([child])
        reaper.close()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except CannotStart as reason:
        sys.exit(str(reason))
