"""How long a test waits for what has to happen: far longer than it takes, since the machine may be busy."""

SECONDS = 30.0
