"""A reminder points at a milestone, a sheet or a dispatch; a plan can have rules of its own."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

KINDS = [
    ("before_due", "到期提醒"),
    ("on_day", "截止当日"),
    ("overdue", "逾期提醒"),
    ("returned", "退回补正"),
    ("not_redone", "逾期未补正"),
    ("weekly", "每周汇总"),
    ("sheet_open", "集中填报开放"),
    ("sheet_close", "集中填报截止"),
    ("sheet_late", "集中填报逾期"),
    ("unsigned", "交办单未签收"),
    ("sign_off", "待审签"),
    ("review", "待审核"),
]
SUBJECTS = [("milestone", "时间节点"), ("sheet", "集中填报表"), ("dispatch", "交办单")]
# kind, working days, also to the head, also to the coordinator
RULES = [
    ("not_redone", 1, False, False),
    ("sheet_open", 0, False, False),
    ("sheet_close", 5, False, False),
    ("sheet_close", 1, False, False),
    ("sheet_close", 0, False, False),
    ("sheet_late", 1, False, False),
    ("sheet_late", 5, True, False),
    ("unsigned", 3, False, False),
    ("unsigned", 5, False, True),
    ("sign_off", 2, True, False),
    ("review", 3, False, False),
]


def check_now(schema_editor):
    """Let PostgreSQL check foreign keys at once: it alters no table while checks are pending."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def point(apps, schema_editor):
    reminders = apps.get_model("notifications", "Reminder").objects
    reminders.update(subject_id=F("milestone_id"))
    for rule in apps.get_model("notifications", "ReminderRule").objects.all():
        reminders.filter(rule=rule).update(offset=rule.offset)
    check_now(schema_editor)


def point_back(apps, schema_editor):
    reminders = apps.get_model("notifications", "Reminder").objects
    reminders.exclude(subject_kind="milestone").delete()
    reminders.update(milestone_id=F("subject_id"))
    check_now(schema_editor)


def add_rules(apps, schema_editor):
    rules = apps.get_model("notifications", "ReminderRule").objects
    for kind, offset, to_head, to_coordinator in RULES:
        rules.get_or_create(
            kind=kind,
            offset=offset,
            defaults={"to_head": to_head, "to_coordinator": to_coordinator},
        )


def remove_rules(apps, schema_editor):
    """The rules that are taken away are gone with their reminders: the older code has no words."""
    kinds = {kind for kind, *_ in RULES}
    apps.get_model("notifications", "Reminder").objects.filter(rule__kind__in=kinds).delete()
    apps.get_model("notifications", "ReminderRule").objects.filter(kind__in=kinds).delete()
    check_now(schema_editor)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0003_handover_sheet"),
        ("plans", "0001_plan_as_written"),
        ("tracking", "0002_common_duties_and_sheets"),
    ]

    operations = [
        migrations.RemoveConstraint("reminderrule", "notifications_rule_kind"),
        migrations.AlterField(
            "reminderrule",
            "kind",
            models.CharField(choices=KINDS, max_length=12, verbose_name="类别"),
        ),
        migrations.AlterField(
            "reminderrule",
            "to_head",
            models.BooleanField(default=False, verbose_name="同时发单位负责人"),
        ),
        migrations.AddField(
            "reminderrule",
            "to_coordinator",
            models.BooleanField(default=False, verbose_name="同时告知方案管理员"),
        ),
        migrations.RunPython(add_rules, remove_rules),
        migrations.AddConstraint(
            "reminderrule",
            models.CheckConstraint(
                condition=Q(kind__in=[kind for kind, _ in KINDS]), name="notifications_rule_kind"
            ),
        ),
        migrations.CreateModel(
            name="PlanRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("offset", models.PositiveSmallIntegerField(verbose_name="工作日")),
                ("to_head", models.BooleanField(verbose_name="同时发单位负责人")),
                ("is_active", models.BooleanField(verbose_name="启用")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminder_rules",
                        to="plans.plan",
                        verbose_name="实施方案",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="notifications.reminderrule",
                        verbose_name="规则",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案提醒规则",
                "verbose_name_plural": "方案提醒规则",
                "ordering": ["plan_id", "rule_id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("plan", "rule"), name="notifications_planrule_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            "reminder",
            "subject_kind",
            models.CharField(
                choices=SUBJECTS, default="milestone", max_length=12, verbose_name="对象类别"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "reminder",
            "subject_id",
            models.PositiveBigIntegerField(default=0, verbose_name="对象"),
            preserve_default=False,
        ),
        migrations.AddField(
            "reminder",
            "offset",
            models.PositiveSmallIntegerField(default=0, verbose_name="工作日"),
        ),
        migrations.RemoveConstraint("reminder", "notifications_reminder_once"),
        migrations.AlterField(
            "reminder",
            "milestone",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="tracking.milestone",
            ),
        ),
        migrations.RunPython(point, point_back),
        migrations.RemoveField("reminder", "milestone"),
        migrations.AddConstraint(
            "reminder",
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "rule", "day", "channel", "recipient"),
                name="notifications_reminder_once",
            ),
        ),
        migrations.AddConstraint(
            "reminder",
            models.CheckConstraint(
                condition=Q(subject_kind__in=[kind for kind, _ in SUBJECTS]),
                name="notifications_reminder_subject",
            ),
        ),
        migrations.AlterField(
            "reminder", "due_on", models.DateField(verbose_name="当时的日期")
        ),
    ]
