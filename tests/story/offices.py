"""Slack and Teams as Larkspur has them: stand-ins that note who did something when, and everybody's accounts there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import VirtualClock
from tests.story.cast import GUEST, Member
from tests.support.slack_person import SlackPerson
from tests.support.slack_server import SlackStub
from tests.support.teams_person import TeamsPerson
from tests.support.teams_server import TeamsStub

Colleague = SlackPerson | TeamsPerson


@dataclass
class Deeds:
    """Who did something when: whatever appears to them at that moment is an answer."""

    clock: VirtualClock
    done: set[tuple[str, datetime]] = field(default_factory=set)

    def note(self, email: str) -> None:
        self.done.add((email, self.clock.now().replace(microsecond=0)))


class WatchedSlack(SlackStub):
    deeds: Deeds

    async def deliver(self, kind: Any, payload: dict[str, Any]) -> dict[str, Any]:
        who = payload.get("user") or payload.get("event", {}).get("user") or payload["user_id"]
        self.deeds.note(self.people[who["id"] if isinstance(who, dict) else who].email)
        return await super().deliver(kind, payload)


class WatchedTeams(TeamsStub):
    deeds: Deeds
    delivered: Mapping[str, Any]

    async def deliver(self, activity: Mapping[str, Any], token: str | None = None) -> tuple[int, Any]:
        self.delivered = activity
        self.deeds.note(self.people[activity["from"]["id"]].email)
        return await super().deliver(activity, token)


def accounts(slack: SlackStub, teams: TeamsStub, member: Member) -> list[tuple[str, Colleague]]:
    accounts: list[tuple[str, Colleague]] = []
    if "slack" in member.platforms:
        guest = {"is_restricted": True} if member.user == GUEST else {}
        accounts.append((member.user, slack.add_person(member.name, member.email, member.timezone, **guest)))
    if "teams" in member.platforms:
        user = f"{member.user} on Teams" if accounts else member.user
        accounts.append((user, teams.person(member.name, member.email, timezone=member.timezone)))
    return accounts
