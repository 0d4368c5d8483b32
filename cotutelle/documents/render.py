"""The process that draws: loads the engine once, then forks a child for each document and never draws itself.

Alone in importing WeasyPrint. Speaks with `press` over its standard streams: one JSON line and HTML in,
one JSON line and PDF out.
"""

import hashlib
import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
UA = f"""<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""
NAMESPACES = {
    "rdf": RDF,
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}


def finish(document: Any, pdf: Any) -> None:
    """Say in the file's own metadata that it is PDF/UA-1 as well, which PDF/A-3a allows through a schema."""
    leave_room_to_sign(pdf)
    end_clearly(pdf)
    for prefix, uri in NAMESPACES.items():
        ET.register_namespace(prefix, uri)
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    raw = metadata.stream[0]
    start, end = raw.index(b"<rdf:RDF"), raw.index(b"</rdf:RDF>") + 10
    rdf = ET.fromstring(raw[start:end])  # written by the engine a moment ago
    rdf.extend(ET.fromstring(UA))  # our own constant
    metadata.stream = [raw[:start] + ET.tostring(rdf, encoding="utf-8") + raw[end:]]
    metadata.compress = False


def leave_room_to_sign(pdf: Any) -> None:
    """Turn the boxes of a form into fields for signatures, which whoever signs the file fills in.

    They are boxes to be ticked in the HTML because those need no typeface, which would be embedded whole.

    A field's place in the structure is written as one value instead of a list of one, or what later signatures add
    cannot be told from other changes.
    """
    import pydyf

    if "AcroForm" not in pdf.catalog:
        return
    for item in pdf.objects:
        if not isinstance(item, dict):
            continue
        if item.get("FT") == "/Btn":
            left, top, right, bottom = (float(side) for side in item["Rect"])
            item["Rect"] = pydyf.Array([left, bottom, right, top])
            box = pydyf.Array([0, 0, right - left, top - bottom])
            nothing = {"Type": "/XObject", "Subtype": "/Form", "BBox": box, "Resources": pydyf.Dictionary()}
            empty = pydyf.Stream([], nothing)
            pdf.add_object(empty)
            for key in ("AS", "V", "MK", "Border"):
                item.pop(key, None)
            item["FT"], item["F"], item["AP"] = "/Sig", 4, pydyf.Dictionary({"N": empty.reference})
        elif item.get("S") == "/Form" and len(item["K"]) == 1:
            item["K"] = item["K"][0]
    form = pdf.catalog["AcroForm"]
    form.pop("NeedAppearances", None)
    form.pop("DR", None)
    form["SigFlags"] = 3  # there are such fields, and whoever writes appends


def end_clearly(pdf: Any) -> None:
    """Let no packed stream end with CR or LF, which validators take for the line end before ``endstream``.

    The last byte of packed data is that of its checksum, so a blank at the end of the content changes it.
    """
    import zlib

    import pydyf

    for item in pdf.objects:
        packed = (
            isinstance(item, pydyf.Stream)
            and item.compress
            and "EmbeddedFile" not in str(item.extra.get("Type"))
        )
        while packed and zlib.adler32(b"\n".join(map(pydyf._to_bytes, item.stream))) & 0xFF in (0x0A, 0x0D):
            item.stream.append(b"")


def padded(facts: str) -> bytes:
    """The attached facts, with a blank at their end where their checksum would end with CR or LF."""
    import zlib

    data = facts.encode()
    while zlib.adler32(data) & 0xFF in (0x0A, 0x0D):
        data += b" "
    return data


def draw(html: str, settings: dict[str, Any]) -> bytes:
    """One document as PDF/A-3a and PDF/UA-1, the facts attached; nothing is fetched from anywhere."""
    import gc
    from datetime import UTC, datetime

    from weasyprint import HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class DenyAll(URLFetcher):  # type: ignore[misc]  # the engine has no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FatalURLFetchingError(f"refused: {url[:80]}")

    gc.disable()
    when = datetime.fromisoformat(settings["created"]).astimezone(UTC)
    attached = [
        Attachment(
            string=padded(settings["facts"]),
            name="facts.json",
            description="The facts of this document",
            relationship="Source",
            created=when,
            modified=when,
        )
    ]
    try:
        document = HTML(string=html, base_url=None, url_fetcher=DenyAll()).render(
            pdf_variant="pdf/a-3a", pdf_forms=True
        )
        if len(document.pages) > settings["pages"]:
            raise ValueError(f"{len(document.pages)} pages")
        return bytes(
            document.write_pdf(pdf_variant="pdf/a-3a", pdf_forms=True, attachments=attached, finisher=finish)
        )
    except FatalURLFetchingError as error:
        raise ValueError(str(error)) from None


def child(html: str, settings: dict[str, Any], target: Path) -> None:
    """Draw within limits of processor time and memory; the process ends with the document."""
    seconds, mib = settings["seconds"], settings["mib"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    used = (
        int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        if sys.platform == "linux"
        else 0
    )
    limit = used + mib * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    target.write_bytes(draw(html, settings))


def serve(source: BinaryIO, sink: BinaryIO, folder: Path) -> None:
    """Answer requests until the other side goes away."""
    import weasyprint  # noqa: F401  # warm: every child finds it loaded

    while line := source.readline():
        request = json.loads(line)
        html = source.read(request["length"]).decode()
        answer, data = _answer(html, request["settings"], folder)
        sink.write(json.dumps({**answer, "length": len(data)}).encode() + b"\n" + data)
        sink.flush()


def _answer(html: str, settings: dict[str, Any], folder: Path) -> tuple[dict[str, Any], bytes]:
    name = hashlib.sha256(f"{time.monotonic_ns()}".encode()).hexdigest()[:16]
    target = folder / f"{os.getpid()}-{name}.pdf"
    pid = os.fork()
    if pid == 0:
        _in_child(html, settings, target)
    status = _wait(pid, settings["seconds"] * 3 + 10)
    try:
        if os.WIFSIGNALED(status):
            why = "time" if os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL} else "crash"
            return {"error": why}, b""
        failure = target.with_suffix(".error")
        if failure.is_file():
            return {"error": failure.read_text(encoding="utf-8")}, b""
        return {"error": ""}, target.read_bytes()
    finally:
        target.unlink(missing_ok=True)
        target.with_suffix(".error").unlink(missing_ok=True)


def _wait(pid: int, seconds: float) -> int:
    """How the child ended; one that neither works nor ends is killed."""
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.005)


def _in_child(html: str, settings: dict[str, Any], target: Path) -> None:
    try:
        child(html, settings, target)
    except MemoryError:
        target.with_suffix(".error").write_text("memory", encoding="utf-8")
    except BaseException as error:
        target.with_suffix(".error").write_text(f"{type(error).__name__}: {error}"[:500], encoding="utf-8")
    finally:
        os._exit(0)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, Path(sys.argv[1]))
