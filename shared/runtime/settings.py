"""Every BATON_* variable that a process reads, in one class; `baton doctor --settings` lists them with their defaults."""

from __future__ import annotations

import os
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Settings of one process. Local defaults need none; the stack, compose or Kubernetes give the rest."""

    model_config = SettingsConfigDict(env_prefix="BATON_", extra="ignore")

    process: str = Field(default="", description="name of this process, as the supervisor calls it")
    home: str = Field(default="", description="data folder of the local stack")
    kafka: str = Field(default="127.0.0.1:9092", description="bootstrap servers, host:port[,host:port]")
    database: str = Field(default="", description="DSN of an administrator; only provisioning uses it")
    database_intake: str = ""
    database_screening: str = ""
    database_scheduling: str = ""
    database_notification: str = ""
    database_reporting: str = ""
    database_workflows: str = ""
    database_ops: str = Field(default="", description="a role that may select everywhere and open no key")
    temporal: str = "127.0.0.1:7233"
    temporal_namespace: str = "hiring"
    task_queue: str = "hires"
    house_policy: str = Field(default="agency-cn", description="policy of the organisation itself: morning links, client accounts")
    smtp: str = Field(default="127.0.0.1:1025", description="host:port of the mail server")
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    mail_from: str = Field(default="baton@qiheng.example", description="sending mailbox; ORGANIZER of invitations")
    organisation: str = Field(default="启衡人才", description="how the firm calls itself to people")
    organisation_latin: str = "Northgate Talent"
    sink_http: str = Field(default="", description="REST of the local mail sink, for tools that read mail")
    mailbox: str = Field(default="", description="Maildir that the mail server delivers replies and bounces into; none: not read")
    wording: str = Field(default="", description="folder with the organisation's own wording.yaml and mark.svg")
    webhook_url: str = Field(default="", description="Standard Webhooks subscriber, if any")
    webhook_secret: str = ""
    channels: str = Field(default="", description="JSON file (0600): accounts with chat and SMS vendors, DKIM key; none: mail alone")
    keys: str = Field(default="", description="JSON file (0600) with kek, index, links, audit: 32 bytes each, base64")
    tokens: str = Field(default="", description="JSON file (0600): bearer token -> name, source, types, roles")
    blobs: str = Field(default="", description="folder for sealed documents")
    clock: Literal["real", "held"] = "real"
    outbound: str = Field(default="sink", description="sink | allow:<addresses, domains> | live")
    admin_port: int = 0
    intake_http: str = "127.0.0.1:8301"
    notification_http: str = "127.0.0.1:8302"
    reporting_http: str = "127.0.0.1:8303"
    pages_url: str = Field(default="", description="public base of the signed links")
    partitions: int = Field(default=12, ge=1, le=500, description="most partitions of a topic that provisioning makes: so many copies of a service can share its work")
    batch: int = Field(default=500, ge=1, le=5000, description="records per consumed batch")
    log_level: str = "INFO"

    def database_of(self, schema: str) -> str:
        """DSN for this schema's own role; ValueError names the variable when it is missing."""
        dsn = str(getattr(self, f"database_{schema}", "") or os.environ.get(f"BATON_DATABASE_{schema.upper()}", ""))
        if not dsn:
            raise ValueError(f"BATON_DATABASE_{schema.upper()} is not set; `baton up` sets it, or give postgresql://role:password@host:port/baton")
        return dsn
