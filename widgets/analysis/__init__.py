"""After class: what the answers say, about the items and about the class, never about a person.

>>> from widgets import records, report
>>> report(records("exported/*.json").results()).save("class-report.html")
"""

from .cohorts import compare
from .generated import generated
from .panel import PanelError, panel
from .records import Records, records
from .report import Report, report
from .results import Results, gather, items_of
from .summary import Summary

__all__ = [
    "PanelError",
    "Records",
    "Report",
    "Results",
    "Summary",
    "compare",
    "gather",
    "generated",
    "items_of",
    "panel",
    "records",
    "report",
]
