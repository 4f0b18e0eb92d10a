"""Alembic's entry: runs this service's migrations in its own schema."""

from shared.runtime.migrate import run_env

run_env()
