"""Times the pages of supervision with years of referrals of a large network behind them.

    python -m benchmarks dashboard --referrals 1000000

Referrals, events and clocks are written straight into the database, as they would be after years of
work, with progress; the figures are counted from them as the worker does.
"""
