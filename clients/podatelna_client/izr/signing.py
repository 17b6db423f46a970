"""The hashed message by which a caller proves who he is, for this client and for any other.

token = Base64(SHA-512(canonical Body + SHA-1(UTF-8(WS key))))

An envelope of lxml is signed by `add_token` when all else is in it, such as in zeep:

class Signing(zeep.Plugin):
    def egress(self, envelope, http_headers, operation, binding_options):
        add_token(envelope, key)
        return envelope, http_headers
"""

import hashlib
from base64 import b64encode

from lxml import etree

from podatelna_client.izr.canonical import canonical_body
from podatelna_client.izr.errors import InvalidInput
from podatelna_client.soap import ENVELOPE

TOKENS = "http://www.pds.eu/vOKO/v0200/wss"
TOKEN_TYPE = "A01"

Key = str | bytes
"""The WS key; or the 20 bytes of `key_hash`, for programs that do not keep the key itself."""

_HEADER, _BODY = f"{{{ENVELOPE}}}Header", f"{{{ENVELOPE}}}Body"


def key_hash(key: Key) -> bytes:
    """SHA-1 of the WS key: all that the gateway itself needs to know of it."""
    if isinstance(key, str):
        return hashlib.sha1(key.encode()).digest()
    if len(key) != hashlib.sha1().digest_size:
        raise ValueError(f"the SHA-1 of a key has 20 bytes, not {len(key)}")
    return key


def sign(body: bytes | etree._Element, key: Key) -> str:
    """The token of a message: 88 characters. Takes its element SOAP:Body, or the whole message.

    What the Header holds does not matter, so the token can be put there afterwards. Raises
    InvalidInput for what is no SOAP 1.1 message.
    """
    hashed = hashlib.sha512(canonical_body(body) + key_hash(key))
    return b64encode(hashed.digest()).decode("ascii")


def add_token(envelope: etree._Element, key: Key) -> None:
    """Sign an envelope in place, instead of any token that it has."""
    body = envelope.find(_BODY)
    if body is None:
        raise InvalidInput("the message has no SOAP 1.1 Body")
    header = envelope.find(_HEADER)
    if header is None:
        header = etree.Element(_HEADER)
        envelope.insert(0, header)
    for old in header.findall(f"{{{TOKENS}}}Token"):
        header.remove(old)
    token = sign(body, key)
    # Declared here and not on the envelope, it changes no canonical form of the Body.
    element = etree.SubElement(header, f"{{{TOKENS}}}Token", nsmap={"vOKO-wss": TOKENS})
    element.set("type", TOKEN_TYPE)
    element.text = token
