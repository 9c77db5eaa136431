"""A passkey without a browser: it answers what a site asks as a device would, or wrongly on purpose."""

import hashlib
import json
import re
import secrets
from html import unescape
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.http import HttpResponse
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

SITE = "testserver"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def asked(page: HttpResponse) -> dict[str, Any]:
    """What a page asks the browser for."""
    found = re.search(r'data-options="([^"]*)"', page.content.decode())
    assert found, page.content.decode()
    return json.loads(unescape(found[1]))["publicKey"]  # type: ignore[no-any-return]


class Passkey:
    def __init__(self, site: str = SITE) -> None:
        self.site = site
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user = ""

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or f"https://{self.site}"}).encode()

    def _about(self, flags: int, rest: bytes = b"") -> bytes:
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + bytes(4) + rest

    def make(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, origin: str = "") -> dict[str, Any]:
        self.user = options["user"]["id"]
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        held = self._about(flags | WITH_KEY, bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public)
        attested = cbor.encode({"fmt": "none", "attStmt": {}, "authData": held})
        client = self._client("webauthn.create", options["challenge"], origin)
        return self._answer({"clientDataJSON": client, "attestationObject": attested})

    def use(
        self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, origin: str = "", user: str | None = None
    ) -> dict[str, Any]:
        client, held = self._client("webauthn.get", options["challenge"], origin), self._about(flags)
        signature = self.key.sign(held + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        answer = self._answer({"clientDataJSON": client, "authenticatorData": held, "signature": signature})
        answer["response"]["userHandle"] = self.user if user is None else user
        return answer

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        sent = {part: websafe_encode(content) for part, content in response.items()}
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": sent}
