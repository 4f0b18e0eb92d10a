"""Sessions of several candidates: a session belongs to one interview, or to a round of a requisition. Owned."""

from alembic import op

revision, down_revision = "0003", "0002"

_CHANGES = (
    "alter table sessions alter column interview_id drop not null, add column requisition_id uuid, add column round int,"
    " add column version int not null default 1",
    "alter table sessions add constraint whose check ((interview_id is null) = (requisition_id is not null and round is not null))",
    "create index sessions_by_round on sessions (requisition_id, round, starts_at) where requisition_id is not null",
    "create index interviews_by_session on interviews (session_id) where session_id is not null",
)


def upgrade() -> None:
    """Add."""
    for statement in _CHANGES:
        op.execute(statement)
