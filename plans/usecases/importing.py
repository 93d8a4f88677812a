"""导入: from an uploaded file to a draft edition with its doubts."""

from datetime import datetime
from typing import IO, cast

from django.core.files.base import File
from django.db.models import Max

from accounts.authorize import authorize
from accounts.errors import DomainError, InvalidError
from accounts.events import record
from accounts.files import Upload, path_of, store
from accounts.models import District, StoredFile, User
from accounts.usecase import usecase
from plans.models import Edition, Plan
from plans.parsing import ParsedPlan, parse_plan
from plans.readers.text import DocumentError, document_from
from plans.register import Register
from plans.usecases.rows import make_rows

READABLE = (".txt", ".md")


@usecase
def import_plan(
    *,
    upload: Upload,
    district: District,
    by: User,
    at: datetime,
    name: str = "",
    plan: Plan | None = None,
) -> Edition:
    """Store a document, read it, and return it as a draft edition of the plan or of a new one.

    Every row keeps its place in the text; what the parser was unsure of, and units that the
    register does not know, become doubts. ``name`` replaces the file's own name. InvalidError says
    in Chinese why a document cannot be read or holds no measure.
    """
    authorize(by, "plans.import_plan", plan or district)
    file_name = name or upload.name or ""
    if not file_name.lower().endswith(READABLE):
        raise InvalidError(
            f"目前只能读取文本文件（{'、'.join(READABLE)}）。请在 Word 或 WPS 中打开文件，"
            "“另存为”选“纯文本（.txt）”后再导入，或者复制全文粘贴到文本框里。"
        )
    named = File(cast("IO[bytes]", upload), name=file_name)
    stored = store(named, district=district, by=by, at=at, kinds=READABLE)
    try:
        parsed = _read(stored)
    except DomainError:
        path_of(stored).unlink()
        raise
    title = parsed.title or stored.name
    plan = plan or Plan.objects.create(district=district, title=title[:200])
    edition = _make_edition(plan, parsed, stored, title=title, by=by, at=at)
    make_rows(edition, parsed, Register.load(district))
    record(
        edition,
        "import",
        by=by,
        at=at,
        district=district,
        note=stored.name,
        data={"tasks": len(parsed.tasks), "file": stored.pk},
    )
    return edition


def _read(stored: StoredFile) -> ParsedPlan:
    try:
        document = document_from(stored.name, path_of(stored).read_bytes())
    except DocumentError as error:
        raise InvalidError(error.message) from error
    if "\0" in document.text:
        raise InvalidError(f"不是文本文件：{stored.name}")
    parsed = parse_plan(document.text)
    if not parsed.tasks:
        raise InvalidError(
            "没有从文件里识别到带编号的具体措施，没有导入。请检查是不是实施方案（或任务分解）的全文，"
            "措施是否有“1.”“（1）”之类的编号；从网页复制的，请连同编号一起复制。"
        )
    return parsed


def _make_edition(
    plan: Plan, parsed: ParsedPlan, stored: StoredFile, *, title: str, by: User, at: datetime
) -> Edition:
    last: int | None = plan.editions.aggregate(last=Max("number"))["last"]
    return Edition.objects.create(
        plan=plan,
        number=(last or 0) + 1,
        file=stored,
        text=parsed.text,
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
