"""Our matching of a people file, as a whole and apart from reading."""

from datetime import date
from pathlib import Path

from bot.benchmark.match_figures import MONDAY, match_run, tell
from bot.clock import process_seconds, stopwatch
from conversations.matching.people_match import match_people, request_of
from conversations.matching.request import MatchingRequest, run
from conversations.matching.rules_chosen import RulesFile
from conversations.matching.what_if import Adjustment, compare, with_change
from conversations.people_file import read_people_file


def ours(people: str) -> None:
    """All that `flipside match` does: read, score, solve, prove, explain every pair, write the CSV."""
    day = date.fromisoformat(MONDAY)
    matched = match_people(Path(people).read_bytes(), day, day)
    if matched.proposal is None:
        raise ValueError("the people file was refused")
    pairs = [(pair.mentor, pair.mentee) for pair in matched.proposal.pairs]
    tell(match_run(process_seconds(), matched.proposal.proved, pairs))


def ours_apart(people: str) -> None:
    """The same, with reading and matching timed apart, to stand beside the peer."""
    asked = request(Path(people))
    elapsed = stopwatch()
    proposal = run(asked)
    seconds = elapsed() / 1000
    tell(match_run(seconds, proposal.proved, [(pair.mentor, pair.mentee) for pair in proposal.pairs]))


def what_if(people: str) -> None:
    """What would differ with another weight: the matching as it is, the matching then, and both compared."""
    asked = request(Path(people))
    changed = with_change(asked, Adjustment("other_department", 30))
    elapsed = stopwatch()
    compare(run(asked), run(changed), asked.weights)
    tell(match_run(elapsed() / 1000, True, []))


def request(people: Path) -> MatchingRequest:
    """The people of the file as a matching, with the default rules and weights."""
    return request_of(read_people_file(people.read_bytes()).rows, RulesFile(), date.fromisoformat(MONDAY))
