"""The rules that every installation starts with."""

from django.db import migrations

# kind, working days, also to the head
RULES = [
    ("before_due", 30, False),
    ("before_due", 7, False),
    ("before_due", 1, False),
    ("on_day", 0, False),
    ("overdue", 1, False),
    ("overdue", 5, True),
    ("returned", 0, False),
    ("weekly", 0, False),
]


def add(apps, schema_editor):
    rules = apps.get_model("notifications", "ReminderRule")
    for kind, offset, to_head in RULES:
        rules.objects.get_or_create(kind=kind, offset=offset, defaults={"to_head": to_head})


def remove(apps, schema_editor):
    """Take away the rules that no reminder refers to; the others are a record."""
    rules = apps.get_model("notifications", "ReminderRule")
    for kind, offset, _ in RULES:
        rules.objects.filter(kind=kind, offset=offset, reminder__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_reminders_outbox_notices")]
    operations = [migrations.RunPython(add, remove)]
