"""Loops, shadows, holds that end, meeting links, later conflicts, changed clocks, taps, linked calendars.

All owned, but for `busy` rows with a feed, which the next reading of that feed brings again.
"""

from alembic import op

revision, down_revision = "0002", "0001"

_CHANGES = (
    "alter table rooms add column kind text not null default 'room'",
    "alter table interviews add column loop_id uuid, add column moves int not null default 0, add column shadows uuid[] not null default '{}'",
    "create index interviews_to_come on interviews (ends_at) where state = 'scheduled'",
    "create index interviews_by_hire on interviews (hire_id)",
    "alter table sessions add column held_until timestamptz, add column way_id uuid",
    "create index sessions_by_way on sessions (way_id) where way_id is not null",
    "alter table busy add column feed_id uuid",
    "create index busy_by_feed on busy (feed_id) where feed_id is not null",
    """create table conflicts (conflict_id uuid primary key, interview_id uuid not null references interviews, version int not null,
      cause text not null, source_id uuid not null, person_id uuid, open boolean not null default true)""",
    "create index conflicts_by_interview on conflicts (interview_id) where open",
    "create index conflicts_by_source on conflicts (source_id) where open",
    """create table touched (interview_id uuid references interviews, version int, reason text, person_id uuid not null, starts_at_now timestamptz,
      primary key (interview_id, version, reason, person_id, starts_at_now))""",
    """create table taps (interview_id uuid references interviews, person_id uuid, side text not null, here boolean not null, other boolean,
      at timestamptz not null, primary key (interview_id, person_id))""",
    """create table feeds (feed_id uuid primary key, person_id uuid not null, kind text not null check (kind in ('ics', 'caldav')),
      address bytea not null, tag text, read_at timestamptz, failed_since timestamptz, told boolean not null default false)""",
)


def upgrade() -> None:
    """Add."""
    for statement in _CHANGES:
        op.execute(statement)
