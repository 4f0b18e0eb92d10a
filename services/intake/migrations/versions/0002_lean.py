"""A person's record is read whole, never searched: text, which is stored as it comes, in the place of JSON, which is parsed to be judged."""

from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Keep records as text."""
    op.execute("alter table persons alter column record type text")
