"""kill -9 of the imaging process in the middle of an ingest of 50 photographs."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import psutil
import pytest
from PIL import Image

from tests.pictures import crops
from tests.stack import Stack
from tintype.errors import TintypeError
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.client import StorageClient

PHOTOGRAPHS = 50
KILL_AFTER = 12
# Objects of an ingest that failed are deleted at once, or by the collector's next round.
CLEAN_UP_TIMEOUT_S = 45.0


class Ingests:
    """What several callers were told, one outcome for each photograph."""

    def __init__(self, stack: Stack) -> None:
        self._client = IngestClient(stack.settings.reach("ingest"))
        self.pictures = list(crops(PHOTOGRAPHS))
        self.assets: dict[int, asset_pb2.Asset] = {}
        self.errors: dict[int, TintypeError] = {}
        self.enough = threading.Event()

    def ingest(self, number: int) -> None:
        """Ingest one photograph once, and keep what was said."""
        options = ingest_pb2.IngestOptions(owner="killed", external_id=f"k-{number}")
        try:
            done = self._client.ingest([self.pictures[number]], options, timeout_s=60)
        except TintypeError as error:
            self.errors[number] = error
        else:
            self.assets[number] = done.asset
        if len(self.assets) + len(self.errors) >= KILL_AFTER:
            self.enough.set()

    def listed(self) -> dict[str, asset_pb2.Asset]:
        """Return all assets that the catalog has of this owner."""
        return {one.id: one for one in self._client.list_assets("killed", timeout_s=10)}

    def all_keys(self) -> set[str]:
        """Return the key of every object that any asset of any owner names."""
        owners = ("killed", "many", "")
        return {
            rendition.storage_key
            for owner in owners
            for asset in self._client.list_assets(owner, timeout_s=10)
            for rendition in asset.renditions
        }

    def close(self) -> None:
        """Close the client."""
        self._client.close()


@pytest.fixture(scope="module")
def ingests(stack: Stack) -> Ingests:
    """Ingest 50 photographs from 4 callers; kill imaging after a dozen, start it again."""
    running = Ingests(stack)
    workers = psutil.Process(stack.processes["imaging"].pid).children(recursive=True)
    with ThreadPoolExecutor(4) as callers:
        futures = [callers.submit(running.ingest, number) for number in range(PHOTOGRAPHS)]
        assert running.enough.wait(60)
        stack.kill("imaging")
        stack.start("imaging")
        for future in futures:
            future.result()
    _, alive = psutil.wait_procs(workers, timeout=15)
    assert alive == [], "the killed process's workers live on"
    return running


def test_the_kill_came_in_the_middle(ingests: Ingests) -> None:
    assert len(ingests.assets) + len(ingests.errors) == PHOTOGRAPHS
    assert len(ingests.assets) > KILL_AFTER // 2


def test_every_acknowledged_asset_is_whole(stack: Stack, ingests: Ingests) -> None:
    listed = ingests.listed()
    with StorageClient(stack.settings.reach("storage")) as storage:
        for number, asset in ingests.assets.items():
            assert listed[asset.id] == asset
            assert asset.sha256 == sha256(ingests.pictures[number]).digest()
            assert len(asset.renditions) == 5
            for rendition in asset.renditions:
                with storage.get(rendition.storage_key, timeout_s=10) as reader:
                    content = reader.read()
                assert len(content) == rendition.size_bytes
                image = Image.open(io.BytesIO(content))
                image.load()
                assert image.size == (rendition.width_px, rendition.height_px)
            assert content != ingests.pictures[number]


def test_no_object_belongs_to_no_asset(stack: Stack, ingests: Ingests) -> None:
    deadline = time.monotonic() + CLEAN_UP_TIMEOUT_S
    with StorageClient(stack.settings.reach("storage")) as storage:
        while True:
            stored = {info.key for info in storage.list("media-uploads/", timeout_s=10)}
            named = ingests.all_keys()
            if stored == named:
                return
            assert time.monotonic() < deadline, (stored - named, named - stored)
            time.sleep(0.5)


def test_what_failed_says_why_and_succeeds_the_second_time(ingests: Ingests) -> None:
    for number, error in sorted(ingests.errors.items()):
        assert error.code.name in {"UNAVAILABLE", "ABORTED"}, error
        ingests.ingest(number)
        assert number in ingests.assets
    ingests.close()
