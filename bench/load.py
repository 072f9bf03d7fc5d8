"""Load on one server from several clients, and what it costs."""

import http.client
import os
import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path

CLIENTS = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """Requests a second, latencies in milliseconds, and the server's CPU milliseconds a request."""

    rate: float
    p50: float
    p95: float
    cpu: float


def median(figures: list[Figures]) -> Figures:
    """The median of each figure."""
    return Figures(
        *(
            statistics.median(getattr(item, name) for item in figures)
            for name in ("rate", "p50", "p95", "cpu")
        )
    )


def load(
    port: int,
    pid: int,
    path: str,
    headers: dict[str, str],
    seconds: float,
    status: int = 200,
    clients: int = CLIENTS,
) -> Figures:
    """Ask for a path with several clients for so many seconds; each answer must have the status."""
    latencies: list[float] = []
    until = time.monotonic() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            begun = time.monotonic()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            assert response.status == status, response.status
            latencies.append(time.monotonic() - begun)
        connection.close()

    cpu, begun = cpu_seconds(pid), time.monotonic()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken, spent = time.monotonic() - begun, cpu_seconds(pid) - cpu
    quantiles = statistics.quantiles(latencies, n=20)
    return Figures(
        len(latencies) / taken, quantiles[9] * 1000, quantiles[18] * 1000, spent / len(latencies) * 1000
    )


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has used, by /proc; 0 where there is none."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(
    port: int, path: str, headers: dict[str, str], method: str = "GET", body: bytes | None = None
) -> bytes:
    """The body of one answer, which must be a 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, body=body, headers=headers)
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    assert response.status == 200, (response.status, answer[:500])
    return answer


def wait_for(port: int, path: str, headers: dict[str, str]) -> bytes:
    """The same from a server that is still starting."""
    for _ in range(200):
        try:
            return ask(port, path, headers)
        except ConnectionError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")
