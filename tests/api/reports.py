"""What a report is sent with."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from tests.api.conftest import API, Caller

Call = Callable[[User | None], Caller]
People = dict[str, User | None]
REPORT = {
    "work_status": "completed",
    "completed_on": "2017-11-15",
    "narrative": "清单已印发并向社会公布。",
}
SIGNED = {"signed_by": "李××", "signed_on": "2017-11-20"}
RETURNED = {"note": "请附印发文件", "redo_by": "2017-11-24"}
PDF = b"%PDF-1.7 report"


def attach(
    caller: Caller, submission: int, version: int, content: bytes = PDF, key: str = ""
) -> Any:
    form = {
        "name": "区政府办关于印发清单的通知",
        "document_number": "利政办发〔2017〕12号",
        "upload": SimpleUploadedFile("通知.pdf", content),
    }
    return caller.client.post(
        f"{API}/submissions/{submission}/evidence/",
        form,
        headers={"If-Match": f'"v{version}"'} | ({"Idempotency-Key": key} if key else {}),
    )
