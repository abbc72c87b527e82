"""The eight calls, in the order in which they are made."""

from crowd.demo.calls.cooperative import EXCEDENTE, SOMBRA
from crowd.demo.calls.decided import ACCESS, THINGS
from crowd.demo.calls.library import EVENINGS, GARDEN, MORNINGS, RESEARCH

PLANS = (ACCESS, THINGS, RESEARCH, EVENINGS, GARDEN, MORNINGS, EXCEDENTE, SOMBRA)

__all__ = ["PLANS"]
