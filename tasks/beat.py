"""Beat's scheduler: RedBeat's, which looks after its own schedule."""

from typing import Any

from redbeat.schedulers import RedBeatScheduler, get_redis


class SteadyScheduler(RedBeatScheduler):  # type: ignore[misc]  # RedBeat has no types
    """Writes its entries again when Redis has lost them.

    RedBeat writes them once, before it takes its lock. Redis that is emptied between the two
    leaves a beat that keeps its lock and asks for nothing, for ever.
    """

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Seconds until the next entry is due."""
        if not get_redis(self.app).exists(self.app.redbeat_conf.schedule_key):
            self.setup_schedule()
        return super().tick(*args, **kwargs)
