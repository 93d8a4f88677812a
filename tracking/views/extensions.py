"""Days moved with consent: put on record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import clock
from tracking.forms.report import ExtensionForm
from tracking.usecases import record_extension
from tracking.views.milestone_page import REFUSALS, MilestonePage, put_refusal


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
        put_refusal(error, form)
        again = MilestonePage(request, pk)
        again.extension_form = form
        return again.render(error.status)
    messages.success(request, "延期已登记，原时限保留。")
    return redirect("tracking:milestone", pk)
