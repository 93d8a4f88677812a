"""Pages of what was sent: the local mailbox, notices, the outbox, and reminders of a milestone."""

from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.authorize import authorize
from accounts.files import MEDIA_TYPES
from accounts.models import Membership
from notifications.channels.mailbox import keys_of, read
from notifications.models import Notice, Outbox
from notifications.outbox_workbook import outbox_workbook
from notifications.querysets import OutboxQuerySet
from notifications.selectors import TABS, MessageShown, outbox_tabs, reminders_of
from notifications.usecases import read_notices
from notifications.usecases import resend as resend_message
from tracking.models import Milestone

ROWS_PER_PAGE = 50


@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the person's own messages in the local mailbox; there is none beside a mail server."""
    address = _local_address(request)
    page = Paginator(keys_of(address), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "本机邮箱",
        "address": address,
        "page_obj": page,
        "mails": read(address, page.object_list),
    }
    return render(request, "notifications/mailbox.html", context)


@require_GET
def mail(request: HttpRequest, key: str) -> HttpResponse:
    """Show the plain text of one of the person's own messages."""
    address = _local_address(request)
    if key not in keys_of(address):
        raise Http404
    found = read(address, [key])
    if not found:
        raise Http404
    crumbs = [(reverse("notifications:mailbox"), "本机邮箱"), (None, "邮件")]
    context = {"title": found[0].subject, "mail": found[0], "address": address, "crumbs": crumbs}
    return render(request, "notifications/mail.html", context)


def _local_address(request: HttpRequest) -> str:
    if settings.EMAIL_URL:
        raise Http404
    return actor(request).email


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """List what happened, for this person."""
    user = actor(request)
    rows = Notice.objects.visible_to(user)
    page = Paginator(rows.worst_first(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": "通知",
        "page_obj": page,
        "rows": [(notice, uuid4()) for notice in page],
        "unread": rows.unread().count(),
        "request_key": uuid4(),
    }
    return render(request, "notifications/notices.html", context)


@require_POST
def read_some(request: HttpRequest) -> HttpResponse:
    """Mark one notice as read, or all."""
    chosen = request.POST.getlist("notice")
    ids = [int(pk) for pk in chosen if pk.isdecimal()]
    read_notices(notice_ids=ids if chosen else None, by=actor(request), at=clock.now())
    return redirect("notifications:notices")


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """List what is to be sent, was sent and could not be sent in the person's district."""
    user = actor(request)
    authorize(user, "notifications.see_outbox")
    rows, chosen = _chosen_messages(request)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    tabs = outbox_tabs(user)
    context = {
        "title": "发件",
        "offers_robots": bool(settings.ROBOT_HOSTS)
        and user.has_perm("notifications.manage_robots"),
        "tabs": tabs,
        "all": sum(tab.count for tab in tabs),
        "chosen": chosen,
        "page_obj": page,
        "rows": [MessageShown.of(row) for row in page],
    }
    return render(request, "notifications/outbox.html", context)


@require_GET
def outbox_export(request: HttpRequest) -> HttpResponse:
    """Give the chosen messages as a workbook."""
    authorize(actor(request), "notifications.see_outbox")
    rows, _ = _chosen_messages(request)
    shown = (MessageShown.of(row) for row in rows.iterator(chunk_size=500))
    response = HttpResponse(outbox_workbook(shown), content_type=MEDIA_TYPES[".xlsx"])
    name = f"发件{clock.today():%Y%m%d}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response


def _chosen_messages(request: HttpRequest) -> tuple[OutboxQuerySet, str]:
    """Return the messages of the state that the address names, with what a row shows."""
    chosen = request.GET.get("status", "")
    statuses = next((states for key, _, states in TABS if key == chosen), None)
    rows = Outbox.objects.visible_to(actor(request)).select_related("recipient")
    if statuses:
        rows = rows.filter(status__in=statuses)
    seats = Membership.objects.active().select_related("department")
    rows = rows.prefetch_related(Prefetch("recipient__memberships", seats)).order_by("-id")
    return rows, chosen if statuses else ""


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed message again."""
    user = actor(request)
    get_object_or_404(Outbox.objects.visible_to(user), pk=pk)
    resend_message(outbox_id=pk, by=user, at=clock.now(), today=clock.today())
    messages.success(request, "已重新排入待发送。")
    return redirect("notifications:outbox")


@require_GET
def milestone_reminders(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was sent to whom about a milestone: a page, or its list alone for htmx."""
    milestones = Milestone.objects.visible_to(actor(request)).select_related("assignment__measure")
    milestone = get_object_or_404(milestones, pk=pk)
    reference = milestone.reference
    context = {
        "title": f"{reference}提醒记录",
        "milestone": milestone,
        "reference": reference,
        "reminders": reminders_of(milestone),
    }
    if request.headers.get("HX-Request"):
        return render(request, "notifications/_reminders_of.html", {**context, "is_part": True})
    return render(request, "notifications/reminders_of.html", context)
