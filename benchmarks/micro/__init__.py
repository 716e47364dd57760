"""Each step by itself, timed by pytest-benchmark: ``make bench``.

Where the benchmarks of whole commands say how long a run takes, these say which step got slower.
Without ``--benchmark-enable`` each runs once on few records, as a test that it still runs.
"""
