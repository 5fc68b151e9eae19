"""Signal detection for ``mark`` items: is a class finding what is there, or marking a lot?"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats


@dataclass(frozen=True)
class Detection:
    """``d_prime``: how well the spans are told apart, 0 is chance. ``criterion``: below 0 marks freely, above 0 sparingly.

    The rates are the corrected ones, between 0 and 1. All are None where ``why`` says why.
    """

    d_prime: float | None = None
    criterion: float | None = None
    hit_rate: float | None = None
    alarm_rate: float | None = None
    why: str = ""


def detect(hits: int, signals: int, alarms: int, noise: int) -> Detection:
    """d' = z(H) - z(F) and c = -(z(H) + z(F)) / 2 with the log-linear correction; the instructor's view, never a mark.

    H = (hits + .5) / (signals + 1) and F = (alarms + .5) / (noise + 1), as in the R package statpsych (signal): both
    stay off 0 and 1, so a perfect class has a finite d'. ``signals`` counts the keyed spans seen, over all people;
    ``noise`` the others; spans that count neither way are in neither. ValueError for counts that cannot be.
    """
    if not 0 <= hits <= signals or not 0 <= alarms <= noise:
        raise ValueError("There are at most as many hits as signals, and as many false alarms as there is noise.")
    if not signals or not noise:
        return Detection(why="nothing to find" if not signals else "nothing to leave unmarked")
    hit_rate, alarm_rate = (hits + 0.5) / (signals + 1), (alarms + 0.5) / (noise + 1)
    found, fooled = z(hit_rate), z(alarm_rate)
    return Detection(found - fooled, -(found + fooled) / 2, hit_rate, alarm_rate)


def z(rate: float) -> float:
    """The standard normal quantile of a rate between 0 and 1."""
    return float(stats.norm.ppf(rate))
