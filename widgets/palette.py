"""The course's colours, once: figures draw with them and ``book.py`` writes them into the page's style sheet.

Chosen so that text on its ground has a contrast of 4.5 or more (WCAG 2.2, 1.4.3) and no pair is told apart by
hue alone. ``LIGHT`` and ``DARK`` have the same names.
"""

LIGHT = {
    "paper": "#ffffff",
    "card": "#f6f4ef",
    "line": "#8a8577",
    "ink": "#22252b",
    "quiet": "#575b63",
    "course": "#0b5c63",  # the course's own answer, links, the bar that matters
    "course-soft": "#dcebea",
    "reader": "#7a3e12",  # what the reader chose
    "reader-soft": "#f5e6d8",
    "notice": "#7d2b4a",  # content notes, what went wrong
    "focus": "#1a4fd0",
}
DARK = {
    "paper": "#14181e",
    "card": "#1e242c",
    "line": "#7d8794",
    "ink": "#e9e7e1",
    "quiet": "#b4bac3",
    "course": "#7fd0cf",
    "course-soft": "#1c3b3f",
    "reader": "#f0b27d",
    "reader-soft": "#43301f",
    "notice": "#f29bb7",
    "focus": "#9dbbff",
}
