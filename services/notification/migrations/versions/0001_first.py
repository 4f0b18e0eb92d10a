"""The first tables of notification. Each says whether it is owned here or can be rebuilt, and from what."""

from alembic import op

from shared.runtime.plumbing import plumbing_ddl

revision = "0001"
down_revision = None

_TABLES = """
create table directory (kind text not null, id uuid not null, version int not null, body jsonb not null, primary key (kind, id));
comment on table directory is 'rebuildable from intake.records; identities stay sealed';
create table facts (kind text not null, id uuid not null, version int not null default 1, state text not null default '', hire_id uuid,
  body jsonb not null default '{}', at timestamptz not null, primary key (kind, id));
create index facts_by_hire on facts (hire_id, kind);
comment on table facts is 'rebuildable from the events of intake, screening, scheduling and workflows: what guards and scenes look at';
create table asks (id uuid primary key, version int not null, kind text not null, hire_id uuid, obligation_id uuid not null, spec jsonb not null,
  holder_id uuid, may_answer uuid[] not null, state text not null, opened_at timestamptz not null, due_at timestamptz, answers int not null default 0,
  answered_by uuid, answered_at timestamptz, undo_until timestamptz, answer jsonb, closed_how text, closed_at timestamptz, cause jsonb not null,
  check (state in ('open', 'answered', 'closed')));
create index asks_by_person on asks using gin (may_answer);
create index asks_by_hire on asks (hire_id);
comment on table asks is 'owned: the one arbiter of every answer';
create table links (id uuid primary key, purpose text not null, person_id uuid not null, ask_ids uuid[] not null, created_at timestamptz not null);
comment on table links is 'owned: which person and which asks a signed link is bound to';
create table used_once (nonce text primary key, at timestamptz not null);
comment on table used_once is 'owned: one-time values of pages that were sent in';
create table messages (id uuid primary key, party text not null, person_id uuid, role text not null, purpose text not null, occasion text not null,
  template text not null, spec jsonb not null, hire_id uuid, ask_id uuid, obligation_id uuid, state text not null, counted boolean not null,
  send_at timestamptz, grace_until timestamptz, created_at timestamptz not null, accepted_at timestamptz, settled_at timestamptz, channel text not null default 'mail',
  mail_id text, body_hash text, reason text, lease_by text, lease_until timestamptz, cause jsonb not null, unique (party, purpose, occasion),
  check (state in ('queued', 'sending', 'sent', 'delivered', 'bounced', 'suppressed', 'failed')));
create index messages_due on messages (send_at, id) where state in ('queued', 'sending');
create index messages_grace on messages (grace_until, id) where state = 'sent';
create index messages_by_party on messages (party, accepted_at);
comment on table messages is 'owned: one row per (party, purpose, occasion), and the queue of what has not left yet; never deleted, it is the ledger of what was said';
create table attempts (message_id uuid not null, channel text not null, n int not null, started_at timestamptz not null, ended_at timestamptz, outcome text,
  detail text, recipient_digest text, body bytea, primary key (message_id, channel, n));
comment on table attempts is 'owned: written before each send; the rendered body, sealed, stands here until the outcome is known';
create table notices (id uuid primary key, at timestamptz not null, link_id uuid, what text not null);
comment on table notices is 'owned: what people told about their links (not mine, came by mistake, want another way)';
create view in_flight (kind, n, next_at) as
  select * from plumbing_in_flight
  union all select 'send', count(*) filter (where send_at <= c.now), min(send_at) filter (where send_at > c.now)
    from messages, (select coalesce((select now from runtime.clock), clock_timestamp()) as now) c where state in ('queued', 'sending') group by c.now
  union all select 'grace', count(*) filter (where grace_until <= c.now), min(grace_until) filter (where grace_until > c.now)
    from messages, (select coalesce((select now from runtime.clock), clock_timestamp()) as now) c where state = 'sent' group by c.now;
"""


def upgrade() -> None:
    """Make the plumbing and this service's tables."""
    for statement in [*plumbing_ddl(), *(part.strip() for part in _TABLES.split(";\n") if part.strip())]:
        op.execute(statement)


def downgrade() -> None:
    """Never: data is moved forward only."""
    raise RuntimeError("data is moved forward only; restore a backup instead")
