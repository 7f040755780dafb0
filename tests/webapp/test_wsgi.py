"""The process itself: how it starts, and how it says that it can't."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.settings import PREFIX

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(tmp_path, mongo_url, redis_url):
    """Run a command of this Python's environment away from anybody's `.env`."""

    def start(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        wanted = {
            "MONGO_URL": mongo_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "only-for-tests-" * 4,
            "PASSWORD_SALT": "only-for-tests-" * 2,
            "TELEGRAM_TOKEN": "1000001:only-for-tests",
        } | settings
        named = {PREFIX + name: value for name, value in wanted.items() if value}
        return subprocess.run(
            [sys.executable, "-m", *command],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **named},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return start


def test_commands_work_from_a_shell(run):
    made = run(
        "flask", "--app", "wsgi", "operator", "create", "a@b.example", "pw", "--role", "owner"
    )
    built = run("flask", "--app", "wsgi", "indexes", "ensure")
    proven = run("flask", "--app", "wsgi", "ledger", "verify", "--json")

    assert (made.returncode, made.stdout) == (0, "Operator a@b.example made, role owner.\n")
    assert (built.returncode, proven.returncode) == (0, 0)
    assert '"mismatches": 0' in proven.stdout


def test_a_wrong_setting_is_one_line_and_no_worker_is_started_again(run):
    shown = run("gunicorn", "wsgi:app", "--bind", "127.0.0.1:0", TELEGRAM_TOKEN="")

    assert shown.returncode == 3
    told = [line for line in shown.stderr.splitlines() if not line.startswith("[")]
    assert told[0] == "Setting LABELDESK_TELEGRAM_TOKEN is missing."
    assert shown.stderr.count("LABELDESK_TELEGRAM_TOKEN") == 1
    assert "Traceback" not in shown.stderr
