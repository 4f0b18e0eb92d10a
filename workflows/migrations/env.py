"""Alembic entry of this schema."""

from shared.runtime.migrate import run_env

run_env()
