"""The metadata servers of both clouds, as far as the launch scripts ask them."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

EC2 = {
    "/latest/meta-data/instance-id": "i-0abc",
    "/latest/meta-data/instance-type": "g5.xlarge",
    "/latest/meta-data/placement/region": "eu-west-1",
}
GCP = {
    "/computeMetadata/v1/instance/name": "fettle-0abc",
    "/computeMetadata/v1/instance/machine-type": "projects/1/machineTypes/g2-standard-4",
    "/computeMetadata/v1/instance/zone": "projects/1/zones/europe-west4-a",
    "/computeMetadata/v1/instance/service-accounts/default/token": '{"access_token": "bearer"}',
}


class Metadata:
    """Refuses, as the real ones do, whoever lacks the token of EC2's version 2 or GCP's header."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                outer.reply(self, 200 if self.headers["X-aws-ec2-metadata-token-ttl-seconds"] else 400, "session")

            def do_DELETE(self) -> None:
                allowed = self.headers["Authorization"] == "Bearer bearer"
                outer.reply(self, 200 if allowed else 401, "{}")

            def do_GET(self) -> None:
                known = (
                    self.headers["X-aws-ec2-metadata-token"] == "session" or self.headers["Metadata-Flavor"] == "Google"
                )
                answer = outer.answers.get(self.path)
                outer.reply(self, 401 if not known else 404 if answer is None else 200, answer or "")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def reply(self, handler: BaseHTTPRequestHandler, status: int, text: str) -> None:
        self.asked.append(f"{handler.command} {handler.path}")
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text.encode())

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
