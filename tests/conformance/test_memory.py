"""The memory driver keeps the contract."""

import pytest

from storage.conformance import ObjectStoreSuite
from storage.drivers.memory import MemoryStore


class TestMemory(ObjectStoreSuite):
    @pytest.fixture(scope="class")
    @classmethod
    def store(cls) -> MemoryStore:
        return MemoryStore()
