"""Lines whose endpoint has not said hello yet are counted, and bounded by source and in all."""

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.strangers import MOST_OF_ALL, MOST_OF_ONE_SOURCE, Strangers, TooManyStrangers


def test_one_source_is_bounded_and_another_is_not_touched() -> None:
    strangers = Strangers()
    with ExitStack() as lines:
        for _ in range(MOST_OF_ONE_SOURCE):
            lines.enter_context(strangers.one_more("one"))
        with pytest.raises(TooManyStrangers):
            lines.enter_context(strangers.one_more("one"))
        lines.enter_context(strangers.one_more("another"))
    with strangers.one_more("one"):
        pass


def test_all_together_are_bounded() -> None:
    strangers = Strangers()
    with ExitStack() as lines:
        for number in range(MOST_OF_ALL):
            lines.enter_context(strangers.one_more(f"source {number}"))
        with pytest.raises(TooManyStrangers):
            lines.enter_context(strangers.one_more("one more"))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=200))
def test_whoever_said_hello_is_counted_no_more(events: list[tuple[str, bool]]) -> None:
    strangers = Strangers()
    standing: dict[str, list[ExitStack]] = {"a": [], "b": [], "c": []}
    for source, comes in events:
        if comes:
            line = ExitStack()
            try:
                line.enter_context(strangers.one_more(source))
            except TooManyStrangers:
                assert len(standing[source]) == MOST_OF_ONE_SOURCE
            else:
                standing[source].append(line)
        elif standing[source]:
            standing[source].pop().close()
