"""Loads a file of nested events with dlt: FILE jsonl|parquet. nested.java starts it."""

import sys
import time
from itertools import islice

import dlt
from dlt.common import json

file, file_format = sys.argv[1], sys.argv[2]


@dlt.resource(name="events")
def events():
    with open(file, "rb") as lines:
        while page := list(islice(lines, 1000)):
            yield [json.loadb(line) for line in page]


if __name__ == "__main__":
    pipeline = dlt.pipeline("events", destination=dlt.destinations.duckdb("dlt.duckdb"), pipelines_dir="pipelines")
    start = time.perf_counter()
    pipeline.extract(events(), loader_file_format=file_format)
    extracted = time.perf_counter()
    pipeline.normalize()
    normalized = time.perf_counter()
    pipeline.load()
    loaded = time.perf_counter()
    print(f"FIGURE extract_s={extracted - start} normalize_s={normalized - extracted} load_s={loaded - normalized}")
