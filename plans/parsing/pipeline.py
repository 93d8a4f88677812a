"""The order in which a text is read."""

from plans.parsing.blocks import cut_blocks, uncovered
from plans.parsing.days import YearContext
from plans.parsing.doubts import find_doubts
from plans.parsing.doubts.reading import Reading
from plans.parsing.front import Front, read_front
from plans.parsing.lexicon.time import STATED_PERIOD, TITLE_YEAR
from plans.parsing.measures import read_measures
from plans.parsing.normalize import normalize
from plans.parsing.outline import read_outline
from plans.parsing.parts import indicator_numbers, part_ordinals, read_parts
from plans.parsing.plan import ParsedPlan
from plans.parsing.repairs import find_repairs
from plans.parsing.tasks import read_tasks


def parse_plan(text: str) -> ParsedPlan:
    """Return the plan that stands in the text; any text is accepted."""
    plain, letter_repairs = normalize(text)
    front = read_front(text, plain)
    outline = read_outline(plain, front.end)
    measures = read_measures(plain, outline, is_plan=front.is_plan)
    ordinals = part_ordinals(outline, measures)
    tasks, register = read_tasks(text, plain, measures, ordinals, year_context(front, plain))
    parts = read_parts(text, plain, outline, measures, ordinals)
    found = [*letter_repairs, *front.repairs, *find_repairs(text, outline, tasks, register)]
    repairs = tuple(sorted(found, key=lambda repair: repair.span))
    numbers = indicator_numbers(text, plain, outline)
    blocks = cut_blocks(text, front, outline, measures, ordinals, numbers)
    reading = Reading(text, plain, front, outline, measures, register, tasks, parts, repairs)
    return ParsedPlan(
        text=text,
        title=front.title,
        stage=front.stage,
        issuer=front.issuer,
        number=front.number,
        issued_on=front.issued_on,
        period=front.period,
        consultation=front.consultation,
        parts=parts,
        tasks=tuple(read.task for read in tasks),
        doubts=find_doubts(reading),
        repairs=repairs,
        blocks=blocks,
        uncovered=uncovered(text, blocks),
    )


def year_context(front: Front, plain: str) -> YearContext:
    """Return the plan's first year and the only one it can mean: of its head or stated time."""
    dated = front.dated_on.year if front.dated_on else None
    if front.period:
        return YearContext(min(front.period.start, dated or front.period.start), dated)
    titled = single_year(front.title or "")
    only = titled or dated or stated_year(plain)
    return YearContext(only, only)


def stated_year(plain: str) -> int | None:
    """Return the one year in which all stretches of months lie that a text gives (3月至6月)."""
    years = {
        year
        for found in STATED_PERIOD.finditer(plain)
        for year in found.groups()
        if year is not None
    }
    return int(years.pop()) if len(years) == 1 else None


def single_year(title: str) -> int | None:
    """Return the year of a title that names one (2024年工作要点)."""
    match = TITLE_YEAR.search(title)
    return int(match[1]) if match else None
