"""What the storage process does beside answering: looking at its store, and sweeping it."""

import threading
import time
from datetime import timedelta

import structlog

from services.rpc.health import Health
from storage.errors import StoreError, StoreFull, StoreReadOnly
from storage.uploads import UploadStore

# The name under which grpc.health.v1 tells how the store itself is.
STORE_HEALTH = "store"
# And under this one, whether the store's clock and this machine's agree: nothing fails
# when they do not, but signed URLs and logs mean other times than their readers think.
CLOCK_HEALTH = "store.clock"
_CLOCK_TOLERANCE_S = 60.0
_CHECK_EVERY_S = 10.0
_SWEEP_EVERY_S = 3600.0
_log = structlog.get_logger("tintype")


class Upkeep:
    """A thread that checks the store every few seconds and sweeps it now and then.

    A store that refuses writes only is unhealthy by its own name; the service still
    serves, because reading works.
    """

    def __init__(
        self,
        store: UploadStore,
        status: Health,
        service_name: str,
        upload_ttl: timedelta,
    ) -> None:
        self._store = store
        self._status = status
        self._service_names = ("", service_name)
        self._upload_ttl = upload_ttl
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._trouble = ""
        self._skew_s = 0

    def start(self) -> None:
        """Check and sweep at once, then again and again."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after what it is at."""
        self._stop.set()
        self._thread.join()

    def check(self) -> None:
        """Look at the store and say how it is, to health checks and, on a change, to the log."""
        trouble, serving = "", True
        try:
            self._store.check()
        except StoreError as error:
            trouble = f"{type(error).__name__}: {error}"
            serving = isinstance(error, StoreFull | StoreReadOnly)
        except Exception as error:
            _log.error("store check failed", exc_info=error)
            trouble, serving = "unknown", False
        self._status.tell(STORE_HEALTH, serving=not trouble, reason=trouble)
        for name in self._service_names:
            self._status.tell(name, serving=serving, reason=trouble)
        if trouble != self._trouble:
            if trouble:
                _log.error("store unhealthy", reason=trouble)
            else:
                _log.info("store healthy again")
            self._trouble = trouble

    def check_clock(self) -> None:
        """Say to health checks, and on a change to the log, how far the store's clock is off."""
        skew_s = round(getattr(self._store, "clock_skew_s", 0.0))
        is_off = abs(skew_s) > _CLOCK_TOLERANCE_S
        direction = "ahead of" if skew_s > 0 else "behind"
        reason = f"the store's clock is {abs(skew_s)} s {direction} this machine's" * bool(skew_s)
        self._status.tell(CLOCK_HEALTH, serving=not is_off, reason=reason)
        if abs(skew_s - self._skew_s) <= _CLOCK_TOLERANCE_S:
            return
        if is_off:
            _log.warning("clock skew", server_ahead_s=skew_s)
        else:
            _log.info("clocks agree again", server_ahead_s=skew_s)
        self._skew_s = skew_s

    def sweep(self) -> None:
        """Remove uploads that were given up, and leftovers of killed processes."""
        try:
            removed = self._store.sweep_uploads(self._upload_ttl)
        except Exception as error:
            _log.warning("sweep failed", reason=str(error))
            return
        if removed:
            _log.info("swept", removed=removed)

    def _run(self) -> None:
        """Check often, sweep seldom."""
        sweep_every_s = min(_SWEEP_EVERY_S, self._upload_ttl.total_seconds())
        next_sweep = 0.0
        while True:
            self.check()
            self.check_clock()
            if time.monotonic() >= next_sweep:
                self.sweep()
                next_sweep = time.monotonic() + sweep_every_s
            if self._stop.wait(min(_CHECK_EVERY_S, sweep_every_s)):
                return
