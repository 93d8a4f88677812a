"""What the page of a milestone shows to one person."""

import uuid
from functools import cached_property
from typing import Any

from django.db.models import F, Prefetch
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts import clock
from accounts.actor import actor
from accounts.calendar import unknown_years
from accounts.errors import (
    ConflictError,
    DomainError,
    InvalidError,
    KeyReusedError,
    StaleError,
)
from accounts.models import User
from accounts.scope import scope_of
from plans.models import Responsibility
from tracking.choices import MilestoneStatus, RequestStatus, SubmissionStatus
from tracking.forms.metrics import ReadingForm
from tracking.forms.past import PastForm
from tracking.forms.report import (
    ContributionForm,
    EvidenceForm,
    EvidenceFormSet,
    ExtensionForm,
    ReportForm,
    SignatureForm,
)
from tracking.forms.requests import AskExtensionForm
from tracking.models import Assignment, Contribution, Evidence, Milestone, Submission
from tracking.selectors import quote_of, soon_until, timeline_of
from tracking.selectors.comparison import changes
from tracking.selectors.gathering import gatherings_of
from tracking.selectors.remarks import remarks_on
from tracking.selectors.written import Written, last_accepted
from tracking.usecases.submissions import SAID, is_marked_internal
from tracking.views.readings import reading_forms

REFUSALS = (InvalidError, ConflictError, StaleError, KeyReusedError)
FIELD_OF = {
    "no_work_status": "work_status",
    "no_completed_on": "completed_on",
    "completed_in_the_future": "completed_on",
    "no_narrative": "narrative",
    "nothing_before": "narrative",
    "marked_secret": "narrative",
    "no_signature": "signed_by",
    "signed_in_the_future": "signed_on",
    "not_later": "new_due_on",
    "no_contribution": "text",
    "no_reason": "reason",
    "no_number": "number",
    "issued_in_the_future": "issued_on",
    "issued_early": "issued_on",
    "answer_too_early": "answer_by",
    "approved_in_the_future": "approved_on",
    "no_new_day": "day",
}
UNSENT = (SubmissionStatus.DRAFT, SubmissionStatus.SIGN_OFF)


def put_refusal(error: DomainError, *forms: Form) -> None:
    """Stand the sentence at its field, else above the first form."""
    field = FIELD_OF.get(error.code)
    for form in forms:
        if field in form.fields:
            form.add_error(field, error.message)
            return
    forms[0].add_error(None, error.message)


