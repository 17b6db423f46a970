"""The web service once more, by spyne and from the facts alone: a second opinion on the contract.

Written without a look at the emulator, so that client and emulator cannot share one misreading.
Import it only where spyne runs; it cannot be imported on Python 3.12 and later.
"""

# mypy: allow-untyped-calls, allow-subclassing-any, allow-untyped-decorators
# mypy: disable-error-code="import-untyped,misc"
# spyne has no types at all.

import sys
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

with warnings.catch_warnings():
    # It carries an old six, whose importer has not the methods of today.
    warnings.filterwarnings("ignore", r"_SixMetaPathImporter\.", ImportWarning)
    # It reads content types with cgi, which left the library in Python 3.13.
    warnings.filterwarnings("ignore", "'cgi' is deprecated", DeprecationWarning)
    from spyne import (
        Application,
        Array,
        Boolean,
        ComplexModel,
        DateTime,
        Enum,
        Fault,
        Integer32,
        ServiceBase,
        Unicode,
        rpc,
    )
    from spyne.protocol.soap import Soap11
    from spyne.server.wsgi import WsgiApplication
    from spyne.util.xml import get_xml_as_object
# All is imported that will be: without spyne's own copy of six, failed imports elsewhere warn no
# more. The real six stays, for others import from it later.
sys.meta_path[:] = [each for each in sys.meta_path if not type(each).__module__.startswith("spyne")]

SERVICE = "http://UBY.pcr.cz/WS_UBY"
CLASSES = "http://schemas.datacontract.org/2004/07/WS_UBY"
ARRAYS = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"
STAMP = "F8EA613D-C8C5-4671-924D-EE4F8588E08D"
PDF = b"%PDF-1.4 a second opinion"
LATE_BEFORE = datetime(2026, 2, 27)  # noqa: DTZ001 - the contract has no time zones
LENGTH = 32


class Ubytovany(ComplexModel):
    """A guest (Appendix 5, table of members)."""

    __namespace__ = CLASSES
    _type_info = [  # noqa: RUF012 - spyne's own way of telling the order
        ("cDate", Unicode),
        ("cDocN", Unicode),
        ("cFirstN", Unicode),
        ("cFrom", DateTime),
        ("cNati", Unicode),
        ("cNote", Unicode),
        ("cPlac", Unicode),
        ("cPurp", Integer32),
        ("cResi", Unicode),
        ("cSpz", Unicode),
        ("cSurN", Unicode),
        ("cUntil", DateTime),
        ("cVisN", Unicode),
    ]


class SeznamUbytovanych(ComplexModel):
    """A batch: the guests, the wish for a PDF, the facility."""

    __namespace__ = CLASSES
    _type_info = [  # noqa: RUF012 - see above
        ("Ubytovani", Array(Ubytovany)),
        ("VracetPDF", Boolean),
        *(
            (name, Unicode)
            for name in (
                "uCont",
                "uHomN",
                "uIdub",
                "uMark",
                "uName",
                "uOb",
                "uObCa",
                "uOkr",
                "uOriN",
                "uPsc",
                "uStr",
            )
        ),
    ]


class CiselnikType(ComplexModel):
    """A row of a code list."""

    __namespace__ = CLASSES
    _type_info = [  # noqa: RUF012 - see above
        ("Id", Integer32),
        ("Kod2", Unicode),
        ("Kod3", Unicode),
        ("PlatiDo", Unicode),
        ("PlatiOd", Unicode),
        ("TextCZ", Unicode),
        ("TextENG", Unicode),
        ("TextKratkyCZ", Unicode),
        ("TextKratkyENG", Unicode),
    ]


class Strings(ComplexModel):
    """ArrayOfstring."""

    __namespace__ = ARRAYS
    __type_name__ = "ArrayOfstring"
    _type_info = [("string", Unicode(max_occurs="unbounded"))]  # noqa: RUF012 - see above


class Chyby(ComplexModel):
    """The answer to a batch."""

    __namespace__ = CLASSES
    _type_info = [  # noqa: RUF012 - see above
        ("ChybyHlavicky", Unicode),
        ("ChybyZaznamu", Strings),
        ("DokumentChybyPotvrzeni", Unicode),
        ("DokumentPotvrzeni", Unicode),
        ("PseudoRazitko", Unicode),
    ]


