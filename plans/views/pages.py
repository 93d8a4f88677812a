"""The plan as written: the list, the upload, the text as laid out, the list of slips."""

from io import BytesIO

import rules
from django.core.files.base import ContentFile
from django.db.models import Count, Prefetch, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.errors import ConflictError, InvalidError
from accounts.models import StoredFile
from plans.choices import EditionStatus
from plans.forms import PASTED, ImportForm
from plans.layout import lay_out
from plans.models import Edition, ImportJob, Plan
from plans.slips import slips_workbook
from plans.typography import full_width
from plans.usecases import import_plan, start_import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """List the plans with their documents."""
    user = actor(request)
    editions = (
        Edition.objects.visible_to(user)
        .defer("text", "places")
        .select_related("imported_by")
        .annotate(leaves=Count("measures", filter=Q(measures__is_leaf=True)))
        .order_by("-number")
    )
    found = (
        Plan.objects.visible_to(user)
        .select_related("district")
        .prefetch_related(Prefetch("editions", editions, to_attr="shown_editions"))
        .order_by("-id")
    )
    context = {
        "title": "实施方案",
        "plans": found,
        "can_import": rules.has_perm("plans.import_plan", user),
        "jobs": ImportJob.objects.visible_to(user).open(),
    }
    return render(request, "plans/plans.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a document as a file or as text, and go on to what was read from it."""
    user = actor(request)
    authorize(user, "plans.import_plan")
    if request.method == "GET":
        plan = _plan_asked(request)
        return _show_upload(request, ImportForm(user=user, initial={"plan": plan}))
    form = ImportForm(request.POST, request.FILES, user=user)
    if not form.is_valid():
        return _show_upload(request, form, status=400)
    data = form.cleaned_data
    to = {"district": data["district"], "plan": data["plan"], "by": user, "at": clock.now()}
    try:
        if data["file"]:
            found = start_import(upload=data["file"], **to)
        else:
            text = ContentFile(data["text"].encode(errors="replace"), name=PASTED)
            found = import_plan(upload=text, at_once=True, **to)
    except (InvalidError, ConflictError) as error:
        form.add_error(None, error.message)
        return _show_upload(request, form, status=error.status)
    page = "plans:edition" if isinstance(found, Edition) else "plans:import_job"
    return redirect(page, found.pk)


def _plan_asked(request: HttpRequest) -> Plan | None:
    """Return the plan of which a new text is brought, if the person may see it."""
    asked = request.GET.get("plan") or request.POST.get("plan")
    return next((p for p in Plan.objects.visible_to(actor(request)) if str(p.pk) == asked), None)


def _show_upload(request: HttpRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    plan = _plan_asked(request)
    context = {
        "title": "导入新文本" if plan else "导入实施方案",
        "form": form,
        "plan": plan,
        "crumbs": [(reverse("plans:plans"), "实施方案"), ("", "导入")],
    }
    return render(request, "plans/import.html", context, status=status)


@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the document as it was laid out, with what was found lit in the text."""
    user = actor(request)
    found = get_object_or_404(
        Edition.objects.visible_to(user).select_related("plan", "file"), pk=pk
    )
    may_check = rules.has_perm("plans.check_edition", user, found)
    edition_url = reverse("plans:edition", args=[found.pk])
    is_draft = found.status == EditionStatus.DRAFT
    context = {
        "title": full_width(found.title),
        "edition": found,
        "page": lay_out(found, edition_url if may_check and is_draft else ""),
        "is_draft": is_draft,
        "is_open": may_check and is_draft,
        "in_force": found.plan.editions.in_force(),
        "may_download": StoredFile.objects.visible_to(user).filter(pk=found.file_id).exists(),
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            (edition_url, "识别结果核对" if is_draft else "任务清单"),
            ("", "原文"),
        ],
    }
    return render(request, "plans/text.html", context)


@require_GET
def export_slips(request: HttpRequest, pk: int) -> FileResponse:
    """Send 《文稿勘误表》 as a workbook."""
    user = actor(request)
    found = get_object_or_404(Edition.objects.visible_to(user).select_related("plan"), pk=pk)
    authorize(user, "plans.check_edition", found)
    return FileResponse(
        BytesIO(slips_workbook(found)),
        as_attachment=True,
        filename=f"文稿勘误表（{found.pk}）.xlsx",
        content_type=XLSX,
    )
