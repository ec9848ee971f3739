from __future__ import annotations

from scenario_pebble.clock import SECOND_NS, Clock, Dice, Timer, Timers


class Ticker:
    """Notes the time of each firing."""

    def __init__(self, clock: Clock, timers: Timers):
        self.fired: list[tuple[str, int]] = []
        self._clock = clock
        self.timers = timers
        timers.on('note', self._note)
        timers.on('again', self._again)
        clock.attach(timers)

    def _note(self, name: str) -> None:
        self.fired.append((name, self._clock.now_ns))

    def _again(self, name: str, period_ns: int) -> None:
        self._note(name)
        self.timers.add(self._clock.now_ns + period_ns, 'again', name, period_ns)


def test_timers_fire_in_order_of_time_and_then_of_creation():
    clock = Clock(0)
    ticker = Ticker(clock, Timers())
    for due_ns, name in ((20, 'c'), (10, 'a'), (10, 'b')):
        ticker.timers.add(due_ns, 'note', name)

    clock.advance(20)

    assert ticker.fired == [('a', 10), ('b', 10), ('c', 20)]


def test_time_stops_where_it_was_told_to():
    clock = Clock(5)
    ticker = Ticker(clock, Timers())
    ticker.timers.add(30, 'note', 'late')

    clock.advance(10)

    assert clock.now_ns == 15
    assert ticker.fired == []


def test_waiting_ends_as_soon_as_the_condition_holds():
    clock = Clock(0)
    ticker = Ticker(clock, Timers())
    ticker.timers.add(10, 'again', 'tick', 10)

    assert clock.wait(lambda: len(ticker.fired) == 3, 1000)

    assert clock.now_ns == 30


def test_waiting_for_what_never_happens_ends_at_the_deadline():
    clock = Clock(0)

    assert not clock.wait(lambda: False, 7)

    assert clock.now_ns == 7


def test_waiting_without_a_deadline_ends_when_nothing_is_due_any_more():
    clock = Clock(0)
    ticker = Ticker(clock, Timers())
    ticker.timers.add(10, 'note', 'only')

    assert not clock.wait(lambda: False)

    assert clock.now_ns == 10


def test_of_two_daemons_due_together_the_first_attached_acts_first():
    clock = Clock(0)
    order: list[str] = []
    for name in ('one', 'two'):
        timers = Timers()
        timers.on('note', order.append)
        timers.add(10, 'note', name)
        clock.attach(timers)

    clock.advance(10)

    assert order == ['one', 'two']


def test_an_overdue_timer_does_not_turn_time_back():
    clock = Clock(100)
    ticker = Ticker(clock, Timers([Timer(50, 1, 'note', ('overdue',))], 1))

    clock.advance(10)

    assert ticker.fired == [('overdue', 100)]
    assert clock.now_ns == 110


def test_saved_timers_go_on_where_they_were():
    timers = Timers()
    timers.add(2 * SECOND_NS, 'note', 'b')
    timers.add(SECOND_NS, 'note', 'a')
    saved, number = timers.save()
    clock = Clock(0)
    ticker = Ticker(clock, Timers(saved, number))
    ticker.timers.add(SECOND_NS, 'note', 'c')

    clock.advance(2 * SECOND_NS)

    assert [name for name, _ in ticker.fired] == ['a', 'c', 'b']


def test_dice_repeat_from_a_seed_and_from_any_point():
    dice = Dice(seed=7)
    rolled = [dice.below(1000) for _ in range(5)]

    assert [Dice(7, drawn).below(1000) for drawn in range(5)] == rolled
    assert [Dice(8, drawn).below(1000) for drawn in range(5)] != rolled


def test_dice_spread_over_the_whole_range():
    rolled = {Dice(0, drawn).below(10) for drawn in range(200)}

    assert rolled == set(range(10))


def test_dice_give_nothing_below_zero_or_one():
    assert [Dice().below(0), Dice().below(1)] == [0, 0]
