"""Which agency a request is for."""

from collections.abc import Mapping
from dataclasses import replace

from podatelna.kernel.agency import Agency
from podatelna.kernel.exchange import Request
from podatelna.kernel.rest import read_query


class Addresses:
    """The addresses of all agencies. Host names go before paths, and paths before a bare `/`."""

    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self._hosts = {
            host: (agency, prefix)
            for agency in agencies.values()
            for host, prefix in agency.hosts.items()
        }
        self._paths = [
            (path, path if agency.open_ended else f"{path}/", agency)
            for agency in agencies.values()
            for path in agency.paths
        ]
        self._root = {name: agency for agency in agencies.values() for name in agency.root_queries}

    def find(self, request: Request) -> tuple[Agency, Request] | None:
        """The agency, and the request as it takes it: by its path alone."""
        if self._hosts and (own := self._hosts.get(_host(request))):
            agency, prefix = own
            return agency, replace(request, path=prefix + request.path) if prefix else request
        agency_here = self._by_path(request.path.lower())
        if agency_here is None and request.path == "/" and request.query:
            names = read_query(request.query) if self._root else ()
            agency_here = next((self._root[name] for name in names if name in self._root), None)
        return (agency_here, request) if agency_here else None

    def _by_path(self, path: str) -> Agency | None:
        for whole, beginning, agency in self._paths:
            if path == whole or path.startswith(beginning):
                return agency
        return None


def _host(request: Request) -> str:
    """The name in the Host header, without a port."""
    return request.headers.get("host", "").partition(":")[0].lower()
