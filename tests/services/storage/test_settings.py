from datetime import timedelta

import pytest

from services.rpc.settings import load
from services.storage.settings import StorageSettings
from services.storage.stores import described


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("90", timedelta(seconds=90)),
        ("1.5s", timedelta(seconds=1.5)),
        ("15m", timedelta(minutes=15)),
        ("36h", timedelta(hours=36)),
        ("7d", timedelta(days=7)),
        ("P2D", timedelta(days=2)),
    ],
)
def test_the_upload_ttl_is_read(
    monkeypatch: pytest.MonkeyPatch, text: str, meant: timedelta
) -> None:
    monkeypatch.setenv("TINTYPE_UPLOAD_TTL", text)
    assert load(StorageSettings).upload_ttl == meant


@pytest.mark.parametrize("text", ["0", "-1", "soon", "", "7w"])
def test_a_wrong_upload_ttl_stops_the_process_and_is_named(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("TINTYPE_UPLOAD_TTL", text)
    with pytest.raises(SystemExit, match="TINTYPE_UPLOAD_TTL"):
        load(StorageSettings)


@pytest.mark.parametrize(
    ("set_", "missing"),
    [
        ({"S3_ENDPOINT": "http://x"}, "S3_ACCESS_KEY, S3_SECRET_KEY"),
        ({"S3_ENDPOINT": "http://x", "S3_ACCESS_KEY": "a"}, "S3_SECRET_KEY"),
        ({"AZURE_STORAGE_ACCOUNT": "a"}, "AZURE_STORAGE_KEY"),
    ],
)
def test_half_a_choice_is_refused(
    monkeypatch: pytest.MonkeyPatch, set_: dict[str, str], missing: str
) -> None:
    for name, value in set_.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=missing):
        load(StorageSettings)


def test_azure_goes_before_s3_and_s3_before_the_data_folder() -> None:
    assert described(StorageSettings()) == "TINTYPE_DATA_DIR=data"
    s3 = {"s3_endpoint": "http://x", "s3_access_key": "a", "s3_secret_key": "b"}
    assert described(StorageSettings(**s3)) == "S3_ENDPOINT=http://x"
    azure = {"azure_account": "acc", "azure_key": "k"}
    assert described(StorageSettings(**s3, **azure)) == "AZURE_STORAGE_ACCOUNT=acc"
