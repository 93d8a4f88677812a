"""Wrong passwords and codes, counted in the database by name and source.

Five for one name from one source close that way for fifteen minutes; whoever comes from elsewhere
is not locked out by a stranger. A source that fails for many names is slowed down as a whole. It
goes by the machine's clock, and unknown names are counted like known ones.
"""

import unicodedata
from collections import Counter
from datetime import datetime, timedelta

from accounts.errors import TooManyError
from accounts.models import FailedSignIn

MOST = 5
MOST_OF_SOURCE = 60
PAUSE = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 60


def same_name(username: str) -> str:
    """Return a typed username in the one way it is kept: half-width, small letters."""
    return unicodedata.normalize("NFKC", username).strip().casefold()[:LONGEST_NAME]


def refuse_locked(username: str, source: str, *, now: datetime) -> None:
    """Raise TooManyError while the way of this name from this source is closed."""
    tries = FailedSignIn.objects.filter(source=source, at__gt=now - 2 * PAUSE)
    moments = tries.filter(username=same_name(username)).order_by("-at")
    last = list(moments.values_list("at", flat=True)[:MOST])
    if len(last) == MOST and last[0] - last[-1] < PAUSE and now - last[0] < PAUSE:
        raise TooManyError
    if tries.filter(at__gt=now - PAUSE).count() >= MOST_OF_SOURCE:
        raise TooManyError


def note_failure(username: str, source: str, *, now: datetime) -> None:
    """Count a wrong password or code; what is older than a day is forgotten."""
    FailedSignIn.objects.filter(at__lt=now - KEPT_FOR).delete()
    FailedSignIn.objects.create(username=same_name(username), source=source[:45], at=now)


def forget_failures(username: str, source: str) -> None:
    """Begin to count anew after a right password or code."""
    FailedSignIn.objects.filter(username=same_name(username), source=source).delete()


def open_again(username: str) -> int:
    """Forget the failures of a name from everywhere; return how many there were."""
    return FailedSignIn.objects.filter(username=username).delete()[0]


def locked_names(*, now: datetime) -> set[str]:
    """Return the names whose way from some source is closed now: one query."""
    rows = FailedSignIn.objects.filter(at__gt=now - PAUSE).values_list("username", "source")
    return {name for (name, _), times in Counter(rows.order_by()).items() if times >= MOST}
