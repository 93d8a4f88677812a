"""审核: the queue of reports that wait, and the page on which one is decided."""

import uuid
from datetime import date
from typing import Any

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.calendar import WorkCalendar
from accounts.errors import ConflictError, InvalidError, StaleError
from accounts.models import User
from accounts.scope import scope_of
from plans.typography import full_width
from tracking.choices import Decision, MilestoneKind, SubmissionStatus, WorkStatus
from tracking.forms.desk import AcceptForm, ReturnForm
from tracking.models import Milestone, Submission
from tracking.querysets import SENT
from tracking.selectors.comparison import changes
from tracking.selectors.metrics import figures_in
from tracking.selectors.reviewers import Reviewers
from tracking.selectors.sentences import lasting_of
from tracking.selectors.waiting import waiting_reports
from tracking.selectors.words import return_word
from tracking.selectors.written import last_accepted
from tracking.usecases import accept_submission, drop_phrase, keep_phrase, return_submission
from tracking.usecases.reviews import already_decided

ROWS_PER_PAGE = 50
DAYS_TO_REDO = 5


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a report beside the plan's sentence and take the decision on it."""
    user = actor(request)
    submission = _submission(user, pk)
    if submission is None:
        return _taken_back(request, user, pk)
    authorize(user, "tracking.see_queue", submission.milestone)
    if request.method == "POST":
        return _decide(request, user, submission)
    return _show(request, user, submission, *_empty_forms(submission))


def _submission(user: User, pk: int) -> Submission | None:
    return (
        Submission.objects.visible_to(user)
        .filter(status__in=SENT)
        .with_milestone()
        .select_related(
            "review__by",
            "milestone__deadline",
            "milestone__assignment__measure__parent",
            "milestone__department__host",
        )
        .filter(pk=pk)
        .first()
    )


def _taken_back(request: HttpRequest, user: User, pk: int) -> HttpResponse:
    """Keep what a reviewer typed on a report that its unit has taken back meanwhile."""
    oversees = Milestone.objects.filter(
        submissions=pk, department__district__in=scope_of(user).overseen
    )
    if request.method != "POST" or not oversees.exists():
        raise Http404
    return _conflict(request, "填报单位刚收回了这次反馈，待其重新报送后再审核。")


def _empty_forms(submission: Submission) -> tuple[AcceptForm, ReturnForm]:
    is_complete = submission.work_status == WorkStatus.COMPLETED and submission.completed_on
    redo_by = WorkCalendar.load().after(clock.today(), DAYS_TO_REDO)
    return (
        AcceptForm(
            initial={
                "decision": Decision.DONE if is_complete else Decision.NOTED,
                "stands": bool(lasting_of(submission.milestone)),
                "expected_version": submission.version,
            },
            auto_id="accept_%s",
        ),
        ReturnForm(
            initial={"redo_by": redo_by, "expected_version": submission.version},
            auto_id="return_%s",
        ),
    )


def _decide(request: HttpRequest, user: User, submission: Submission) -> HttpResponse:
    accept, send_back = _empty_forms(submission)
    is_return = request.POST.get("action") == "return"
    form: AcceptForm | ReturnForm
    if is_return:
        form = send_back = ReturnForm(request.POST, auto_id="return_%s")
    else:
        form = accept = AcceptForm(request.POST, auto_id="accept_%s")
    if not form.is_valid():
        return _show(request, user, submission, accept, send_back)
    try:
        if isinstance(form, ReturnForm):
            return_submission(
                submission_id=submission.pk,
                note=form.note(),
                redo_by=form.cleaned_data["redo_by"],
                by=user,
                at=clock.now(),
                today=clock.today(),
                expected_version=form.cleaned_data["expected_version"],
            )
        else:
            accept_submission(
                submission_id=submission.pk,
                decision=Decision(form.cleaned_data["decision"]),
                note=form.words(),
                stands=form.cleaned_data["stands"],
                by=user,
                at=clock.now(),
                expected_version=form.cleaned_data["expected_version"],
            )
        if form.cleaned_data["keep_phrase"]:
            keep_phrase(text=form.words(), by=user, at=clock.now())
    except InvalidError as error:
        form.add_error(None, error.message)
        return _show(request, user, submission, accept, send_back)
    except (ConflictError, StaleError):
        return _conflict(request, _what_happened(submission.pk))
    return _next(request, user, submission, is_return=is_return)


def _what_happened(pk: int) -> str:
    now = Submission.objects.select_related("review__by").get(pk=pk)
    if now.status == SubmissionStatus.SUBMITTED:
        return "您打开之后，填报单位收回修改并重新报送了这次反馈，请看过新内容再审核。"
    decided = getattr(now, "review", None)
    if decided is None:
        return "填报单位刚收回了这次反馈，待其重新报送后再审核。"
    return already_decided(decided)


