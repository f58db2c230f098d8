"""The day of the gallery: its samples are of it, and its pages are told that it is it."""

NOW = "2026-11-22T10:50:00+03:00"
