"""A stored file on its way to a browser or a program."""

from django.http import FileResponse, Http404

from accounts.files import path_of
from accounts.models import StoredFile


def send_file(stored: StoredFile, *, is_shown: bool = False) -> FileResponse:
    """Return a file as a download that no browser will run or keep; a picture may be shown in its
    page. The caller has asked whether the person may have it."""
    try:
        opened = path_of(stored).open("rb")
    except FileNotFoundError as error:
        raise Http404("文件不在服务器上") from error
    response = FileResponse(
        opened,
        as_attachment=not (is_shown and stored.is_picture),
        filename=stored.name,
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
