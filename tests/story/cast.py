"""Who is in the story: Larkspur's 24 of the roster, two colleagues it does not know yet, and a guest."""

from dataclasses import dataclass
from typing import Literal

from bot.larkspur import DOMAIN, EMPLOYEES, SITES

Role = Literal["mentor", "mentee"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with an account: where they work, and on which platforms they are."""

    user: str
    name: str
    timezone: str
    country: str
    platforms: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.user}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Couple:
    """The only two who share a topic, so the best matching pairs them."""

    mentor: str
    mentee: str
    topic: str


COUPLES = (
    # Both on Slack.
    Couple("noor", "yuki", "short videos"),
    Couple("priya", "denise", "self-service dashboards"),
    Couple("thandi", "beatriz", "help desk stories"),
    # Both on Teams.
    Couple("arjun", "tomas", "chat bots"),
    Couple("aisha", "vikram", "newsletters"),
    # One here, one there.
    Couple("noor", "luis", "short videos"),
    Couple("mateo", "hannah", "prompt writing"),
    Couple("diego", "marcus", "carbon accounting"),
    Couple("kenji", "catherine", "user interviews"),
    Couple("liam", "zofia", "live support"),
    Couple("freya", "rosalind", "product roadmaps"),
    Couple("sofia", "oskar", "barcode scanning"),
)
# Everybody reports to her in the end, so nobody can be her mentor.
ALONE = "ingrid"
ALONE_WANTS = "virtual reality"

ON_SLACK = ("noor", "yuki", "priya", "denise", "mateo", "marcus", "kenji", "zofia", "thandi", "sofia", "rosalind")
NEW_ON_SLACK, NEW_ON_TEAMS, GUEST = "beatriz", "oskar", "gael"
ON_BOTH = "sofia"
COORDINATOR_ON_SLACK, COORDINATOR_ON_TEAMS = "amara", "jonas"

MENTORS = frozenset(couple.mentor for couple in COUPLES)
MENTEES = frozenset(couple.mentee for couple in COUPLES)
PAIRED = MENTORS | MENTEES
JOINERS = PAIRED | {ALONE}


def _platforms(user: str) -> tuple[str, ...]:
    if user == ON_BOTH:
        return ("slack", "teams")
    return ("slack",) if user in (*ON_SLACK, COORDINATOR_ON_SLACK) else ("teams",)


MEMBERS = {
    member.user: member
    for member in (
        *(
            Member(one.user, one.name, SITES[one.city].timezone, SITES[one.city].country, _platforms(one.user))
            for one in EMPLOYEES
        ),
        # Not on the roster: only their platforms say where they are, and nobody knows their holidays.
        Member(NEW_ON_SLACK, "Beatriz Lima", "Europe/Lisbon", "", ("slack",)),
        Member(NEW_ON_TEAMS, "Oskar Lund", "Europe/Copenhagen", "", ("teams",)),
        Member(GUEST, "Gaël Martin", "Europe/Paris", "", ("slack",)),
    )
}


def partners_of(user: str) -> tuple[str, ...]:
    mentees = [couple.mentee for couple in COUPLES if couple.mentor == user]
    return (*mentees, *(couple.mentor for couple in COUPLES if couple.mentee == user))


def name_of(user: str) -> str:
    return MEMBERS[user].name


def topic_of(user: str) -> str:
    return next((one.topic for one in COUPLES if user in (one.mentor, one.mentee)), ALONE_WANTS)


def role_of(user: str) -> Role:
    return "mentor" if user in MENTORS else "mentee"


# What people type and nobody else may read, in words that occur nowhere else.


def goals_of(user: str) -> str:
    return f"privategoal{user}"


def interests_of(user: str) -> str:
    return f"privateinterest{user}"


def want_back_of(user: str) -> str:
    """Of a mentor; the partner reads it, and nobody else."""
    return f"wantedback{user}"


def line_of(user: str) -> str:
    """What somebody learned; the partner reads it once its author shares it."""
    return f"learnedline{user}"


def wish_of(user: str) -> str:
    return f"privatewish{user}"
