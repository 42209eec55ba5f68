"""Time zones as people find them: one for each way the clock goes, under the part of the world it is in."""

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

REGIONS: dict[str, tuple[str, ...]] = {
    "europe": (
        "Atlantic/Reykjavik",
        "Europe/London",
        "Europe/Paris",
        "Europe/Athens",
        "Europe/Istanbul",
        "Europe/Moscow",
        "Asia/Tbilisi",
    ),
    "africa": (
        "Africa/Abidjan",
        "Africa/Casablanca",
        "Africa/Algiers",
        "Africa/Johannesburg",
        "Africa/Cairo",
        "Africa/Nairobi",
        "Indian/Antananarivo",
        "Indian/Reunion",
    ),
    "america": (
        "America/Los_Angeles",
        "America/Denver",
        "America/Mexico_City",
        "America/Chicago",
        "America/Bogota",
        "America/New_York",
        "America/Martinique",
        "America/Cayenne",
        "America/Sao_Paulo",
        "America/Argentina/Buenos_Aires",
    ),
    "asia": (
        "Asia/Beirut",
        "Asia/Riyadh",
        "Asia/Tehran",
        "Asia/Dubai",
        "Asia/Karachi",
        "Asia/Kolkata",
        "Asia/Dhaka",
        "Asia/Bangkok",
        "Asia/Manila",
        "Asia/Tokyo",
    ),
    "pacific": (
        "Australia/Perth",
        "Australia/Adelaide",
        "Australia/Sydney",
        "Pacific/Noumea",
        "Pacific/Auckland",
        "Pacific/Honolulu",
        "Pacific/Tahiti",
    ),
}


def region_of(zone: str) -> str:
    return next((region for region, zones in REGIONS.items() if zone in zones), "europe")


def zone_called(name: str) -> tzinfo | None:
    """Its rules, as the tz database has them; None for a name it does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def rules_of(name: str) -> tzinfo:
    """The rules of a zone; UTC for one that no longer exists."""
    return zone_called(name) or UTC
