"""Who of a requisition's team a hire was given to when it began, by role; empty where the requisition names one person a role."""

from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """One column of what is owned."""
    op.execute("alter table hires add column team jsonb not null default '{}'")
