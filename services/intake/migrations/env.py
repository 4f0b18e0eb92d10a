"""Alembic's entry for intake's schema."""

from shared.runtime.migrate import run_env

run_env()
