"""The result of a survey put on record: by a form, or by a sheet that was filled in."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import DomainError
from accounts.files import MEDIA_TYPES
from plans.typography import full_width
from tracking.forms.surveys import TYPED, SurveyForm
from tracking.usecases import record_survey
from tracking.views.metrics import metric_view
from tracking.workbook import table_of

FIELD_OF = {
    "bad_value": "value",
    "no_sample": "sample_size",
    "no_surveyor": "surveyed_by",
    "marked_secret": "surveyed_by",
    "surveyed_in_the_future": "surveyed_on",
}
NOTE = (
    "在“内容”一列填写，满意度只填数字、不带百分号，日期如2017-11-20；"
    "填好后在指标页“登记测评结果”上传。本表不得填写涉密和敏感信息。"
)


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the result of a survey into the owner's report; what was typed stays when refused."""
    user, today = actor(request), clock.today()
    edition, view = metric_view(user, pk, until=today)
    authorize(user, "tracking.record_survey", view.tracked)
    assert view.tracked is not None
    form = SurveyForm(request.POST if request.method == "POST" else None, request.FILES or None)
    status = 400 if form.errors else 200
    if form.is_valid():
        try:
            draft = record_survey(
                metric_id=view.tracked.pk,
                name=full_width(view.metric.name),
                result=form.result(),
                upload=form.cleaned_data["file"],
                by=user,
                at=clock.now(),
                today=today,
            )
        except DomainError as error:
            form.add_error(FIELD_OF.get(error.code), error.message)
            status = error.status
        else:
            messages.success(
                request, "测评结果和文件已放进这次反馈的草稿，核对后报送，审核通过后计入指标。"
            )
            return redirect("tracking:milestone", draft.milestone_id)
    back = reverse("tracking:metric", args=[pk])
    context = {
        "title": "登记满意度测评结果",
        "crumbs": [
            (reverse("tracking:metrics"), "效果指标"),
            (back, "指标"),
            (None, "登记测评结果"),
        ],
        "edition": edition,
        "view": view,
        "form": form,
        "back": back,
        "request_key": uuid.uuid4(),
    }
    return render(request, "tracking/survey.html", context, status=status)


@require_GET
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sheet on which the result of a survey is filled in."""
    _, view = metric_view(actor(request), pk, until=clock.today())
    labels = [str(SurveyForm.base_fields[name].label) for name in TYPED]
    rows = [("指标", full_width(view.metric.name)), *((label, "") for label in labels)]
    book = table_of("满意度测评登记表", NOTE, ("项目", "内容"), rows)
    response = HttpResponse(book, content_type=MEDIA_TYPES[".xlsx"])
    response["Content-Disposition"] = content_disposition_header(True, "满意度测评登记表.xlsx")
    response["Cache-Control"] = "private, no-store"
    return response
