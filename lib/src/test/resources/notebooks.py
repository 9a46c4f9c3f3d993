"""Executes notebooks, each in a kernel of its own, and says what came of them.

    python notebooks.py KERNEL WORK_FOLDER NOTEBOOK... [--update]

A cell that fails without the tag raises-exception, or shows nothing although the committed notebook shows something, ends
with exit code 1. With --update the outputs are written into the notebooks.
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def kinds(cell):
    """What a cell returns, in which forms; progress is display_data, which depends on the time."""
    return {kind for output in cell.outputs if output.output_type == "execute_result" for kind in output.data}


def execute(kernel, work, file, update):
    began = time.time()
    notebook = nbformat.read(file, 4)
    committed = [kinds(cell) for cell in notebook.cells if cell.cell_type == "code"]
    client = NotebookClient(
        notebook, timeout=120, kernel_name=kernel, resources={"metadata": {"path": str(work)}}, store_widget_state=False
    )
    try:
        client.execute()
    except CellExecutionError as failed:
        print(f"FAILED {file.name}: {failed} {failed.ename}: {failed.evalue}")
        return False
    shown = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, before in zip(shown, committed):
        if not update and before - kinds(cell):
            print(f"FAILED {file.name}: cell {cell.source!r} shows {kinds(cell)}, the committed notebook {before}")
            return False
    if update:
        write(notebook, work, file)
    print(f"ok {file.name}: {len(shown)} cells in {time.time() - began:.1f} s")
    return True


def write(notebook, work, file):
    for cell in notebook.cells:
        cell.pop("id", None)
        cell.metadata.pop("execution", None)
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.output_type != "display_data"]
    notebook.metadata.kernelspec = {"display_name": "Sluice (Java)", "language": "java", "name": "sluice"}
    notebook.metadata.pop("language_info", None)
    notebook.nbformat_minor = 4
    text = nbformat.writes(notebook, 4)
    for place in sorted({str(work), str(work.resolve())}, key=len, reverse=True):
        text = text.replace(place, "~/notebooks")
    file.write_text(text if text.endswith("\n") else text + "\n")


if __name__ == "__main__":
    update = "--update" in sys.argv
    kernel, work, *files = [word for word in sys.argv[1:] if word != "--update"]
    results = [execute(kernel, Path(work), Path(file), update) for file in files]
    sys.exit(0 if results and all(results) else 1)
