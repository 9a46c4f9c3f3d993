"""Loads a file of nested events with dlt: FILE jsonl|parquet. nested.java starts it."""

import sys
import time
from pathlib import Path

import dlt
from dlt.sources.filesystem import filesystem, read_jsonl

file, file_format = Path(sys.argv[1]), sys.argv[2]

if __name__ == "__main__":
    pipeline = dlt.pipeline("events", destination=dlt.destinations.duckdb("dlt.duckdb"), pipelines_dir="pipelines")
    start = time.perf_counter()
    events = filesystem(file.parent.as_uri(), file_glob=file.name) | read_jsonl()
    pipeline.extract(events.with_name("events"), loader_file_format=file_format)
    extracted = time.perf_counter()
    pipeline.normalize()
    normalized = time.perf_counter()
    pipeline.load()
    loaded = time.perf_counter()
    print(f"FIGURE extract_s={extracted - start} normalize_s={normalized - extracted} load_s={loaded - normalized}")
