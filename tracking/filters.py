"""What lists can be narrowed by: one filter set for the page and for the API."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import clock
from accounts.filters import KeyFilter
from accounts.models import Department
from plans.choices import ResponsibilityRole
from plans.models import Measure, Part, Plan
from plans.typography import full_width
from tracking.choices import (
    OVERDUE_STATES,
    MilestoneKind,
    MilestoneState,
    RequestStatus,
    SubmissionStatus,
)
from tracking.models import Assignment, ExtensionRequest, HandBack, Milestone, Submission
from tracking.querysets import MilestoneQuerySet
from tracking.selectors import soon_until

COUNTED, GATHERED, ON_SHEET = "counted", "gathered", "sheet"
SORTS = [
    (COUNTED, "方案时间节点"),
    (GATHERED, "共性任务（各单位分别反馈）"),
    (ON_SHEET, "年度集中填报"),
]
OPEN = "open"
OVERDUE = "overdue"
UNDATED = "undated"
FINISHED_STATES = (
    MilestoneState.DONE,
    MilestoneState.DONE_REPORTED_LATE,
    MilestoneState.DONE_LATE,
    MilestoneState.CANCELLED,
    MilestoneState.SUSPENDED,
)
STATES = [(OPEN, "未办结"), (OVERDUE, "逾期（全部）"), *MilestoneState.choices]


def _departments(request: Any) -> QuerySet[Department]:
    if request is None:
        return Department.objects.none()
    return Department.objects.visible_to(request.user).order_by("ordinal", "id")


def _plans(request: Any) -> QuerySet[Plan]:
    return Plan.objects.none() if request is None else Plan.objects.visible_to(request.user)


def _parts(request: Any) -> QuerySet[Part]:
    if request is None:
        return Part.objects.none()
    handed_out = Assignment.objects.filter(measure__part=OuterRef("pk"))
    parts = Part.objects.filter(Exists(handed_out), edition__plan__in=_plans(request))
    return parts.order_by("-edition_id", "ordinal")


def _states(state: str) -> tuple[str, ...]:
    if state == OPEN:
        return tuple(one for one in MilestoneState if one not in FINISHED_STATES)
    return tuple(OVERDUE_STATES) if state == OVERDUE else (state,)


def _day(label: str, **options: str) -> Any:
    return filters.DateFilter(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )


class PartField(filters.fields.ModelChoiceField):  # type: ignore[misc]
    """A choice of parts, written as the plan is shown."""

    def label_from_instance(self, part: Part) -> str:
        """Name a part with full-width marks."""
        return full_width(str(part))


class PartFilter(filters.ModelChoiceFilter):  # type: ignore[misc]
    """Narrows to one part of a plan."""

    field_class = PartField


class MilestoneFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows milestones; the queryset must come from ``with_state``.

    A department alone leaves what it reports itself; with a role, the milestones of every measure
    in which it has that role.
    """

    department = filters.ModelChoiceFilter(
        label="单位", queryset=_departments, empty_label="全部", method="of_department"
    )
    role = filters.ChoiceFilter(
        label="分工", choices=ResponsibilityRole.choices, empty_label="全部", method="of_role"
    )
    part = PartFilter(
        label="部分", queryset=_parts, empty_label="全部", field_name="assignment__measure__part"
    )
    state = filters.ChoiceFilter(
        label="状态", choices=STATES, empty_label="全部", method="in_state"
    )
    due_after = _day("完成时限起", field_name="due_on", lookup_expr="gte")
    due_before = _day("完成时限止", field_name="due_on", lookup_expr="lte")
    sort = filters.ChoiceFilter(label="类别", choices=SORTS, empty_label="全部", method="of_sort")
    plan = filters.ModelChoiceFilter(label="方案", queryset=_plans, empty_label="全部")
    measure = KeyFilter(
        label="措施（各文本中的同一条）", field_name="assignment__measure", method="of_measure"
    )
    q = filters.CharFilter(
        label="关键词", method="containing", widget=forms.TextInput(attrs={"size": 12})
    )

    class Meta:
        model = Milestone
        fields: list[str] = []

    def of_sort(self, rows: Any, name: str, sort: str) -> Any:
        """Leave the plan's own dates, what units answer for by themselves, or what is on sheets."""
        if sort == COUNTED:
            return rows.counted()
        return rows.exclude(gathered_by=None) if sort == GATHERED else rows.exclude(sheet=None)

    def of_department(self, rows: Any, name: str, department: Department) -> Any:
        """Leave what the department reports, or takes part in where a role is asked too."""
        if self.form.cleaned_data.get("role"):
            return rows
        return rows.filter(department=department)

    def of_role(self, rows: Any, name: str, role: str) -> Any:
        """Leave milestones by the reporter's role, or by the role of the department asked for."""
        department = self.form.cleaned_data.get("department")
        if department is None:
            return rows.filter(assignment__role=role)
        taking_part = Assignment.objects.live().filter(
            measure=OuterRef("assignment__measure"), department=department, role=role
        )
        return rows.filter(Exists(taking_part))

    def of_measure(self, rows: Any, name: str, measure: int) -> Any:
        """Leave milestones of the measure, whichever text of the plan the key is from."""
        return rows.filter(**_of_lineage(name, measure))

    def in_state(self, rows: Any, name: str, state: str) -> Any:
        """Leave milestones that stand so, today or on the past day of the list."""
        states = _states(state)
        if not set(states) & set(FINISHED_STATES) and "due_then" not in rows.query.annotations:
            rows = rows.open()  # what the indexes of open rows stand on
            if state == OPEN:
                return rows
        return rows.filter(state__in=states)

    def containing(self, rows: Any, name: str, words: str) -> Any:
        """Leave milestones whose clause or whose measure's title contains the words."""
        return rows.filter(Q(what__contains=words) | Q(assignment__measure__title__contains=words))


class AssignmentFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows assignments; those that report through another are judged by its milestones."""

    department = filters.ModelChoiceFilter(label="单位", queryset=_departments, empty_label="全部")
    role = filters.ChoiceFilter(
        label="分工", choices=ResponsibilityRole.choices, empty_label="全部"
    )
    part = PartFilter(label="部分", queryset=_parts, empty_label="全部", field_name="measure__part")
    state = filters.ChoiceFilter(
        label="状态",
        choices=[*STATES, (UNDATED, "无时限")],
        empty_label="全部",
        method="in_state",
    )
    due_after = _day("完成时限起", method="due_from")
    due_before = _day("完成时限止", method="due_until")
    plan = filters.ModelChoiceFilter(
        label="方案", queryset=_plans, empty_label="全部", field_name="measure__edition__plan"
    )
    measure = KeyFilter(label="措施（各文本中的同一条）", field_name="measure", method="of_measure")
    q = filters.CharFilter(
        label="关键词", method="containing", widget=forms.TextInput(attrs={"size": 12})
    )

    class Meta:
        model = Assignment
        fields: list[str] = []

    def of_measure(self, rows: Any, name: str, measure: int) -> Any:
        """Leave assignments of the measure, whichever text of the plan the key is from."""
        return rows.filter(**_of_lineage(name, measure))

    def in_state(self, rows: Any, name: str, state: str) -> Any:
        """Leave assignments with a milestone that stands so today, or without any milestone."""
        if state == UNDATED:
            return rows.exclude(_owes(_dated()))
        today = clock.today()
        dated: Any = _dated().with_state(today=today, soon_until=soon_until(today))
        return rows.filter(_owes(dated.filter(state__in=_states(state))))

    def due_from(self, rows: Any, name: str, first: Any) -> Any:
        """Leave assignments with a milestone due on the day or later."""
        return rows.filter(_owes(_dated().filter(due_on__gte=first)))

    def due_until(self, rows: Any, name: str, last: Any) -> Any:
        """Leave assignments with a milestone due on the day or earlier."""
        return rows.filter(_owes(_dated().filter(due_on__lte=last)))

    def containing(self, rows: Any, name: str, words: str) -> Any:
        """Leave assignments whose measure contains the words."""
        return rows.filter(Q(measure__title__contains=words) | Q(measure__text__contains=words))


class SubmissionFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows reports; those on their way in the house have no day of sending."""

    status = filters.ChoiceFilter(
        label="状态", choices=SubmissionStatus.choices, empty_label="全部"
    )
    department = filters.ModelChoiceFilter(
        label="单位",
        queryset=_departments,
        empty_label="全部",
        field_name="milestone__department",
    )
    plan = filters.ModelChoiceFilter(
        label="方案", queryset=_plans, empty_label="全部", field_name="milestone__plan"
    )
    milestone = KeyFilter(label="时间节点", field_name="milestone")
    assignment = KeyFilter(label="交办事项", field_name="milestone__assignment")
    sent_after = filters.DateFilter(
        label="报送日期起", field_name="submitted_at", lookup_expr="date__gte"
    )
    sent_before = filters.DateFilter(
        label="报送日期止", field_name="submitted_at", lookup_expr="date__lte"
    )
    q = filters.CharFilter(label="关键词", field_name="narrative", lookup_expr="contains")

    class Meta:
        model = Submission
        fields: list[str] = []


class ExtensionRequestFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows what departments ask for."""

    status = filters.ChoiceFilter(label="状态", choices=RequestStatus.choices)
    milestone = KeyFilter(label="时间节点", field_name="milestone")

    class Meta:
        model = ExtensionRequest
        fields: list[str] = []


class HandBackFilterSet(filters.FilterSet):  # type: ignore[misc]
    """Narrows what departments hand back."""

    status = filters.ChoiceFilter(label="状态", choices=RequestStatus.choices)
    assignment = KeyFilter(label="交办事项", field_name="assignment")

    class Meta:
        model = HandBack
        fields: list[str] = []


def _dated() -> MilestoneQuerySet:
    return Milestone.objects.filter(kind=MilestoneKind.DEADLINE)


def _of_lineage(name: str, measure: int) -> dict[str, Any]:
    lineages = Measure.objects.filter(pk=int(measure)).values("lineage")
    return {f"{name}__lineage__in": lineages}


def _owes(milestones: QuerySet[Milestone]) -> Q:
    own = Exists(milestones.filter(assignment=OuterRef("pk")))
    through = Exists(milestones.filter(assignment=OuterRef("reports_through")))
    return Q(own) | Q(through)
