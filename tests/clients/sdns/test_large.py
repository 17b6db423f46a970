"""A report of the largest size known: its memory, measured in a process of its own."""

import subprocess
import sys
from typing import Any

import pytest

ROWS = 73_161
"""Of a real file, of 52 MB."""

_PROGRAM = """
from datetime import date
from podatelna_client.sdns import Area, Function, Message, SdnsClient, split, write
from resource import RUSAGE_SELF, getrusage

def rows():
    for number in range({rows}):
        yield {{column: f"{{number:06}}-value" for column in range(1, 17)}}

whole = Message(
    number=1, sender="1", created=date(2013, 8, 21), methodology="MKT20130101.01",
    data_set="MOKAS41.04.00", subject="1", scope="S_BCPZB", as_of=date(2013, 7, 31),
    function=Function.TEST, areas=(Area("MOKA41_11", rows()),),
)
client = SdnsClient("http://127.0.0.1:9/ewi-ws", "u", "p", "999", "1", compression="NONE")
import cryptography.x509
{prepare}
before = getrusage(RUSAGE_SELF).ru_maxrss
{act}
print(size, (getrusage(RUSAGE_SELF).ru_maxrss - before) * 1024)
"""
_IN_MEMORY = """
from io import BytesIO
out = BytesIO()
write(whole, out)
size = len(out.getbuffer())
"""
_SIGNER = """
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from datetime import datetime
from podatelna_client.sdns import Signer
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
certificate = (
    x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    .serial_number(1).not_valid_before(datetime(2013, 1, 1)).not_valid_after(datetime(2043, 1, 1))
    .sign(key, hashes.SHA256())
)
client = SdnsClient(
    "http://127.0.0.1:9/ewi-ws", "u", "p", "999", "1", compression="NONE",
    signer=Signer(key=key, certificate=certificate),
)
with client.prepare(Message(
    number=2, methodology="x", data_set="x", subject="x", scope="x", as_of=date(2013, 7, 31),
    function=Function.TEST,
)):
    pass
"""
_SIGNED = """
with client.prepare(whole) as delivery:
    size = delivery.data.seek(0, 2)
"""
_SPLIT = """
size = 0
for part in split(whole):
    with client.prepare(part) as delivery:
        size += delivery.data.seek(0, 2)
"""


@pytest.mark.parametrize(
    ("act", "prepare", "share"),
    [
        pytest.param(_IN_MEMORY, "", 2.0, id="written in memory"),
        pytest.param(_SIGNED, _SIGNER, 0.3, id="signed and packed"),
        pytest.param(_SPLIT, "", 0.5, id="in parts"),
    ],
)
def test_the_largest_report_takes_little_memory(act: str, prepare: str, share: float) -> None:
    size, memory = _measured(act, prepare)
    assert size > 45_000_000
    assert memory < share * size


def _measured(act: str, prepare: str) -> Any:
    program = _PROGRAM.format(rows=ROWS, act=act, prepare=prepare)
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return map(int, ran.stdout.split())
