"""Who asks, once it is known; and what is said where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from linker.audit import Who
from linker.deconfliction.disclose import Role, Viewer
from linker.errors import AccessError

REFUSED: Final = "the token is not valid; ask whoever runs linker for another one"
"""All that is said to whoever brings a bad token: which fault it has would help to make one up."""


@dataclass(frozen=True)
class Identity:
    """Who asks.

    Attributes:
        subject: Names them for good: the token's id, or the identity provider's subject.
        name: As people call them.
        role: What they may do.
        agency: Theirs; None where they belong to none.
        unit: Theirs.
        token_id: That of the token they showed; None where their provider numbers none.
        how: By which kind of token they are known.
    """

    subject: str
    name: str
    role: Role
    agency: str | None
    unit: str | None
    token_id: str | None
    how: Literal["token", "oidc"]

    @property
    def viewer(self) -> Viewer:
        """What decides on what they see."""
        return Viewer(self.role, self.agency, self.unit)

    @property
    def who(self) -> Who:
        """How the audit log names them."""
        return Who(
            subject=self.subject,
            how=self.how,
            name=self.name,
            token_id=self.token_id,
            role=self.role,
            agency=self.agency,
            unit=self.unit,
        )


class Refusal(AccessError):  # noqa: N818 - what it is
    """An `AccessError` whose message is the same for all bad tokens.

    Attributes:
        reason: What is wrong with the token, for the audit log alone.
    """

    def __init__(self, reason: str) -> None:
        """Refuse a token.

        Args:
            reason: What is wrong with it, without anything that stands in it.
        """
        super().__init__(REFUSED)
        self.reason = reason
