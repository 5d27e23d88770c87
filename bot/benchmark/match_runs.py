"""One matching in a process of its own, which tells its figures."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.benchmark.match_figures import MatchRun

Measured = Callable[[str], None]
"""Matches the people of the file at this path, and writes its figures on standard output (`told`)."""

START = "import sys, importlib as i; getattr(i.import_module(sys.argv[1]), sys.argv[2])(sys.argv[3])"


class RunFailed(Exception):
    """The process ended without figures: it was killed, for memory most likely."""


def in_process(measured: Measured, people: Path) -> MatchRun:
    """A fresh process, so that its memory and its imports are its own.

    Plain Python: one of multiprocessing would load the command line too, 5 MB that belong to neither of the two.
    """
    named = (measured.__module__, measured.__name__, str(people))
    done = subprocess.run([sys.executable, "-c", START, *named], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        raise RunFailed(f"the matching of {people.name} ended without figures")
    figures = json.loads(done.stdout)
    return MatchRun(**{**figures, "pairs": [(mentor, mentee) for mentor, mentee in figures["pairs"]]})
