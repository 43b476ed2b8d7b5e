"""What somebody filled in, before the people among it are looked up."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FormInput:
    """Answers by input name. `people`: ids of those who were picked; the caller turns them into persons."""

    answers: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    person_ids: dict[str, str] = field(default_factory=dict)

    @property
    def person_id(self) -> str:
        """The one who was picked; empty if nobody was."""
        return next(iter(self.person_ids.values()), "")
