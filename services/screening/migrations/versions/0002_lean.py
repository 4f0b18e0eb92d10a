"""A screened application without what nobody reads here: each rule's result is in the event, which is archived. Facts are read whole, never searched."""

from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Drop the results, keep facts as text."""
    op.execute("alter table applications drop column results, alter column facts type text")
