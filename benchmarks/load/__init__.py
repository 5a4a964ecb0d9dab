"""Measures the server over HTTP on this machine, beside Datasette that serves the same services.

    python -m benchmarks.load --data-dir FOLDER --size 50000

Each server is asked in two ways (see `loops`): 100 requests a second, whatever it does, and 16
clients that ask again as soon as they are answered. Every answer is read, checked and counted.
The client shares the processors with the server; the rows of the trivial server say what it costs.
"""
