"""The plan of a container in a State, as Pebble would combine and show it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from ops import pebble

from ..daemon import plan as daemon_plan
