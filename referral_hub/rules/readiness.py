"""When a hub is fit to serve."""

from datetime import timedelta

from referral_hub.rules.errors import WorkerBehind

MOST_LAG = timedelta(minutes=30)
"""So long work that is due may wait for the worker.

Longer than a large import keeps it busy: pages answer meanwhile, and a hub that is taken out of
service answers nobody. Whoever wants to know earlier reads the lag that `/readyz` tells.
"""


def require_worker(lag: timedelta) -> None:
    """Raise WorkerBehind when work has waited longer than it may."""
    if lag > MOST_LAG:
        minutes = int(lag.total_seconds() // 60)
        raise WorkerBehind(
            f"Work has waited for {minutes} minutes. Is the worker running? "
            "`referral-hub worker` starts it."
        )
