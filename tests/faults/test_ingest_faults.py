"""Nothing that was promised is lost, whatever is killed (`make faults`)."""

import os
import random
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration

from tests.faults.arrangement import Arrangement, arrange
from tests.faults.load import OWNER, Ledger, Load, pictures_server
from tintype.ingest.client import IngestClient
from tintype.ingest.v1 import asset_pb2, ingest_pb2
from tintype.storage.client import StorageClient

# `make faults` sets it to 200, or to 20 with QUICK=1; here that is for both arrangements.
KILLS = int(os.environ.get("TINTYPE_FAULT_KILLS", "0")) // 2
_PAUSE_S = (0.2, 1.5)
# How often the next kill waits until all serve again; else it comes in the middle of it.
_SETTLED_SHARE = 0.7
_UNFINISHED = (asset_pb2.ASSET_STATE_PROCESSING, asset_pb2.ASSET_STATE_PENDING)


@pytest.mark.faults
@pytest.mark.skipif(not KILLS, reason="takes minutes: make faults")
@pytest.mark.timeout(10_800)
@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_what_was_promised_survives_any_kill(
    tmp_path: Path, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with arrange(tmp_path, database) as arrangement, pictures_server() as pictures_url:
        load = Load(arrangement.ingest_addresses, pictures_url)
        load.start()
        try:
            strike(arrangement, KILLS)
        finally:
            load.stop()
        arrangement.settle()
        states = wait_until_ended(arrangement, load.ledger)
        check_assets(arrangement, load.ledger)
        first, second = sweep(arrangement), sweep(arrangement)
        with capsys.disabled():
            print(  # what a person runs this for
                f"\n{database}: {sum(arrangement.kills.values())} kills {arrangement.kills}, "
                f"{len(load.ledger.promised)} promised {dict(states)}, "
                f"refused {dict(load.ledger.refused)}, first sweep {dict(first)}"
            )
        damage = {ingest_pb2.SWEEP_FINDING_MISSING, ingest_pb2.SWEEP_FINDING_DAMAGED}
        assert not damage & first.keys()
        assert not second
        assert len(load.ledger.promised) >= KILLS, "there was a load"


def strike(arrangement: Arrangement, kills: int) -> None:
    """Kill one after another, at random."""
    chance = random.Random(kills)  # repeatable
    for number in range(kills):
        time.sleep(chance.uniform(*_PAUSE_S))
        arrangement.revive()
        # Each has its turn; which one is next is left to chance.
        fewest = min(arrangement.kills.get(name, 0) for name in arrangement.victims)
        due = [name for name in arrangement.victims if arrangement.kills.get(name, 0) <= fewest]
        arrangement.strike(chance.choice(due if number % 2 else arrangement.victims))
        if chance.random() < _SETTLED_SHARE:
            arrangement.settle()


def wait_until_ended(arrangement: Arrangement, ledger: Ledger) -> Counter[str]:
    """Wait until every accepted job has ended; returns how many assets are in which state."""
    states: Counter[str] = Counter()
    # A job that failed for the third time is put off for five minutes, then for fifteen.
    deadline = time.monotonic() + 1500
    with IngestClient(arrangement.ingest_addresses[0]) as client:
        for external_id, (asset_id, _) in ledger.promised.items():
            while (asset := client.get_asset(asset_id, OWNER)).state in _UNFINISHED:
                assert time.monotonic() < deadline, f"{external_id} {asset_id} does not end"
                time.sleep(0.2)
            states[asset_pb2.AssetState.Name(asset.state)] += 1
    return states


def check_assets(arrangement: Arrangement, ledger: Ledger) -> None:
    """Hold every promise against what is there."""
    with (
        IngestClient(arrangement.ingest_addresses[1]) as client,
        StorageClient(arrangement.settings.reach("storage")) as storage,
    ):
        listed = {asset.external_id: asset for asset in client.list_assets(OWNER)}
        for external_id, (asset_id, digest) in ledger.promised.items():
            asset = listed[external_id]
            assert asset.id == asset_id
            if asset.state == asset_pb2.ASSET_STATE_FAILED:
                # Three deaths in the middle of one job happen; the asset says so.
                assert asset.error.reason == "EXECUTOR_CRASHED", asset
                continue
            assert len(asset.renditions) == (2 if external_id.startswith("document") else 5)
            for one in asset.renditions:
                # The client checks every chunk and the whole as they come.
                content = storage.get(one.storage_key).read()
                assert len(content) == one.size_bytes
                if one.name == "original":
                    assert sha256(content).digest() == asset.sha256 == digest


def sweep(arrangement: Arrangement) -> Counter[ingest_pb2.SweepFinding]:
    """Sweep objects of any age, reading every byte, and mend; returns what was found."""
    request = ingest_pb2.SweepRequest(repair=True, verify_content=True, min_age=Duration())
    with IngestClient(arrangement.ingest_addresses[0]) as client:
        answers = list(client.stub.Sweep(request, timeout=600))
    assert all(one.repaired for one in answers if one.finding), answers
    return Counter(one.finding for one in answers if one.finding)
