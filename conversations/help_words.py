"""How free text is understood: greetings, thanks, and the command somebody probably meant. By whole words only."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from conversations.flow import Command

# Below this two words are different words: "joyn" and "join" score 0.75, "met" and "help" 0.29.
CLOSE = 0.7

GREETINGS = frozenset(
    "hi hello hey hallo hola ciao bonjour salut servus moin ahoy howdy greetings yo "
    "morning afternoon evening good there bot flipside everybody all".split()
)
GREETING_NEEDS = frozenset(
    "hi hello hey hallo hola ciao bonjour salut servus moin ahoy howdy greetings yo good".split()
)
THANKS = frozenset(
    "thanks thank you thx ty cheers danke merci gracias grazie much so very a lot many great ok okay cool perfect "
    "nice super bye goodbye got it sounds good will do".split()
)
THANKING = frozenset("thanks thank thx ty cheers danke merci gracias grazie".split())
FILLERS = frozenset(
    "a about an and can could do for how i in is it me my of on please the this to want what with you".split()
)


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def is_greeting(text: str) -> bool:
    said = set(words_of(text))
    return bool(said & GREETING_NEEDS) and said <= GREETINGS


def is_thanks(text: str) -> bool:
    said = words_of(text)
    return 0 < len(said) <= 6 and set(said) <= THANKS


def thanks_in(text: str) -> bool:
    """Whether it says thanks, and not just "ok" or "bye"."""
    return any(word in THANKING for word in words_of(text))


def nearest(text: str, commands: Sequence[Command]) -> Command | None:
    """The command whose words are most like what was written; None when nothing comes close."""
    said = [word for word in words_of(text) if word not in FILLERS]
    scored = [(score, index) for index, command in enumerate(commands) if (score := _likeness(said, command)) > 0]
    # The earlier one wins a tie: flows list what people need most first.
    return commands[max(scored, key=lambda one: (one[0], -one[1]))[1]] if scored else None


def _likeness(said: Sequence[str], command: Command) -> float:
    return max((_share(said, names) for names in (command.words, *command.also)), default=0.0)


def _share(said: Iterable[str], names: Sequence[str]) -> float:
    """How much of a command's words was said, nearly right; its last word, the most telling one, must be there."""
    found = [name for name in names if name not in FILLERS and get_close_matches(name, said, 1, CLOSE)]
    if not found or names[-1] not in found:
        return 0.0
    exact = sum(name in said for name in found) / 100
    return len(found) / len(names) + len(found) / 10 + exact
