"""The work on a plan, from the paper that hands it out to the review of the last report."""

from tracking.models.metrics import MetricFeed, Reading, TrackedMetric
from tracking.models.papers import SentPaper
from tracking.models.reports import Contribution, Evidence, Extension, Phrase, Review, Submission
from tracking.models.requests import ExtensionRequest, HandBack, Instruction
from tracking.models.sheets import ReportingYear, Sheet
from tracking.models.work import Assignment, Dispatch, Milestone

__all__ = [
    "Assignment",
    "Contribution",
    "Dispatch",
    "Evidence",
    "Extension",
    "ExtensionRequest",
    "HandBack",
    "Instruction",
    "MetricFeed",
    "Milestone",
    "Phrase",
    "Reading",
    "ReportingYear",
    "Review",
    "SentPaper",
    "Sheet",
    "Submission",
    "TrackedMetric",
]
