"""A mixed load on the storage service that knows what must be there whatever breaks."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from crc32c import crc32c

from tintype.errors import Aborted, AlreadyExists, TintypeError
from tintype.storage.client import StorageClient

MIB = 1024 * 1024
_SIZES = (0, 1, 700, 30_000, MIB - 1, MIB, 3 * MIB + 5)
_KEYS = 12
_TIMEOUT_S = 20.0


class NoAnswerError(Exception):
    """A call ended without an answer of the service: nobody knows what it did."""


class _BrokenOffError(Exception):
    """The caller gives up half-way, on purpose."""


@dataclass(frozen=True)
class Version:
    """Content that can be made again: random bytes of a seed."""

    seed: int
    size_bytes: int

    def content(self) -> bytes:
        return random.Random(self.seed).randbytes(self.size_bytes)


@dataclass
class OpenUpload:
    """A resumable upload, and the most that the service ever said it keeps of it."""

    upload_id: str
    key: str
    version: Version
    persisted_bytes: int = 0


@dataclass
class Worker:
    """Does random things to keys of its own until it is told to stop.

    Attributes:
        states: for each key, what may be there: one thing after an answer, two after a
            call that got none. None stands for no object.
        answered: changes that were answered.
        unanswered: changes that were not.
        failure: what made the worker give up: a broken promise.
    """

    address: str
    number: int
    stop: threading.Event
    states: dict[str, set[Version | None]] = field(default_factory=dict)
    upload: OpenUpload | None = None
    answered: int = 0
    unanswered: int = 0
    failure: BaseException | None = None

    def run(self) -> None:
        """Work, through any number of broken connections."""
        chance = random.Random(self.number)
        try:
            while not self.stop.is_set():
                # A new channel: the old one would wait longer and longer to reconnect.
                with StorageClient(self.address) as client, suppress(NoAnswerError):
                    for key, may_be in self.states.items():
                        if len(may_be) > 1:
                            self.verify(client, key)
                    while not self.stop.is_set():
                        self._step(client, chance)
                self.stop.wait(0.02)
        except BaseException as failure:
            self.failure = failure

    def verify(self, client: StorageClient, key: str) -> None:
        """Read a key back; it must be what it may be, and is that from now on."""
        with answers():
            reader = client.get_or_none(key, timeout_s=_TIMEOUT_S)
            content = None if reader is None else reader.read()
        for version in self.states[key]:
            if content == (None if version is None else version.content()):
                self.states[key] = {version}
                return
        raise AssertionError(f"{key} is none of {self.states[key]}")

    def verify_upload(self, client: StorageClient) -> None:
        """Ask about the open upload: nothing that was said to be kept is lost."""
        if self.upload is None:
            return
        with answers():
            found = client.query_upload(self.upload.upload_id, timeout_s=_TIMEOUT_S)
        content = self.upload.version.content()
        assert found.persisted_bytes >= self.upload.persisted_bytes
        assert found.persisted_crc32c == crc32c(content[: found.persisted_bytes])
        self.upload.persisted_bytes = found.persisted_bytes
        if found.HasField("info"):
            assert found.info.size_bytes == len(content)
            self.upload = None

    def _step(self, client: StorageClient, chance: random.Random) -> None:
        """Do one random thing to one random key."""
        number = chance.randrange(_KEYS)
        key = f"worker{self.number}/{number // 3}/{number}"
        version = Version(chance.getrandbits(60), chance.choice(_SIZES))
        self.states.setdefault(key, {None})
        match chance.choice(("put", "put", "bytes", "bytes", "delete", "copy", "create", "resume")):
            case "put":
                with self._changing(key, version):
                    client.put(key, _chunks(version.content()), timeout_s=_TIMEOUT_S)
            case "bytes" if version.size_bytes <= MIB:
                with self._changing(key, version):
                    client.put_bytes(key, version.content(), timeout_s=_TIMEOUT_S)
            case "delete":
                with self._changing(key, None):
                    client.delete(key, timeout_s=_TIMEOUT_S)
            case "copy":
                self._copy(client, key)
            case "create":
                with suppress(AlreadyExists), self._changing(key, version):
                    chunks = _chunks(version.content())
                    client.put(key, chunks, create_only=True, timeout_s=_TIMEOUT_S)
                    assert self.states[key] == {None, version}
            case "resume":
                self._resume(client, chance, key, version)

    def _copy(self, client: StorageClient, target: str) -> None:
        """Copy some object that is there."""
        for source, (version,) in self.states.items():
            if version is not None and source != target:
                with self._changing(target, version):
                    client.copy(source, target, timeout_s=_TIMEOUT_S)
                return

    def _resume(
        self, client: StorageClient, chance: random.Random, key: str, version: Version
    ) -> None:
        """Open an upload, or send more of the open one, sometimes all of it."""
        if self.upload is None:
            with answers():
                opened = client.start_upload(key, timeout_s=_TIMEOUT_S)
            self.upload = OpenUpload(opened.upload_id, key, version)
        self.verify_upload(client)
        upload = self.upload
        if upload is None:
            return
        start, rest = upload.persisted_bytes, upload.version.content()[upload.persisted_bytes :]
        # Aborted: the service has not noticed yet that the stream before broke off.
        if chance.random() < 0.5:
            some = _broken_off(rest[: chance.randint(0, len(rest))])
            with suppress(_BrokenOffError, Aborted), answers():
                client.continue_upload(upload.upload_id, start, some, timeout_s=_TIMEOUT_S)
            return
        with suppress(Aborted), self._changing(upload.key, upload.version):
            client.continue_upload(upload.upload_id, start, _chunks(rest), timeout_s=_TIMEOUT_S)
            self.upload = None

    @contextmanager
    def _changing(self, key: str, version: Version | None) -> Iterator[None]:
        """Make the call that is to bring `version` to `key`, and note what is known then."""
        before = self.states[key]
        self.states[key] = before | {version}
        try:
            with answers():
                yield
        except NoAnswerError:
            self.unanswered += 1
            raise
        except TintypeError:  # refused
            self.states[key] = before
            raise
        self.states[key] = {version}
        self.answered += 1


@contextmanager
def answers() -> Iterator[None]:
    """Let answers of the service pass; a call without one is a `NoAnswerError`."""
    try:
        yield
    except TintypeError as error:
        if error.reason:
            raise
        raise NoAnswerError from error


def _chunks(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), 256 * 1024):
        yield content[start : start + 256 * 1024]


def _broken_off(content: bytes) -> Iterator[bytes]:
    yield from _chunks(content)
    raise _BrokenOffError
