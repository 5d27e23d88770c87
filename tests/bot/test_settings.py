"""What an operator hears when a setting is wrong, and what the bot gets when all are right."""

import os
from pathlib import Path

import pytest

from bot.settings import Settings, platform_faults, read_settings, setting_names
from bot.settings_check import SettingsError, SettingsFault

GUID = "3f2b8c1e-5d4a-4f6b-9c7d-8e9f0a1b2c3d"
SLACK = {"SLACK_BOT_TOKEN": "xoxb-4815162342-canary", "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5"}
TEAMS = {"TEAMS_APP_ID": GUID, "TEAMS_APP_PASSWORD": "canary~secret", "TEAMS_TENANT_IDS": GUID}


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which nobody has set anything, whatever the developer's own environment says."""
    for key in list(os.environ):
        if key.upper().startswith("FLIPSIDE_"):
            monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for key, value in given.items():
        monkeypatch.setenv(f"FLIPSIDE_{key}", value)
    return read_settings()


def faults(monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, SettingsFault]:
    with pytest.raises(SettingsError) as caught:
        read(monkeypatch, **given)
    return {fault.key.removeprefix("FLIPSIDE_"): fault for fault in caught.value.faults}


def test_nothing_set_gives_the_documented_defaults() -> None:
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 3978)
    assert settings.database_url == "sqlite:///data/flipside.db"
    assert settings.slack_bot_token is None
    assert settings.teams_app_id is None


def test_every_setting_of_the_documentation_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(
        monkeypatch,
        **SLACK,
        **TEAMS | {"TEAMS_TENANT_IDS": f"{GUID}, {GUID.upper()}"},
        SLACK_APP_TOKEN="xapp-1-canary",
        SLACK_API_URL="http://127.0.0.1:9000/api/",
        TEAMS_LOCAL="false",
        DATABASE_URL="postgresql://flipside:p%40ss@db.larkspur.example:5432/flipside",
        HOST="0.0.0.0",
        PORT="8080",
        PUBLIC_URL="https://mentor.larkspur.example/",
        COORDINATORS="Ines@larkspur.example; noor@larkspur.example",
        ROSTER_FILE="roster.csv",
        LLM_BASE_URL="http://127.0.0.1:11434/v1",
        LLM_API_KEY="canary-key",
        LLM_MODEL="small",
    )
    assert platform_faults(settings) == ()
    assert settings.teams_tenant_ids == (GUID, GUID)
    assert settings.public_url == "https://mentor.larkspur.example"
    assert settings.coordinators == ("ines@larkspur.example", "noor@larkspur.example")
    assert settings.port == 8080


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FLIPSIDE_PORT=1234\nFLIPSIDE_HOST='::1'\nOTHER_PROGRAM=x\n", encoding="utf-8")
    settings = read(monkeypatch, PORT="4321")
    assert (settings.host, settings.port) == ("::1", 4321)


def test_settings_built_directly_read_nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLIPSIDE_PORT", "4321")
    assert Settings().port == 3978


def test_o5_each_malformed_value_names_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "DATABASE_URL": "mysql://canary@host/name",
        "SLACK_BOT_TOKEN": "xapp-canary",
        "SLACK_APP_TOKEN": "xoxb-canary",
        "SLACK_SIGNING_SECRET": "xoxb-canary",
        "SLACK_API_URL": "http://slack.larkspur.example/api",
        "TEAMS_APP_ID": "canary",
        "TEAMS_TENANT_IDS": f"{GUID},canary",
        "TEAMS_LOCAL": "canary",
        "HOST": "not a canary",
        "PORT": "canary",
        "PUBLIC_URL": "http://canary.larkspur.example",
        "COORDINATORS": "ines@larkspur.example,canary",
        "LLM_BASE_URL": "canary",
    }
    found = faults(monkeypatch, **wrong, TEAMS_APP_PASSWORD="s", LLM_MODEL="m")
    assert found.keys() == wrong.keys()
    for fault in found.values():
        assert fault.reason
        assert fault.fix
        assert "canary" not in repr(fault)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.5", "８０"])
def test_a_port_out_of_range_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    assert faults(monkeypatch, PORT=port).keys() == {"PORT"}


@pytest.mark.parametrize(
    "address",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "flipside.db",
        "postgresql+asyncpg://u@h/n",
        "postgresql://u:pa/ss@h:5432/n",
        # The driver would take what follows the first @ for the host, and name it in its error.
        "postgresql://u:pa@ss@h:5432/n",
    ],
)
def test_a_database_that_is_neither_a_file_nor_postgresql_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    assert faults(monkeypatch, DATABASE_URL=address).keys() == {"DATABASE_URL"}


