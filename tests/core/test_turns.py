"""A process works out a few pages at a time, and nobody waits for those that hang."""

from contextlib import suppress
from threading import Event, Lock, Thread

from core.turns import Turns


def ask(application, times):
    threads = [Thread(target=application, args=({}, None)) for _ in range(times)]
    for thread in threads:
        thread.start()
    return threads


def test_no_more_than_two_pages_are_worked_out_at_once():
    lock, inside, most, go = Lock(), [], [], Event()

    def page(_environ, _start):
        with lock:
            inside.append(1)
            most.append(len(inside))
        go.wait(0.05)
        with lock:
            inside.pop()
        return []

    for thread in ask(Turns(page, at_once=2, patience=30), 12):
        thread.join()

    assert len(most) == 12
    assert max(most) == 2


def test_pages_that_hang_do_not_hold_up_the_others():
    hang, answered = Event(), []

    def page(environ, _start):
        if environ.get("hangs"):
            hang.wait(30)
        answered.append(environ)
        return []

    application = Turns(page, at_once=1, patience=0.01)
    stuck = Thread(target=application, args=({"hangs": True}, None))
    stuck.start()
    application({}, None)

    assert answered == [{}]
    hang.set()
    stuck.join()


def test_a_page_that_fails_gives_its_turn_back():
    def page(_environ, _start):
        raise RuntimeError

    application = Turns(page, at_once=1, patience=0)
    for _ in range(3):
        with suppress(RuntimeError):
            application({}, None)

    assert application.turns.acquire(blocking=False)
