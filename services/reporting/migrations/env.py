"""Alembic's entry for reporting's schema."""

from shared.runtime.migrate import run_env

run_env()
