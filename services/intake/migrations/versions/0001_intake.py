"""Intake's tables. All are owned by intake and cannot be rebuilt, but `tally`, which counts what the door was sent.

inbound       every event the door took, by (source, id), with the digest of its body: duplicate or conflict
waiting       events whose reference is not there yet; the original is sealed under a key of its own
refs          the publishers' ids of entities -> ours (a new application's stands in its own row); `known` is false while an entity is only mentioned
persons       one row per human; `identity` is sealed under that person's key
contacts      blind index of mail and phone -> the one person it belongs to
entities      whole current state of clients, requisitions, rooms, positions
applications  one per person and requisition; facts in the clear, `content` sealed
uploads       documents put by digest, sealed under a key of their own until an application claims them
documents     documents of a person, sealed under that person's key
offers        versions of an offer; `disclosures`: every showing of a person to another organisation
corrections   answers whose words are intake's (figures of an offer), sealed under the candidate's key
"""

from __future__ import annotations

from alembic import op

from shared.runtime.plumbing import plumbing_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_DDL = """
create table inbound (source text not null, id text not null, digest bytea not null, type text not null, state text not null,
  subject text not null default '', waiting_for text not null default '', code text not null default '', reason text not null default '',
  parked_id uuid, at timestamptz not null, primary key (source, id));
create table tally (name text primary key, n bigint not null);
create table waiting (id uuid primary key, source text not null, event_id text not null, kind text not null, ref_source text not null,
  externalid text not null, attributes text not null, box bytea not null, actor text not null, granted boolean not null,
  ready boolean not null default false, waiting_at timestamptz not null, expires_at timestamptz not null,
  unique (source, event_id));
create index waiting_by_reference on waiting (kind, externalid);
create table refs (kind text not null, source text not null, externalid text not null, id uuid not null, known boolean not null,
  rank text not null default '', primary key (kind, source, externalid));
create index refs_by_externalid on refs (kind, externalid);
create table persons (person_id uuid primary key, version int not null, record json not null, identity text, employer_digest text,
  never_to uuid[] not null default '{}', erased_at timestamptz);
create table contacts (digest text primary key, person_id uuid not null);
create table entities (kind text not null, id uuid not null, version int not null, record jsonb not null, primary key (kind, id));
create table applications (application_id uuid primary key, person_id uuid not null, requisition_id uuid not null, client_id uuid not null,
  origin text not null, facts text not null, content text, document_digest text, defect text, state text not null default 'received',
  externalref text not null, submitted_at timestamptz not null, unique (person_id, requisition_id));
create index applications_by_externalref on applications (externalref);
create table uploads (digest text primary key, blob text not null, size bigint not null, name text not null default '', at timestamptz not null);
create table documents (document_id uuid primary key, person_id uuid not null, digest text not null, blob text not null, kind text not null,
  size bigint not null, at timestamptz not null);
create index documents_by_person on documents (person_id);
create table offers (offer_id uuid not null, version int not null, hire_id uuid not null, person_id uuid not null, by text not null,
  start_at timestamptz not null, terms text not null, at timestamptz not null, primary key (offer_id, version));
create table disclosures (disclosure_id uuid primary key, application_id uuid not null, to_org uuid not null, level text not null,
  purpose text not null, consent_ref uuid, content_hash text not null, at timestamptz not null);
create table introductions (person_id uuid not null, client_id uuid not null, application_id uuid not null, protected_until timestamptz not null,
  primary key (person_id, client_id));
create table corrections (ask_id uuid not null, version int not null, hire_id uuid not null, person_id uuid not null, kind text not null,
  box text not null, at timestamptz not null, primary key (ask_id, version));
create index corrections_by_hire on corrections (hire_id, kind);
create view in_flight (kind, n, next_at) as
  select kind, n, next_at from plumbing_in_flight
  union all select 'waiting', count(*) filter (where ready), min(expires_at) filter (where not ready) from waiting;
"""


def upgrade() -> None:
    """Make everything."""
    for statement in [*plumbing_ddl(), *(s.strip() for s in _DDL.split(";\n") if s.strip())]:
        op.execute(statement)

