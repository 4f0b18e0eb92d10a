"""The audit chain: one row a sealed block of the archive. Owned: it can't be made again without saying so, that is its purpose."""

from alembic import op

revision, down_revision = "0002", "0001"
branch_labels = depends_on = None


def upgrade() -> None:
    """Blocks in order; each digest covers the block before it."""
    op.execute("create table audit_blocks (k bigint primary key, first_n bigint not null, last_n bigint not null, events int not null,"
               " digest text not null, sealed_at timestamptz not null)")


def downgrade() -> None:
    """Forget the seals."""
    op.execute("drop table audit_blocks")
