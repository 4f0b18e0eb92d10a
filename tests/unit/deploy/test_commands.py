"""The table of commands: fast help, and one broken module never breaks another."""

import subprocess
import sys

import typer
from typer.testing import CliRunner

from deploy.cli import main, table
from deploy.cli.table import Row
from deploy.local.environment import ROOT


def test_help_when_printed_then_no_command_is_imported():
    program = (
        "import sys; from deploy.cli.main import app; from typer.testing import CliRunner; "
        "r = CliRunner().invoke(app, ['--help']); assert r.exit_code == 0 and 'doctor' in r.output; "
        "print([m for m in sys.modules if m in {'deploy.cli.doctor', 'deploy.cli.up', 'temporalio', 'sqlalchemy', 'aiokafka', 'pydantic'}])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_command_when_its_module_is_broken_then_only_that_one_fails(tmp_path, monkeypatch):
    (tmp_path / "broken_command.py").write_text("raise RuntimeError('half written')")
    (tmp_path / "good_command.py").write_text(
        "import typer\napp = typer.Typer()\n@app.command()\ndef good() -> None:\n    'Fine.'\n    print('it works')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    rows = (Row("broken", "broken_command", "Breaks."), Row("good", "good_command", "Works."), Row("absent", "no_such_module", "Not there."))
    monkeypatch.setattr(main, "ROWS", rows)
    monkeypatch.setattr(main, "BY_NAME", {row.name: row for row in rows})
    run = CliRunner()
    listed = run.invoke(main.app, ["--help"])
    assert "broken" in listed.output and "good" in listed.output and "absent" not in listed.output
    assert "it works" in run.invoke(main.app, ["good"]).output
    broken = run.invoke(main.app, ["broken"])
    assert broken.exit_code == 1 and "half written" in broken.output
    assert run.invoke(main.app, ["absent"]).exit_code == 2


def test_commands_when_several_share_a_module_then_each_is_found_by_name(tmp_path, monkeypatch):
    (tmp_path / "shared_commands.py").write_text(
        "import typer\napp = typer.Typer()\n@app.command()\ndef one() -> None:\n    print('first')\n@app.command()\ndef two() -> None:\n    print('second')\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert isinstance(main.load("two", "shared_commands"), typer.core.TyperCommand)
    assert main.load("two", "shared_commands").callback.__name__ == "two"


def test_rows_when_listed_then_names_are_unique():
    names = [row.name for row in table.ROWS]
    assert len(names) == len(set(names))
