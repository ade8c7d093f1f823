# Copyright 2026 mcp_native contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What all tests of the protocol share."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import configuration, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

configuration.set_hypothesis_home_dir(Path(tempfile.gettempdir()) / f"mcp-native-hypothesis-{os.getuid()}")
settings.register_profile("protocol", database=None, deadline=None, derandomize=True, max_examples=40)
settings.load_profile("protocol")

from fake_service import FakeService  # noqa: E402
from mcp_wire import Wire  # noqa: E402


@pytest.fixture
def service():
    return FakeService()


@pytest.fixture
def wire(service):
    return Wire(service)
