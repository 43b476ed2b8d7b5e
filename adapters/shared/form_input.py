"""The values of a form, before the people who are named in it are looked up."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FormInput:
    """Answers by the name of their input. `person_ids`: the platform's ids of people, by the name of their input."""

    answers: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    person_ids: dict[str, str] = field(default_factory=dict)

    @property
    def person_id(self) -> str:
        """The id of the person who was selected; empty if nobody was."""
        return next(iter(self.person_ids.values()), "")
