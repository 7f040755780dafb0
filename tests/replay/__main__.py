"""`make replay CONVERSATIONS=500 SEED=1`: prints one JSON object, exits 1 if anything differs."""

import argparse
import json
import logging
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import structlog

from tests.replay import broken
from tests.replay.theatre import theatre
from tests.stores import adopt, own_mongo

SHOWN_AT_MOST = 60


def main() -> int:
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    stores = adopt(Path(tempfile.mkdtemp(prefix="labeldesk-replay-")))
    rule = broken.RULES.get(options.broken, nullcontext)
    wrong = []
    try:
        with theatre(own_mongo(), seed=options.seed, length=options.length) as plays, rule():
            for number in range(options.first, options.first + options.conversations):
                found = plays.play(number)
                wrong += found
                for each in found[:SHOWN_AT_MOST]:
                    sys.stderr.write(f"{number}: {each}\n")
    finally:
        stores.close()
    sys.stdout.write(f"{json.dumps(asdict(plays.tally) | {'differences': len(wrong)})}\n")
    return bool(wrong)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    add = parser.add_argument
    add("--conversations", type=int, default=500)
    add("--first", type=int, default=0, help="the number of the first, so that parts can be run")
    add("--length", type=int, default=10, help="steps of each beyond its flow")
    add("--seed", type=int, default=1, help="draws the conversations and what befalls them")
    add(
        "--break",
        dest="broken",
        choices=["", *broken.RULES],
        default="",
        help="a control: the same run with one rule switched off",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