def _conflict(request: HttpRequest, message: str) -> HttpResponse:
    typed = [
        ("勾选", "、".join(request.POST.getlist("missing"))),
        ("说明", request.POST.get("reason", "")),
        ("审核意见", request.POST.get("note", "")),
    ]
    context = {
        "message": message,
        "typed": [(label, text) for label, text in typed if text.strip()],
        "back_url": reverse("tracking:queue"),
    }
    return render(request, "409.html", context, status=409)


def _next(
    request: HttpRequest, user: User, submission: Submission, *, is_return: bool
) -> HttpResponse:
    milestone = submission.milestone
    done = return_word(milestone.department) if is_return else "审核通过"
    messages.success(
        request,
        f"{milestone.reference}（{milestone.department}）：{done}。",
    )
    following = next(iter(_to_review(user)), None)
    if following is None:
        return redirect("tracking:queue")
    return redirect("tracking:review", following)


def _to_review(user: User) -> list[int]:
    """Return what waits for this person's decision, in the order of the queue."""
    rows = waiting_reports(
        user, Submission.objects.all(), today=clock.today(), calendar=WorkCalendar.load()
    )
    return [row.submission.pk for row in rows if row.may_review]


def _neighbours(user: User, submission: Submission) -> dict[str, int | None]:
    """Return what stands before and after a report in the person's queue."""
    queue = _to_review(user)
    if submission.pk not in queue:
        return {"before": None, "after": queue[0] if queue else None}
    at = queue.index(submission.pk)
    return {
        "before": queue[at - 1] if at else None,
        "after": queue[at + 1] if at + 1 < len(queue) else None,
    }


def _show(
    request: HttpRequest,
    user: User,
    submission: Submission,
    accept: AcceptForm,
    send_back: ReturnForm,
) -> HttpResponse:
    milestone = submission.milestone
    earlier = list(
        milestone.submissions.filter(status__in=SENT, number__lt=submission.number)
        .select_related("review__by")
        .order_by("-number")
    )
    previous = earlier[0] if earlier else None
    accepted = last_accepted(milestone, earlier, user)
    may_review = rules.has_perm("tracking.review_submission", user, submission)
    department = milestone.department
    _propose_to_stand(accept, milestone)
    context: dict[str, Any] = {
        "title": f"审核 {milestone.reference}",
        "crumbs": [
            (reverse("tracking:queue"), "审核"),
            (None, milestone.reference),
        ],
        "submission": submission,
        "milestone": milestone,
        "measure": milestone.assignment.measure,
        "quote": _quote(milestone),
        "sent_late": _days_late(submission),
        "figures": figures_in(submission),
        "evidence": submission.evidence.select_related("file"),
        "earlier": earlier,
        "compared": [
            (row, changes(row.narrative, submission.narrative))
            for row in dict.fromkeys(filter(None, (accepted, previous)))
        ],
        "co_leads": [
            row.department.name
            for row in milestone.assignment.reporters.select_related("department")
        ],
        "may_review": may_review,
        "reviewers": []
        if may_review
        else Reviewers.load({department.district_id}).offices_for(
            department.pk, department.district_id
        ),
        "is_waiting": submission.status == SubmissionStatus.SUBMITTED,
        "return_word": return_word(department),
        "queue": _neighbours(user, submission),
        "phrases": list(user.phrases.all()),
        "accept": accept,
        "send_back": send_back,
        "request_key": uuid.uuid4(),
    }
    is_invalid = accept.is_bound or send_back.is_bound
    return render(request, "tracking/review.html", context, status=400 if is_invalid else 200)


def _propose_to_stand(accept: AcceptForm, milestone: Milestone) -> None:
    """Say at the tick which words of the plan go on after the date; only a date can be followed."""
    if milestone.kind != MilestoneKind.DEADLINE:
        del accept.fields["stands"]
    elif lasting := lasting_of(milestone):
        accept.fields["stands"].help_text = f"方案在时限之后还写着“{full_width(lasting)}”。"


def _quote(milestone: Milestone) -> tuple[str, str, str]:
    """Return the measure's text as printed: before what sets the day, that, and after it."""
    measure, source = milestone.assignment.measure, milestone.source
    text = full_width(measure.edition.text[measure.start : measure.end])
    start, end = source.start - measure.start, source.end - measure.start
    if source == measure or not 0 <= start <= end <= len(text):
        return text, "", ""
    return text[:start], text[start:end], text[end:]


def _days_late(submission: Submission) -> int:
    assert submission.submitted_at is not None
    sent_on: date = timezone.localdate(submission.submitted_at)
    return submission.milestone.days_overdue(sent_on)


@require_POST
def phrase_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a sentence of one's own."""
    drop_phrase(phrase_id=pk, by=actor(request), at=clock.now())
    messages.success(request, "常用语已删去。")
    return redirect("tracking:queue")
