"""Every entity, so that the metadata is whole: for migrations, and for mappers that name each other."""

from domain import audit, inbound, installation, jobs, loads, outbox
from domain.closing import model as closing
from domain.database import Base
from domain.disputes import model as disputes
from domain.incentives import model as incentives
from domain.metrics import model as metrics
from domain.people import model as people
from domain.plans import model as plans
from domain.previews import model as previews
from domain.recognition import model as recognition
from domain.scoring import model as scoring
from domain.scoring import sharing
from domain.sources import model as sources
from domain.targets import model as targets
from domain.watch import model as watch

__all__ = [
    "Base",
    "audit",
    "closing",
    "disputes",
    "inbound",
    "incentives",
    "installation",
    "jobs",
    "loads",
    "metrics",
    "outbox",
    "people",
    "plans",
    "previews",
    "recognition",
    "scoring",
    "sharing",
    "sources",
    "targets",
    "watch",
]