def test_a_misspelt_key_is_answered_with_the_nearest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FLIPSIDE_SLACK_BOTTOKEN=xoxb-canary\n", encoding="utf-8")
    found = faults(monkeypatch, TEAMS_TENANT="x", ZZZ="x")
    assert "FLIPSIDE_SLACK_BOT_TOKEN" in found["SLACK_BOTTOKEN"].fix
    assert "FLIPSIDE_TEAMS_TENANT_IDS" in found["TEAMS_TENANT"].fix
    assert "README" in found["ZZZ"].fix


def test_a_line_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FLIPSIDE_PORT=8080\nthis is canary text\n", encoding="utf-8")
    assert faults(monkeypatch).keys() == {".env line 2"}


def test_a_file_in_another_encoding_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes("FLIPSIDE_LLM_MODEL=größe".encode("latin-1"))
    assert "UTF-8" in faults(monkeypatch)[".env"].reason


def test_s4_an_empty_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = faults(monkeypatch, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET="", TEAMS_APP_ID=" ")
    assert {"SLACK_SIGNING_SECRET", "TEAMS_APP_ID"} <= found.keys()
    assert "empty" in found["SLACK_SIGNING_SECRET"].reason


@pytest.mark.parametrize("missing", sorted(TEAMS))
def test_s4_teams_without_any_of_its_three_values_is_refused(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    given = {key: value for key, value in TEAMS.items() if key != missing}
    assert faults(monkeypatch, **given).keys() == {missing}


def test_s4_example_values_left_in_place_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path(__file__).parents[2] / ".env.example"
    Path(".env").write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
    left = {
        line.partition("=")[0].removeprefix("FLIPSIDE_")
        for line in example.read_text(encoding="utf-8").splitlines()
        if line.startswith("FLIPSIDE_")
    }
    found = faults(monkeypatch)
    assert found.keys() == left
    assert all("example value" in fault.reason for fault in found.values())


def test_the_example_file_knows_only_real_settings() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    written = {
        line.removeprefix("# ").partition("=")[0]
        for line in example.splitlines()
        if "FLIPSIDE_" in line and "=" in line
    }
    assert written <= set(setting_names())


def test_teams_without_authentication_needs_a_loopback_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "TEAMS_LOCAL" in faults(monkeypatch, TEAMS_LOCAL="true", HOST="0.0.0.0")
    for host in ("127.0.0.1", "localhost", "::1"):
        assert platform_faults(read(monkeypatch, TEAMS_LOCAL="true", HOST=host)) == ()


def test_half_a_slack_app_is_refused_with_the_missing_key(monkeypatch: pytest.MonkeyPatch) -> None:
    found = faults(monkeypatch, SLACK_BOT_TOKEN="xoxb-canary")
    assert "FLIPSIDE_SLACK_SIGNING_SECRET" in found["SLACK_APP_TOKEN"].fix
    monkeypatch.delenv("FLIPSIDE_SLACK_BOT_TOKEN")
    assert faults(monkeypatch, SLACK_APP_TOKEN="xapp-canary").keys() == {"SLACK_BOT_TOKEN"}


def test_half_a_language_model_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(monkeypatch, LLM_MODEL="small").keys() == {"LLM_BASE_URL"}


def test_the_key_of_a_language_model_goes_to_no_other_machine_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    server = {"LLM_BASE_URL": "http://models.larkspur.example/v1", "LLM_MODEL": "small"}
    assert read(monkeypatch, **server).llm_model == "small"
    assert "https" in faults(monkeypatch, **server, LLM_API_KEY="canary")["LLM_BASE_URL"].fix


def test_a_manifest_can_be_made_before_a_platform_is_fully_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLIPSIDE_TEAMS_APP_ID", GUID)
    assert read_settings(complete=False).teams_app_id == GUID


def test_no_platform_at_all_names_the_keys_to_set() -> None:
    said = " ".join(fault.key + fault.fix for fault in platform_faults(Settings()))
    for key in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", *TEAMS):
        assert f"FLIPSIDE_{key}" in said


def test_s10_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, **SLACK, **TEAMS, DATABASE_URL="postgresql://flipside:canary@localhost/flipside")
    for secret in ("canary", SLACK["SLACK_SIGNING_SECRET"]):
        assert secret not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"CRASH": "lunch:1"}, "expected form"),
        ({"CRASH": "posted:0"}, "expected form"),
        ({**SLACK, "CRASH": "posted:1"}, "real platform"),
        ({**TEAMS, "CRASH": "posted:1"}, "real platform"),
    ],
)
def test_the_switch_of_the_crash_tests_is_refused_where_people_are(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], reason: str
) -> None:
    assert reason in faults(monkeypatch, **given)["CRASH"].reason
