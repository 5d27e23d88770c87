"""Larkspur, a fictional company of 24 for the demo: who works there, where, and who reports to whom."""

import csv
import io
from dataclasses import dataclass

from adapters.web.people import Persona

DOMAIN = "larkspur.example"
COLUMNS = (
    *("email", "name", "department", "team", "manager_email", "level", "location", "country", "timezone", "languages"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """An office: country, zone, and the language spoken there besides English."""

    city: str
    country: str
    timezone: str
    language: str = ""


SITES = {
    site.city: site
    for site in (
        Site("Oslo", "NO", "Europe/Oslo", "no"),
        Site("London", "GB", "Europe/London"),
        Site("Dublin", "IE", "Europe/Dublin"),
        Site("Berlin", "DE", "Europe/Berlin", "de"),
        Site("Paris", "FR", "Europe/Paris", "fr"),
        Site("Madrid", "ES", "Europe/Madrid", "es"),
        Site("Lisbon", "PT", "Europe/Lisbon", "pt"),
        Site("Warsaw", "PL", "Europe/Warsaw", "pl"),
        Site("Cape Town", "ZA", "Africa/Johannesburg", "af"),
        Site("Pune", "IN", "Asia/Kolkata", "hi"),
        Site("São Paulo", "BR", "America/Sao_Paulo", "pt"),
        Site("New York", "US", "America/New_York"),
    )
}


@dataclass(frozen=True, slots=True)
class Employee:
    """One employee. `user` is the part of the e-mail before the @ and the id in the playground."""

    user: str
    name: str
    title: str
    department: str
    team: str
    manager: str
    level: int
    city: str
    note: str = ""

    @property
    def email(self) -> str:
        return f"{self.user}@{DOMAIN}"

    @property
    def persona(self) -> Persona:
        return Persona(
            user=self.user,
            name=self.name,
            email=self.email,
            title=self.title,
            department=self.department,
            location=self.city,
            timezone=SITES[self.city].timezone,
            note=self.note,
        )

    def row(self) -> tuple[str, ...]:
        """As the roster has it."""
        site = SITES[self.city]
        manager = f"{self.manager}@{DOMAIN}" if self.manager else ""
        place = (self.city, site.country, site.timezone, ";".join(filter(None, ("en", site.language))))
        return (self.email, self.name, self.department, self.team, manager, str(self.level), *place)


BOARD, MARKETING, PRODUCT, OPERATIONS = "Leadership", "Sales & Marketing", "Product & Technology", "Operations"
PEOPLE_AND_CULTURE = "People & Culture"
COORDINATOR = "coordinator"

EMPLOYEES: tuple[Employee, ...] = (
    Employee("ingrid", "Ingrid Solheim", "Chief executive", BOARD, "Executive team", "", 9, "Oslo"),
    Employee("marcus", "Marcus Adeyemi", "VP Sales & Marketing", MARKETING, "Sales leads", "ingrid", 8, "London"),
    Employee("yuki", "Yuki Tanabe", "VP Product & Technology", PRODUCT, "Product leads", "ingrid", 8, "Berlin"),
    Employee("rosalind", "Rosalind Mbeki", "VP Operations", OPERATIONS, "Operations leads", "ingrid", 8, "Cape Town"),
    Employee("luis", "Luís Carvalho", "Finance director", "Finance", "Finance", "ingrid", 8, "Lisbon"),
    Employee("denise", "Denise Fontaine", "Director of brand", MARKETING, "Brand leads", "marcus", 6, "Paris"),
    Employee("hannah", "Hannah Lindqvist", "Director of product", PRODUCT, "Product heads", "yuki", 6, "Berlin"),
    Employee("vikram", "Vikram Deshpande", "Director of platform", PRODUCT, "Platform heads", "yuki", 6, "Pune"),
    Employee("catherine", "Catherine O'Neill", "Director of care", OPERATIONS, "Care heads", "rosalind", 6, "Dublin"),
    Employee("tomas", "Tomás Herrera", "Director of supply", OPERATIONS, "Supply heads", "rosalind", 6, "Madrid"),
    Employee(
        "amara", "Amara Okafor", "Head of people", PEOPLE_AND_CULTURE, "People", "ingrid", 6, "London", COORDINATOR
    ),
    Employee(
        "jonas", "Jonas Weber", "Learning partner", PEOPLE_AND_CULTURE, "Learning", "amara", 3, "Berlin", COORDINATOR
    ),
    Employee("noor", "Noor Haddad", "Social media specialist", MARKETING, "Brand", "denise", 2, "Paris"),
    Employee("mateo", "Mateo Quispe", "Content designer", MARKETING, "Brand", "denise", 2, "Madrid"),
    Employee("aisha", "Aisha Bello", "Marketing analyst", MARKETING, "Campaigns", "denise", 1, "London"),
    Employee("freya", "Freya Nilsen", "Junior product manager", PRODUCT, "Product", "hannah", 2, "Oslo"),
    Employee("kenji", "Kenji Mori", "User researcher", PRODUCT, "Research", "hannah", 2, "Berlin"),
    Employee("priya", "Priya Raman", "Data analyst", PRODUCT, "Research", "hannah", 1, "Pune"),
    Employee("arjun", "Arjun Kulkarni", "Software engineer", PRODUCT, "Platform", "vikram", 2, "Pune"),
    Employee("zofia", "Zofia Kamińska", "Security engineer", PRODUCT, "Security", "vikram", 3, "Warsaw"),
    Employee("liam", "Liam Byrne", "Customer care agent", OPERATIONS, "Care", "catherine", 1, "Dublin"),
    Employee("thandi", "Thandi Nkosi", "Care analyst", OPERATIONS, "Care", "catherine", 2, "Cape Town"),
    Employee("sofia", "Sofía Marín", "Logistics planner", OPERATIONS, "Supply", "tomas", 2, "Madrid"),
    Employee("diego", "Diego Ferraz", "Sustainability analyst", OPERATIONS, "Supply", "tomas", 1, "São Paulo"),
)

# Side by side they tell the story, in the order of the guide: somebody junior, somebody senior, who runs the program.
FIRST_SHOWN = ("noor", "rosalind", "amara")

# What a visitor may try first, in two minutes.
GUIDE = (
    "You are Noor, a junior: in `#announcements` press Join and share what you know.",
    "You are Rosalind, a senior: write `join`, and learn. Sixteen colleagues have signed up already.",
    "You are Amara, who runs it: press Propose pairs, see who fits whom and why, and approve.",
    "Press +1 day. The two of each pair are introduced, in the morning where they are.",
    "Press +2 weeks, as often as you like. The others answer by themselves; your check-in is one click.",
    "Write `topics`, `pause`, `leave`, `need help`; as Amara `program status` or `program report`. Nothing is kept.",
)


def roster_csv() -> str:
    """The company as its people department would export it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(employee.row() for employee in EMPLOYEES)
    return text.getvalue()


def coordinators() -> tuple[str, ...]:
    return tuple(employee.email for employee in EMPLOYEES if employee.note == COORDINATOR)
