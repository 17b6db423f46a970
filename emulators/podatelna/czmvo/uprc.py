"""Ids of alerts: Unique Pack Return Codes."""

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""All capitals and digits occur in the manual's examples (2.7.1)."""
OCTETS = 15
_SIGN_OF = bytes(ord(SIGNS[octet % len(SIGNS)]) for octet in range(256))


def make_uprc(octets: bytes) -> str:
    """A Czech id out of 15 octets: five groups of three signs, as the operator states the form."""
    signs = octets[:OCTETS].translate(_SIGN_OF).decode()
    return f"CZ-{signs[:3]}-{signs[3:6]}-{signs[6:9]}-{signs[9:12]}-{signs[12:]}"
