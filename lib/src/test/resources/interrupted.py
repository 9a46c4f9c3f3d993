"""Interrupts a cell that loads, runs it again, and prints what the kernel says about the rows.

    python interrupted.py KERNEL WORK_FOLDER
"""

import sys
import time

from jupyter_client.manager import start_new_kernel

SLOW = """
Resource<?> slow = resource("slow", out -> {
  for (int page = 0; page < 100; page++) {
    var start = page * 10;
    out.page(IntStream.range(start, start + 10).mapToObj(id -> row("id", id)).toList());
    if (pause > 0) Thread.sleep(pause);
  }
});
pipeline("interrupted").to(duckdb("interrupted.duckdb")).run(slow).toString()"""
COUNT = 'pipeline("interrupted").sql("select count(*) as n, count(distinct id) as ids from slow").row(0).toString()'


def run(client, code, interrupt=None):
    message = client.execute(code)
    if interrupt:
        time.sleep(2)
        interrupt()
    said = []
    while True:
        answer = client.get_iopub_msg(timeout=60)
        if answer["parent_header"].get("msg_id") != message:
            continue
        content = answer["content"]
        if answer["msg_type"] == "error":
            said.append("error " + content["ename"] + " " + content["evalue"])
        elif answer["msg_type"] == "execute_result":
            said.append(content["data"]["text/plain"])
        elif answer["msg_type"] == "status" and content["execution_state"] == "idle":
            return "\n".join(said)


manager, client = start_new_kernel(kernel_name=sys.argv[1], cwd=sys.argv[2], startup_timeout=60)
try:
    run(client, "long pause = 200;")
    print("interrupted:", run(client, SLOW, manager.interrupt_kernel))
    run(client, "pause = 0;")
    print("again:", run(client, SLOW))
    print("rows:", run(client, COUNT))
finally:
    manager.shutdown_kernel(now=True)
