"""`baton migrate`: roles, schemas, tables and topics as this version of Baton wants them; may be repeated."""

import os
import subprocess
import sys

import typer

from deploy.cli.console import CANNOT_REACH, REFUSED, DryRunOption, HomeOption, JsonOption, emit, fail, say, stack_env
from deploy.local.environment import ROOT
from deploy.local.services import PROVISION

app = typer.Typer()


@app.command()
def migrate(home: HomeOption = None, dry_run: DryRunOption = False, as_json: JsonOption = False) -> None:
    """Bring the servers up to date: of the running stack, or those that BATON_DATABASE and BATON_KAFKA name.

    Example: baton migrate --home ./var
    """
    env = stack_env(home)
    if not env.get("BATON_DATABASE"):
        fail("BATON_DATABASE is not set.", "Give an administrator's DSN: postgresql://user:password@host:port/baton")
    target = {"database": env["BATON_DATABASE"].rpartition("@")[2], "kafka": env["BATON_KAFKA"]}
    if dry_run:
        emit({"ok": True, "would_migrate": target}) if as_json else say(f"Would bring {target['database']} and Kafka at {target['kafka']} up to date.")
        return
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", PROVISION], env={**os.environ, **env, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        text = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        code = CANNOT_REACH if "Connect" in text or "bootstrap" in text else REFUSED
        fail(f"Migrating failed:\n{text}", "Nothing is half done: repair what it says and run it again.", code=code)
    emit({"ok": True, "migrated": target}) if as_json else say(f"{target['database']} and Kafka at {target['kafka']} are up to date.")
