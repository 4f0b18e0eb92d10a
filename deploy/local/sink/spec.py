"""How the supervisor runs the mail sink."""

import sys
from collections.abc import Mapping

from deploy.local.child import Spec
from deploy.local.environment import ROOT
from deploy.local.home import Home
from deploy.local.ports import Ports, accepts
from deploy.local.services import says_ready
from deploy.local.vendors.accounts import ensure_accounts


def spec(home: Home, ports: Ports, env: Mapping[str, str]) -> Spec:
    """The sink of this home: SMTP on one port, page and REST on another."""
    smtp, http = ports.get("smtp"), ports.get("sink-http")
    doors = f"http://127.0.0.1:{ports.get('notification-http')}"
    argv = [sys.executable, "-m", "deploy.local.sink", "--folder", str(home.folder("mail"))]

    async def ready() -> bool:
        return accepts(f"127.0.0.1:{smtp}") and await says_ready(http)

    return Spec(
        name="sink",
        argv=[*argv, "--smtp-port", str(smtp), "--http-port", str(http), "--accounts", ensure_accounts(home, doors), "--doors", doors],
        env={**env, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
        log=home.log("sink"),
        cwd=home.path,
        ready=ready,
        facts={"address": f"127.0.0.1:{smtp}", "port": smtp, "page": f"http://127.0.0.1:{http}"},
    )
