"""The tables of workflows.

Owned: `hires` (with the whole state: enough to start every open hire again in an empty Temporal), `steps` (a step's result: what a
retry is recognised by), `late_facts`, `held_facts` (facts of hires whose workflow can't be reached, in order), `policies` (the meaning
behind each pinned hash). Rebuildable from intake.records: `parties`, `clients`, `requisitions`.
"""

from alembic import op

from shared.runtime.plumbing import plumbing_ddl

revision, down_revision = "0001", None

_TABLES = (
    """create table hires (hire_id uuid primary key, person_id uuid not null, requisition_id uuid not null, client_id uuid not null,
      origin text not null, externalref text not null default '', correlation text not null default '', received_at timestamptz not null,
      screen_by timestamptz, stage text not null default 'screening', outcome text, policy text not null default '', state jsonb,
      step_no int not null default 0, next_wake_at timestamptz, holder uuid, holder_role text, duty text, due_at timestamptz,
      panel uuid[] not null default '{}', closed_at timestamptz)""",
    "create index hires_by_wake on hires (next_wake_at) where next_wake_at is not null",
    "create index hires_by_screening on hires (screen_by) where screen_by is not null",
    "create index hires_by_requisition on hires (requisition_id) where closed_at is null",
    "create index hires_by_client on hires (client_id) where closed_at is null",
    "create index hires_by_person on hires (person_id)",
    "create index hires_by_panel on hires using gin (panel)",
    """create table steps (hire_id uuid, step_no int, fact_id text not null, fact_type text not null, result jsonb not null,
      at timestamptz not null, primary key (hire_id, step_no))""",
    """create table late_facts (hire_id uuid, fact_id text, type text not null, fact jsonb not null, noted_at timestamptz not null,
      primary key (hire_id, fact_id))""",
    """create table held_facts (id bigint generated always as identity primary key, hire_id uuid not null, fact jsonb not null,
      needs text not null default '', tries int not null default 0, retry_at timestamptz not null default clock_timestamp())""",
    "create index held_facts_by_hire on held_facts (hire_id, id)",
    "create table parties (person_id uuid primary key, version int not null, party_class text not null, org_id uuid, record jsonb not null)",
    "create index parties_by_org on parties (org_id)",
    "create index parties_of_ours on parties (party_class) where party_class in ('staff', 'vendor')",
    "create table clients (client_id uuid primary key, version int not null, record jsonb not null)",
    "create table requisitions (requisition_id uuid primary key, version int not null, client_id uuid not null, state text not null, record jsonb not null)",
    "create table policies (version text primary key, name text not null, body jsonb not null)",
    "create table projection_stamp (one boolean primary key default true check (one), n bigint not null)",
    "insert into projection_stamp (n) values (0)",
    """create view in_flight (kind, n, next_at) as
      select * from plumbing_in_flight
      union all select 'wake', 1, next_wake_at from hires where next_wake_at is not null
      union all select 'screening', 0, screen_by from hires where screen_by is not null
      union all select 'held', count(*), null::timestamptz from held_facts f left join hires h using (hire_id)
        where f.needs = '' or (h.hire_id is not null and exists (select from requisitions r join clients c using (client_id)
          where r.requisition_id = h.requisition_id))""",
)


def upgrade() -> None:
    """Plumbing and own tables."""
    for statement in (*plumbing_ddl(), *_TABLES):
        op.execute(statement)
