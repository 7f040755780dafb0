"""`make chaos ORDERS=2000 SEED=1`: prints one JSON object, exits 1 when anything is wrong."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from chaos import broken
from chaos.run import Outcome, run
from sandbox.children import CannotStart

WELL, BADLY = 0, 1
SHOWN_AT_MOST = 60


def main() -> int:
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="labeldesk-chaos-"))
    sys.stderr.write(f"The shop's data and logs are in {folder}\n")
    try:
        outcome = run(
            folder,
            orders=options.orders,
            seed=options.seed,
            kills=options.kills,
            at_once=options.at_once,
            broken=options.broken,
        )
    except CannotStart as reason:
        sys.stderr.write(f"{reason}\n")
        return BADLY
    _tell(outcome)
    if outcome.is_well and not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
        return WELL
    sys.stderr.write(f"What happened is kept in {folder}\n")
    return WELL if outcome.is_well else BADLY


def _tell(outcome: Outcome) -> None:
    for words in outcome.words[:SHOWN_AT_MOST]:
        sys.stderr.write(f"{words}\n")
    sys.stdout.write(f"{json.dumps(outcome.facts)}\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    add = parser.add_argument
    add("--orders", type=int, default=2000, help="labels that customers want")
    add("--seed", type=int, default=1, help="draws customers, kills and faults")
    add("--kills", type=int, help="how many; by default it follows from the orders")
    add("--keep", action="store_true", help="keep data and logs also when all is well")
    add("--at-once", type=int, default=24, help="customers at a time")
    add(
        "--break",
        dest="broken",
        choices=["", *broken.RULES],
        default=os.environ.get("LABELDESK_BREAK", ""),
        help="a control: the same run with one rule switched off",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
