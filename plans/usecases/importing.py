"""导入: from an uploaded file to a draft edition with its doubts."""

from dataclasses import asdict
from datetime import datetime
from typing import IO, cast

from django.core.files.base import File

from accounts.authorize import authorize
from accounts.errors import InvalidError
from accounts.events import record
from accounts.files import Upload, clean_name, path_of, refuse_oversize, store
from accounts.models import District, StoredFile, User
from accounts.usecase import refuse_unless, usecase
from plans.choices import EditionStatus
from plans.models import Edition, Plan
from plans.parsing import ParsedPlan
from plans.readers import (
    READABLE,
    Document,
    DocumentError,
    Progress,
    TooSlowError,
    document_from,
)
from plans.register import Register
from plans.usecases.carrying import Carried, carry_over
from plans.usecases.rows import make_rows

MOST_TASKS = 2_000
MOST_ROWS = 30_000
TOO_SLOW = "全文太长，没有当场识别完。请把全文存为 .txt 文件，用“选择文件”上传，会显示识别进度。"


def import_plan(
    *,
    upload: Upload,
    district: District,
    by: User,
    at: datetime,
    name: str = "",
    plan: Plan | None = None,
    at_once: bool = False,
) -> Edition:
    """Read a document, store it, and return it as a draft edition of the plan or of a new one.

    A later edition of a plan is compared with the one in force, or else with the last one; what
    people did to the same measures before goes over as far as it fits. Every row keeps its place in
    the text; what the parser was unsure of, and units that the register does not know, become
    doubts. ``name`` replaces the file's own name. InvalidError says in Chinese why a document
    cannot be read or holds no measure. Reading ends before the transaction begins, so that a slow
    file holds nobody up; ``at_once`` gives it a few seconds.
    """
    named = File(cast("IO[bytes]", upload), name=name or upload.name or "")
    try:
        document = read_upload(named, at_once=at_once)
    except TooSlowError as error:
        raise InvalidError(TOO_SLOW if at_once else error.message) from error
    named.seek(0)
    return keep_draft(upload=named, document=document, district=district, by=by, at=at, plan=plan)


def read_again(*, edition: Edition, by: User, at: datetime) -> Edition:
    """Read the file of a draft anew, as a new draft of the plan, with all that people did to it."""
    authorize(by, "plans.import_plan", edition.plan)
    refuse_unless(edition.status == EditionStatus.DRAFT, "已经交办，不能重新识别。")
    try:
        opened = path_of(edition.file).open("rb")
    except OSError as error:
        raise InvalidError("原件已经不在了，请重新上传。") from error
    with opened:
        return import_plan(
            upload=File(opened, name=edition.file.name),
            district=edition.plan.district,
            by=by,
            at=at,
            plan=edition.plan,
        )


@usecase
def keep_draft(
    *,
    upload: Upload,
    document: Document,
    district: District,
    by: User,
    at: datetime,
    plan: Plan | None,
) -> Edition:
    """Store a document with all that was read from it."""
    authorize(by, "plans.import_plan", plan or district)
    stored = store(upload, district=district, by=by, at=at, kinds=READABLE)
    return draft_of(stored, document, district=district, by=by, at=at, plan=plan)


def draft_of(
    stored: StoredFile,
    document: Document,
    *,
    district: District,
    by: User,
    at: datetime,
    plan: Plan | None,
) -> Edition:
    """Make the rows of a stored document: a draft of the plan, or of a new one."""
    parsed = document.plan
    title = parsed.title or stored.name
    plan = plan or Plan.objects.create(district=district, title=title[:200])
    edition = _make_edition(plan, stored, document, title=title, by=by, at=at)
    make_rows(edition, parsed, Register.load(district))
    carried = _carry_over(edition)
    record(
        edition,
        "import",
        by=by,
        at=at,
        district=district,
        note=stored.name,
        data={"tasks": len(parsed.tasks), "file": stored.pk} | asdict(carried),
    )
    return edition


def _carry_over(edition: Edition) -> Carried:
    """Follow the last reading of the same file, or else the former edition."""
    others = edition.plan.editions.exclude(pk=edition.pk).order_by("-number")
    again = others.filter(file__sha256=edition.file.sha256).first()
    source = again or edition.former
    return carry_over(source, edition) if source else Carried()


def read_upload(
    upload: Upload, *, at_once: bool = False, progress: Progress | None = None
) -> Document:
    """Return an uploaded file as read; InvalidError says why there is no plan in it."""
    refuse_oversize(upload)
    name, content = clean_name(upload.name or ""), b"".join(upload.chunks())
    try:
        document = document_from(name, content, at_once=at_once, progress=progress)
    except TooSlowError:
        raise
    except DocumentError as error:
        raise InvalidError(error.message) from error
    _refuse_unfit(document.plan)
    return document


def _refuse_unfit(parsed: ParsedPlan) -> None:
    """Raise InvalidError for a text without measures, or with more of all than any plan has."""
    if not parsed.tasks:
        raise InvalidError(
            "没有从文件里识别到带编号的具体措施，没有导入。请检查是不是实施方案（或任务分解）的全文，"
            "措施是否有“1.”“（1）”之类的编号；从网页复制的，请连同编号一起复制。"
        )
    rows = len(parsed.doubts) + len(parsed.blocks)
    for task in parsed.tasks:
        rows += len(task.lead) + len(task.support) + len(task.deadlines)
        rows += len(task.recurrences) + len(task.metrics)
    if len(parsed.tasks) > MOST_TASKS or rows > MOST_ROWS:
        raise InvalidError(
            f"从文件里识别到{len(parsed.tasks)}条措施、{rows}处内容，远超过一份方案，没有导入。"
            "请检查是不是一份实施方案，只保留方案正文后再上传。"
        )


def _make_edition(
    plan: Plan,
    stored: StoredFile,
    document: Document,
    *,
    title: str,
    by: User,
    at: datetime,
) -> Edition:
    parsed = document.plan
    others = list(plan.editions.select_for_update().order_by("-number").defer("text", "places"))
    in_force = next((row for row in others if row.status == EditionStatus.ISSUED), None)
    last = others[0] if others else None
    return Edition.objects.create(
        plan=plan,
        number=last.number + 1 if last else 1,
        former=in_force or last,
        file=stored,
        text=parsed.text,
        places=document.places,
        title=title,
        stage=parsed.stage or "",
        issuer=(parsed.issuer or "")[:100],
        document_number=(parsed.number or "")[:60],
        issued_on=parsed.issued_on,
        period_start=parsed.period.start if parsed.period else None,
        period_end=parsed.period.end if parsed.period else None,
        imported_by=by,
        imported_at=at,
    )
