"""The work on a plan, from the paper that hands it out to the review of the last report."""

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
    "Milestone",
    "Phrase",
    "ReportingYear",
    "Review",
    "Sheet",
    "Submission",
]
