"""The one place that knows which BATON_* variables the local stack hands to its processes and to client programs."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import credentials, postgres
from deploy.local.home import Home
from deploy.local.ports import Ports
from deploy.local.temporal import NAMESPACE
from deploy.local.vendors.accounts import ensure_accounts

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "screening", "scheduling", "notification", "reporting")
WORKFLOW_PROCESSES = ("bridge", "worker")
ENGINES = {"kafka": "BATON_KAFKA", "postgres": "BATON_DATABASE", "temporal": "BATON_TEMPORAL", "sink": "BATON_SMTP"}
HTTP = ("intake", "notification", "reporting")
PARTITIONS = 4
"""One copy of each service reads them all, and names each of them in every fetch: a dozen cost a third of a quiet reader's work."""
# What a person may set for the stack itself; everything else named BATON_* is made here and passed on.
STACK_SETTINGS = ("BATON_HOME", "BATON_CACHE", "BATON_PORTS")


@dataclass(slots=True)
class Environment:
    """The variables of one home: `given` are the caller's and win; engines whose variable is given are not started."""

    home: Home
    ports: Ports
    given: Mapping[str, str] = field(default_factory=dict)

    def external(self) -> set[str]:
        """Engines that the caller runs himself."""
        return {engine for engine, variable in ENGINES.items() if self.given.get(variable)}

    def clients(self) -> dict[str, str]:
        """The BATON_* variables for every process and client program."""
        made = {
            "BATON_HOME": str(self.home.path),
            "BATON_KEYS": credentials.ensure_keys(self.home),
            "BATON_TOKENS": credentials.ensure_tokens(self.home),
            "BATON_BLOBS": str(self.home.folder("blobs")),
            "BATON_CLOCK": "real",
            "BATON_PARTITIONS": str(PARTITIONS),
            "BATON_OUTBOUND": "sink",
            "BATON_TEMPORAL_NAMESPACE": NAMESPACE,
            **self._servers(),
            **self._databases(),
            **{f"BATON_{name.upper()}_HTTP": self._address(f"{name}-http") for name in HTTP},
        }
        made["BATON_PAGES_URL"] = "http://" + made["BATON_NOTIFICATION_HTTP"]
        given = {name: value for name, value in self.given.items() if name.startswith("BATON_") and name not in STACK_SETTINGS}
        if given.get("BATON_CHANNELS") == "local":
            given["BATON_CHANNELS"] = ensure_accounts(self.home, made["BATON_PAGES_URL"])
        return {**made, **given}

    def process(self, name: str) -> dict[str, str]:
        """The whole environment of one of our processes."""
        return {
            **_plain(self.given),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), self.given.get("PYTHONPATH")])),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            **self._granted(name),
            "BATON_PROCESS": name,
            "BATON_ADMIN_PORT": str(self.ports.get(f"{name}-admin")),
        }

    def _granted(self, name: str) -> dict[str, str]:
        """What one process may know: of the databases only its own role's, all of them for provisioning."""
        everything = self.clients()
        if name == "provision":
            return everything
        own = "BATON_DATABASE_" + ("WORKFLOWS" if name in WORKFLOW_PROCESSES else name.upper())
        return {key: value for key, value in everything.items() if not key.startswith("BATON_DATABASE") or key == own}

    def engine(self) -> dict[str, str]:
        """The environment of a server: nothing of ours, no secret."""
        return _plain(self.given)

    def _servers(self) -> dict[str, str]:
        made = {
            "BATON_KAFKA": self._address("kafka"),
            "BATON_TEMPORAL": self._address("temporal"),
            "BATON_SMTP": self._address("smtp"),
        }
        if "sink" not in self.external():
            made["BATON_SINK_HTTP"] = self._address("sink-http")
        if "postgres" not in self.external():
            made["BATON_DATABASE"] = postgres.admin_dsn(self.home, self.ports)
        return made

    def _databases(self) -> dict[str, str]:
        admin = self.given.get("BATON_DATABASE") or postgres.admin_dsn(self.home, self.ports)
        passwords = credentials.database_passwords(self.home)
        return {
            f"BATON_DATABASE_{role.upper()}": credentials.role_dsn(admin, role, passwords[role]) for role in credentials.ROLES
        }

    def _address(self, name: str) -> str:
        return f"127.0.0.1:{self.ports.get(name)}"


def _plain(given: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if not name.startswith("BATON_")}
