"""What is due when a fault strikes: run in a process of its own on the stand's database."""

import sys
from datetime import date

import django


def main() -> None:
    """Make so many units with so many tasks; a third argument is the day on which they are due."""
    django.setup()
    from accounts.files import path_of
    from accounts.models import StoredFile
    from tests.crowded import crowd

    units, due = int(sys.argv[1]), int(sys.argv[2])
    day = date.fromisoformat(sys.argv[3]) if len(sys.argv) > 3 else date(2017, 12, 31)
    crowd(units=units, due=due, due_on=day)
    for file in StoredFile.objects.all():
        path_of(file).parent.mkdir(parents=True, exist_ok=True)
        path_of(file).write_bytes(bytes(file.size))


if __name__ == "__main__":
    main()
