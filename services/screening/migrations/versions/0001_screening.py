"""The tables of screening.

`requisitions` and `interviews` (panel, ends_at) can be rebuilt from intake.records and scheduling.events; `applications` from
intake.events while they are kept; `cards` and `interviews.revealed_at` are owned.
"""

from alembic import op

from shared.runtime.plumbing import plumbing_ddl

revision, down_revision = "0001", None

_TABLES = (
    """create table requisitions (requisition_id uuid, version int, client_id uuid not null, rules_version text not null, rules jsonb not null,
      primary key (requisition_id, version))""",
    """create table applications (application_id uuid primary key, hire_id uuid not null, person_id uuid not null, requisition_id uuid not null,
      requisition_version int not null, client_id uuid not null, facts json not null, defect text, verdict text not null, score float8 not null,
      results json not null, rules_version text not null, evaluated_at timestamptz not null,
      check (verdict in ('passed', 'uncertain', 'failed')))""",
    """create table interviews (interview_id uuid primary key, hire_id uuid not null, version int not null, panel uuid[] not null,
      ends_at timestamptz, revealed_at timestamptz)""",
    """create table cards (interview_id uuid, interviewer_id uuid, hire_id uuid not null, ask_id uuid not null, line jsonb not null,
      sealed jsonb not null, salt text not null, commitment text not null, submitted_at timestamptz not null, interview_end timestamptz not null,
      late boolean not null default false, primary key (interview_id, interviewer_id))""",
    "create index cards_by_ask on cards (ask_id)",
    "create view in_flight as select * from plumbing_in_flight",
)


def upgrade() -> None:
    """Plumbing and own tables."""
    for statement in (*plumbing_ddl(), *_TABLES):
        op.execute(statement)


