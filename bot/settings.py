"""Every setting, read once and frozen. What may be set is listed here; how it is judged is in `settings_check`."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from adapters import set_up
from bot.crash_points import POINTS
from bot.settings_check import (
    PREFIX,
    SettingsError,
    SettingsFault,
    contradictions,
    field_faults,
    raw_settings,
    without_examples,
    written_faults,
)

CRASH = rf"^({'|'.join(POINTS)}):[1-9][0-9]*$"
GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
EMAIL = r"^[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+$"
DATABASE_URL = r"^(sqlite:///[^?:\s][^?\s]*|postgresql://\S+)$"
WEB_ADDRESS = r"^https?://[^\s/?#@]+(/[^\s?#]*)?$"


def _split(value: object) -> object:
    """Lists are written with commas, semicolons or spaces between their parts."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").replace(";", " ").split())
    return value


def _lowered(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _without_slash(value: object) -> object:
    return value.rstrip("/") if isinstance(value, str) else value


Guid = Annotated[str, BeforeValidator(_lowered), Field(pattern=GUID)]
Email = Annotated[str, BeforeValidator(_lowered), Field(pattern=EMAIL)]
WebAddress = Annotated[str, BeforeValidator(_without_slash), Field(pattern=WEB_ADDRESS)]


class Settings(BaseModel):
    """The settings as values. Built directly (in tests) it reads nothing from outside; `read_settings` does."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database_url: str = Field(
        "sqlite:///data/flipside.db",
        pattern=DATABASE_URL,
        repr=False,  # it may hold a password
        description="where everything is kept: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )
    slack_bot_token: SecretStr | None = Field(
        None, description="the bot token of the installed Slack app; it begins with xoxb-"
    )
    slack_app_token: SecretStr | None = Field(
        None, description="the app-level token (begins with xapp-); with it Slack is reached by Socket Mode"
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="the signing secret; with it Slack is served over HTTP at /slack/events"
    )
    slack_api_url: WebAddress = Field(
        "https://slack.com/api", description="another Slack Web API address, for a local stand-in"
    )
    slack_messages_per_minute: int = Field(
        240, ge=1, le=600, description="how many messages a minute may go to the Slack workspace, 1 to 600"
    )
    teams_app_id: Guid | None = Field(
        None, description="the Microsoft App ID of the Azure bot, such as 5f1c0a2e-8d37-4b60-9a51-c2d4e6f80912"
    )
    teams_app_password: SecretStr | None = Field(None, description="the client secret of that application")
    teams_tenant_ids: Annotated[tuple[Guid, ...], BeforeValidator(_split)] = Field(
        (), description="the tenants whose people may talk to the bot: directory ids, with commas between them"
    )
    teams_local: bool = Field(
        False,
        description="true or false; with true Teams has no authentication, for the Agents Playground on this machine",
    )
    host: str = Field("127.0.0.1", pattern=r"^[A-Za-z0-9.:_-]+$", description="the address to listen on")
    port: int = Field(3978, ge=1, le=65535, description="the port to listen on, 1 to 65535")
    public_url: WebAddress | None = Field(
        None, description="where people and platforms reach this server, for example https://mentor.larkspur.example"
    )
    coordinators: Annotated[tuple[Email, ...], BeforeValidator(_split)] = Field(
        (),
        description="work e-mails of the first coordinators, with commas between; others are added in the chat",
    )
    metrics: str | None = Field(
        None,
        pattern=r"^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5}$",
        description="where Prometheus may read figures: HOST:PORT, such as 127.0.0.1:9017; without it nowhere",
    )
    logs: Literal["text", "json"] = Field("text", description="text, or json for one object a line")
    roster_file: Path | None = Field(None, description="the roster CSV on this server that `program import` reads")
    content_dir: Path | None = Field(
        None, description="a folder on this server with your own texts, topics and programs, above the ones that ship"
    )
    llm_base_url: WebAddress | None = Field(
        None, description="an OpenAI-compatible server for topic suggestions; without it they come from the topic bank"
    )
    llm_api_key: SecretStr | None = Field(None, description="the key of that server, if it wants one")
    llm_model: str | None = Field(None, description="the model to ask there")
    crash: str | None = Field(
        None,
        pattern=CRASH,
        description="tests only: the point at which the process kills itself and the how manieth passing, as posted:3",
    )

    def metrics_address(self) -> tuple[str, int] | None:
        """Host and port of FLIPSIDE_METRICS."""
        if self.metrics is None:
            return None
        host, _, port = self.metrics.rpartition(":")
        return host.strip("[]"), int(port)


def setting_names() -> tuple[str, ...]:
    """Every key an operator may set, as written in the environment."""
    return tuple(PREFIX + name.upper() for name in Settings.model_fields)


def read_settings(env_file: Path = Path(".env"), *, complete: bool = True) -> Settings:
    """The settings of this process. `complete=False`: a platform may be half set up, as when its manifest is made.

    Raises SettingsError with every fault at once; no fault quotes a value.
    """
    raw, faults = raw_settings(os.environ, env_file)
    if not complete:
        raw = without_examples(raw)
    known = setting_names()
    faults += written_faults(raw, known)
    faults += contradictions(raw, complete=complete)
    values = {key.removeprefix(PREFIX).lower(): value.strip() for key, value in raw.items() if key in known}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_first_of_each_key(faults + field_faults(error, _meanings()))) from None
    if faults:
        raise SettingsError(_first_of_each_key(faults))
    return settings


def is_database_url(written: str) -> bool:
    """Whether this could be a FLIPSIDE_DATABASE_URL."""
    return re.match(DATABASE_URL, written) is not None


def names_password(url: str) -> bool:
    """Whether the address of a PostgreSQL database holds a password, before its host or among its options."""
    address = urlsplit(url)
    return address.scheme == "postgresql" and (
        ":" in address.netloc.rpartition("@")[0]
        or any(name.endswith("password") for name, _ in parse_qsl(address.query))
    )


def platform_faults(settings: Settings) -> tuple[SettingsFault, ...]:
    """`run` without any platform has nobody to talk to: the keys that would change that."""
    if set_up(settings):
        return ()
    reason = "No chat platform is set up, so there is nobody to talk to."
    slack = "For Slack set it, and FLIPSIDE_SLACK_APP_TOKEN (Socket Mode) or FLIPSIDE_SLACK_SIGNING_SECRET (HTTP)."
    teams = "For Teams set it, FLIPSIDE_TEAMS_APP_PASSWORD and FLIPSIDE_TEAMS_TENANT_IDS."
    return (
        SettingsFault("FLIPSIDE_SLACK_BOT_TOKEN", reason, slack),
        SettingsFault("FLIPSIDE_TEAMS_APP_ID", reason, teams),
    )


def _meanings() -> dict[str, str]:
    return {name: field.description or "" for name, field in Settings.model_fields.items()}


def _first_of_each_key(faults: list[SettingsFault]) -> tuple[SettingsFault, ...]:
    """A placeholder is also malformed and also a contradiction: one fault a key is enough to act on."""
    first: dict[str, SettingsFault] = {}
    for fault in faults:
        first.setdefault(fault.key, fault)
    return tuple(first.values())
