"""The demo: a shop brought up, tended until somebody asks it to stop, and cleared away."""

from threading import Event
from time import monotonic

from sandbox.children import Reaper
from sandbox.console import Console
from sandbox.keeper import Keeper
from sandbox.pages import pages
from sandbox.plan import Plan
from sandbox.start import Start, Stopped


class Demo:
    def __init__(self, plan: Plan, console: Console, reaper: Reaper, asked_to_stop: Event) -> None:
        self._plan = plan
        self._console = console
        self._asked_to_stop = asked_to_stop
        self._keeper = Keeper(console, reaper, self._announce)
        self._start = Start(plan, self._keeper, console, reaper, asked_to_stop)

    def run(self) -> None:
        """Start, tell, tend until asked to stop, and leave nothing behind. Raises CannotStart."""
        began = monotonic()
        try:
            self._start.run()
            self._announce()
            self._console.say(f"Ready after {monotonic() - began:.0f} s.\n")
            self._console.say(f"{pages(self._facts(), here=True)}\n")
            self._keeper.tend(self._asked_to_stop)
        except Stopped:
            self._console.say("Asked to stop before it was ready.")
        finally:
            self._plan.folder.withdraw()
            self._keeper.stop()
        self._console.say("Everything is stopped.")

    def _facts(self) -> dict[str, object]:
        return self._plan.facts(self._keeper.pids)

    def _announce(self) -> None:
        self._plan.folder.announce(self._facts(), self._plan.settings)
