"""One table of PostgreSQL into DuckDB with dlt, timed: sqlalchemy|pyarrow URL. sources.java starts it."""

import sys
import time

start = time.perf_counter()

import dlt
from dlt.sources.sql_database import sql_table

backend, url = sys.argv[1], sys.argv[2]
if __name__ == "__main__":
    pipeline = dlt.pipeline("sources", destination=dlt.destinations.duckdb("dlt.duckdb"), pipelines_dir="pipelines")
    pipeline.run(sql_table(url, "orders", backend=backend))
    with pipeline.sql_client() as client:
        rows = client.execute_sql("SELECT count(*) FROM orders")[0][0]
    print(f"FIGURE total_s={time.perf_counter() - start} rows={rows}")
