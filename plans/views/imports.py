"""正在识别: how far the reading of a long file is, and where it leads."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from accounts import clock
from accounts.actor import actor
from accounts.errors import ConflictError
from plans.models import ImportJob
from plans.usecases import cancel_import


@require_GET
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far a file is read, again and again; lead on to what was read from it."""
    job = get_object_or_404(ImportJob.objects.visible_to(actor(request)), pk=pk)
    asks_again = bool(HtmxDetails(request))
    if job.edition_id:
        address = reverse("plans:edition", args=[job.edition_id])
        return HttpResponseClientRedirect(address) if asks_again else redirect(address)
    if asks_again:
        if job.is_open:
            return render(request, "plans/_import_state.html", {"job": job})
        return HttpResponseClientRedirect(request.path)
    context = {
        "title": "正在识别" if job.is_open else job.get_status_display(),
        "job": job,
        "again": reverse("plans:import") + (f"?plan={job.plan_id}" if job.plan_id else ""),
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            (reverse("plans:import"), "导入"),
            ("", "识别进度"),
        ],
    }
    return render(request, "plans/import_job.html", context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a file that is not read yet."""
    user = actor(request)
    get_object_or_404(ImportJob.objects.visible_to(user), pk=pk)
    try:
        cancel_import(job_id=pk, by=user, at=clock.now())
    except ConflictError as error:
        messages.warning(request, error.message)
    return redirect("plans:import_job", pk)
