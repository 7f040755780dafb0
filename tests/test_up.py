"""One command brings the demo up, survives what happens to it, and leaves nothing behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from sandbox.binaries import Binary
from sandbox.children import CannotStart
from sandbox.servers import free_port
from tests.customer import wait_for

ROOT = Path(__file__).parents[1]
PROCFILE = """\
web: python standin.py web $WEB_PORT
bot: python standin.py bot
sandbox: python standin.py sandbox $SANDBOX_PORT
"""


class Place:
    """A folder with a shop of stand-ins, in which the demo can be brought up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web, self.sandbox = free_port(), free_port()
        (folder / "Procfile").write_text(PROCFILE)
        for name in ("standin.py", "wsgi.py"):
            shutil.copy(ROOT / "tests" / "standin.py", folder / name)

    def begin(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "WEB_PORT": str(self.web),
            "SANDBOX_PORT": str(self.sandbox),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox.up", *arguments],
            cwd=self.folder,
            env=environment | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def up(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        with self.begin(*arguments, **settings) as demo:
            said, complained = demo.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, demo.returncode, said, complained)

    def facts(self) -> dict[str, Any]:
        try:
            return json.loads((self.folder / "var" / "demo.json").read_text())
        except FileNotFoundError:
            return {}

    def pid(self, name: str) -> int:
        return self.facts()["pids"][name]

    def left(self) -> list[str]:
        """Processes that still run in the folder."""
        return [
            process.name
            for process in Path("/proc").iterdir()
            if process.name.isdigit() and str(_folder_of(process)).startswith(str(self.folder))
        ]


def _folder_of(process: Path) -> Path | None:
    with suppress(OSError):
        return (process / "cwd").readlink()
    return None


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path)
    yield place
    if place.left():
        place.up("--stop")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A demo that tests share, as they leave it running."""
    place = Place(tmp_path_factory.mktemp("running"))
    started = place.up("--detach")
    assert started.returncode == 0, started.stderr
    yield place
    place.up("--stop")


def test_the_demo_tells_where_it_is_once_it_is_ready(running: Place):
    facts = running.facts()

    assert facts["web"] == f"http://127.0.0.1:{running.web}"
    assert facts["sandbox"] == f"http://127.0.0.1:{running.sandbox}"
    assert facts["operator"]["email"] == "operator@labeldesk.example"
    assert len(facts["operator"]["password"]) >= 20
    assert set(facts["pids"]) == {"up", "web", "bot", "sandbox", "mongo", "redis"}
    with MongoClient(facts["mongo"]) as mongo:
        assert mongo.admin.command("hello")["isWritablePrimary"]


def test_commands_of_the_shop_find_the_demo_by_its_settings(running: Place):
    path = running.folder / "var" / "demo.env"

    told = subprocess.run(
        ["/bin/bash", "-c", f"set -a; . {path}; printenv LABELDESK_MONGO_URL LABELDESK_PUBLIC_URL"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )

    assert told.stdout.split() == [running.facts()["mongo"], running.facts()["web"]]
    assert path.stat().st_mode & 0o077 == 0


def test_a_second_demo_tells_of_the_first_and_leaves_it_alone(running: Place):
    before = running.facts()

    second = running.up()

    assert second.returncode == 0
    assert "already running" in second.stdout
    assert f"http://127.0.0.1:{running.sandbox}/" in second.stdout
    assert "Ctrl-C" not in second.stdout
    assert running.facts() == before


@pytest.mark.parametrize("name", ["bot", "mongo"])
def test_a_killed_process_is_started_again(running: Place, name: str):
    killed = running.pid(name)

    os.kill(killed, signal.SIGKILL)
    assert wait_for(lambda: running.pid(name) != killed)

    log = (running.folder / "var" / "log" / "demo.log").read_text()
    assert log.count(f"{name} ended unasked (killed by SIGKILL)") == 1
    with MongoClient(running.facts()["mongo"]) as mongo:
        assert mongo.admin.command("hello")["isWritablePrimary"]


def test_a_killed_demo_comes_up_again_and_a_stopped_one_leaves_nothing(place: Place):
    first = place.up("--detach")
    assert (first.returncode, first.stderr) == (0, "")
    password = place.facts()["operator"]["password"]

    os.kill(place.pid("up"), signal.SIGKILL)
    assert wait_for(lambda: place.left() == [])
    again = place.up("--detach")
    assert (again.returncode, again.stderr) == (0, "")
    assert place.facts()["operator"]["password"] == password
    stopped = place.up("--stop")

    assert (stopped.returncode, stopped.stdout) == (0, "The demo is stopped.\n")
    assert place.facts() == {}
    assert not (place.folder / "var" / "demo.env").exists()
    assert place.left() == []


@pytest.mark.parametrize("asking", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_in_the_foreground_ends_when_asked(place: Place, asking: signal.Signals):
    with place.begin() as demo:
        assert wait_for(place.facts, 90)
        demo.send_signal(asking)
        said, complained = demo.communicate(timeout=30)

    assert demo.returncode == 0
    assert "web      | web is up" in said
    assert said.endswith("Everything is stopped.\n")
    assert complained == ""
    assert place.left() == []


def test_a_demo_starts_also_when_its_password_begins_with_a_dash(place: Place):
    (place.folder / "var").mkdir()
    kept = {"operator_password": "-a-password-of-a-demo"}
    (place.folder / "var" / "demo-secrets.json").write_text(json.dumps(kept))

    started = place.up("--detach")

    assert (started.returncode, started.stderr) == (0, "")
    assert place.facts()["operator"]["password"] == "-a-password-of-a-demo"


def test_a_demo_that_is_still_starting_ends_when_asked(place: Place):
    with place.begin() as demo:
        assert wait_for((place.folder / "var" / "log" / "mongo.log").exists)
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=30)

    assert demo.returncode == 0
    assert place.left() == []


def test_a_port_in_use_is_one_clear_line(place: Place):
    with socket.create_server(("127.0.0.1", place.web)):
        refused = place.up()

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Port {place.web} can't be used (Address already in use)")
    assert "WEB_PORT=" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert place.left() == []


def test_a_folder_that_cannot_be_written_is_one_clear_line(place: Place):
    (place.folder / "file").touch()

    refused = place.up("--data", "file/var")

    assert refused.returncode == 1
    assert f"{place.folder}/file/var can't be written" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_each_wrong_setting_is_one_clear_line(place: Place):
    (place.folder / ".env").write_text(
        "LABELDESK_MARKUP_PERCENT=much\nLABELDESK_SECRET_KEY=short\nLABELDESK_TYPO=1\n"
    )

    refused = place.up()

    assert refused.returncode == 1
    named = [line.split()[1] for line in refused.stderr.splitlines()]
    assert sorted(named) == [
        "LABELDESK_MARKUP_PERCENT",
        "LABELDESK_SECRET_KEY",
        "LABELDESK_TYPO",
    ]
    assert "short" not in refused.stderr.replace("shorter", "")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("MONGO_URL", "mongodb://127.0.0.1:9/x"), ("REDIS_URL", "redis://127.0.0.1:9/0")],
)
def test_a_store_that_does_not_answer_is_one_clear_line(place: Place, setting: str, value: str):
    refused = place.up(**{setting: value})

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"{setting}: ")
    assert refused.stderr.count("\n") == 1
    assert place.left() == []


def test_a_port_that_is_no_number_is_one_clear_line(place: Place):
    refused = place.up(SANDBOX_PORT="http")

    assert (refused.returncode, refused.stderr) == (1, "SANDBOX_PORT is not a port number: http.\n")


def test_a_process_that_does_not_start_is_quoted(place: Place):
    (place.folder / "Procfile").write_text(PROCFILE.replace("standin.py bot", "-c 'exit(\"no\")'"))

    refused = place.up()

    assert refused.returncode == 1
    assert refused.stderr.startswith("`bot` did not start (exit code 1): no ")
    assert refused.stderr.count("\n") == 1
    assert place.left() == []


def test_a_missing_library_is_named_with_its_package(place: Place):
    mongod = place.folder / "mongod"
    mongod.write_text(
        "#!/bin/sh\necho 'mongod: error while loading shared libraries: libcurl.so.4: cannot open "
        "shared object file: No such file or directory' >&2\nexit 127\n"
    )
    mongod.chmod(0o755)

    refused = place.up(PATH=f"{place.folder}:{os.environ['PATH']}")

    assert refused.returncode == 1
    assert refused.stderr == (
        "MongoDB needs the library libcurl.so.4, which is missing: "
        "`apt-get install libcurl4`, or set MONGO_URL.\n"
    )


def test_a_machine_without_a_server_of_ours_is_told_how_to_use_another():
    nowhere = Binary(
        name="MongoDB",
        program="no-such-program",
        package="no_such_package",
        inside="bin/no-such-program",
        setting="MONGO_URL",
        example="mongodb://127.0.0.1/labeldesk",
        container="docker run mongo",
    )

    with pytest.raises(CannotStart, match=r"set MONGO_URL=mongodb://.* after `docker run mongo`"):
        nowhere.path()
