import django.db.models.deletion
from django.db import migrations, models

import accounts.unit_code


def give_codes(apps, schema_editor):
    """Make a code for every unit that has none."""
    units = apps.get_model("accounts", "Department")
    for pk in units.objects.order_by("id").values_list("pk", flat=True):
        units.objects.filter(pk=pk).update(code=accounts.unit_code.unit_code())


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_deputies_and_leaders"),
    ]

    operations = [
        migrations.AddField(
            model_name="department",
            name="code",
            field=models.CharField(default="", editable=False, max_length=12, verbose_name="单位编码"),
            preserve_default=False,
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="department",
            name="code",
            field=models.CharField(default=accounts.unit_code.unit_code, editable=False, max_length=12, unique=True, verbose_name="单位编码"),
        ),
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("department", "单位"), ("plan", "实施方案"), ("measure", "具体措施")], max_length=12, verbose_name="对象类别")),
                ("key", models.CharField(max_length=36, verbose_name="对象")),
                ("source", models.CharField(max_length=40, verbose_name="外部系统")),
                ("value", models.CharField(max_length=100, verbose_name="外部编号")),
                ("district", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="accounts.district", verbose_name="行政区")),
            ],
            options={
                "verbose_name": "外部编号",
                "verbose_name_plural": "外部编号",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["kind", "key"], name="accounts_externalid_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("district", "kind", "source", "value"), name="accounts_externalid_once"),
                    models.CheckConstraint(condition=models.Q(("kind__in", ["department", "plan", "measure"])), name="accounts_externalid_kind"),
                ],
            },
        ),
    ]
