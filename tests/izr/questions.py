"""A good request to each service, of the default world's first keeper; nothing is stored by any."""

from tests.izr.contract import ACCESS
from tests.izr.messages import MOVE, anonymous, move

DAY = "2025-05-02T00:00:00"
EVENT = (
    "<ZasilaneHlaseni><Provozovna>12345678</Provozovna><Staj>0{}</Staj><Hlaseni>"
    f"<KodPohybu>50</KodPohybu><Datum>{DAY}</Datum><UsniZnamka>{{}}</UsniZnamka></Hlaseni>"
    "</ZasilaneHlaseni><JenOverit>true</JenOverit>"
)
QUESTIONS = {
    "IZR_ODH01B": MOVE,
    "IZR_CHIZZ01B": (
        "<PROVOZOVNA>12345678</PROVOZOVNA><DRUH>OVC</DRUH><DATUMOD>2025-01-01T00:00:00</DATUMOD>"
        f"<DATUMDO>{DAY}</DATUMDO><GETDATA>true</GETDATA>"
    ),
    "IZR_OZO01A": EVENT.format(1, "CZ0000012345126"),
    "IZR_OZK01A": EVENT.format(2, "CZ0000020001166"),
    "IZR_GAZ01B": "<GETDATA>true</GETDATA>",
    "IZR_ZVI01A": (
        "<TYPDATA><TYP>Zaklad</TYP></TYPDATA><USNIZNAMKY><USNIZNAMKA>CZ0000012345126</USNIZNAMKA>"
        "<DRUHZVIRETE>OVC</DRUHZVIRETE></USNIZNAMKY>"
    ),
    "IZR_OUZ01A": "<Provozovna>12345678</Provozovna>",
    "IZR_PRO01A": (
        "<GETDATA>true</GETDATA><STAVPROVOZOVNY>A</STAVPROVOZOVNY><TYPPROVOZOVNY>H</TYPPROVOZOVNY>"
    ),
    "IZR_PRO01B": "<STAVPROVOZOVNY>A</STAVPROVOZOVNY><TYPPROVOZOVNY>H</TYPPROVOZOVNY>",
    "IZR_GCZ01A": "",
}
"""By service, the content of its payload."""
PF = [service for service, access in ACCESS.items() if access == "PF"]


def question(service: str, payload: str | None = None) -> bytes:
    """A message to a service, signed where that is needed; without a payload the good one."""
    inside = QUESTIONS[service] if payload is None else payload
    return move(inside, service=service) if service in PF else anonymous(inside, service)
