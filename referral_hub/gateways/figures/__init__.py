"""Figures of many referrals at once: columns in files, kept beside the database and made from it.

A row of `referrals` is one that was sent; a row of `states` is how one of them looked from when on.
Both only grow, so a reader is never in the way of the writer, and any past time can be asked for.
"""
