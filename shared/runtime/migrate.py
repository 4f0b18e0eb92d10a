"""Alembic for every schema: each service owns its migrations and runs them as its own role in its own schema."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

ROOT = Path(__file__).parents[2]
LOCATIONS = {name: ROOT / "services" / name / "migrations" for name in ("intake", "screening", "scheduling", "notification", "reporting")}
LOCATIONS["workflows"] = ROOT / "workflows" / "migrations"


def upgrade(schema: str, dsn: str) -> None:
    """Bring one schema to its newest version; schemas without migrations are left alone."""
    if not (LOCATIONS[schema] / "env.py").exists():
        return
    config = Config()
    config.set_main_option("script_location", str(LOCATIONS[schema]))
    config.attributes["schema"], config.attributes["dsn"] = schema, dsn
    command.upgrade(config, "head")


def run_env() -> None:
    """The whole of each `env.py`: run the pending migrations in the schema that `upgrade` named."""
    asyncio.run(_run(context.config.attributes["schema"], context.config.attributes["dsn"]))


async def _run(schema: str, dsn: str) -> None:
    url = "postgresql+asyncpg://" + dsn.split("://", 1)[1]
    engine = create_async_engine(url, connect_args={"server_settings": {"search_path": schema}})

    def migrate(connection) -> None:  # type: ignore[no-untyped-def]
        context.configure(connection=connection, version_table_schema=schema)
        with context.begin_transaction():
            connection.execute(text("select pg_advisory_xact_lock(7002)"))
            context.run_migrations()

    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()
