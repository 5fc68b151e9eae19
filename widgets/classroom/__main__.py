"""``python -m widgets.classroom``: what ``process.start`` starts. By hand: ``python -m widgets classroom``."""

import sys

from .running import child

sys.exit(child())
