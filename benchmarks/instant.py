"""The product's worker, `celery -A benchmarks.instant`, where the carrier answers at once."""

import bootstrap
from benchmarks.outsiders import InstantCarrier
from tasks.app import app

NOTHING = "bulk.nothing"

bootstrap.carriers_of = lambda _: InstantCarrier()  # type: ignore[assignment,attr-defined,return-value]  # the one door for outsiders


@app.task(name=NOTHING)
def nothing(subject_id: str) -> None:
    """What any task costs before it does anything."""
