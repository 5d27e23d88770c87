"""The states of a pair, as coordinators read them."""

STATES = (
    ("waiting", "introduced soon"),
    ("introduced", "introduced"),
    ("date_set", "date set"),
    ("met", "met"),
    ("quiet", "quiet for 21 days"),
    ("paused", "paused"),
    ("frozen", "waiting for your decision"),
    ("ended", "ended"),
)
