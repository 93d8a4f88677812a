"""The home plan as text and as parsed, to compare with."""

from tests.plans.parsing.conftest import home_plan, home_text

__all__ = ["home_plan", "home_text"]
