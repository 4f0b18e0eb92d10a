"""The `baton` command: a table of lazily imported commands, and the one place where errors become words and exit codes.

Exit codes: 0 fine, 1 refused or found wrong, 2 misused, 3 cannot reach.
"""

import importlib
import importlib.util
import sys

import typer
from typer.core import TyperCommand, TyperGroup

from deploy.cli.console import CANNOT_REACH, REFUSED, fail
from deploy.cli.table import ROWS
from deploy.local.errors import NotRunningError, StackError

BY_NAME = {row.name: row for row in ROWS}


class LazyGroup(TyperGroup):
    """Commands of the table, each imported when it is asked for."""

    _for_help = False

    def list_commands(self, ctx) -> list[str]:
        """Names whose module is there, in the table's order."""
        return [row.name for row in ROWS if importlib.util.find_spec(row.module)]

    def get_command(self, ctx, cmd_name: str):
        """The command itself, or for the help only its name and line."""
        row = BY_NAME.get(cmd_name)
        if row is None or importlib.util.find_spec(row.module) is None:
            return None
        if self._for_help:
            return TyperCommand(row.name, help=row.help)
        return load(row.name, row.module)

    def format_help(self, ctx, formatter) -> None:
        """The list of commands, without importing one of them."""
        self._for_help = True
        try:
            super().format_help(ctx, formatter)
        finally:
            self._for_help = False


def load(name: str, module: str):
    """Import one command; one that cannot be imported becomes a command that says so."""
    try:
        command = typer.main.get_command(importlib.import_module(module).app)
        if isinstance(command, TyperGroup) and name in command.commands:
            command = command.commands[name]  # several top-level commands share one module
    except Exception as error:
        text = f"The command `{name}` cannot be loaded: {type(error).__name__}: {error}"
        command = TyperCommand(name, callback=lambda **_: fail(text, "Run `make .venv` to bring the environment up to date."))
    command.name = name
    return command


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, rich_markup_mode="rich", context_settings={"help_option_names": ["-h", "--help"]})


@app.callback()
def root() -> None:
    """Baton: at every moment of every hire somebody holds the baton.

    Start with `baton up`, or see it all at work with `baton demo`.
    """


def main() -> None:
    """Entry point of `baton`."""
    try:
        app()
    except NotRunningError as error:
        fail(error.problem, error.cure, code=CANNOT_REACH)
    except StackError as error:
        fail(error.problem, error.cure, code=REFUSED)
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main()
