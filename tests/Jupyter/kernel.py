"""Kernels for the test scripts, through Jupyter's own client library."""

import pathlib
import subprocess
import sys
import time
from types import SimpleNamespace

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

NAME = ".net-csharp"
PATIENCE = 120


class Client:
    """A client of a running kernel."""

    def __init__(self, client):
        self.client = client
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def run(self, code, answer=None):
        """Runs a cell, with an answer to its prompt, and returns its outputs."""
        messages = []
        reply = self.client.execute_interactive(
            code,
            timeout=PATIENCE,
            allow_stdin=answer is not None,
            stdin_hook=lambda _: self.client.input(answer),
            output_hook=messages.append,
        )["content"]
        shown = [(message["msg_type"], message["content"]) for message in messages]
        return SimpleNamespace(
            status=reply["status"],
            kinds=[kind for kind, _ in shown if kind != "status"],
            text="".join(content["text"] for kind, content in shown if kind == "stream"),
            values=[content["data"].get("text/plain") for _, content in shown if "data" in content],
            error=next((f"{content['ename']}: {content['evalue']}" for kind, content in shown if kind == "error"), None),
        )

    def begin(self, code):
        """Starts a cell and waits for its first text output."""
        request = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                return request

    def end(self, request):
        """Waits for a cell to end and returns the reply."""
        while True:
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"]


class Kernel(Client):
    """A new kernel with a client."""

    def __init__(self, cwd=None, transport="tcp", name=NAME):
        self.manager = KernelManager(kernel_name=name, transport=transport)
        # A kernel's own log would mix with what a script prints.
        self.manager.start_kernel(cwd=cwd, stdout=sys.stderr)
        super().__init__(self.manager.client())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def interrupt(self):
        self.manager.interrupt_kernel()

    def restart(self):
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=PATIENCE)

    def processes(self):
        """Returns the ids of the kernel process and its descendants."""
        return family(self.manager.provisioner.pid)


def family(process):
    """Returns the ids of a process and its descendants."""
    children = pathlib.Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [process] + [member for child in children for member in family(int(child))]


def is_alive(process):
    """Returns whether a process is running. A zombie counts as ended."""
    status = pathlib.Path(f"/proc/{process}/status")
    return status.exists() and "\nState:\tZ" not in status.read_text()


def in_another_process(script):
    """Starts a script in a new process and waits for its first line. Returns the process and the line."""
    process = subprocess.Popen([sys.executable, "-c", "from kernel import *\n" + script], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()
