"""Makes the runs of conformance cases with the real dlt: a JSON object a line in, one a line out.

In: {"run": a run of a case, "folder": where, "step": run|extract|normalize|load, "format": of load files, or ""}.
Out: {"error": {"step", "message"} or null, "pulled": {resource: elements}}.
"""

import base64
import datetime
import decimal
import json
import os
import sys
import uuid

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

import dlt
from dlt.pipeline.exceptions import PipelineStepFailed


def decoded(value):
    if isinstance(value, list):
        return [decoded(each) for each in value]
    if not isinstance(value, dict):
        return value
    key = next(iter(value), "")
    if not key.startswith("$"):
        return {name: decoded(each) for name, each in value.items()}
    text = value[key]
    return {
        "$decimal": lambda: decimal.Decimal(text),
        "$timestamp": lambda: datetime.datetime.fromisoformat(text),
        "$date": lambda: datetime.date.fromisoformat(text),
        "$time": lambda: datetime.time.fromisoformat(text),
        "$bytes": lambda: base64.b64decode(text),
        "$uuid": lambda: uuid.UUID(text),
        "$float": lambda: float(text),
        "$repeat": lambda: text * value["times"],
    }[key]()


def resource(spec, pulled):
    name, items = spec["name"], decoded(spec["items"])
    pulled[name] = 0

    def elements():
        for item in items:
            pulled[name] += 1
            yield item

    plain = ("table_name", "write_disposition", "primary_key", "merge_key", "columns", "schema_contract", "max_table_nesting")
    hints = {key: decoded(spec[key]) for key in plain if spec.get(key) is not None}
    if spec.get("table_name_field"):
        field = spec["table_name_field"]
        hints["table_name"] = lambda item: item[field]
    if spec.get("nested_hints"):
        hints["nested_hints"] = {
            tuple(path.split(".")): dlt.mark.make_nested_hints(**nested) for path, nested in spec["nested_hints"].items()
        }
    if spec.get("incremental"):
        incremental = {key: decoded(value) for key, value in spec["incremental"].items() if value is not None}
        if "last_value_func" in incremental:
            incremental["last_value_func"] = {"max": max, "min": min}[incremental["last_value_func"]]
        if isinstance(incremental.get("primary_key"), list):
            incremental["primary_key"] = tuple(incremental["primary_key"])
        hints["incremental"] = dlt.sources.incremental(**incremental)
    return dlt.resource(elements, name=name, **hints)


def source(spec, pulled):
    resources = [resource(each, pulled) for each in spec["resources"]]
    hints = {key: spec[key] for key in ("max_table_nesting", "schema_contract") if spec.get(key) is not None}
    return dlt.source(lambda: resources, name=spec["name"], **hints)()


def run(spec, folder, step, file_format):
    for key, value in (spec.get("config") or {}).items():
        if key == "destination.max_identifier_length":
            continue
        os.environ[key.upper().replace(".", "__")] = str(value)
    limit = (spec.get("config") or {}).get("destination.max_identifier_length")
    caps = {"max_identifier_length": limit, "max_column_identifier_length": limit} if limit else {}
    if file_format:
        caps["preferred_loader_file_format"] = file_format
    pulled = {}
    pipeline = dlt.pipeline(
        "conformance",
        pipelines_dir=os.path.join(folder, "pipelines"),
        destination=dlt.destinations.duckdb(os.path.join(folder, "conformance.duckdb"), **caps),
        dataset_name="data",
    )
    arguments = {"refresh": spec["refresh"]} if spec.get("refresh") else {}
    try:
        if step == "run":
            pipeline.run([source(each, pulled) for each in spec["sources"]], **arguments)
        elif step == "extract":
            pipeline.extract([source(each, pulled) for each in spec["sources"]], **arguments)
        else:
            getattr(pipeline, step)()
        return {"error": None, "pulled": pulled}
    except PipelineStepFailed as failed:
        if step == "run":
            pipeline.abort_packages()
        return {"error": {"step": failed.step, "message": str(failed)}, "pulled": pulled}
    finally:
        for key in spec.get("config") or {}:
            os.environ.pop(key.upper().replace(".", "__"), None)


for line in sys.stdin:
    asked = json.loads(line)
    os.chdir(asked["folder"])
    print(json.dumps(run(asked["run"], asked["folder"], asked["step"], asked["format"])), file=answers, flush=True)
