"""A day that had passed at the issue: what is decided about it afterwards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts import clock
from tracking.forms.past import PastForm
from tracking.usecases import decide_past_day
from tracking.views.milestone_page import REFUSALS, MilestonePage, put_refusal


@require_POST
def milestone_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether it is made up, gets another day or was a slip of the text."""
    page = MilestonePage(request, pk)
    page.past_form = form = PastForm(request.POST, auto_id="past_%s")
    if not form.is_valid():
        return page.render(400)
    try:
        decide_past_day(
            milestone_id=pk,
            decided=form.decided(),
            by=page.user,
            at=clock.now(),
            today=page.today,
            expected_version=form.cleaned_data["expected_version"],
        )
    except REFUSALS as error:
        put_refusal(error, form)
        again = MilestonePage(request, pk)
        again.past_form = form
        return again.render(error.status)
    messages.success(request, "已确定，填报单位会收到通知。")
    return redirect("tracking:milestone", pk)
