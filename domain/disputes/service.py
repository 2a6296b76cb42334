"""Disputes: what somebody objects to, who answers, and what is put right."""

from domain.disputes.open_disputes import open_disputes_of, people_with_open_disputes

__all__ = ["open_disputes_of", "people_with_open_disputes"]
