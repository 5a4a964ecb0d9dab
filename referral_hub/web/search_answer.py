"""A page of services as the API answers it: the fields of `schemas.search.SearchAnswer`.

Written out field by field: a schema that reads and checks each value of each result would cost
more than finding and reading them.
"""

from typing import Any

from flask import Response
from orjson import dumps

from referral_hub.use_cases.directory_views import Facet, FindView, NeedLabel, ServiceCard


def answer_of(view: FindView) -> dict[str, Any]:
    """The whole answer in plain values of JSON."""
    meant = view.did_you_mean
    return {
        "total": view.total,
        "page": view.query.page,
        "limit": view.query.limit,
        "results": [_result(view, card) for card in view.results],
        "facets": [_facet(facet) for facet in view.facets],
        "place": _place(view),
        "did_you_mean": meant and {"words": meant.words, "searched": meant.searched},
        "relax": [
            {
                "filter": way.filter,
                "value": way.value,
                "parameters": way.parameters,
                "total": way.total,
            }
            for way in view.relax
        ],
        "understood": [_need(need) for need in view.understood],
    }


def json_response(answer: dict[str, Any]) -> Response:
    """An answer on its way to the caller, written by what writes JSON fastest."""
    return Response(dumps(answer), mimetype="application/json")


def _result(view: FindView, card: ServiceCard) -> dict[str, Any]:
    """One service. Its eligibility is that of a client in context, which no search has yet."""
    result = {
        "service_id": card.service_id,
        "organization_id": card.organization_id,
        "location_id": card.location_id,
        "name": card.name,
        "organization": card.organization,
        "location_name": card.location_name,
        "address": card.address,
        "latitude": card.latitude,
        "longitude": card.longitude,
        "approximate": card.approximate,
        "place_stated": card.place_stated,
        "distance_km": card.distance_km,
        "matched_by": card.matched_by,
        "score": card.score,
        "eligibility": None,
        "summary": card.summary,
        "needs": [_need(need) for need in card.needs],
        "cost": card.cost,
        "languages": card.languages,
        "phone": card.phone,
        "hours": card.hours,
        "open_now": card.open_now,
        "accepting": card.accepting,
        "verified_on": card.verified_on and card.verified_on.isoformat(),
        "status": card.status,
    }
    if view.query.explain:
        result["parts"] = [
            {"name": part.name, "label": part.label, "amount": part.amount}
            for part in view.score_parts.get(card.service_id, ())
        ]
    return result


def _need(need: NeedLabel) -> dict[str, Any]:
    return {"code": need.code, "label": need.label, "suggested": need.suggested}


def _facet(facet: Facet) -> dict[str, Any]:
    return {
        "name": facet.name,
        "label": facet.label,
        "options": [
            {
                "value": option.value,
                "label": option.label,
                "count": option.count,
                "selected": option.selected,
            }
            for option in facet.options
        ],
    }


def _place(view: FindView) -> dict[str, Any] | None:
    place = view.place
    if place is None:
        return None
    return {
        "label": place.label,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "kind": place.kind,
        "zip": place.zip,
        "city": place.city,
        "county": place.county,
        "state": place.state,
        "from_words": view.place_from_words,
    }
