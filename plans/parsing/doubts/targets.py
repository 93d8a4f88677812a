"""Doubts about figures."""

from collections.abc import Iterator

from plans.parsing.doubts.reading import Reading, of_task
from plans.parsing.lexicon.doubts import SHARE_NAME
from plans.parsing.lexicon.targets import AIMED, WHOLE_COST
from plans.parsing.plan import ParsedDoubt


def targets(reading: Reading) -> Iterator[ParsedDoubt]:
    """Targets without a figure, and sums that may be of what was reached."""
    for read in reading.tasks:
        for metric in read.task.metrics:
            words = metric.span.of(reading.plain)
            if metric.op == "qualitative":
                message = f"“{metric.name[-16:]}”没有写明数值，请填写目标值"
                yield of_task(read.task, "unsure_target", "check", message, metric.span)
            elif WHOLE_COST.search(words):
                message = f"“{words[-16:]}”可能说的是项目规模，不是要完成的数"
                yield of_task(read.task, "unsure_target", "check", message, metric.span)
            elif "累计" in words and not AIMED.search(words):
                message = f"“{words[-16:]}”是累计数，可能包括已完成的部分"
                yield of_task(read.task, "unsure_target", "check", message, metric.span)


def percentages(reading: Reading) -> Iterator[ParsedDoubt]:
    """Shares of more than the whole."""
    for read in reading.tasks:
        for metric in read.task.metrics:
            if _is_over(metric.name, metric.value, metric.unit) and metric.change is None:
                yield of_task(
                    read.task, "over_100", "check", f"目标值{metric.value}%超过100%", metric.span
                )
    for part in reading.parts:
        for indicator in part.indicators:
            for metric in indicator.metrics:
                if _is_over(metric.name, metric.value, metric.unit) and metric.change is None:
                    yield ParsedDoubt(
                        "over_100",
                        "check",
                        f"{part.number}效果指标{indicator.number}的目标值{metric.value}%超过100%",
                        metric.span,
                        None,
                        part.number,
                        part.ordinal,
                    )


def _is_over(name: str, value: object, unit: str | None) -> bool:
    return (
        unit == "%"
        and value is not None
        and float(str(value)) > 100
        and bool(SHARE_NAME.search(name))
    )
