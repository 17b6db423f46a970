"""Jobs in threads that begin together."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

PATIENCE = 60
"""Seconds until a test that hangs fails."""


def start(job: Callable[[], object]) -> Thread:
    """A thread that does not keep the run alive if it hangs."""
    thread = Thread(target=job, daemon=True)
    thread.start()
    return thread


def finish(*threads: Thread) -> None:
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "a thread hangs"


def outcome(job: Callable[[], object]) -> object:
    """What a job returned or raised."""
    try:
        return job()
    except Exception as error:
        return error


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run all at once and wait; returns what each returned or raised."""
    results: list[object] = [None] * len(jobs)
    gate = Barrier(len(jobs))

    def work(place: int) -> None:
        gate.wait(PATIENCE)
        results[place] = outcome(jobs[place])

    finish(*[start(partial(work, place)) for place in range(len(jobs))])
    return results
