"""The page of a milestone: the plan's sentence, the report form, and what happened before."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import F, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.actor import actor
from accounts.choices import Role
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
from tracking.choices import MilestoneStatus, SubmissionStatus
from tracking.forms.report import (
    EvidenceForm,
    EvidenceFormSet,
    ExtensionForm,
    ReportForm,
    SignatureForm,
    evidence_left_over,
)
from tracking.models import Assignment, Evidence, Milestone, Submission
from tracking.selectors import quote_of, soon_until, timeline_of
from tracking.selectors.gathering import gatherings_of
from tracking.usecases import (
    record_extension,
    save_draft,
    send_for_sign_off,
    submit,
    take_back,
)

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
}
DONE_SENTENCES = {
    "save": "草稿已保存，尚未报送。",
    "send_for_sign_off": "已送审签。审签后填写审签人、审签日期再报送。",
    "submit": "已报送，等待审核。",
}


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
        self.extra: dict[str, Any] = {}

    @property
    def newest(self) -> Submission | None:
        """The last report the person may see."""
        return self.reports[0] if self.reports else None

    @property
    def draft(self) -> Submission | None:
        """The open report that can be written on."""
        newest = self.newest
        return newest if newest and newest.status == SubmissionStatus.DRAFT else None

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
        newest = self.newest
        in_hands = newest and newest.status in (
            SubmissionStatus.SIGN_OFF,
            SubmissionStatus.SUBMITTED,
        )
        return self.is_reporter and self.milestone.status == MilestoneStatus.OPEN and not in_hands

    def fresh_report_form(self) -> ReportForm:
        """Return the form as the person finds it."""
        basis = self.basis
        initial: dict[str, Any] = {}
        if basis:
            initial = {
                "work_status": basis.work_status,
                "completed_on": basis.completed_on,
                "narrative": basis.narrative,
                "is_unchanged": basis.is_unchanged,
            }
        return ReportForm(initial=initial)

    def fresh_signature_form(self) -> SignatureForm:
        """Return the signature fields; a head who is at the screen signs here and now."""
        scope = scope_of(self.user)
        if any(
            role == Role.HEAD and department == self.milestone.department_id
            for role, department, _ in scope.roles
        ):
            return SignatureForm(initial={"signed_by": self.user.name, "signed_on": self.today})
        before = next((row.signed_by for row in self.reports if row.signed_by), "")
        return SignatureForm(initial={"signed_by": before})

    def context(self) -> dict[str, Any]:
        """Return everything the template names."""
        milestone, newest = self.milestone, self.newest
        measure = milestone.assignment.measure
        past = [row for row in self.reports if row != self.draft]
        accepted = next((row for row in past if row.status == SubmissionStatus.ACCEPTED), None)
        report_form = self.report_form or self.fresh_report_form()
        rows = self.evidence_rows
        if rows is None:
            rows = list(EvidenceFormSet(prefix="evidence"))
        return {
            "title": f"{milestone.reference} {measure.title}",
            "crumbs": [self._way_here(), (None, milestone.reference)],
            "milestone": milestone,
            "measure": measure,
            "edition": measure.edition,
            "own_assignment": self._own_assignment(),
            "quote": quote_of(milestone.source),
            "names": list(Responsibility.objects.filter(measure=measure).order_by("ordinal")),
            "extensions": list(milestone.extensions.all()),
            "newest": newest,
            "draft": self.draft,
            "basis": self.basis,
            "past": past,
            "accepted": accepted,
            "returned": newest if newest and newest.status == SubmissionStatus.RETURNED else None,
            "came_back": self._came_back(),
            "is_reporter": self.is_reporter,
            "is_writable": self.is_writable,
            "form": report_form,
            "signature": self.signature_form or self.fresh_signature_form(),
            "evidence_rows": rows,
            "has_broken_rows": any(row.is_bound and row.errors for row in rows[1:]),
            "evidence_total": 1 + max(int(str(row.prefix).rsplit("-", 1)[1]) for row in rows),
            "extension": self.extension_form or ExtensionForm(),
            "gathering": gatherings_of([milestone.pk]).get(milestone.pk),
            "days_overdue": milestone.days_overdue(self.today),
            "entries": timeline_of(milestone.assignment, user=self.user),
            "request_key": uuid.uuid4(),
            **self.extra,
        }

    def _own_assignment(self) -> Assignment | None:
        """The assignment the person may open: the one that reports, else the unit's own part."""
        same = Assignment.objects.filter(measure=self.milestone.assignment.measure_id).live()
        mine = same.visible_to(self.user).order_by(F("reports_through").asc(nulls_first=True))
        return mine.first()

    def _way_here(self) -> tuple[str, str]:
        if self.is_reporter:
            return reverse("tracking:my-work"), "我的待办"
        return reverse("tracking:milestones"), "时间节点"

    def _came_back(self) -> Submission | None:
        """Return the returned report that is being mended."""
        for row in self.reports:
            if row.status == SubmissionStatus.RETURNED:
                return row
            if row.status != SubmissionStatus.DRAFT:
                return None
        return None

    def render(self, status: int = 200) -> HttpResponse:
        """Answer with the page."""
        return render(self.request, "tracking/milestone.html", self.context(), status=status)


def milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a milestone; by POST keep the report and, if asked, send it on."""
    page = MilestonePage(request, pk)
    if request.method == "POST":
        return _report(page)
    if "paper" in request.GET:
        return render(request, "tracking/sign_off_sheet.html", page.context())
    return page.render()


def _report(page: MilestonePage) -> HttpResponse:
    """Save first, so that nothing typed or chosen is lost, then take the step that was asked."""
    request, at = page.request, clock.now()
    form = ReportForm(request.POST)
    rows = EvidenceFormSet(request.POST, request.FILES, prefix="evidence")
    signature = SignatureForm(request.POST)
    form.is_valid(), rows.is_valid(), signature.is_valid()
    kept, broken, sentences = evidence_left_over(list(rows))
    page.report_form, page.signature_form = form, signature
    page.evidence_rows = list(rows)
    step = request.POST.get("step", "save")
    try:
        draft = save_draft(
            milestone_id=page.milestone.pk,
            report=form.report(page.draft),
            evidence=kept,
            drop_evidence=[int(pk) for pk in request.POST.getlist("drop") if pk.isdecimal()],
            expected_version=form.cleaned_data.get("expected_version", -1),
            by=page.user,
            at=at,
        )
    except (StaleError, ConflictError, KeyReusedError) as error:
        return _overtaken(page, error)
    except InvalidError as error:
        _put(error, form, signature)
        return page.render(error.status)
    if form.errors or broken or sentences:
        return _mend(page, broken, sentences)
    if step == "submit" and not signature.require():
        return _mend(page, [], [])
    try:
        if step == "submit":
            submit(
                submission_id=draft.pk,
                expected_version=draft.version,
                by=page.user,
                at=at,
                today=page.today,
                **signature.cleaned_data,
            )
        elif step == "send_for_sign_off":
            send_for_sign_off(
                submission_id=draft.pk, expected_version=draft.version, by=page.user, at=at
            )
    except InvalidError as error:
        _put(error, form, signature)
        return _mend(page, [], [])
    messages.success(request, DONE_SENTENCES.get(step, DONE_SENTENCES["save"]))
    return redirect("tracking:milestone", page.milestone.pk)


def _put(error: DomainError, *forms: ReportForm | SignatureForm | ExtensionForm) -> None:
    """Stand the sentence at its field, else above the first form."""
    field = FIELD_OF.get(error.code)
    for form in forms:
        if field in form.fields:
            form.add_error(field, error.message)
            return
    forms[0].add_error(None, error.message)


def _mend(page: MilestonePage, broken: list[EvidenceForm], sentences: list[str]) -> HttpResponse:
    """Show the page again after the draft was kept: what is stored, and what is to be mended."""
    again = MilestonePage(page.request, page.milestone.pk)
    again.report_form, again.signature_form = page.report_form, page.signature_form
    to_mend = {row.prefix: row for row in broken}
    blank = EvidenceFormSet(prefix="evidence")
    again.evidence_rows = [to_mend.pop(row.prefix, row) for row in blank]
    again.evidence_rows += to_mend.values()
    again.extra = {"kept_notice": True, "sentences": sentences}
    return again.render(400)


def _overtaken(page: MilestonePage, error: DomainError) -> HttpResponse:
    """Show what is newer beside what was typed; nothing of either is lost."""
    again = MilestonePage(page.request, page.milestone.pk)
    form = page.report_form
    assert form is not None
    again.report_form, again.signature_form = form, page.signature_form
    again.evidence_rows = page.evidence_rows
    again.extra = {
        "overtaken": error.message,
        "typed_narrative": form.cleaned_data.get("narrative", form.data.get("narrative", "")),
        "lost_files": [
            upload.name for _, chosen in page.request.FILES.lists() for upload in chosen
        ],
    }
    return again.render(409)


@require_POST
def submission_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a report that was signed off in the house."""
    submission = _own(request, pk)
    page = MilestonePage(request, submission.milestone_id)
    page.signature_form = signature = SignatureForm(request.POST)
    if not signature.require():
        return page.render(400)
    try:
        submit(
            submission_id=pk,
            expected_version=_version(request),
            by=page.user,
            at=clock.now(),
            today=page.today,
            **signature.cleaned_data,
        )
    except REFUSALS as error:
        _put(error, signature)
        again = MilestonePage(request, submission.milestone_id)
        again.signature_form = signature
        return again.render(error.status)
    messages.success(request, DONE_SENTENCES["submit"])
    return redirect("tracking:milestone", submission.milestone_id)


@require_POST
def submission_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft again of what nobody has decided on."""
    submission = _own(request, pk)
    assert isinstance(request.user, User)
    take_back(submission_id=pk, expected_version=_version(request), by=request.user, at=clock.now())
    messages.success(request, "已收回，可以修改后重新报送。")
    return redirect("tracking:milestone", submission.milestone_id)


@require_POST
def milestone_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an agreed new day on record."""
    page = MilestonePage(request, pk)
    page.extension_form = form = ExtensionForm(request.POST)
    if not form.is_valid():
        return page.render(400)
    try:
        record_extension(milestone_id=pk, by=page.user, at=clock.now(), **form.cleaned_data)
    except REFUSALS as error:
        _put(error, form)
        again = MilestonePage(request, pk)
        again.extension_form = form
        return again.render(error.status)
    messages.success(request, "延期已登记，原时限保留。")
    return redirect("tracking:milestone", pk)


def _own(request: HttpRequest, pk: int) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(actor(request)), pk=pk)


def _version(request: HttpRequest) -> int:
    version = request.POST.get("expected_version", "")
    return int(version) if version.isdecimal() else -1
