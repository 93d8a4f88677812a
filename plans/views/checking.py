"""识别结果核对: what was found in a document, and the answers to what is in doubt."""

from dataclasses import dataclass
from typing import Any

import rules
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import clock
from accounts.actor import actor
from accounts.errors import ConflictError, DomainError, InvalidError
from accounts.forms import KeyedForm
from accounts.models import Department, User
from plans.choices import EditionStatus, Severity
from plans.forms import DoubtForm
from plans.models import Doubt, Edition
from plans.readers import place_of
from plans.selectors import DoubtGroup, desk_of, found_in, walk_from
from plans.typography import full_width
from plans.usecases import confirm_doubts, reopen_doubt, settle_doubt

SWAPPED_REFUSAL = 422


@dataclass(frozen=True, slots=True)
class Row:
    """A doubt with the form that settles it, and why an answer was refused."""

    doubt: Doubt
    form: DoubtForm | None
    refusal: str = ""
    typed: str = ""

    @property
    def place(self) -> str:
        """Where in the file the words in doubt stand: 第12段, 表2第5行第3列."""
        edition = self.doubt.edition
        return place_of(edition.places, edition.text, self.doubt.start)

    @property
    def is_short(self) -> bool:
        """Whether its form is one field that fits beside the sentence."""
        return self.doubt.severity == Severity.CHECK


@require_GET
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was found in a document, what is in doubt, and every measure as read."""
    return _show(request, pk)


@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer to a doubt; a refused one stays in its form with what was typed."""
    user = actor(request)
    doubt = _doubt(user, pk)
    units = units_for(doubt.edition)
    form = DoubtForm(request.POST, **_form_arguments(doubt, units))
    refusal: DomainError | None = None
    if form.is_valid():
        try:
            settle_doubt(doubt_id=pk, by=user, at=clock.now(), **form.arguments())
        except (InvalidError, ConflictError) as error:
            refusal = error
            form.add_error(None, error.message)
    if not form.errors:
        return _answer(request, row_for(_doubt(user, pk), units))
    message = refusal.message if refusal else ""
    typed = request.POST.get("answer", "")
    doubt = _doubt(user, pk)
    kept = form if doubt.settled_at is None else None
    return _answer(request, Row(doubt, kept, message, typed), refusal.status if refusal else 400)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answer to a doubt back."""
    user = actor(request)
    doubt = _doubt(user, pk)
    reopen_doubt(doubt_id=pk, by=user, at=clock.now())
    return _answer(request, row_for(_doubt(user, pk), units_for(doubt.edition)))


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm all doubts of a kind as read."""
    user = actor(request)
    get_object_or_404(Edition.objects.visible_to(user), pk=pk)
    code = request.POST.get("code", "")
    confirm_doubts(edition_id=pk, code=code, by=user, at=clock.now())
    return redirect(f"{reverse('plans:edition', args=[pk])}#kind-{code}")


def _doubt(user: User, pk: int) -> Doubt:
    rows = Doubt.objects.visible_to(user).select_related(
        "edition__plan", "measure", "part", "settled_by"
    )
    return get_object_or_404(rows, pk=pk)


def units_for(edition: Edition) -> list[Department]:
    """Return the units of the register that the names of an edition may mean."""
    return list(Department.objects.filter(district=edition.plan.district_id).current())


def _form_arguments(doubt: Doubt, units: list[Department]) -> dict[str, Any]:
    return {
        "code": doubt.code,
        "units": units,
        "suggested": doubt.suggestion,
        "auto_id": f"d{doubt.pk}_%s",
    }


def row_for(doubt: Doubt, units: list[Department]) -> Row:
    """Return the doubt with an empty form while it is open."""
    if doubt.settled_at is not None:
        return Row(doubt, None)
    return Row(doubt, DoubtForm(**_form_arguments(doubt, units)))


def _answer(request: HttpRequest, row: Row, status: int = 200) -> HttpResponse:
    """Send the row alone to htmx, else the page: anew when done, with the form when refused."""
    if getattr(request, "htmx", False):
        context = _desk_context(request, row.doubt.edition) | {"row": row}
        refused = status if status == ConflictError.status else SWAPPED_REFUSAL
        return render(
            request, "plans/_doubt_answer.html", context, status=200 if status < 400 else refused
        )
    if status < 400:
        page = reverse("plans:edition", args=[row.doubt.edition_id])
        asked = request.POST.get("measure", "")
        if asked.isascii() and asked.isdigit():
            page = reverse("plans:measure", args=[row.doubt.edition_id, int(asked)])
        return redirect(f"{page}#doubt-{row.doubt.pk}")
    return _show(request, row.doubt.edition_id, refused=row, status=status)


def _desk_context(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    may_check = rules.has_perm("plans.check_edition", actor(request), edition)
    return {
        "edition": edition,
        "in_force": edition.plan.editions.in_force(),
        "desk": desk_of(edition),
        "walk": walk_from(edition),
        "may_check": may_check,
        "is_open": may_check and edition.status == EditionStatus.DRAFT,
    }


def _show(
    request: HttpRequest, pk: int, *, refused: Row | None = None, status: int = 200
) -> HttpResponse:
    found = get_object_or_404(
        Edition.objects.visible_to(actor(request))
        .select_related("plan__district", "file", "imported_by", "former__file")
        .defer("former__text", "former__places"),
        pk=pk,
    )
    visible = Edition.objects.visible_to(actor(request))
    context = _desk_context(request, found)
    desk = context["desk"]
    units = units_for(found) if context["is_open"] else []
    rows = {
        doubt.pk: row_for(doubt, units)
        for group in (*desk.errors, *desk.checks)
        for doubt in group.doubts
    }
    if refused is not None:
        rows[refused.doubt.pk] = refused
    context |= {
        "title": full_width(found.title),
        "found": found_in(found),
        "newer": found.plan.editions.newest_draft_after(found),
        "is_read_again": found.former is not None and found.former.file.sha256 == found.file.sha256,
        "may_compare": found.former_id is not None and visible.filter(pk=found.former_id).exists(),
        "errors": [_with_rows(group, rows) for group in desk.errors],
        "checks": [_with_rows(group, rows) for group in desk.checks if len(group.doubts) > 1],
        "single_checks": [
            rows[group.doubts[0].pk] for group in desk.checks if len(group.doubts) == 1
        ],
        "measures": found.measures.leaves().with_reading().in_order(),
        "set_aside": found.measures.exclude(set_aside="").in_order(),
        "confirm_form": KeyedForm(auto_id=False),
        "crumbs": [
            (reverse("plans:plans"), "实施方案"),
            ("", "识别结果核对" if found.status == EditionStatus.DRAFT else "任务清单"),
        ],
    }
    return render(request, "plans/edition.html", context, status=status)


def _with_rows(group: DoubtGroup, rows: dict[int, Row]) -> tuple[DoubtGroup, list[Row], bool]:
    """Return the group with its rows, and whether one of them must be seen at once."""
    own = [rows[doubt.pk] for doubt in group.doubts]
    return group, own, any(row.refusal for row in own)
