"""What programs narrow the work by besides what the pages do."""

import django_filters as filters

from accounts.filters import ChangedSinceFilter, KeyFilter
from tracking.filters import AssignmentFilterSet, MilestoneFilterSet, SubmissionFilterSet


class MilestoneQuery(MilestoneFilterSet):
    """Narrows milestones; with ``as_of`` they are asked how they stood at the end of that day."""

    department = KeyFilter(label="单位", method="of_department")
    code = filters.CharFilter(label="措施编码", field_name="assignment__measure__code")
    as_of = filters.DateFilter(label="截至（过去的某一天）", method="then")
    changed_since = ChangedSinceFilter()

    def then(self, rows: object, name: str, day: object) -> object:
        """Leave all rows: the view asked for them as they stood."""
        return rows


class AssignmentQuery(AssignmentFilterSet):
    """Narrows assignments."""

    code = filters.CharFilter(label="措施编码", field_name="measure__code")
    changed_since = ChangedSinceFilter()


class SubmissionQuery(SubmissionFilterSet):
    """Narrows reports."""

    code = filters.CharFilter(label="措施编码", field_name="milestone__assignment__measure__code")
    changed_since = ChangedSinceFilter()
