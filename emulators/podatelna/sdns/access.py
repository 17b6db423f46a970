"""Log-in by parameters of a query: who asks, and whose data he may see."""

from podatelna.sdns.desk import Desk
from podatelna.sdns.model import User
from podatelna.sdns.parameters import MASKED, QueryError, Values


def admitted(desk: Desk, given: Values, subject: str = "") -> User | QueryError:
    """The user that Username and Password log in, or why he may not ask for a reporting subject.

    User names are the same in any case of letters, passwords are not (manual, username).
    The subject is that of his communicating subject, or one that it may send for.
    """
    login = given["Username"]
    user = desk.register.user(login)
    if not user or user.blocked or user.password != given["Password"]:
        return QueryError("query_login_denied", "Username, Password", f"{login}, {MASKED}")
    if not user.may_query:
        return QueryError("query_access_denied", "Username", login)
    if subject and not desk.register.may_send_for(user.subject, subject):
        return QueryError("query_access_denied", "SubjektV", subject)
    return user
