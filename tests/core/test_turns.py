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

    assert application.free == 1


def test_who_comes_first_goes_first():
    begun, go, order = Event(), Event(), []

    def page(environ, _start):
        begun.set()
        go.wait(30)
        order.append(environ["name"])
        return []

    application = Turns(page, at_once=1, patience=30)
    threads = []
    for name in "abcdef":
        thread = Thread(target=application, args=({"name": name}, None))
        thread.start()
        threads.append(thread)
        begun.wait(30)
        while name != "a" and len(application.waiting) < "abcdef".index(name):
            pass
    go.set()
    for thread in threads:
        thread.join()

    assert order == list("abcdef")
    assert application.free == 1
