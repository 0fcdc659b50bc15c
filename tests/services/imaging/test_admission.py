"""The queue before the workers: bounded, fair, and without those who left."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from imaging.errors import QueueFull
from services.imaging.admission import Admission, Gone


def stays(_: Callable[[], None]) -> bool:
    """A caller that does not leave."""
    return True


class Caller:
    """One call in its own thread, which holds its slot until told to let go."""

    def __init__(self, admission: Admission, name: str, log: list[str]) -> None:
        self.leave: Callable[[], None] = lambda: None
        self.let_go = threading.Event()
        self.gone = False
        self._queued = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(admission, name, log))
        self._thread.start()
        assert self._queued.wait(5)

    def _run(self, admission: Admission, name: str, log: list[str]) -> None:
        try:
            give_back = admission.take_turn(name, self._when_gone)
        except Gone:
            self.gone = True
        else:
            log.append(name)
            self.let_go.wait(5)
            give_back()

    def _when_gone(self, leave: Callable[[], None]) -> bool:
        self.leave = leave
        self._queued.set()
        return True

    def end(self) -> None:
        self.let_go.set()
        self._thread.join(5)
        assert not self._thread.is_alive()


def wait_for(condition: Callable[[], bool]) -> None:
    waiter = threading.Event()
    for _ in range(500):
        if condition():
            return
        waiter.wait(0.01)
    raise AssertionError("it did not happen in 5 seconds")


def test_callers_take_turns_however_much_one_of_them_brings() -> None:
    admission, log = Admission(slots=1, places=100), list[str]()
    callers = [Caller(admission, name, log) for name in ("a", "a", "a", "a", "b", "c", "b")]
    for caller in callers:
        caller.let_go.set()
    for caller in callers:
        caller.end()
    assert log == ["a", "a", "b", "c", "a", "b", "a"]


def test_no_more_work_at_one_time_than_there_are_slots() -> None:
    admission, log = Admission(slots=2, places=100), list[str]()
    callers = [Caller(admission, str(number), log) for number in range(5)]
    wait_for(lambda: len(log) == 2)
    threading.Event().wait(0.05)
    assert len(log) == 2
    for caller in callers:
        caller.end()
    assert len(log) == 5


def test_a_caller_that_leaves_is_never_started() -> None:
    admission, log = Admission(slots=1, places=100), list[str]()
    first, leaver, third = (Caller(admission, name, log) for name in ("first", "leaver", "third"))
    leaver.leave()
    leaver.end()
    assert leaver.gone
    first.end()
    third.end()
    assert log == ["first", "third"]


def test_leaving_after_ones_turn_has_come_changes_nothing() -> None:
    admission, log = Admission(slots=1, places=100), list[str]()
    caller = Caller(admission, "a", log)
    wait_for(lambda: log == ["a"])
    caller.leave()
    caller.end()
    assert not caller.gone
    admission.take_turn("b", stays)()


def test_a_slot_is_given_back_once() -> None:
    admission, log = Admission(slots=1, places=100), list[str]()
    give_back = admission.take_turn("a", stays)
    give_back()
    give_back()
    callers = [Caller(admission, name, log) for name in ("b", "c")]
    wait_for(lambda: len(log) == 1)
    threading.Event().wait(0.05)
    assert log == ["b"]
    for caller in callers:
        caller.end()


def test_a_caller_that_had_left_before_it_queued_is_never_started() -> None:
    admission = Admission(slots=1, places=100)
    give_back = admission.take_turn("a", stays)
    with pytest.raises(Gone):
        admission.take_turn("b", lambda _: False)
    give_back()
    admission.take_turn("c", stays)()


def test_beyond_its_places_it_is_full_and_says_when_to_come_back() -> None:
    admission = Admission(slots=1, places=4)
    with ExitStack() as inside:
        for caller in "abcd":
            inside.enter_context(admission.place(caller))
        with pytest.raises(QueueFull, match="4 images") as caught, admission.place("e"):
            raise AssertionError("it was let in")
        assert caught.value.retry_after_s > 0
    with admission.place("e"):
        pass


def test_one_caller_never_has_all_the_places() -> None:
    admission = Admission(slots=1, places=4)
    with ExitStack() as inside:
        for _ in range(3):
            inside.enter_context(admission.place("greedy"))
        with pytest.raises(QueueFull), admission.place("greedy"):
            raise AssertionError("it was let in")
        with admission.place("modest"):
            pass
