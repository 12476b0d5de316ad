"""Jumps of a mouse's clock: all ticks before something is due are run in one call of the driver."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gutexo.body.living_mouse import LivingMouse

# Packets times ticks in one call of a driver: half a second, so that Ctrl-C is answered soon.
MOST_UPDATES_A_CALL = 20_000_000


def jump(mouse: LivingMouse, end: float) -> None:
    """Run the ticks before something is due in one call, and set Mesa's clock to their end.

    Due are the time `end` (h), an event on Mesa's clock, a change of modifiers and the end of a
    day; the tick in which something is due is left to Mesa's clock.
    """
    first = mouse._ticks_of_time
    mouse._pulse.pause()
    try:
        mouse.regimen.refresh(mouse.state, mouse._end_of_tick(first))
        ticks = _count_ticks_before(mouse, _next_due(mouse, end))
        if ticks > 0:
            ticks = mouse.loop.run_ticks(mouse, ticks)
            mouse.time = mouse._end_of_tick(first + ticks)
            mouse.steps += ticks
    finally:
        mouse._pulse.resume()


def grow_up(mouse: LivingMouse) -> None:
    """Run the ticks before the first recorded day of a mouse, or until it dies."""
    s = mouse.state
    mouse.regimen.refresh(s, 0.0)
    while mouse.alive and s.tick < mouse.ticks_before_record:
        day = mouse._whole_days(s.tick)
        ticks, most = 1, min(_most_ticks_a_call(mouse), mouse.ticks_before_record - s.tick)
        while ticks < most and mouse._whole_days(s.tick + ticks) == day:
            ticks += 1
        mouse.loop.run_ticks(mouse, ticks)
        if mouse._whole_days(s.tick) > day:
            mouse._end_of_day()


def _most_ticks_a_call(mouse: LivingMouse) -> int:
    """Most ticks that are run in one call, so that an interruption is answered in time."""
    return max(1, MOST_UPDATES_A_CALL // max(1, mouse.state.count))


def _next_due(mouse: LivingMouse, end: float) -> float:
    """Return the time (h) of the next event on Mesa's clock besides the tick, or `end`."""
    events = mouse._event_list
    return end if events.is_empty() else min(end, events.peek_ahead(1)[0].time)


def _count_ticks_before(mouse: LivingMouse, due: float) -> int:
    """Count the ticks that end before a time (h), a change of modifiers and the end of a day."""
    first, tick = mouse._ticks_of_time, mouse.state.tick
    day, most = mouse._whole_days(tick), _most_ticks_a_call(mouse)
    ticks = 0
    while (
        ticks < most
        and mouse._end_of_tick(first + ticks + 1) < due
        and mouse._end_of_tick(first + ticks) < mouse.regimen.next_change
        and mouse._whole_days(tick + ticks + 1) == day
    ):
        ticks += 1
    return ticks
