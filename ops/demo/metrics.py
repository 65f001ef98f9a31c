"""Reads a program's /metrics (Prometheus text) and answers questions about what happened between two readings."""
import re
import urllib.request

LINE = re.compile(r'^(\w+)(?:\{([^}]*)\})? (\S+)$')


def read(url):
    """{(name, labels): value}"""
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        found = (LINE.match(line) for line in answer.read().decode().splitlines())
        return {(match[1], match[2] or ""): float(match[3]) for match in found if match}


def grown(name, before, after):
    return sum(value - before.get(key, 0) for key, value in after.items() if key[0] == name)


def quantile(name, share, before, after):
    """Of a histogram's growth; straight between the bounds of the bucket that holds it. None when nothing was counted."""
    buckets = {}
    for (metric, labels), value in after.items():
        if metric == name + "_bucket":
            bound = float(re.search(r'le="([^"]+)"', labels)[1])
            buckets[bound] = buckets.get(bound, 0) + value - before.get((metric, labels), 0)
    bounds = sorted(buckets)
    if not bounds or buckets[bounds[-1]] <= 0:
        return None
    wanted = share * buckets[bounds[-1]]
    low, below = 0.0, 0.0
    for bound in bounds:
        if buckets[bound] >= wanted:
            if bound == float("inf"):
                return low
            return low + (bound - low) * (wanted - below) / max(buckets[bound] - below, 1)
        low, below = bound, buckets[bound]
    return low
