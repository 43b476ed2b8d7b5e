"""Where settings come from: the environment and the `.env` file. A name that is nearly right is refused."""

import codecs
import re
from collections.abc import Collection, Iterable, Mapping
from io import StringIO
from pathlib import Path

from dotenv.parser import parse_stream
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import BadSettings
from bot.settings.text import trimmed

PREFIX = "TRUST_RECOVER_"
MAX_PREFIX_EDITS = 2
"""A name that differs from a right one by so many letters is meant to be it, even if it is the prefix that differs."""
MIN_SIMILARITY = 0.6
"""Of the nearest name that is still worth proposing."""
_SERVICE_VARIABLE = re.compile(r"SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?")
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""By the marks with which a text file begins. That of UTF-32 begins with that of UTF-16, so it is looked for first."""


def environment_values(names: Collection[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The settings in the environment. `names`: all settings, in small letters and without the prefix.

    Raises:
        BadSettings: a name is not right.

    """
    service_names = _service_names(environment)
    variables = [(name, value) for name, value in environment.items() if name not in service_names]
    return _setting_values(names, variables, "the environment")


def file_values(names: Collection[str], file: Path) -> dict[str, str]:
    """The settings in a `.env` file, if there is one. Of a name that stands there twice, the last line counts.

    Raises:
        BadSettings: the file cannot be read, or a name is not right.

    """
    variables: dict[str, str] = {}
    for line in parse_stream(StringIO(_file_text(file))):
        if line.error:
            text = line.original.string
            number = line.original.line + text[: -len(text.lstrip())].count("\n")  # it begins with the lines before it
            message = f"Line {number} of {file} cannot be read. Write NAME=value, and quotes in pairs."
            raise BadSettings(message)
        if line.key is not None:
            variables[line.key] = line.value or ""
    return _setting_values(names, variables.items(), str(file))


def nearest_name(names: Collection[str], name: str) -> str:
    """The setting that was probably meant by this name, with its prefix; empty if none is near.

    A right prefix does not count: what is left of the name is compared.
    """
    prefix = PREFIX if name.upper().startswith(PREFIX) else ""
    choices = [PREFIX.removeprefix(prefix) + known_name.upper() for known_name in names]
    nearest = process.extractOne(
        name.upper().removeprefix(prefix), choices, scorer=OSA.normalized_similarity, score_cutoff=MIN_SIMILARITY
    )
    return prefix + nearest[0] if nearest else ""


def unknown_name(names: Collection[str], name: str) -> str:
    """What an operator is told about a name that is no setting."""
    nearest = nearest_name(names, name)
    return f"{name} is no setting. " + (f"Is {nearest} meant?" if nearest else "docs/operations.md lists them all.")


def _setting_values(names: Collection[str], variables: Iterable[tuple[str, str]], place: str) -> dict[str, str]:
    right_names = {PREFIX + name.upper(): name for name in names}
    values: dict[str, str] = {}
    problems = []
    # A name in capitals comes last, so that it counts if the same is there in small letters too.
    for name, value in sorted(variables, key=lambda variable: variable[0].isupper()):
        if not trimmed(value):
            continue
        if name.upper() in right_names:
            values[right_names[name.upper()]] = value
        elif _is_meant_for_us(name, right_names):
            problems.append(f"In {place}: {unknown_name(names, name)}")
    if problems:
        raise BadSettings("\n".join(problems))
    return values


def _is_meant_for_us(name: str, right_names: Iterable[str]) -> bool:
    normal_name = re.sub(r"[^A-Z0-9]+", "_", name.upper())
    if normal_name.startswith(PREFIX.removesuffix("_")):
        return True
    return (
        process.extractOne(normal_name, list(right_names), scorer=OSA.distance, score_cutoff=MAX_PREFIX_EDITS)
        is not None
    )


def _service_names(environment: Mapping[str, str]) -> frozenset[str]:
    """The variables that Kubernetes sets by itself for a service whose name begins like our prefix."""
    services = [
        name.removesuffix("SERVICE_HOST")
        for name in environment
        if name.startswith(PREFIX) and name.endswith("SERVICE_HOST") and f"{name[:-4]}PORT" in environment
    ]
    return frozenset(
        name
        for name, value in environment.items()
        for service in services
        if name.startswith(service)
        and _SERVICE_VARIABLE.fullmatch(name.removeprefix(service))
        and (name != f"{PREFIX}PORT" or "://" in value)
    )


def _file_text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return ""
    except OSError as error:
        message = f"{file.absolute()} cannot be read ({error.strerror}). Correct its rights, or put it elsewhere."
        raise BadSettings(message) from error
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"{file} is not UTF-8 text (line {line}). Save it as UTF-8."
        raise BadSettings(message) from error
    if "\0" in text:
        message = f"{file} is not UTF-8 text. Save it as UTF-8."
        raise BadSettings(message)
    return text
