"""The numbers by which other systems know a plan and its measures."""

from plans.models import Edition, Measure


def give_codes(edition: Edition) -> None:
    """Give an edition that is handed out its codes; a plan and measures known before keep theirs.

    A number that an earlier edition gave to another measure is followed by ``~`` and the number of
    this edition.
    """
    plan = edition.plan
    if not plan.code:
        plan.code = edition.document_number
        plan.save(update_fields=["code"])
    others = Measure.objects.filter(edition__plan=plan).exclude(edition=edition).exclude(code="")
    known = dict(others.values_list("lineage", "code"))
    taken = set(known.values())
    rows = list(edition.measures.all())
    for row in rows:
        fresh = row.path if row.path not in taken else f"{row.path}~{edition.number}"
        row.code = known.get(row.lineage, fresh)
    Measure.objects.bulk_update(rows, ["code"], batch_size=200)
