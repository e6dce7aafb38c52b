"""Docs that cannot rot: what the README says is what there is."""

import re
from pathlib import Path

from flows.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CODE = [
    path
    for package in ("extractors", "warehouse", "flows")
    for path in (ROOT / package).rglob("*")
    if path.suffix in {".py", ".sql"}
]


def test_every_command_stands_in_the_readme():
    missing = [name for name in COMMANDS if f"casewatch {name}" not in README]

    assert missing == []


def test_every_setting_stands_in_the_readme():
    used = {name for path in CODE for name in re.findall(r"CASEWATCH_[A-Z_]+", path.read_text())}

    assert [name for name in sorted(used) if f"`{name}`" not in README] == []


def test_every_view_stands_in_the_readme():
    views = {
        name
        for path in (ROOT / "warehouse" / "views").glob("*.sql")
        for name in re.findall(r"create or replace view (\w+)", path.read_text())
    }

    assert [name for name in sorted(views) if f"`{name}`" not in README] == []


def test_the_locks_name_no_index():
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text()


def test_no_module_of_the_core_or_the_store_imports_prefect_at_its_top():
    found = [
        path.name
        for path in CODE
        if path.suffix == ".py"
        and re.search(r"^(from|import) prefect", path.read_text(), re.MULTILINE)
    ]

    assert sorted(found) == ["digest_flow.py", "monitor.py"]
