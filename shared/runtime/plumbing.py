"""The tables that every schema has beside its own: outbox, inbox, sequences, deferred, parked, and how far each topic was read.

All of them are owned by the runtime; none can be rebuilt, all but `inbox` and `sequences` empty themselves.
"""

from __future__ import annotations

_DDL = """
create table outbox (id bigint generated always as identity, topic text not null, key text not null, headers text not null,
  value bytea, created_at timestamptz not null default clock_timestamp(), primary key (topic, id));
alter table outbox set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_cost_delay = 0);
create table inbox (consumer text not null, source text not null, id text not null, at timestamptz not null default clock_timestamp(),
  primary key (consumer, source, id));
create index inbox_by_age on inbox using brin (at);
create table sequences (subject text primary key, n bigint not null);
create table deferred (id bigint generated always as identity primary key, consumer text not null, waits_for text not null, key text not null,
  topic text not null, part int not null, pos bigint not null, attributes text not null, value bytea not null,
  deferred_at timestamptz not null, expires_at timestamptz not null, unique (consumer, topic, part, pos));
create index deferred_by_reference on deferred (consumer, waits_for);
create index deferred_by_key on deferred (consumer, key);
create table parked (id uuid primary key, consumer text not null, topic text not null, part int not null, pos bigint not null, key bytea,
  headers text not null, value bytea, code text not null, reason text not null, parked_at timestamptz not null,
  state text not null default 'parked', note text not null default '', changed_at timestamptz);
create index parked_by_time on parked (parked_at);
create table published (topic text not null, part int not null, next bigint not null, primary key (topic, part));
create table consumed (consumer text not null, topic text not null, part int not null, next bigint not null, primary key (consumer, topic, part));
create view plumbing_in_flight (kind, n, next_at) as
  select 'outbox', count(*), null::timestamptz from outbox
  union all select 'deferred', 0, min(expires_at) from deferred;
"""


def plumbing_ddl() -> list[str]:
    """The statements that make the plumbing tables in the current schema."""
    return [statement.strip() for statement in _DDL.split(";\n") if statement.strip()]
