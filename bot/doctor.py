"""`flipside doctor`: everything the settings say and reach, as findings. Vendors are asked by their adapters."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Sequence
from importlib import import_module
from pathlib import Path

from adapters import set_up
from adapters.loopback import host_of, is_loopback
from adapters.platform import Finding
from bot.clock import SystemClock
from bot.settings import Settings, platform_faults, read_settings
from bot.settings_check import SettingsError, SettingsFault
from conversations.content import load
from storage.database import Database
from storage.migrate import current, is_known, newest, outbox_held_since

VENDOR_SECONDS = 20.0  # a vendor that is silent for so long is a finding, not a reason to wait


def examine(env_file: Path) -> list[Finding]:
    """All findings, in the order in which an operator would mend them."""
    try:
        settings = read_settings(env_file)
    except SettingsError as error:
        return [*map(_as_finding, error.faults), content(None)]
    findings = [Finding("settings", "ok", "Every value is well formed."), *_secrets(env_file)]
    findings += map(_as_finding, platform_faults(settings))
    findings += [*doubts(settings), *database(settings.database_url), content(settings.content_dir)]
    return findings + asyncio.run(_platforms(settings))


def _secrets(env_file: Path) -> list[Finding]:
    if not env_file.exists() or not env_file.stat().st_mode & 0o077:
        return []
    fix = f"Run `chmod 600 {env_file}`; only the user who runs Flipside needs it."
    return [Finding("settings", "warning", f"Other users of this machine may open {env_file}.", fix)]


def worst(findings: Sequence[Finding]) -> str:
    """The level that decides the exit code."""
    levels = {finding.level for finding in findings}
    return next((level for level in ("fault", "warning") if level in levels), "ok")


def lines(findings: Sequence[Finding]) -> list[str]:
    """One line a finding, and one for what to do about it. Never wrapped, so that it can be searched."""
    width = max(len(finding.name) for finding in findings)
    shown = []
    for finding in findings:
        shown.append(f"{finding.level:<8} {finding.name:<{width}}  {finding.message}")
        if finding.fix:
            shown.append(f"{'':<8} {'':<{width}}  fix: {finding.fix}")
    return shown


def doubts(settings: Settings) -> list[Finding]:
    """What is allowed but worth a second look."""
    found = []
    if not settings.coordinators:
        fix = "Set FLIPSIDE_COORDINATORS to the work e-mails of the people in HR or L&D who run programs."
        found.append(Finding("FLIPSIDE_COORDINATORS", "warning", "Nobody can run a program yet.", fix))
    if settings.teams_local and (settings.teams_app_id or settings.public_url):
        fix = "Remove FLIPSIDE_TEAMS_LOCAL before anybody else can reach this server."
        found.append(Finding("FLIPSIDE_TEAMS_LOCAL", "warning", "Teams takes messages from anybody.", fix))
    if settings.roster_file and not settings.roster_file.is_file():
        fix = "Correct the path, or put the file there."
        found.append(Finding("FLIPSIDE_ROSTER_FILE", "fault", "There is no such file.", fix))
    if (metrics := settings.metrics_address()) and not is_loopback(metrics[0]):
        fix = "Let only your Prometheus reach it (a firewall), or listen on 127.0.0.1."
        found.append(Finding("FLIPSIDE_METRICS", "warning", "Whoever reaches it reads the figures.", fix))
    return [*found, *_public_url(settings)]


def _public_url(settings: Settings) -> list[Finding]:
    name = "FLIPSIDE_PUBLIC_URL"
    if settings.public_url is None:
        needed = settings.slack_signing_secret is not None or settings.teams_app_id is not None
        fix = "Set it to the https address at which Slack or Teams reaches this server."
        links = " Without it nobody on Teams can be handed a file." if settings.teams_app_id else ""
        return [Finding(name, "warning", f"It is not set; the manifests need it.{links}", fix)] if needed else []
    host = host_of(settings.public_url)
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        fix = "Check the spelling, or ask whoever runs your DNS."
        return [Finding(name, "warning", "This machine cannot look up the host name.", fix)]
    if is_loopback(host):
        return [Finding(name, "warning", "Only this machine can open it.", "Fine for a trial; not for colleagues.")]
    return [Finding(name, "ok", "The host name is known.")]


def database(url: str) -> list[Finding]:
    """Whether the database answers, and whether its schema is the one we work with."""
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:") and not file.exists():
        return [_first_file(file)]
    try:
        revision = current(url)
        may_write = revision != newest() or _takes_a_row(url)
    except Exception as error:  # drivers raise many kinds; their text may quote the address, so only the kind is told
        fix = "Check FLIPSIDE_DATABASE_URL, and that the database runs and lets this user in."
        return [Finding("database", "fault", f"It does not answer ({type(error).__name__}).", fix)]
    readable = _readable(file) if url.startswith("sqlite:") else []
    if not may_write:
        fix = "Look for a full or read-only disk, another program that has it locked, or missing rights."
        return [Finding("database", "fault", "Nothing can be written to it.", fix), *readable]
    return [Finding("database", "ok", "It answers."), *readable, _migrations(revision), *_hold(url, revision)]


def _takes_a_row(url: str) -> bool:
    """As `/readyz` asks: a database that is locked, or whose disk is full, still answers what is read."""
    database = Database(url)
    try:
        database.write_now(lambda store: store.installation.note_ready(SystemClock().now()))
    except Exception:
        return False
    finally:
        database.close()
    return True


def _first_file(file: Path) -> Finding:
    """What is there of its path decides."""
    there = next(each for each in file.absolute().parents if each.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        fix = "Let the user who runs Flipside write there, or set FLIPSIDE_DATABASE_URL."
        return Finding("database", "fault", f"The first start would make {file}, and {there} takes no files.", fix)
    return Finding("database", "ok", f"There is no file {file} yet; the first start makes it.")


def _readable(file: Path) -> list[Finding]:
    if any(not each.stat().st_mode & 0o077 for each in (file, file.absolute().parent)):
        return []
    fix = f"Run `chmod 600 {file}*`; only the user who runs Flipside needs it."
    return [Finding("database", "warning", "Other users of this machine may open the file.", fix)]


def _hold(url: str, revision: str) -> list[Finding]:
    if revision != newest() or not (since := outbox_held_since(url)):
        return []
    fix = "`flipside resume --show` says what waits; `flipside resume` lets it go."
    return [Finding("outbox", "warning", f"It is on hold since {since[:16]} UTC: nothing is sent.", fix)]


def _migrations(revision: str) -> Finding:
    if revision == newest():
        return Finding("migrations", "ok", f"The schema is current ({revision}).")
    if revision and not is_known(revision):
        fix = "Install the newer version again, or restore a backup."
        return Finding("migrations", "fault", f"Revision {revision} was made by a newer Flipside.", fix)
    return Finding(
        "migrations", "warning", "The schema is not the newest.", "Run `flipside migrate`; `run` does it too."
    )


def content(company: Path | None = None) -> Finding:
    """Whether the texts that an L&D person may edit still parse: ours, and those of FLIPSIDE_CONTENT_DIR."""
    try:
        load(company)
    except Exception as error:  # whatever a hand-edited YAML file can do wrong
        where = "the folder of FLIPSIDE_CONTENT_DIR" if company else "conversations/content"
        fix = f"Undo the last change in {where}, or correct the entry named here."
        return Finding("content", "fault", " ".join(str(error).split()), fix)
    return Finding("content", "ok", "Every text file parses.")


async def _platforms(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    for platform in set_up(settings):
        check = import_module(f"{platform.module}.check").check_settings(settings, SystemClock().now)
        found += await _in_time(platform.module.rpartition(".")[2].capitalize(), check)
    return found


async def _in_time(name: str, check: Awaitable[Sequence[Finding]]) -> Sequence[Finding]:
    try:
        return await asyncio.wait_for(check, VENDOR_SECONDS)
    except TimeoutError:
        message = f"No answer within {VENDOR_SECONDS:.0f} seconds."
    except OSError as error:
        message = f"It cannot be reached ({type(error).__name__})."
    return [Finding(name, "fault", message, "Check this machine's way to the internet, a proxy or a firewall.")]


def _as_finding(fault: SettingsFault) -> Finding:
    return Finding(fault.key, "fault", fault.reason, fault.fix)
