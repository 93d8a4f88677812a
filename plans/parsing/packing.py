"""A parsed plan as plain JSON values and back, exactly: it is read in one process, kept in another.

plan-parse/1 is for others and rounds figures; this follows the types of `plan`, whatever they are.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from plans.parsing.plan import ParsedPlan

Unpacker = Callable[[Any], Any]


def pack(value: Any) -> Any:
    """Return a value of a plan as lists, strings and numbers."""
    if isinstance(value, tuple):
        return [pack(item) for item in value]
    return str(value) if isinstance(value, (date, Decimal)) else value


def unpack(packed: Any) -> ParsedPlan:
    """Return the plan that was packed; ValueError, TypeError or ArithmeticError where none was."""
    plan: ParsedPlan = _unpacker(ParsedPlan)(packed)
    return plan


@cache
def _unpacker(hint: Any) -> Unpacker:
    """Return what makes a value of a type from its packed form."""
    if hint is date:
        return date.fromisoformat
    if hint is Decimal:
        return Decimal
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _one_of(arguments)
    if origin in (UnionType, Union):
        (inner,) = (_unpacker(found) for found in arguments if found is not NoneType)
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        item = _unpacker(arguments[0])
        return lambda value: tuple(map(item, value))
    if hasattr(hint, "_fields"):
        parts = [_unpacker(found) for found in get_type_hints(hint).values()]
        return lambda value: hint(*[part(v) for part, v in zip(parts, value, strict=True)])
    return _exactly(hint)


def _one_of(allowed: tuple[Any, ...]) -> Unpacker:
    def take(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(value)
        return value

    return take


def _exactly(kind: type) -> Unpacker:
    def take(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(value)
        return value

    return take
