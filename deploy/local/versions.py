"""What the running servers say they are; the demo, `baton version` and `baton doctor` print it."""

import re
from collections.abc import Mapping
from contextlib import suppress

from deploy.local.home import Home


async def engine_versions(env: Mapping[str, str]) -> dict[str, str]:
    """Engine -> version as reported, '' where it does not answer; `env` is a stack's or the caller's BATON_* variables."""
    return {
        "kafka": await _or_nothing(kafka(env)),
        "postgres": await _or_nothing(postgres(env)),
        "temporal": await _or_nothing(temporal(env)),
    }


async def _or_nothing(question) -> str:
    with suppress(Exception):
        return await question
    return ""


async def kafka(env: Mapping[str, str]) -> str:
    """The broker's version: the protocol does not tell it, its own first log line does; a foreign broker only answers."""
    from deploy.local.kafka import answers

    if not await answers(env["BATON_KAFKA"].split(",")[0]):
        return ""
    with suppress(OSError, KeyError):
        found = re.findall(r"Kafka version: (\S+)", Home(env["BATON_HOME"]).log("kafka").read_text(errors="replace"))
        if found:
            return found[-1]
    return "answers"


async def postgres(env: Mapping[str, str]) -> str:
    """`show server_version`."""
    import asyncpg

    dsn = env.get("BATON_DATABASE") or env["BATON_DATABASE_OPS"]
    connection = await asyncpg.connect(dsn, timeout=5)
    try:
        return await connection.fetchval("show server_version")
    finally:
        await connection.close()


async def temporal(env: Mapping[str, str]) -> str:
    """The server version that the front end reports."""
    from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
    from temporalio.client import Client

    client = await Client.connect(env["BATON_TEMPORAL"], namespace=env.get("BATON_TEMPORAL_NAMESPACE", "default"))
    return (await client.workflow_service.get_system_info(GetSystemInfoRequest())).server_version
