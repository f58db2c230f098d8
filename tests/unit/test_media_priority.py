"""Threads of speech go before others, threads of pictures after, each by itself; nothing where it is not allowed."""

import os
import resource
import threading
from collections.abc import Callable

import pytest

from kiosk_client.media.priority import FIRST, LAST, after_others, before_others


def niceness_after(be: Callable[[], None]) -> int:
    """Of a thread that does this."""
    found: list[int] = []

    def thread() -> None:
        be()
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    running = threading.Thread(target=thread)
    running.start()
    running.join()
    return found[0]


def test_pictures_go_after_others_and_only_their_thread_does() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert niceness_after(after_others) == max(LAST, before)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


def test_speech_goes_before_others_where_that_is_allowed() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    allowed = os.geteuid() == 0 or 20 - resource.getrlimit(resource.RLIMIT_NICE)[0] <= FIRST
    assert niceness_after(before_others) == (FIRST if allowed else before)


def test_without_leave_all_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert niceness_after(before_others) == before