class MilestonePage:
    """What the page of one milestone shows to one person; its forms can be replaced by bound ones
    that were refused."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.request = request
        self.user: User = actor(request)
        self.today = clock.today()
        self.milestone: Milestone = get_object_or_404(
            Milestone.objects.visible_to(self.user)
            .with_assignment()
            .with_state(today=self.today, soon_until=soon_until(self.today)),
            pk=pk,
        )
        self.reports = list(
            Submission.objects.visible_to(self.user)
            .filter(milestone=self.milestone)
            .select_related("author", "review__by")
            .prefetch_related(
                Prefetch("evidence", queryset=Evidence.objects.select_related("file"))
            )
            .order_by("-number")
        )
        self.report_form: ReportForm | None = None
        self.signature_form: SignatureForm | None = None
        self.evidence_rows: list[EvidenceForm] | None = None
        self.extension_form: ExtensionForm | None = None
        self.reading_forms: list[ReadingForm] | None = None
        self.contribution_form: ContributionForm | None = None
        self.ask_form: AskExtensionForm | None = None
        self.past_form: PastForm | None = None
        self.extra: dict[str, Any] = {}

    @cached_property
    def written(self) -> Written:
        """What the person may see of what is written, and what was last accepted."""
        accepted = last_accepted(self.milestone, self.reports, self.user)
        return Written(self.milestone, tuple(self.reports), accepted)

    @property
    def newest(self) -> Submission | None:
        """The last report the person may see."""
        return self.written.newest

    @property
    def draft(self) -> Submission | None:
        """The open report that can be written on."""
        return self.written.draft

    @property
    def basis(self) -> Submission | None:
        """The report whose words fill the form: the draft, else the one that came back."""
        newest = self.newest
        if newest and newest.status in (SubmissionStatus.DRAFT, SubmissionStatus.RETURNED):
            return newest
        return None

    @property
    def is_reporter(self) -> bool:
        """Whether the person reports or signs for the unit that owes the milestone."""
        return self.user.has_perm("tracking.edit_submission", self.milestone)

    @property
    def is_writable(self) -> bool:
        """Whether there is a form to fill in."""
        return self.is_reporter and self.written.is_writable

    def fresh_report_form(self) -> ReportForm:
        """Return the form as the person finds it."""
        basis = self.basis
        initial: dict[str, Any] = {}
        if basis:
            initial = {name: getattr(basis, name) for name in SAID}
        return ReportForm(initial=initial)

    def fresh_signature_form(self) -> SignatureForm:
        """Return the signature fields; a head who is at the screen signs here and now."""
        if self.milestone.department_id in scope_of(self.user).signs_for:
            return SignatureForm(initial={"signed_by": self.user.name, "signed_on": self.today})
        before = next((row.signed_by for row in self.reports if row.signed_by), "")
        return SignatureForm(initial={"signed_by": before})

    @cached_property
    def remarks(self) -> list[str]:
        """What to check before the open report leaves the house."""
        newest = self.newest
        if newest is None or newest.status not in UNSENT or not self.is_reporter:
            return []
        return remarks_on(newest, self.milestone, on=self.today)

    @property
    def is_marked_internal(self) -> bool:
        """Whether the open report bears the word 内部, so that somebody has to clear it."""
        newest = self.newest
        return bool(newest and newest.status in UNSENT and is_marked_internal(newest))

    @cached_property
    def contributions(self) -> list[Contribution]:
        """What supporting units add that no report has taken over, and that the person may see."""
        rows = Contribution.objects.visible_to(self.user).open()
        return list(rows.filter(milestone=self.milestone).select_related("department", "author"))

    @property
    def contributor(self) -> Assignment | None:
        """The supporting assignment for which the person may add to the report."""
        if self.is_reporter or self.milestone.status != MilestoneStatus.OPEN:
            return None
        mine = scope_of(self.user).departments
        others: list[Assignment] = self.milestone.assignment.co_assignments  # type: ignore[attr-defined]
        return next((row for row in others if row.department_id in mine), None)

    def own_contribution(self) -> Contribution | None:
        """Return the part of the person's unit that is still open."""
        unit = self.contributor
        return next(
            (row for row in self.contributions if unit and row.department_id == unit.department_id),
            None,
        )

    def fresh_contribution_form(self) -> ContributionForm:
        """Return the form of a supporting unit as the person finds it."""
        part = self.own_contribution()
        return ContributionForm(
            initial={
                "text": part.text if part else "",
                "expected_version": part.version if part else 0,
            },
            auto_id="contribution_%s",
        )

    def context(self) -> dict[str, Any]:
        """Return everything the template names."""
        milestone, newest = self.milestone, self.newest
        measure = milestone.assignment.measure
        past = [row for row in self.reports if row != self.draft]
        accepted = self.written.accepted
        report_form = self.report_form or self.fresh_report_form()
        rows = self.evidence_rows
        if rows is None:
            rows = list(EvidenceFormSet(prefix="evidence"))
        asked_for = milestone.extension_requests.exclude(status=RequestStatus.WITHDRAWN)
        requests = list(asked_for.order_by("id"))
        return {
            "title": f"{milestone.reference} {measure.title}",
            "crumbs": [self._way_here(), (None, milestone.reference)],
            "milestone": milestone,
            "measure": measure,
            "edition": measure.edition,
            "own_assignment": self._own_assignment(),
            "quote": quote_of(milestone.source),
            "unknown_years": unknown_years([milestone.due_on]),
            "names": list(Responsibility.objects.filter(measure=measure).order_by("ordinal")),
            "extensions": list(milestone.extensions.all()),
            "gathering": gatherings_of([milestone.pk]).get(milestone.pk),
            "newest": newest,
            "draft": self.draft,
            "basis": self.basis,
            "past": past,
            "accepted": accepted,
            "returned": newest if newest and newest.status == SubmissionStatus.RETURNED else None,
            "came_back": self.written.returned,
            "is_reporter": self.is_reporter,
            "is_writable": self.is_writable,
            "may_sign": self.user.has_perm("tracking.sign_submission", milestone),
            "form": report_form,
            "signature": self.signature_form or self.fresh_signature_form(),
            "evidence_rows": rows,
            "reading_forms": self._reading_forms(),
            "has_broken_rows": any(row.is_bound and row.errors for row in rows[1:]),
            "evidence_total": 1
            + max((int(str(row.prefix).rsplit("-", 1)[1]) for row in rows), default=-1),
            "may_decide": milestone.status == MilestoneStatus.UNDECIDED
            and milestone.gathered_by_id is None
            and self.user.has_perm("tracking.decide_past_day", milestone),
            "past_form": self.past_form or PastForm(auto_id="past_%s"),
            "extension": self.extension_form or ExtensionForm(),
            "remarks": self.remarks,
            "news": changes(accepted.narrative, newest.narrative) if accepted and newest else [],
            "is_marked_internal": self.is_reporter and self.is_marked_internal,
            "contributions": self.contributions,
            "contributor": self.contributor,
            "may_ask": self.is_reporter
            and milestone.status == MilestoneStatus.OPEN
            and not any(row.status == RequestStatus.ASKED for row in requests),
            "ask": self.ask_form or AskExtensionForm(auto_id="ask_%s"),
            "requests": requests,
            "contribution": self.contribution_form or self.fresh_contribution_form(),
            "days_overdue": milestone.days_overdue(self.today),
            "entries": timeline_of(milestone.assignment, user=self.user),
            "request_key": uuid.uuid4(),
            **self.extra,
        }

    def _reading_forms(self) -> list[ReadingForm]:
        if self.reading_forms is not None or not self.is_writable:
            return self.reading_forms or []
        return reading_forms(self.milestone, self.basis, year=self.today.year)

    def _own_assignment(self) -> Assignment | None:
        """The assignment the person may open: the one that reports, else the unit's own part."""
        same = Assignment.objects.filter(measure=self.milestone.assignment.measure_id).live()
        mine = same.visible_to(self.user).order_by(F("reports_through").asc(nulls_first=True))
        return mine.first()

    def _way_here(self) -> tuple[str, str]:
        if self.is_reporter:
            return reverse("tracking:my-work"), "我的待办"
        return reverse("tracking:milestones"), "时间节点"

    def render(self, status: int = 200) -> HttpResponse:
        """Answer with the page."""
        return render(self.request, "tracking/milestone.html", self.context(), status=status)
