"""What somebody was sending when the session ended."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.sessions import take_kept


@never_cache
@require_GET
def kept(request: HttpRequest) -> HttpResponse:
    """Show the fields again, to be sent on to where they were going."""
    found = take_kept(request)
    if found is None:
        return redirect("home")
    pairs = [(name, value) for name, values in found["fields"] for value in values]
    context = {
        "title": "继续提交",
        "path": found["path"],
        "pairs": pairs,
        "texts": [
            value
            for _, value in pairs
            if value.strip() and not (value.isascii() and value.replace("-", "").isalnum())
        ],
        "files": found["files"],
        "request_key": uuid.uuid4(),
    }
    return render(request, "accounts/kept.html", context)
