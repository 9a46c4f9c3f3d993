"""The example of parallel_load.java with dlt itself: ROWS jsonl|parquet [shuffled]. bench.java starts it."""

import random
import sys
import time
from itertools import islice

import dlt
from dlt.common import pendulum

rows_wanted, file_format = int(sys.argv[1]), sys.argv[2]
shuffled = "shuffled" in sys.argv[3:]


def row(_id, now):
    made = {"row": _id, "description": "this is row with id {_id}", "timestamp": now}
    if not shuffled:
        return made
    keys = list(made)
    random.Random(_id).shuffle(keys)
    made = {key: made[key] for key in keys}
    if _id == 500_000:
        made["surprise"] = {"kind": "nested", "list": [{"a": 1}, {"b": "two"}]}
    return made


@dlt.resource(name="table")
def read_table(limit):
    rows = iter(range(limit))
    while item_slice := list(islice(rows, 1000)):
        now = pendulum.now().isoformat()
        yield [row(_id, now) for _id in item_slice]


if __name__ == "__main__":
    pipeline = dlt.pipeline("parallel_load", destination=dlt.destinations.duckdb("dlt.duckdb"), pipelines_dir="pipelines")
    start = time.perf_counter()
    pipeline.extract(read_table(rows_wanted), loader_file_format=file_format)
    extracted = time.perf_counter()
    pipeline.normalize()
    normalized = time.perf_counter()
    pipeline.load()
    loaded = time.perf_counter()
    print(f"FIGURE extract_s={extracted - start} normalize_s={normalized - extracted} load_s={loaded - normalized}")
