"""The report on a milestone: written, kept by itself, checked once, and sent."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    KeyReusedError,
    StaleError,
)
from tracking.forms.report import (
    ContributionForm,
    EvidenceForm,
    EvidenceFormSet,
    ReportForm,
    SignatureForm,
    evidence_left_over,
)
from tracking.models import Submission
from tracking.usecases import (
    contribute,
    save_draft,
    send_for_sign_off,
    submit,
    take_back,
    take_over_contribution,
)
from tracking.views.milestone_page import REFUSALS, MilestonePage, put_refusal
from tracking.views.readings import figure_remarks, typed_readings

DONE_SENTENCES = {
    "save": "草稿已保存，尚未报送。",
    "send_for_sign_off": "已送审签。审签后填写审签人、审签日期再报送。",
    "submit": "已报送，等待审核。",
    "take": "已把配合情况加在进展情况后面，请修改通顺。",
}


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
    page.reading_forms, readings = typed_readings(request, page.milestone, year=page.today.year)
    page.report_form, page.signature_form = form, signature
    page.evidence_rows = list(rows)
    try:
        draft = save_draft(
            milestone_id=page.milestone.pk,
            report=form.report(page.draft),
            evidence=kept,
            readings=readings,
            drop_evidence=[int(pk) for pk in request.POST.getlist("drop") if pk.isdecimal()],
            expected_version=form.cleaned_data.get("expected_version", -1),
            by=page.user,
            at=at,
        )
    except (StaleError, ConflictError, KeyReusedError) as error:
        return _overtaken(page, error)
    except InvalidError as error:
        put_refusal(error, form, signature)
        return page.render(error.status)
    for remark in figure_remarks(draft):
        messages.warning(request, remark)
    if form.errors or broken or sentences or any(row.errors for row in page.reading_forms):
        return _mend(page, broken, sentences)
    return _take_step(page, draft, at)


def _take_step(page: MilestonePage, draft: Submission, at: datetime) -> HttpResponse:
    """Take the step that the pressed button names, with the draft as it was just kept."""
    request, form, signature = page.request, page.report_form, page.signature_form
    assert form is not None
    assert signature is not None
    step, _, contribution = request.POST.get("step", "save").partition("-")
    if step == "submit":
        if not signature.require():
            return _mend(page, [], [])
        if asked := _ask(page):
            return asked
    try:
        if step == "submit":
            submit(
                submission_id=draft.pk,
                expected_version=draft.version,
                is_cleared="is_cleared" in request.POST,
                by=page.user,
                at=at,
                today=page.today,
                **signature.cleaned_data,
            )
        elif step == "send_for_sign_off":
            send_for_sign_off(
                submission_id=draft.pk, expected_version=draft.version, by=page.user, at=at
            )
        elif step == "take" and contribution.isdecimal():
            take_over_contribution(
                contribution_id=int(contribution),
                expected_version=draft.version,
                by=page.user,
                at=at,
            )
    except (InvalidError, ConflictError) as error:
        put_refusal(error, form, signature)
        return _mend(page, [], [])
    messages.success(request, DONE_SENTENCES.get(step, DONE_SENTENCES["save"]))
    return redirect("tracking:milestone", page.milestone.pk)


def _ask(page: MilestonePage) -> HttpResponse | None:
    """Show once what a reader would ask about the report as it was just kept; None when there is
    nothing new to show."""
    again = MilestonePage(page.request, page.milestone.pk)
    unseen = set(again.remarks) - set(page.request.POST.getlist("seen"))
    is_uncleared = again.is_marked_internal and "is_cleared" not in page.request.POST
    if not (unseen or is_uncleared):
        return None
    again.report_form, again.signature_form = page.report_form, page.signature_form
    again.extra = {"is_asked": True}
    return again.render()


def _mend(page: MilestonePage, broken: list[EvidenceForm], sentences: list[str]) -> HttpResponse:
    """Show the page again after the draft was kept: what is stored, and what is to be mended."""
    again = MilestonePage(page.request, page.milestone.pk)
    again.report_form, again.signature_form = page.report_form, page.signature_form
    to_mend = {row.prefix: row for row in broken}
    blank = EvidenceFormSet(prefix="evidence")
    again.evidence_rows = [to_mend.pop(row.prefix, row) for row in blank]
    again.evidence_rows += to_mend.values()
    again.reading_forms = page.reading_forms or None
    again.extra = {"kept_notice": True, "sentences": sentences}
    return again.render(400)


def _overtaken(page: MilestonePage, error: DomainError) -> HttpResponse:
    """Show what is newer beside what was typed; nothing of either is lost."""
    again = MilestonePage(page.request, page.milestone.pk)
    form = page.report_form
    assert form is not None
    again.report_form, again.signature_form = form, page.signature_form
    again.evidence_rows = page.evidence_rows
    again.reading_forms = page.reading_forms or None
    again.extra = {
        "overtaken": error.message,
        "typed": form.typed(),
        "lost_files": [
            upload.name for _, chosen in page.request.FILES.lists() for upload in chosen
        ],
    }
    return again.render(409)


@require_POST
def milestone_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the words of a form while somebody types; the answer is a line of the page."""
    page = MilestonePage(request, pk)
    form = ReportForm(request.POST)
    form.is_valid()
    at = clock.now()
    try:
        draft = save_draft(
            milestone_id=pk,
            report=form.report(page.draft),
            expected_version=form.cleaned_data.get("expected_version", -1),
            is_by_itself=True,
            by=page.user,
            at=at,
        )
    except (StaleError, ConflictError, InvalidError) as error:
        context: dict[str, Any] = {"problem": error.message}
    else:
        context = {"draft": draft, "kept_at": timezone.localtime(at)}
    return render(request, "tracking/_kept.html", context)


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
            is_cleared="is_cleared" in request.POST,
            by=page.user,
            at=clock.now(),
            today=page.today,
            **signature.cleaned_data,
        )
    except REFUSALS as error:
        put_refusal(error, signature)
        again = MilestonePage(request, submission.milestone_id)
        again.signature_form = signature
        return again.render(error.status)
    messages.success(request, DONE_SENTENCES["submit"])
    return redirect("tracking:milestone", submission.milestone_id)


@require_POST
def submission_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a draft again of what nobody has decided on."""
    submission = _own(request, pk)
    take_back(
        submission_id=pk, expected_version=_version(request), by=actor(request), at=clock.now()
    )
    messages.success(request, "已收回，可以修改后重新报送。")
    return redirect("tracking:milestone", submission.milestone_id)


@require_POST
def milestone_contribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a supporting unit adds to the report."""
    page = MilestonePage(request, pk)
    page.contribution_form = form = ContributionForm(request.POST, auto_id="contribution_%s")
    if page.contributor is None:
        raise ForbiddenError
    if not form.is_valid():
        return page.render(400)
    try:
        contribute(
            milestone_id=pk,
            department_id=page.contributor.department_id,
            by=page.user,
            at=clock.now(),
            **form.cleaned_data,
        )
    except REFUSALS as error:
        put_refusal(error, form)
        again = MilestonePage(request, pk)
        again.contribution_form = form
        return again.render(error.status)
    messages.success(request, "配合情况已保存，填报单位可以看到并采用；采用前可以修改。")
    return redirect("tracking:milestone", pk)


def _own(request: HttpRequest, pk: int) -> Submission:
    return get_object_or_404(Submission.objects.visible_to(actor(request)), pk=pk)


def _version(request: HttpRequest) -> int:
    version = request.POST.get("expected_version", "")
    return int(version) if version.isdecimal() else -1