DruhCislelniku = Enum("Staty", "UcelyPobytu", "Chyby", type_name="DruhCislelniku")

ROWS: dict[str, tuple[dict[str, Any], ...]] = {
    "Staty": (
        {"Id": 104, "Kod2": "AF", "Kod3": "AFG", "TextCZ": "Afghánská islámská republika",
         "TextENG": "Afghanistan", "TextKratkyCZ": "Afghánistán"},
        {"Id": 241, "Kod2": "ZW", "Kod3": "ZWE", "TextCZ": "Zimbabwská republika"},
    ),
    "UcelyPobytu": ({"Kod2": "00", "TextCZ": "00 - ZDRAVOTNÍ"},
                    {"Kod2": "99", "TextCZ": "99 - OSTATNÍ / JINÉ"}),
    "Chyby": (
        {"Kod2": "ERR_CZE_106", "Kod3": "Nekorektní číslo cestovního dokladu",
         "TextKratkyCZ": "4"},
        {"Kod2": "ERR_CZE_112", "Kod3": "Oznámeno pozdě", "TextENG": "INFORMACE",
         "TextKratkyCZ": "0"},
    ),
}  # fmt: skip


def _row(cells: dict[str, Any]) -> CiselnikType:
    names: list[str] = list(CiselnikType.get_flat_type_info(CiselnikType))
    return CiselnikType(**{**dict.fromkeys(names, ""), "Id": 0, **cells})


def _codes(guest: Ubytovany) -> str:
    """Lateness comes first, as in the documented `;112;106;`."""
    late = "112;" if guest.cFrom < LATE_BEFORE else ""
    return f";{late}{'106;' if len(guest.cDocN or '') < 4 else ''}"


def _differences(batch: SeznamUbytovanych) -> str:
    """Header errors: 200 and the field's position in record A of a UNL file, 5 to 13."""
    fields = ("uName", "uCont", "uOkr", "uOb", "uObCa", "uStr", "uHomN", "uOriN", "uPsc")
    return "".join(
        f"{number};" for number, name in enumerate(fields, 205) if not getattr(batch, name)
    )


class Office(ServiceBase):
    """The four operations."""

    @rpc(Unicode, _returns=Boolean)
    def TestDostupnosti(self, AutentificationCode: str) -> bool:  # noqa: N802, N803 - wire names
        return True

    @rpc(Unicode, _returns=Integer32)
    def MaximalniDelkaSeznamu(self, AutentificationCode: str) -> int:  # noqa: N802, N803 - see above
        return LENGTH

    @rpc(Unicode, DruhCislelniku, _returns=Array(CiselnikType))
    def DejMiCiselnik(  # noqa: N802 - see above
        self,
        AutentificationCode: str,  # noqa: N803 - see above
        CoChci: str,  # noqa: N803 - see above
    ) -> list[CiselnikType]:
        return [_row(cells) for cells in ROWS[str(CoChci)]]

    @rpc(Unicode, SeznamUbytovanych, _returns=Chyby)
    def ZapisUbytovane(  # noqa: N802 - see above
        self,
        AutentificationCode: str,  # noqa: N803 - see above
        Seznam: SeznamUbytovanych,  # noqa: N803 - see above
    ) -> Chyby:
        guests = Seznam.Ubytovani or []
        if not guests:
            raise Fault("Chyba běhu programu", "Seznam ubytovaných je prázdný")
        return Chyby(
            ChybyHlavicky=_differences(Seznam),
            ChybyZaznamu=Strings(string=[_codes(each) for each in guests]),
            DokumentPotvrzeni=b64encode(PDF).decode() if Seznam.VracetPDF else None,
            PseudoRazitko=STAMP,
        )


Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def office() -> Wsgi:
    """The service as a WSGI application."""
    application: Wsgi = WsgiApplication(
        Application([Office], SERVICE, in_protocol=Soap11(), out_protocol=Soap11())
    )
    return application


def read_batch(element: Any) -> Any:
    """A Seznam element as spyne understands it."""
    return get_xml_as_object(element, SeznamUbytovanych)
