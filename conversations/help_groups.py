"""Which commands help shows, in which groups, and which wait behind "More": nobody reads thirty lines."""

from collections.abc import Mapping, Sequence

from conversations.flow import Command

Groups = Mapping[str, Sequence[Command]]

# At most ten lines a role. A command that is named nowhere here is shown below the others, so none is hidden by
# forgetting it.
FOR_YOU = {
    "Your program": ("home", "join", "pause", "leave"),
    "Your meetings": ("topics", "book", "met"),
    "Help and privacy": ("need help", "privacy"),
}
FOR_COORDINATORS = {
    "Getting ready": ("program create", "program open", "program invite", "program check"),
    "Making pairs": ("program propose", "program approve", "program rules"),
    "While it runs": ("program status", "program hold", "program report", "program close"),
}
MORE = frozenset(
    (
        *("edit", "goals", "rhythm", "back", "results", "nominate", "help", "working style"),
        *("program adjust", "program people and dates", "program show", "program list", "program coordinators"),
        *("program import", "program who", "program preview", "program resume", "program quiet"),
        *("program add pair", "program forbidden", "program ask-first", "program asked", "program history"),
        *("program conflicts", "program rematch", "program review"),
    )
)
OTHERS = "And"


def groups(commands: Sequence[Command], *, coordinators: bool) -> Groups:
    """What is shown at once for a role, in order; empty groups are left out."""
    named = FOR_COORDINATORS if coordinators else FOR_YOU
    known = {" ".join(each.words): each for each in commands if each.coordinators_only == coordinators}
    shown = {title: [known[words] for words in listed if words in known] for title, listed in named.items()}
    placed = {words for listed in named.values() for words in listed} | MORE
    shown[OTHERS] = [command for words, command in known.items() if words not in placed]
    return {title: found for title, found in shown.items() if found}


def behind_more(commands: Sequence[Command], *, coordinators: bool) -> Sequence[Command]:
    return [each for each in commands if each.coordinators_only == coordinators and " ".join(each.words) in MORE]
