"""The application with one more route, for benchmarks: serialises a given document anew for each request."""

import json
import sys
from typing import Any

import waitress
from flask import Response, current_app, request

from app.accounts.guards import public
from app.factory import create_app
from app.shell import csrf

document: dict[str, Any] = {}


@csrf.exempt
@public
def equal() -> Response:
    """POST sets the document; GET serialises it."""
    if request.method == "POST":
        document.clear()
        document.update(json.loads(request.get_data()))
    return current_app.json.response(document)


def main() -> None:
    """Serve on the port that is named as argument."""
    app = create_app()
    app.add_url_rule("/bench/equal", "bench_equal", equal, methods=["GET", "POST"])
    waitress.serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=8, asyncore_use_poll=True)


if __name__ == "__main__":
    main()
