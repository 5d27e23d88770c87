"""A people file of any size for the matching: the made-up company, with topics in words of its people's own."""

import csv
import io
import random

from bot.population import Employee, population

TOPICS = (
    "AI in daily work",
    "Social media and video",
    "Data and dashboards",
    "Remote and hybrid teams",
    "Inclusive culture",
    "Customer insight",
    "Cloud basics",
    "Automation",
    "Sustainability",
    "Career paths today",
    "Digital tools",
    "Mental health at work",
)
SUBJECTS = "sales retail podcast design budget coaching writing law tax community travel music speech brand".split()
WAYS = "tools ethics habits stories networks basics trends planning questions mistakes".split()
COLUMNS = (
    *("email", "name", "department", "team", "manager_email", "level", "location", "country", "timezone"),
    *("languages", "role", "capacity", "offers", "wants", "goals"),
)


def people_csv(people: int, seed: int) -> str:
    """`people` mentors and as many mentees."""
    chance = random.Random(seed)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for employee in population(2 * people, seed, TOPICS):
        writer.writerow(_row(employee, chance))
    return text.getvalue()


def _row(who: Employee, chance: random.Random) -> list[object]:
    own = f"{chance.choice(SUBJECTS)} {chance.choice(WAYS)}"
    goal = f"{chance.choice(SUBJECTS)} and {chance.choice(WAYS)}"
    offers = (*who.offers, own) if who.role == "mentor" else ()
    wants = () if who.role == "mentor" else (*who.wants, own)
    return [
        *(who.email, who.name, who.department, who.team, who.manager_email, who.level, who.location, who.country),
        *(who.timezone, ";".join(who.languages), who.role, who.capacity, ";".join(offers), ";".join(wants), goal),
    ]
