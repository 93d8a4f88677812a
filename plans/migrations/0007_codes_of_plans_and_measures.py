from django.db import migrations, models


def give_codes(apps, schema_editor):
    """Give what has been handed out the numbers under which it first was."""
    plans = apps.get_model("plans", "Plan")
    editions = apps.get_model("plans", "Edition")
    measures = apps.get_model("plans", "Measure")
    handed_out = editions.objects.filter(status__in=["issued", "replaced"])
    for plan in plans.objects.order_by("id"):
        known = {}
        for edition in handed_out.filter(plan=plan).order_by("number").only("number", "document_number"):
            if not plan.code:
                plan.code = edition.document_number
                plan.save(update_fields=["code"])
            taken, rows = set(known.values()), list(measures.objects.filter(edition=edition))
            for row in rows:
                fresh = row.path if row.path not in taken else f"{row.path}~{edition.number}"
                row.code = known.setdefault(row.lineage, fresh)
            measures.objects.bulk_update(rows, ["code"], batch_size=200)


class Migration(migrations.Migration):

    dependencies = [
        ("plans", "0006_edition_in_force"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="code",
            field=models.CharField(blank=True, default="", editable=False, max_length=60, verbose_name="编码"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="measure",
            name="code",
            field=models.CharField(blank=True, default="", editable=False, max_length=90, verbose_name="编码"),
            preserve_default=False,
        ),
        migrations.RunPython(give_codes, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.UniqueConstraint(condition=models.Q(("code", ""), _negated=True), fields=("edition", "code"), name="plans_measure_code"),
        ),
    ]
