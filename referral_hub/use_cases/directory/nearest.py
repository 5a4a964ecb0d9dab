"""Where a service is nearest to somebody, for lists that no search has made."""

from dataclasses import dataclass

from referral_hub.rules.coordinates import distance_km
from referral_hub.rules.places import Place
from referral_hub.use_cases.directory.facts import ServiceFacts, SiteFacts


@dataclass(frozen=True, slots=True)
class SiteHit:
    """A service at its site that is nearest to the client, as a hit of a search."""

    service_id: str
    location_id: str | None
    distance_km: float | None
    matched_by: str = "none"
    score: float = 0.0


def nearest(facts: ServiceFacts, home: Place | None) -> SiteHit:
    """A service at its site that is nearest, or its first one where nobody can say."""
    places = [(_distance(site, home), site) for site in facts.sites if not _is_secret(site)]
    if not places:
        return SiteHit(str(facts.service.id), None, None)
    far = float("inf")
    distance, site = min(places, key=lambda pair: far if pair[0] is None else pair[0])
    return SiteHit(str(facts.service.id), str(site.location.id), distance)


def _is_secret(site: SiteFacts) -> bool:
    return bool(site.location.confidential)


def _distance(site: SiteFacts, home: Place | None) -> float | None:
    latitude, longitude = site.location.point_latitude, site.location.point_longitude
    if home is None or latitude is None or longitude is None:
        return None
    return distance_km(home.latitude, home.longitude, latitude, longitude)
