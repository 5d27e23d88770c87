"""How settings are judged: what is wrong, why, what to do. No fault quotes a value, since it may be a secret."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import ValidationError

from adapters.loopback import is_loopback

PREFIX = "FLIPSIDE_"
# A list of nothing but these is as empty as nothing at all.
SEPARATORS = " \t,;"

# What `.env.example` holds, and what people paste from documentation.
PLACEHOLDER = re.compile(
    r"replace-?me|change-?me|\byour[-_]|^<.*>$|^x{4,}$|\.\.\.|…|^0{8}-0{4}-0{4}-0{4}-0{12}$", re.IGNORECASE
)

TEAMS_TOGETHER = ("TEAMS_APP_ID", "TEAMS_APP_PASSWORD", "TEAMS_TENANT_IDS")
SLACK_DOORS = ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
YES = {"1", "true", "t", "yes", "y", "on"}


@dataclass(frozen=True, slots=True)
class SettingsFault:
    """One thing an operator must change before the start."""

    key: str
    reason: str
    fix: str


class SettingsError(Exception):
    """All the faults of the settings at once."""

    def __init__(self, faults: tuple[SettingsFault, ...]) -> None:
        super().__init__(", ".join(fault.key for fault in faults))
        self.faults = faults


def raw_settings(environment: Mapping[str, str], env_file: Path) -> tuple[dict[str, str], list[SettingsFault]]:
    """What was written, by key in capitals; the environment wins over the file, as everywhere."""
    written, faults = _file_settings(env_file)
    written |= {key.upper(): value for key, value in environment.items() if key.upper().startswith(PREFIX)}
    return written, faults


def _file_settings(env_file: Path) -> tuple[dict[str, str], list[SettingsFault]]:
    if not env_file.is_file():
        return {}, []
    try:
        with env_file.open(encoding="utf-8-sig") as stream:
            lines = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError):
        reason = "The file cannot be read as UTF-8 text."
        return {}, [SettingsFault(str(env_file), reason, "Save it as UTF-8, readable by the user who runs Flipside.")]
    faults = [
        SettingsFault(f"{env_file} line {line.original.line}", "The line is not KEY=value.", "Correct it or remove it.")
        for line in lines
        if line.error
    ]
    written = {line.key.upper(): line.value or "" for line in lines if line.key}
    return {key: value for key, value in written.items() if key.startswith(PREFIX)}, faults


def without_examples(raw: Mapping[str, str]) -> dict[str, str]:
    """Before there is an app there are no tokens to put in. An example address stays, and is a fault."""
    return {key: value for key, value in raw.items() if key == f"{PREFIX}PUBLIC_URL" or not PLACEHOLDER.search(value)}


def written_faults(raw: Mapping[str, str], known: tuple[str, ...]) -> list[SettingsFault]:
    """Keys nobody knows, keys without a value, and examples left in place."""
    faults = []
    for key, value in raw.items():
        if key not in known:
            faults.append(_unknown(key, known))
        elif not value.strip(SEPARATORS):
            faults.append(SettingsFault(key, "It is there, but empty.", "Give it a value, or remove it."))
        elif PLACEHOLDER.search(value):
            fix = "Put your own value in, or remove the line if you do not need it."
            faults.append(SettingsFault(key, "It still holds the example value.", fix))
    return faults


def _unknown(key: str, known: tuple[str, ...]) -> SettingsFault:
    # Compared without the prefix, which would make every key look alike.
    near = get_close_matches(key.removeprefix(PREFIX), [name.removeprefix(PREFIX) for name in known], n=1)
    fix = f"Did you mean {PREFIX}{near[0]}?" if near else "Remove it; the README lists every setting."
    return SettingsFault(key, "Flipside has no setting of this name.", fix)


def field_faults(error: ValidationError, meanings: Mapping[str, str]) -> list[SettingsFault]:
    """pydantic's findings in an operator's words."""
    return [_field_fault(found["type"], found["loc"], meanings) for found in error.errors(include_input=False)]


def _field_fault(kind: str, where: tuple[int | str, ...], meanings: Mapping[str, str]) -> SettingsFault:
    name = str(where[0])
    match kind:
        case "int_parsing":
            reason = "The value is not a whole number."
        case "bool_parsing":
            reason = "The value is neither true nor false."
        case "greater_than_equal" | "less_than_equal":
            reason = "The number is out of range."
        case _:
            reason = "The value does not have the expected form."
    if len(where) > 1:
        reason = f"Entry {int(where[1]) + 1} of the list does not have the expected form."
    return SettingsFault(PREFIX + name.upper(), reason, f"Expected: {meanings[name]}.")


def contradictions(raw: Mapping[str, str], *, complete: bool) -> list[SettingsFault]:
    """Values that may each be fine but do not go together, or would leave a door open.

    Unless `complete`, a platform may be half set up.
    """
    given = {key.removeprefix(PREFIX): value.strip() for key, value in raw.items() if value.strip(SEPARATORS)}
    platforms = (_slack_faults, _teams_faults) if complete else ()
    rules = (*platforms, _address_faults, _database_faults, _topic_faults, _crash_faults)
    return [SettingsFault(PREFIX + key, reason, fix) for rule in rules for key, reason, fix in rule(given)]


Found = Iterator[tuple[str, str, str]]


def _slack_faults(given: Mapping[str, str]) -> Found:
    doors = [key for key in SLACK_DOORS if key in given]
    if "SLACK_BOT_TOKEN" in given and not doors:
        reason = "There is a bot token, but no way for Slack's events to come in."
        fix = "Set it for Socket Mode, or FLIPSIDE_SLACK_SIGNING_SECRET for HTTP."
        yield "SLACK_APP_TOKEN", reason, fix
    if doors and "SLACK_BOT_TOKEN" not in given:
        yield "SLACK_BOT_TOKEN", "Slack is half set up: the bot token is missing.", "Set it; it begins with xoxb-."
    for key, prefix in (("SLACK_BOT_TOKEN", "xoxb-"), ("SLACK_APP_TOKEN", "xapp-")):
        if key in given and not given[key].startswith(prefix):
            fix = f"Paste the token that begins with {prefix}; the README says where it is found."
            yield key, f"It does not begin with {prefix}.", fix
    if given.get("SLACK_SIGNING_SECRET", "").startswith(("xoxb-", "xapp-", "xoxp-")):
        yield "SLACK_SIGNING_SECRET", "It is a token.", "Paste the Signing Secret of Basic Information."


def _teams_faults(given: Mapping[str, str]) -> Found:
    if given.get("TEAMS_LOCAL", "").lower() in YES:
        if not is_loopback(given.get("HOST", "127.0.0.1")):
            reason = "It switches authentication off, and FLIPSIDE_HOST is reachable from other machines."
            yield "TEAMS_LOCAL", reason, "Set FLIPSIDE_HOST=127.0.0.1, or remove FLIPSIDE_TEAMS_LOCAL."
        return
    if any(key in given for key in TEAMS_TOGETHER):
        for key in TEAMS_TOGETHER:
            if key not in given:
                reason = "Teams is half set up, and without this anybody could talk to the bot."
                yield key, reason, "Set it, or remove the other FLIPSIDE_TEAMS_ settings."


def _address_faults(given: Mapping[str, str]) -> Found:
    for key in ("PUBLIC_URL", "SLACK_API_URL", *(["LLM_BASE_URL"] if "LLM_API_KEY" in given else [])):
        try:
            address = urlsplit(given.get(key, ""))
            plain = address.scheme == "http" and not is_loopback(address.hostname or "")
        except ValueError:
            yield key, "It is not a web address.", "Write it as https://host."
            continue
        if plain:
            reason = "It is plain http, so tokens, keys and names could be read on the way."
            yield key, reason, "Use https; http is for this machine (127.0.0.1) only."


def _crash_faults(given: Mapping[str, str]) -> Found:
    """A switch for tests must not be left on where people are."""
    real_slack = "SLACK_BOT_TOKEN" in given and not given.get("SLACK_API_URL", "").startswith("http://")
    real_teams = "TEAMS_APP_ID" in given and given.get("TEAMS_LOCAL", "").lower() not in YES
    if "CRASH" in given and (real_slack or real_teams):
        yield "CRASH", "It makes the bot kill itself, and a real platform is set up.", "Remove it; it is for tests."


def _database_faults(given: Mapping[str, str]) -> Found:
    # A password with @, /, # or : that is not percent-encoded breaks the address in a way no message should quote.
    try:
        address = urlsplit(given.get("DATABASE_URL", ""))
        readable = address.scheme != "postgresql" or (
            (address.port is None or bool(address.hostname)) and address.netloc.count("@") <= 1
        )
    except ValueError:
        readable = False
    if not readable:
        reason = "It cannot be read as an address."
        yield "DATABASE_URL", reason, "Percent-encode special characters of the password, for example @ as %40."


def _topic_faults(given: Mapping[str, str]) -> Found:
    for one, other in (("LLM_BASE_URL", "LLM_MODEL"), ("LLM_MODEL", "LLM_BASE_URL"), ("LLM_API_KEY", "LLM_BASE_URL")):
        if one in given and other not in given:
            yield other, f"FLIPSIDE_{one} needs it.", f"Set it, or remove FLIPSIDE_{one}."


def missing(reason: str, given: Mapping[str, object]) -> list[SettingsFault]:
    """A fault for each key without a value."""
    return [SettingsFault(PREFIX + key, reason, "Set it.") for key, value in given.items() if value is None]
