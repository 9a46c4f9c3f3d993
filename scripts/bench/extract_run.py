"""One extract with dlt, timed: calls|noop|turns COUNT. extract.java starts it."""

import asyncio
import sys
import time

import dlt

what, count = sys.argv[1], int(sys.argv[2])


@dlt.resource
def items():
    yield from range(count)


@dlt.transformer
async def slow(item_id):
    await asyncio.sleep(0.05)
    return {"row": item_id}


@dlt.transformer
@dlt.defer
def noop(item_id):
    return {"row": item_id}


def pages():
    for start in range(0, count, 100):
        yield [{"row": row} for row in range(start, start + 100)]


def bench():
    if what == "calls":
        return [items | slow]
    if what == "noop":
        return [items | noop]
    return [dlt.resource(pages, name=f"table_{number}") for number in range(20)]


if __name__ == "__main__":
    pipeline = dlt.pipeline("extract", destination=dlt.destinations.duckdb("dlt.duckdb"), pipelines_dir="pipelines")
    source = dlt.source(bench, name="bench")()
    start = time.perf_counter()
    pipeline.extract(source)
    print(f"FIGURE extract_s={time.perf_counter() - start}")
