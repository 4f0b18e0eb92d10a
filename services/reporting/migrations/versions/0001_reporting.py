"""Reporting's tables: the archive, and projections that are functions of it.

events        every event, record and command as published (persons without their sealed identity). Owned; the archive of all facts
hires         one row a hire: where it stands and how it ended          rebuildable from events, as is all that follows
stages        visits of a hire in a stage; decisions: what was decided; obligations: who owes what; messages: what was said;
interviews, offers, requisitions, clients, parties: their latest state, without names of persons
`scope` groups the facts that one row is made of: the hire, else the subject.
"""

from __future__ import annotations

from alembic import op

from shared.runtime.plumbing import plumbing_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_DDL = """
create table events (n bigint generated always as identity primary key, source text not null, id text not null, type text not null,
  version int not null, scope text not null, subject text not null, time timestamptz not null, recordedtime timestamptz not null,
  sequence bigint not null, hire uuid, cause text not null, correlation text not null, actor text not null, externalref text not null,
  policyversion text not null, topic text not null, body jsonb not null, unique (source, id));
create index events_by_scope on events (scope);
create index events_by_hire on events (hire, n) where hire is not null;
create index events_by_type on events (type, time);
create index events_by_subject on events (source, subject, sequence);
create index events_by_id on events (id);
create table hires (hire_id uuid primary key, person_id uuid, requisition_id uuid, client_id uuid, origin text, externalref text, locale text,
  defect text, received_at timestamptz, received_event text, duplicates int, verdict text, score float8, rules_version text,
  stage text, stage_since timestamptz, policy_version text, outcome text, closed_at timestamptz, closed_stage text, closed_event text,
  joined text, joined_at timestamptz, joined_event text, start_at timestamptz, left_day int);
create index hires_by_age on hires (received_at, hire_id);
create table stages (hire_id uuid not null, stage text not null, visit int not null, requisition_id uuid, client_id uuid, entered_at timestamptz,
  entered_event text, left_at timestamptz, left_event text, how text, policy_version text, primary key (hire_id, stage, visit));
create table decisions (event_id text primary key, hire_id uuid not null, decision text not null, stage text not null, by_id uuid, reason text,
  at timestamptz not null);
create table obligations (obligation_id uuid primary key, hire_id uuid, requisition_id uuid, client_id uuid, kind text not null, ask_id uuid,
  by_id uuid, by_role text not null, to_id uuid, to_role text, opened_at timestamptz not null, due_at timestamptz not null, blocking boolean not null,
  provisional boolean not null, rule text, policy_version text, rungs jsonb, fired int not null, overdue_at timestamptz, moved int not null,
  ended text, ended_at timestamptz, late boolean, reason text, successor_id uuid, opened_event text, ended_event text, opens int not null,
  ends int not null);
create index obligations_open on obligations (due_at) where ended is null;
create index obligations_by_hire on obligations (hire_id);
create table messages (message_id uuid primary key, hire_id uuid, ask_id uuid, obligation_id uuid, party_id uuid, party_role text not null,
  purpose text not null, occasion text not null, template text not null, channel text not null, state text not null, sends int not null,
  sent_at timestamptz, delivered_at timestamptz, ended_at timestamptz, reason text, sent_event text, delivered_event text,
  tried jsonb not null);
create index messages_by_hire on messages (hire_id);
create table interviews (interview_id uuid primary key, hire_id uuid, requisition_id uuid, candidate_id uuid, round int, version int,
  starts_at timestamptz, ends_at timestamptz, zone text, state text, moves int not null, panel jsonb not null, cards jsonb not null);
create index interviews_by_hire on interviews (hire_id);
create table offers (offer_id uuid primary key, hire_id uuid, version int, by text, start_at timestamptz, over_band boolean, state text not null,
  sent_at timestamptz, sent_event text, ended_at timestamptz, ended_event text, reason text);
create index offers_by_hire on offers (hire_id);
create table requisitions (requisition_id uuid primary key, version int not null, client_id uuid, externalref text, code text, title text,
  title_en text, tier text, policy text, zone text, calendar text, state text, openings int, team jsonb);
create table clients (client_id uuid primary key, version int not null, name text, name_latin text, tier text, zone text, external boolean,
  manager_id uuid);
create table parties (person_id uuid primary key, version int not null, party_class text, org_id uuid, roles jsonb, locale text, zone text,
  calendar text, manager_id uuid, delegate_id uuid, left_at timestamptz, erased_at timestamptz);
create view in_flight (kind, n, next_at) as select kind, n, next_at from plumbing_in_flight;
"""


def upgrade() -> None:
    """Make everything."""
    for statement in [*plumbing_ddl(), *(s.strip() for s in _DDL.split(";\n") if s.strip())]:
        op.execute(statement)


def downgrade() -> None:
    """Drop the projections and the archive; Kafka's retention is then the only copy of the facts."""
    for name in ("clients", "parties", "requisitions", "offers", "interviews", "messages", "obligations", "decisions", "stages", "hires", "events"):
        op.execute(f"drop table {name} cascade")
