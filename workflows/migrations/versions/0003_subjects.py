"""Tables of the other workflows: requisitions, client accounts, people in the pool, and the house.

Owned: `subjects` (with the whole state: enough to start each again in an empty Temporal), `subject_steps`, `subject_facts` (the queue of
facts on their way to a workflow, in order), `subject_refs` (which question, message or order belongs to which subject), `fan_outs`
(one event on its way to many hires, with the place where the next page begins), `requisition_ends` (standing of a requisition that a
hire must know before its first step).
"""

from alembic import op

revision, down_revision = "0003", "0002"

_TABLES = (
    """create table subjects (kind text, subject_id uuid, stage text not null default '', outcome text, policy text not null default '', state jsonb,
      step_no int not null default 0, next_wake_at timestamptz, holder uuid, holder_role text, duty text, due_at timestamptz,
      begun_at timestamptz not null, closed_at timestamptz, primary key (kind, subject_id))""",
    "create index subjects_by_wake on subjects (next_wake_at) where next_wake_at is not null",
    """create table subject_steps (kind text, subject_id uuid, step_no int, fact_id text not null, fact_type text not null, result jsonb not null,
      at timestamptz not null, primary key (kind, subject_id, step_no))""",
    """create table subject_facts (id bigint generated always as identity primary key, kind text not null, subject_id uuid not null,
      fact jsonb not null, needs text not null default '', tries int not null default 0, retry_at timestamptz not null default clock_timestamp())""",
    "create index subject_facts_by_subject on subject_facts (kind, subject_id, id)",
    "create table subject_refs (ref uuid primary key, kind text not null, subject_id uuid not null)",
    """create table fan_outs (id bigint generated always as identity primary key, requisition_id uuid not null, cause_type text not null,
      source text not null, cause text not null, correlation text not null default '', params jsonb not null, at timestamptz not null, after uuid)""",
    """create table requisition_ends (requisition_id uuid primary key, cause_type text not null, cause text not null, reason text, at timestamptz not null)""",
    "alter table hires add column profile jsonb",
    """create or replace view in_flight (kind, n, next_at) as
      select * from plumbing_in_flight
      union all select 'wake', 1, next_wake_at from hires where next_wake_at is not null
      union all select 'wake', 1, next_wake_at from subjects where next_wake_at is not null
      union all select 'screening', 0, screen_by from hires where screen_by is not null
      union all select 'subject_facts', count(*), null::timestamptz from subject_facts where needs = ''
      union all select 'fan_outs', count(*), null::timestamptz from fan_outs
      union all select 'held', count(*), null::timestamptz from held_facts f left join hires h using (hire_id)
        where f.needs = '' or (h.hire_id is not null and exists (select from requisitions r join clients c using (client_id)
          where r.requisition_id = h.requisition_id))""",
)


def upgrade() -> None:
    """Own tables."""
    for statement in _TABLES:
        op.execute(statement)
