"""Which published policy new hires begin under, by name. Rebuildable from intake.records; without a row the shipped one counts."""

from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """One row a published name."""
    op.execute("create table current_policies (name text primary key, version text not null, since timestamptz not null)")
