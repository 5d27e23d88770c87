"""One matching in a process of its own, which tells its figures."""

from collections.abc import Callable
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from bot.benchmark.match_figures import MatchRun, match_run
from bot.clock import process_seconds, stopwatch
from conversations.matching.people_match import match_people, request_of
from conversations.matching.request import MatchingRequest, run
from conversations.matching.rules_file import RulesFile
from conversations.people_file import read_people_file

MONDAY = date(2027, 3, 1)


class RunFailed(Exception):
    """The process ended without figures: it was killed, for memory most likely."""


def in_process(target: Callable[[Connection, Path], None], people: Path) -> MatchRun:
    """`target` in a fresh process, so that its memory and its imports are its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(theirs, people))
    process.start()
    theirs.close()
    try:
        answer = ours.recv()
    except EOFError:
        raise RunFailed(f"the matching of {people.name} ended without figures") from None
    finally:
        process.join()
    if not isinstance(answer, MatchRun):
        raise RunFailed(str(answer))
    return answer


def ours(figures: Connection, people: Path) -> None:
    """All that `flipside match` does: read, score, solve, prove, explain every pair, write the CSV."""
    matched = match_people(people.read_bytes(), MONDAY, MONDAY)
    proposal = matched.proposal
    if proposal is None:
        figures.send("the people file was refused")
        return
    pairs = [(pair.mentor, pair.mentee) for pair in proposal.pairs]
    figures.send(match_run(process_seconds(), proposal.proved, pairs))


def ours_apart(figures: Connection, people: Path) -> None:
    """The same, with reading and matching timed apart, to stand beside the peer."""
    asked = request(people)
    elapsed = stopwatch()
    proposal = run(asked)
    pairs = [(pair.mentor, pair.mentee) for pair in proposal.pairs]
    figures.send(match_run(elapsed() / 1000, proposal.proved, pairs))


def request(people: Path) -> MatchingRequest:
    """The people of the file as a matching, with the default rules and weights."""
    return request_of(read_people_file(people.read_bytes()).rows, RulesFile(), MONDAY)
