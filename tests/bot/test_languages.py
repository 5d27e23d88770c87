"""Everybody is answered in the language that their platform names, as far as somebody wrote it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.app import build
from bot.arrivals import arrive
from bot.clock import VirtualClock
from bot.settings import Settings
from storage.database import Database
from storage.store import Store
from tests.support.fake_platform import FakePlatform

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


async def test_a_german_profile_is_greeted_with_the_companys_german_words(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "de.yaml").write_text("help:\n  welcome: Hier lernen Erfahrene von Neuen.\n", encoding="utf-8")
    slack = FakePlatform("slack")
    for user, locale in (("ana", "de-DE"), ("ben", "en-US")):
        slack.employ(user)
        slack.profiles[user] = replace(slack.profiles[user], locale=locale)
    settings = Settings.model_validate({"database_url": sqlite_url, "content_dir": str(folder)})
    app = build(settings, VirtualClock(NOW), [slack])
    await app.engine.start()
    seen = {user: str(await slack.say(user, "hello")) for user in ("ana", "ben")}
    await app.engine.stop()
    app.close()
    assert "Hier lernen Erfahrene von Neuen." in seen["ana"]
    assert "reverse mentoring" in seen["ben"]


def test_what_a_platform_calls_a_language_is_kept_within_its_column(sqlite_database: Database) -> None:
    slack = FakePlatform("slack")
    slack.employ("ana")
    profile = replace(slack.profiles["ana"], locale="de-DE-1996-x-a-very-long-tag\x00")

    def work(store: Store) -> str:
        return arrive(store, slack.address("ana"), profile, NOW).person.locale

    assert sqlite_database.write_now(work) == "de-DE-1996-x-a-very-"
