"""What every part of a stored state is, and what is noted of a person beside the story: neither decides where the hire goes."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Fields that a later version dropped are passed over."""

    model_config = ConfigDict(extra="ignore")


class Hold(Part):
    """Since when the requisition, or this hire alone, stands still, and the coded reason."""

    at: datetime
    reason: str | None = None


class Noted(Part):
    """Codes that go with the person."""

    tags: list[str] = []
    """What screening and interviews showed (workflows/tags.py): goes with the person into the pool."""
    star: bool = False
    """Somebody who matters most: our own side is prompted sooner, they hear nothing more (C107)."""
