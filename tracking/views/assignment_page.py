"""The page of an assignment: the measure whole, and the steps that change who does it."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import ForbiddenError
from accounts.models import Department, User
from plans.models import Responsibility
from tracking import usecases
from tracking.choices import AssignmentStatus as S
from tracking.forms.requests import (
    AddDepartmentForm,
    AnswerForm,
    ChangeForm,
    ChangeLeadForm,
    HandBackForm,
    InstructionForm,
    ReopenForm,
)
from tracking.models import Assignment, Instruction, Milestone
from tracking.selectors import soon_until, timeline_of
from tracking.views.milestone_page import REFUSALS, put_refusal
from tracking.views.work import LEADER_FIRST


@dataclass(frozen=True, slots=True)
class Step:
    """A step that the page offers: what it is called, its form, who may, from which states."""

    title: str
    hint: str
    form: type[Form]
    permission: str
    states: tuple[S, ...]
    take: Callable[[Assignment, Form, dict[str, Any]], object]
    done: str
    is_for_reporter: bool = True


def _change(usecase: Callable[..., object]) -> Callable[[Assignment, Form, dict[str, Any]], object]:
    def take(row: Assignment, form: Form, who: dict[str, Any]) -> object:
        assert isinstance(form, ChangeForm)
        return usecase(
            assignment_id=row.pk,
            consent=form.consent(),
            expected_version=form.cleaned_data["expected_version"],
            **who,
        )

    return take


def _add(row: Assignment, form: Form, who: dict[str, Any]) -> object:
    assert isinstance(form, ChangeForm)
    return usecases.add_department(
        assignment_id=row.pk,
        department_id=form.cleaned_data["department"].pk,
        role=form.cleaned_data["role"],
        consent=form.consent(),
        **who,
    )


def _change_lead(row: Assignment, form: Form, who: dict[str, Any]) -> object:
    assert isinstance(form, ChangeForm)
    return usecases.change_lead(
        assignment_id=row.pk,
        department_id=form.cleaned_data["department"].pk,
        keeps_part=form.cleaned_data["keeps_part"],
        consent=form.consent(),
        expected_version=form.cleaned_data["expected_version"],
        **who,
    )


def _hand_back(row: Assignment, form: Form, who: dict[str, Any]) -> object:
    return usecases.ask_hand_back(
        assignment_id=row.pk, today=clock.today(), **form.cleaned_data, **who
    )


def _reopen(row: Assignment, form: Form, who: dict[str, Any]) -> object:
    return usecases.reopen_assignment(assignment_id=row.pk, **form.cleaned_data, **who)


def _instruct(row: Assignment, form: Form, who: dict[str, Any]) -> object:
    given = form.cleaned_data | {"addressed_to": form.cleaned_data["addressed_to"].pk}
    return usecases.record_instruction(assignment_id=row.pk, today=clock.today(), **given, **who)


CHANGE = "tracking.change_assignment"
STEPS = {
    "hand-back": Step(
        "申请退办",
        "不属本单位职责的，收到交办单后3个工作日内书面说明理由",
        HandBackForm,
        "tracking.ask",
        (S.IN_PROGRESS,),
        _hand_back,
        "退办申请已提交，批复前仍由本单位办理。",
        is_for_reporter=False,
    ),
    "instruct": Step(
        "登记领导批示",
        "回复前置顶显示",
        InstructionForm,
        "tracking.record_instruction",
        (S.IN_PROGRESS, S.SUSPENDED, S.DONE, S.CLOSED),
        _instruct,
        "批示已登记，办理单位回复前一直置顶。",
    ),
    "add-department": Step(
        "增加承办单位",
        "由牵头单位提出并商有关单位确定，补发交办单",
        AddDepartmentForm,
        CHANGE,
        (S.IN_PROGRESS, S.SUSPENDED),
        _add,
        "已增加承办单位，并补发交办单。",
    ),
    "change-lead": Step(
        "变更牵头单位",
        "未办结的时间节点改由新的牵头单位填报",
        ChangeLeadForm,
        CHANGE,
        (S.IN_PROGRESS, S.SUSPENDED),
        _change_lead,
        "牵头单位已变更。",
    ),
    "suspend": Step(
        "暂缓办理",
        "暂缓期间不算逾期，不提醒",
        ChangeForm,
        CHANGE,
        (S.IN_PROGRESS,),
        _change(usecases.suspend_assignment),
        "已暂缓办理，期间不算逾期、不提醒。",
    ),
    "resume": Step(
        "恢复办理",
        "完成时限不变，需要的另行登记延期",
        ChangeForm,
        CHANGE,
        (S.SUSPENDED,),
        _change(usecases.resume_assignment),
        "已恢复办理。",
    ),
    "terminate": Step(
        "终止办理",
        "未办结的时间节点取消，不能恢复",
        ChangeForm,
        CHANGE,
        (S.IN_PROGRESS, S.SUSPENDED),
        _change(usecases.terminate_assignment),
        "已终止办理。",
    ),
    "reopen": Step(
        "恢复办理",
        "最后一个时间节点重新填报",
        ReopenForm,
        "tracking.close_assignment",
        (S.DONE, S.CLOSED),
        _reopen,
        "已恢复办理。",
    ),
}


class AssignmentPage:
    """What the page of one assignment shows to one person."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.request = request
        self.user: User = actor(request)
        rows = Assignment.objects.visible_to(self.user).with_measure()
        rows = rows.select_related("continued_by__department")
        self.assignment: Assignment = get_object_or_404(rows, pk=pk)
        self.bound: dict[str, Form] = {}
        self.answers: dict[int, AnswerForm] = {}

    def offers(self, key: str) -> bool:
        """Say whether the person may take a step from the present state."""
        step, row = STEPS[key], self.assignment
        if row.status not in step.states or (step.is_for_reporter and row.reports_through_id):
            return False
        if key == "hand-back" and row.hand_backs.open().exists():
            return False
        return self.user.has_perm(step.permission, row)

    def form(self, key: str, data: Any = None, files: Any = None) -> Form:
        """Return the form of a step, with the units of the district to choose from."""
        row = self.assignment
        form = STEPS[key].form(
            data,
            files,
            auto_id=f"{key}_%s",
            initial={"expected_version": row.version, "addressed_to": row.department_id},
        )
        units = Department.objects.filter(district=row.department.district_id)
        part = Assignment.objects.live().filter(measure=row.measure_id).values("department")
        choices = {"department": units, "addressed_to": units.filter(pk__in=part)}
        for name in choices.keys() & form.fields.keys():
            form.fields[name].queryset = choices[name].order_by("ordinal", "id")  # type: ignore[attr-defined]
        return form

    def render(self, status: int = 200) -> HttpResponse:
        """Answer with the page."""
        today = clock.today()
        row, measure = self.assignment, self.assignment.measure
        owing = row.reports_through or row
        steps = [
            (key, step, self.bound.get(key) or self.form(key))
            for key, step in STEPS.items()
            if self.offers(key)
        ]
        everyone = Assignment.objects.live().filter(measure=measure)
        context = {
            "title": f"{measure.reference} {measure.title}",
            "crumbs": [(reverse("tracking:assignments"), "任务"), (None, measure.reference)],
            "assignment": row,
            "owing": owing,
            "before": list(row.continues.select_related("department").order_by("id")),
            "measure": measure,
            "names": list(Responsibility.objects.filter(measure=measure).order_by("ordinal")),
            "everyone": list(
                everyone.select_related("department", "reports_through__department").order_by(
                    LEADER_FIRST, "id"
                )
            ),
            "milestones": list(
                Milestone.objects.filter(assignment=owing)
                .with_state(today=today, soon_until=soon_until(today))
                .in_order()
            ),
            "recurrences": list(measure.recurrences.all()),
            "hand_backs": list(row.hand_backs.order_by("id")),
            "instructions": self._instructions(),
            "steps": steps,
            "entries": timeline_of(owing, user=self.user),
            "request_key": uuid.uuid4(),
        }
        return render(self.request, "tracking/assignment.html", context, status=status)

    def _instructions(self) -> list[tuple[Instruction, AnswerForm | None]]:
        rows = (
            Instruction.objects.visible_to(self.user)
            .filter(assignment__measure=self.assignment.measure_id)
            .select_related("addressed_to", "answered_by", "scan")
            .order_by("-given_on", "-id")
        )
        return [(row, self._answer_form(row)) for row in rows]

    def _answer_form(self, row: Instruction) -> AnswerForm | None:
        if row.answered_at or not self.user.has_perm("tracking.answer_instruction", row):
            return None
        return self.answers.get(row.pk) or AnswerForm(
            initial={"expected_version": row.version}, auto_id=f"answer-{row.pk}_%s"
        )


