"""Calendars that other programs read (iCalendar, RFC 5545): all-day entries that keep their identity when they move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in a calendar: `id` never changes, `sequence` grows with each change, so that clients move it and add none."""

    id: str
    day: date
    title: str
    text: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    done: bool = False


def calendar_of(entries: Iterable[Entry], name: str, at: datetime) -> bytes:
    """A calendar as bytes; `at` is when it was made, in UTC."""
    made = Calendar()
    made.add("prodid", "-//Cotutelle//Milestones//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        made.add_component(_event(entry, at))
    return bytes(made.to_ical())


def _event(entry: Entry, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@milestones.cotutelle")
    event.add("dtstamp", at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if entry.text:
        event.add("description", entry.text)
    if entry.url:
        event.add("url", entry.url)
    return event
