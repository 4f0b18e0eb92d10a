"""`baton version`: versions of Baton, Python, the main libraries and the running servers."""

import asyncio
import platform
from importlib.metadata import PackageNotFoundError, version

import typer

from deploy.cli.console import HomeOption, JsonOption, emit, stack_env, table
from deploy.local.errors import NotRunningError
from deploy.local.versions import engine_versions

app = typer.Typer()
LIBRARIES = ("pydantic", "faststream", "aiokafka", "sqlalchemy", "asyncpg", "temporalio", "starlette", "granian")


def installed(name: str) -> str:
    """A distribution's version, '' where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@app.command("version")
def show_version(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Show versions of Baton, its libraries and, where a stack runs, the servers as they report them.

    Example: baton version --json
    """
    try:
        engines = asyncio.run(engine_versions(stack_env(home)))
    except NotRunningError:
        engines = {}
    ours = {"baton": installed("baton"), "python": platform.python_version()}
    libraries = {name: installed(name) for name in LIBRARIES}
    if as_json:
        emit({**ours, "libraries": libraries, "engines": engines})
        return
    rows = {**ours, **libraries, **engines}.items()
    table(("what", "version"), [(name, value or "does not answer") for name, value in rows])
