"""Messages are also found by their hire: one requisition's conversation is read page by page."""

from __future__ import annotations

from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Additive."""
    op.execute("create index messages_by_hire on messages (hire_id) where hire_id is not null")
