"""Who is who in the workspace."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from adapters.platform import Profile
from adapters.slack.api import FAILURES, reason
from adapters.slack.rich_text import Json
from conversations.contacts import Address, small_letters

log = logging.getLogger("flipside.slack")

LONGEST_LOOK_UP = 1.0  # seconds: a person waits for the answer, and Slack gives a turn 3
MOST_KEPT = 10_000  # e-mails kept in memory
SLACKBOT = "USLACKBOT"  # the one bot whose is_bot is false


@dataclass(frozen=True, slots=True)
class Installation:
    """Which workspace the bot is in, and who it is there."""

    team: str
    bot_user: str = ""
    bot: str = ""


class People:
    """Look-ups, with the e-mails of picked and mentioned people kept in memory."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._emails: dict[str, str] = {}
        self._installation: Installation | None = None

    async def installation(self) -> Installation | None:
        """auth.test, once; None while Slack does not answer."""
        if self._installation is None:
            try:
                who = await self._client.auth_test()
                self._installation = Installation(who["team_id"], who.get("user_id", ""), who.get("bot_id", ""))
            except FAILURES as error:
                log.warning("auth.test failed: %s", reason(error))
        return self._installation

    def known_installation(self) -> Installation | None:
        return self._installation

    async def profile(self, address: Address) -> Profile | None:
        # The tenant of an address is the payload's team, which may be a stranger's own; ours is the installed one.
        installation = await self.installation()
        if installation is None:
            return None
        user = await self._user(address.user)
        return None if user is None else _profile(user, installation.team)

    async def find(self, email: str) -> Address | None:
        installation = await self.installation()
        if installation is None:
            return None
        try:
            user = (await self._client.users_lookupByEmail(email=email))["user"]
            return Address("slack", installation.team, user["id"]) if _profile(user, installation.team).member else None
        except (*FAILURES, KeyError) as error:
            log.info("users.lookupByEmail: %s", reason(error))
            return None

    async def emails(self, users: Iterable[str]) -> dict[str, str]:
        """Work e-mails by user id, of all whom Slack tells of in time; empty for an account that shows none."""
        users = list(users)
        found = zip(users, await asyncio.gather(*map(self._email, users)), strict=True)
        return {user: email for user, email in found if email is not None}

    async def ids(self, emails: Iterable[str]) -> dict[str, str]:
        """User ids by work e-mail, for pickers that are filled already; from memory first."""
        known = {email: user for user, email in self._emails.items()}
        wanted = {small_letters(email) for email in emails if email}
        missing = sorted(wanted - known.keys())
        known |= zip(missing, await asyncio.gather(*map(self._id, missing)), strict=True)
        return {email: known[email] for email in wanted if known[email]}

    def forget(self, user: str) -> None:
        self._emails.pop(user, None)

    async def _id(self, email: str) -> str:
        try:
            async with asyncio.timeout(LONGEST_LOOK_UP):
                address = await self.find(email)
        except TimeoutError:
            return ""
        if address is None:
            return ""
        self._keep(address.user, email)
        return address.user

    async def _email(self, user: str) -> str | None:
        if user in self._emails:
            return self._emails[user]
        found = await self._user(user)
        if found is None:
            return None
        if email := _email_of(found):
            self._keep(user, email)
        return email

    def _keep(self, user: str, email: str) -> None:
        if len(self._emails) >= MOST_KEPT:
            self._emails.clear()
        self._emails[user] = email

    async def _user(self, user: str) -> Json | None:
        try:
            async with asyncio.timeout(LONGEST_LOOK_UP):
                answer = await self._client.users_info(user=user, include_locale=True)
            return dict(answer["user"])
        except (*FAILURES, KeyError) as error:
            log.info("users.info: %s", reason(error))
            return None


def _profile(user: Json, team: str) -> Profile:
    profile = user.get("profile") or {}
    return Profile(
        name=str(profile.get("real_name") or user.get("real_name") or user.get("name") or ""),
        email=_email_of(user),
        timezone=str(user.get("tz") or ""),  # absent for some guests and bots
        locale=str(user.get("locale") or ""),
        member=_is_member(user, team),
    )


def _email_of(user: Json) -> str:
    return small_letters(str((user.get("profile") or {}).get("email") or ""))


def _is_member(user: Json, team: str) -> bool:
    """A full member of our workspace: no bot, no guest, nobody from another company, not deactivated."""
    not_members = ("is_bot", "deleted", "is_restricted", "is_ultra_restricted", "is_stranger")
    teams = {user.get("team_id"), *((user.get("enterprise_user") or {}).get("teams") or ())}
    return not any(user.get(flag) for flag in not_members) and user.get("id") != SLACKBOT and team in teams
