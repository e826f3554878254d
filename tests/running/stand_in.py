"""A demo made of stand-ins, started as bin/demo starts the real one: stand_in.py ROOT PORT [--fresh] [web=WORD …]."""

import sys
from pathlib import Path

from guichet.running.commands import Commands
from guichet.running.demo import main
from guichet.running.options import Options

PREPARE = {
    "well": "print('Caisse of Nîmes', flush=True)",
    "badly": "import sys; print('Caisse of Nîmes'); sys.exit('the file nimes.toml has no name')",
    "full": "raise OSError(28, 'No space left on device')",
    "slowly": "import time; print('Caisse of Nîmes', flush=True); time.sleep(60)",
}
WEB = {
    "well": """
import http.server, os
class Door(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.headers["Host"].startswith("localhost:") else 404)
        self.end_headers()
        self.wfile.write(os.environ["GUICHET_SECRET_KEY"].encode())
    def log_message(self, *words):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["GUICHET_PORT"])), Door).serve_forever()
""",
    "badly": "import sys; sys.exit('the web has a spanner in it')",
    "beaten": "import sys; sys.exit('[Errno 98] Address already in use')",
}
WORKER = {
    "well": "import time; time.sleep(600)",
    "briefly": "import sys, time; time.sleep(1); sys.exit('the worker is out of breath')",
    "deaf": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
}


def python(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", script)


if __name__ == "__main__":
    root, port, *rest = sys.argv[1:]
    chosen = dict(word.split("=") for word in rest if "=" in word)
    commands = Commands(
        prepare=python(PREPARE[chosen.get("prepare", "well")]),
        accounts=python("print('Lucie Mabire, nimes.localhost')"),
        web=python(WEB[chosen.get("web", "well")]),
        worker=python(WORKER[chosen.get("worker", "well")]),
    )
    sys.exit(main(Options(fresh="--fresh" in rest, port=int(port)), root=Path(root), commands=commands))