@require_GET
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a measure whole, as one unit has to carry it out."""
    return AssignmentPage(request, pk).render()


@require_POST
def assignment_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Take one of the steps that the page offers."""
    if key not in STEPS:
        raise Http404
    page = AssignmentPage(request, pk)
    if not page.user.has_perm(STEPS[key].permission, page.assignment):
        raise ForbiddenError
    form = page.bound[key] = page.form(key, request.POST, request.FILES)
    if not form.is_valid():
        return page.render(400)
    try:
        STEPS[key].take(page.assignment, form, {"by": page.user, "at": clock.now()})
    except REFUSALS as error:
        put_refusal(error, form)
        again = AssignmentPage(request, pk)
        if again.offers(key):
            again.bound[key] = form
        else:
            messages.error(request, error.message)
        return again.render(error.status)
    messages.success(request, STEPS[key].done)
    return redirect("tracking:assignment", pk)


@require_POST
def instruction_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was done on a leader's words."""
    user = actor(request)
    row = get_object_or_404(
        Instruction.objects.visible_to(user).select_related("assignment"), pk=pk
    )
    same = Assignment.objects.visible_to(user).filter(measure=row.assignment.measure_id)
    page_of = get_object_or_404(same.live().order_by(LEADER_FIRST, "id")[:1]).pk
    form = AnswerForm(request.POST, auto_id=f"answer-{row.pk}_%s")
    status = 400
    if form.is_valid():
        try:
            usecases.answer_instruction(
                instruction_id=pk, by=user, at=clock.now(), **form.cleaned_data
            )
        except REFUSALS as error:
            put_refusal(error, form)
            status = error.status
        else:
            messages.success(request, "办理情况已回复。")
            return redirect("tracking:assignment", page_of)
    page = AssignmentPage(request, page_of)
    page.answers[pk] = form
    return page.render(status)
