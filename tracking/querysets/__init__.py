"""Questions to the work, with names."""

from tracking.querysets.milestones import MilestoneQuerySet
from tracking.querysets.reports import SENT, ContributionQuerySet, SubmissionQuerySet
from tracking.querysets.requests import InstructionQuerySet, RequestQuerySet
from tracking.querysets.work import AssignmentQuerySet, DispatchQuerySet, SheetQuerySet

__all__ = [
    "SENT",
    "AssignmentQuerySet",
    "ContributionQuerySet",
    "DispatchQuerySet",
    "InstructionQuerySet",
    "MilestoneQuerySet",
    "RequestQuerySet",
    "SheetQuerySet",
    "SubmissionQuerySet",
]
