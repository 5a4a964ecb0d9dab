"""Groups of referrals side by side: agencies, needs, areas, workers. Never a league table."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.figure_query import Dimension, FigureQuery
from referral_hub.rules.measures import Measure
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.figure_views import Comparison
from referral_hub.use_cases.steps.figure_comparison import comparison_of
from referral_hub.use_cases.steps.figures import Figures, ask
from referral_hub.use_cases.transaction import look


def compare_figures(
    session: Session,
    actor: Actor,
    vault: Vault,
    figures: Figures,
    query: FigureQuery,
    by: Dimension,
    measure: Measure,
    *,
    now: datetime,
) -> Comparison:
    """Response, acceptance and completion of each group, by name, with what chance alone would do
    to one measure. Raises InvalidInput for groups that the viewer cannot tell apart."""
    require(actor, Permission.FIGURES_READ)
    with look(session):
        asked = ask(session, actor, figures, query, now)
        return comparison_of(session, vault, asked, by, measure)
