"""NTLM with requests-ntlm; a failed handshake comes out as this client's own errors."""

from typing import Any

import requests
import urllib3.exceptions
from requests_ntlm import HttpNtlmAuth

from podatelna_client.ubyport.errors import LoginRefused, OutcomeUnknown


class SignIn(HttpNtlmAuth):
    """Signs in each connection once; the messages that follow on it go without credentials."""

    def retry_using_http_NTLM_auth(  # noqa: N802 - the library calls it by this name
        self, *handshake: Any
    ) -> requests.Response:
        """Answer a 401. Raises LoginRefused when the server's half of the handshake is no NTLM."""
        try:
            return super().retry_using_http_NTLM_auth(*handshake)
        except (requests.RequestException, urllib3.exceptions.HTTPError):
            raise
        except KeyError as error:
            # The second step was answered without a challenge, so perhaps already with the result.
            raise OutcomeUnknown("the sign-in was cut short by an answer without NTLM") from error
        except Exception as error:
            # What the library cannot read comes out as whatever its parser raised (struct.error,
            # binascii.Error). Raw, it would cost the caller the answers of earlier batches.
            raise LoginRefused(f"the service did not finish the NTLM sign-in: {error}") from error
