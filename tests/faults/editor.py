"""Moves due days as fast as it can and says when each was committed."""

import random
import sys
import time
from datetime import timedelta

import django


def main() -> None:
    """For so many seconds move one task after the other, each once, ten days on."""
    django.setup()
    from accounts import clock
    from accounts.choices import Role
    from accounts.models import User
    from quickstart import say
    from tracking.models import Milestone
    from tracking.usecases import record_extension

    by = User.objects.get(memberships__role=Role.COORDINATOR)
    rows = list(Milestone.objects.open().order_by("id"))
    random.Random(20).shuffle(rows)
    until = time.monotonic() + float(sys.argv[1])
    for row in rows:
        if time.monotonic() > until:
            break
        record_extension(
            milestone_id=row.pk,
            asked_on=clock.today(),
            reason="上级文件尚未印发。",
            new_due_on=row.due_on + timedelta(days=10),
            approved_by="刘××",
            approved_on=clock.today(),
            by=by,
            at=clock.now(),
        )
        say(f"{row.what} {time.time()}")
        time.sleep(0.03)


if __name__ == "__main__":
    main()
