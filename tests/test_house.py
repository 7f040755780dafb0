"""The house rules that no other tool checks."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median, quantiles

import pytest
from dotenv import dotenv_values
from honcho.environ import parse_procfile

from core.jobs import Queue
from core.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
PACKAGES = ("core", "models", "providers", "services", "tasks", "botapp", "webapp", "sandbox")
MODULES = ("bootstrap.py", "celeryconfig.py", "wsgi.py")
STORES = ("MONGO_URL", "REDIS_URL")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def sources(*packages: str) -> dict[str, ast.Module]:
    """The syntax of every file of the packages, or of the whole product, by its path."""
    roots = [ROOT / package for package in packages or PACKAGES]
    paths = [path for root in roots for path in sorted(root.rglob("*.py"))]
    paths += [] if packages else [ROOT / name for name in MODULES]
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


def lengths() -> dict[str, int]:
    return {name: len((ROOT / name).read_text().splitlines()) for name in sources()}


def functions() -> dict[str, int]:
    return {
        f"{name}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for name, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    }


def found(kind: type[ast.AST], *packages: str) -> Iterator[tuple[str, ast.AST]]:
    for name, tree in sources(*packages).items():
        for node in ast.walk(tree):
            if isinstance(node, kind):
                yield f"{name}:{getattr(node, 'lineno', 0)}", node


def over(sizes: dict[str, int], most: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > most}


def test_files_are_short():
    assert over(lengths(), 300) == {}
    assert median(lengths().values()) <= 80


def test_functions_are_short():
    assert over(functions(), 40) == {}
    assert quantiles(functions().values(), n=10)[-1] <= 20


def test_nobody_catches_everything():
    """One place may be argued for: the bot's outermost edge, where a chat must go on."""
    broad = [
        place
        for place, handler in found(ast.ExceptHandler)
        if handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}
    ]

    assert [place for place in broad if not place.startswith("botapp/")] == []
    assert len(broad) <= 1


def test_only_models_save_documents_others_insert_new_ones():
    above = ("services", "tasks", "botapp", "webapp", "providers")
    saved = [
        place
        for place, call in found(ast.Call, *above)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "save"
        and not call.args
        and "force_insert" not in {word.arg for word in call.keywords}
    ]

    assert saved == []


def test_nobody_counts_a_balance_up_or_down():
    """The ledger is the balance, and there is no copy of it."""
    changes = {
        place: word.arg
        for place, word in found(ast.keyword)
        if re.match(r"(inc|dec|mul|push|set)__(balance|available|held)", word.arg or "")
    }

    assert changes == {}


def test_the_sandbox_waits_for_events_not_for_the_clock():
    sleeps = [
        place
        for place, call in found(ast.Call, "sandbox")
        if ast.unparse(call.func) in {"time.sleep", "sleep"}
    ]

    assert sleeps == []


def test_the_product_knows_nothing_of_what_lies_beside_it():
    shared = [name for name in sources() if "../shared" in (ROOT / name).read_text()]

    assert shared == []


def test_entry_points_do_not_know_the_sandbox():
    """The import linter looks at packages; these are modules."""
    imported = {
        f"{name}: {line}"
        for name in MODULES
        for line in (ROOT / name).read_text().splitlines()
        if re.match(r"(from|import) sandbox\b", line)
    }

    assert imported == set()


def test_every_queue_is_consumed_by_one_process():
    commands = parse_procfile((ROOT / "Procfile").read_text()).processes.values()

    consumed = [
        queue
        for command in commands
        for names in re.findall(r" worker .*-Q (\S+)", command)
        for queue in names.split(",")
    ]

    assert sorted(consumed) == sorted(Queue)


def test_the_example_of_settings_names_only_settings_that_exist(tmp_path: Path):
    example = (ROOT / ".env.example").read_text()
    (tmp_path / "env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", example, flags=re.MULTILINE))
    known = {PREFIX + name.upper() for name in Settings.model_fields} | set(STORES)

    assert set(dotenv_values(tmp_path / "env")) - known == set()


@pytest.mark.parametrize("target", ["demo", "demo-stop", "test", "check", "bench", "run-web"])
def test_make_help_names_what_can_be_made(target: str):
    assert re.search(rf"^{target}: .*## \w+", (ROOT / "Makefile").read_text(), re.MULTILINE)
