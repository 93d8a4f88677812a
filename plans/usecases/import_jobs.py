"""Files that take long: kept, read by whoever wakes next, and never lost with a worker."""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from django.core.files.base import File
from django.db import DatabaseError

from accounts import clock
from accounts.authorize import authorize
from accounts.errors import DomainError
from accounts.events import record
from accounts.files import Upload, discard, path_of, store
from accounts.models import District, StoredFile, User
from accounts.usecase import lock, refuse_unless, usecase
from plans.choices import ImportStatus
from plans.models import Edition, ImportJob, Plan
from plans.readers import READABLE, Document, TooSlowError
from plans.usecases.importing import draft_of, keep_draft, read_upload

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
TICK = timedelta(seconds=50)
MOST_TRIES = 3
MOST_OPEN = 5
BROKEN_OFF = "识别多次中断，没有导入。请把文件拆小或另存为 .docx 后再上传；仍不行请联系系统管理员。"


class DroppedError(Exception):
    """The file was cancelled, or another worker reads it now."""


def start_import(
    *, upload: Upload, district: District, by: User, at: datetime, plan: Plan | None = None
) -> Edition | ImportJob:
    """Return the draft of a file that is read in a few seconds; a longer one is kept to be read.

    InvalidError says in Chinese why a document cannot be read.
    """
    authorize(by, "plans.import_plan", plan or district)
    try:
        document = read_upload(upload, at_once=True)
    except TooSlowError:
        return queue_import(upload=upload, district=district, by=by, at=at, plan=plan)
    return keep_draft(upload=upload, document=document, district=district, by=by, at=at, plan=plan)


@usecase
def queue_import(
    *, upload: Upload, district: District, by: User, at: datetime, plan: Plan | None
) -> ImportJob:
    """Store a file to be read later."""
    authorize(by, "plans.import_plan", plan or district)
    refuse_unless(
        ImportJob.objects.visible_to(by).open().count() < MOST_OPEN,
        f"您有{MOST_OPEN}个文件还在识别，请等识别完或取消后再导入。",
    )
    stored = store(upload, district=district, by=by, at=at, kinds=READABLE)
    job = ImportJob.objects.create(
        district=district, plan=plan, file=stored, name=stored.name, by=by, at=at
    )
    _record(job, "queue_import", by=by, at=at)
    return job


def read_waiting(*, at: datetime) -> int:
    """Read the files that wait, one after another for at most fifty seconds; return how many.

    A worker that dies leaves a lease that ends, and the next one begins anew.
    """
    worker = uuid4().hex
    until = clock.real_now() + TICK
    taken = 0
    while (now := clock.real_now()) < until:
        job = ImportJob.objects.claim(worker=worker, now=now, lease=LEASE)
        if job is None:
            break
        try:
            _read(job, at=at)
        except (DatabaseError, OSError):
            logger.exception("import %s left for the next tick", job.pk)
            break
        taken += 1
    return taken


def _read(job: ImportJob, *, at: datetime) -> None:
    refuse = partial(refuse_import, job_id=job.pk, worker=job.lease_by, at=at)
    if job.attempts > MOST_TRIES:
        refuse(reason=BROKEN_OFF)
        return
    assert job.file is not None
    try:
        with path_of(job.file).open("rb") as opened:
            document = read_upload(File(opened, name=job.name), progress=partial(_go_on, job))
        finish_import(job_id=job.pk, worker=job.lease_by, document=document, at=at)
    except DroppedError:
        return
    except (DomainError, TooSlowError) as error:
        refuse(reason=error.message)


def _go_on(job: ImportJob, done: int, total: int) -> None:
    """Note how far the reading is and hold the lease on; DroppedError where there is none."""
    mine = ImportJob.objects.filter(pk=job.pk).held_by(job.lease_by)
    if not mine.update(done=done, total=total, lease_until=clock.real_now() + LEASE):
        raise DroppedError


@usecase
def finish_import(*, job_id: int, worker: str, document: Document, at: datetime) -> None:
    """Keep what was read as a draft of whoever brought the file."""
    job = _held(job_id, worker)
    assert job.file is not None
    authorize(job.by, "plans.import_plan", job.plan or job.district)
    job.edition = draft_of(
        job.file, document, district=job.district, by=job.by, at=at, plan=job.plan
    )
    job.status = ImportStatus.DONE
    job.save(update_fields=["edition", "status"])


@usecase
def refuse_import(*, job_id: int, worker: str, reason: str, at: datetime) -> None:
    """End a file that cannot be read; its sender still has it, so it is not kept."""
    job = _held(job_id, worker)
    _end(job, ImportStatus.FAILED, refusal=reason)
    _record(job, "refuse_import", by=None, at=at, note=reason)


@usecase
def cancel_import(*, job_id: int, by: User, at: datetime) -> ImportJob:
    """End a file that has not been read yet; what is being read is dropped."""
    job = lock(ImportJob, job_id)
    authorize(by, "plans.import_plan", job.plan or job.district)
    refuse_unless(job.is_open, "已经识别完，不能再取消。")
    _end(job, ImportStatus.CANCELLED)
    _record(job, "cancel_import", by=by, at=at)
    return job


def _held(job_id: int, worker: str) -> ImportJob:
    job = lock(ImportJob, job_id)
    if job.status != ImportStatus.READING or job.lease_by != worker:
        raise DroppedError
    return job


def _end(job: ImportJob, status: ImportStatus, *, refusal: str = "") -> None:
    stored: StoredFile | None = job.file
    job.status, job.refusal, job.file = status, refusal, None
    job.save(update_fields=["status", "refusal", "file"])
    if stored is not None:
        discard(stored)


def _record(job: ImportJob, action: str, *, by: User | None, at: datetime, note: str = "") -> None:
    record(job, action, by=by, at=at, district=job.district_id, note=note or job.name)
