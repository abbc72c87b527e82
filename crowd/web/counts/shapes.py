"""The pictures of a count."""

from crowd.core.tally.explain.figures import Bars, Fill, Flow, Intervals, Matrix, Stacked, figures
from crowd.web.counts.bars import bars, intervals, stacked
from crowd.web.counts.flows import flow
from crowd.web.counts.grids import fill, matrix
from crowd.web.counts.picture import Picture
from crowd.web.counts.teller import Teller

__all__ = ["Picture", "pictures"]


def pictures(teller: Teller) -> list[Picture]:
    return [_picture(teller, found) for found in figures(teller.counted)]


def _picture(teller: Teller, found: Bars | Stacked | Flow | Matrix | Fill | Intervals) -> Picture:
    match found:
        case Bars():
            return bars(teller, found)
        case Stacked():
            return stacked(teller, found)
        case Flow():
            return flow(teller, found)
        case Matrix():
            return matrix(teller, found)
        case Fill():
            return fill(teller, found)
        case Intervals():
            return intervals(teller, found)
