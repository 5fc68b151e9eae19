"""nbval runs the chapters; this says which of their cells it compares."""

from collections.abc import Sequence

import pytest
from nbval.plugin import IPyNbCell


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Compare every cell that was committed with an output.

    nbval wants a cell that has outputs to have an execution count as well, and nbstripout takes the count away.
    """
    for item in items:
        if isinstance(item, IPyNbCell) and item.cell.outputs:
            item.cell.execution_count = 1
