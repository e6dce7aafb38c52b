"""XML as feeds have it, brought into a form that a strict parser reads. Each repair is noted.

Nothing that a document declares is ever loaded or expanded without bound: the DOCTYPE is taken
off, and of its entities only short plain ones are put in.
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers import expat

from extractors.errors import FeedError
from extractors.feeds.notes import Notes

FEED_ROOTS = frozenset({"rss", "feed", "rdf", "channel", "urlset", "sitemapindex"})
MAX_ATTRIBUTES, MAX_DEPTH, MAX_NAMESPACES = 500, 500, 50_000
_HTML_ROOTS = frozenset(
    {"html", "head", "body", "title", "meta", "script", "div", "p", "table", "h1"}
)
_WRAPPERS = frozenset({"html", "head", "body"}) | FEED_ROOTS
_FEED_START = re.compile(
    r"<\?xml\s|<(?:rss|feed|(?:\w+:)?RDF|urlset|sitemapindex)(?=[\s>])", re.IGNORECASE
)
_EMBEDDED_FEED = re.compile(
    r"<(?:rss\s[^<>]*version|feed\s[^<>]*xmlns|(?:\w+:)RDF\s[^<>]*xmlns)", re.IGNORECASE
)
_ENTRY_TAG = re.compile(r"<(/?)(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_JUNK_SEARCHED = 50_000  # characters in which the beginning of the feed is looked for

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY_DECLARATION = re.compile(
    r"""<!ENTITY\s+(\w+)\s+(?:"([^"<&%]*|&\#\w+;)"|'([^'<&%]*)')\s*>"""
)
_MAX_ENTITY = 100
_SPECIAL = re.compile(r"<!\[CDATA\[|<!--|<\?")
_SPECIAL_END = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_REFERENCE = re.compile(r"&(?:#(x[0-9a-fA-F]{1,8}|[0-9]{1,9});|([A-Za-z]\w{0,31});|)")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]*):[A-Za-z_]")
_ATTRIBUTE_PREFIX = re.compile(r"\s([A-Za-z_][\w.-]*):[A-Za-z_][\w.-]*\s*=\s*[\"']")
_DECLARED_PREFIX = re.compile(r"\sxmlns:([\w.-]+)")
_MAX_UNDECLARED = 100
_NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_ENDS_EARLY = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
_JUNK_AFTER = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


def bare_document(text: str, notes: Notes) -> str:
    """Return *text* from its root element on: no declaration, no DOCTYPE, no control characters."""
    text = _from_the_feed_on(text, notes)
    text, dropped = _NO_XML.subn("", text)
    if dropped:
        notes.add(f"dropped {dropped} control characters")
    position = 0
    entities: dict[str, str] = {}
    while position < len(text):
        while position < len(text) and (text[position].isspace() or text[position] == "\ufeff"):
            position += 1
        end = _end_of_prolog_part(text, position)
        if end is None:
            break
        if text.startswith("<!", position) and not text.startswith("<!--", position):
            entities.update(_entities(text[position:end]))
        position = end
    body = text[position:]
    return _with_entities(body, entities) if entities else body


def root_of(document: str) -> str:
    """Return the local name of the root element in lower case; "" where none begins there."""
    match = _ROOT.match(document)
    return match[2].lower() if match else ""


def is_html(root: str) -> bool:
    """Return whether an element of the name *root* begins a web page."""
    return root in _HTML_ROOTS


def problem_of(document: str) -> expat.ExpatError | None:
    """Return why *document* is not well-formed XML with namespaces; None if it is.

    Raises FeedError "parse" for what no feed has, and what parsers take minutes over: thousands of
    attributes, namespaces or levels.
    """
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    limits = _Limits()
    parser.StartElementHandler, parser.EndElementHandler = limits.start, limits.end
    parser.StartNamespaceDeclHandler = limits.namespace
    try:
        parser.Parse(document.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return error
    return None


class _Limits:
    """Counts what a parser meets and refuses what is only meant to keep it busy."""

    def __init__(self) -> None:
        self.depth = self.namespaces = 0

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self._refuse(len(attributes) > MAX_ATTRIBUTES, "attributes in one element")
        self._refuse(self.depth > MAX_DEPTH, "levels")

    def end(self, _name: str) -> None:
        self.depth -= 1

    def namespace(self, _prefix: str | None, _uri: str | None) -> None:
        self.namespaces += 1
        self._refuse(self.namespaces > MAX_NAMESPACES, "namespaces")

    def _refuse(self, too_many: bool, what: str) -> None:
        if too_many:
            raise FeedError("parse", f"too many {what}")


def repaired(document: str, notes: Notes) -> str:
    """Return the ill-formed *document* with all that can be repaired repaired.

    The result may be ill-formed still.
    """
    document = _with_prefixes(_with_references(document, notes), notes)
    again = problem_of(document)
    if again and again.code == _JUNK_AFTER:
        document = _cut_after_root(document, again, notes)
        again = problem_of(document)
    if again and again.code in _ENDS_EARLY:
        notes.add("the XML ends early")
        return _whole_elements(document)
    if again:
        notes.add(f"broken XML: {again}")
    return document


def breaks_off_in_an_entry(document: str) -> bool:
    """Return whether an entry is open where *document* ends."""
    last = {"": -1, "/": -1}
    for match in _ENTRY_TAG.finditer(document):
        last[match[1]] = match.start()
    return last[""] > last["/"]


def count_entries(document: str) -> int:
    """Return how many entries begin in *document*."""
    return sum(1 for match in _ENTRY_TAG.finditer(document) if not match[1])


def embedded_feed(document: str) -> str | None:
    """Return the feed that a web page wraps, from its root element on; None if there is none."""
    match = _EMBEDDED_FEED.search(document, 0, _JUNK_SEARCHED)
    return document[match.start() :] if match else None


def _from_the_feed_on(text: str, notes: Notes) -> str:
    stripped = text.lstrip("\ufeff \t\r\n")
    junk = _junk_before(stripped)
    if junk:
        notes.add(f"dropped {junk} characters before the feed")
    elif stripped != text and text.lstrip("\ufeff") != stripped:
        notes.add("blank space before the feed")
    return stripped[junk:]


def _junk_before(text: str) -> int:
    """Return how many characters stand before the feed's declaration or root.

    A web page has its own root first, and none of it is junk.
    """
    start = _FEED_START.search(text, 0, _JUNK_SEARCHED)
    first = _ROOT.search(text, 0, _JUNK_SEARCHED)
    if not start or (text.startswith(("<?", "<!")) and first and first.start() >= start.start()):
        return 0
    wraps = first and first.start() < start.start() and first[2].lower() in _WRAPPERS
    return 0 if wraps or text.startswith("<?xml") else start.start()


def _end_of_prolog_part(text: str, position: int) -> int | None:
    """Return where the declaration, comment or DOCTYPE at *position* ends; None for others."""
    for mark, end_mark in (("<!--", "-->"), ("<?", "?>")):
        if text.startswith(mark, position):
            return _after(text, end_mark, position)
    if not text.startswith("<!", position) or text.startswith("<![CDATA[", position):
        return None
    subset, end = text.find("[", position), text.find(">", position)
    if subset < 0 or end < subset:
        return end + 1 if end >= 0 else len(text)
    close = text.find("]", subset)
    return _after(text, ">", close) if close >= 0 else len(text)


def _after(text: str, mark: str, position: int) -> int:
    end = text.find(mark, position)
    return end + len(mark) if end >= 0 else len(text)


def _entities(doctype: str) -> dict[str, str]:
    """Return the entities of *doctype* that are short and plain. Others stay unknown names."""
    found = {name: one or other for name, one, other in _ENTITY_DECLARATION.findall(doctype)}
    return {name: value for name, value in found.items() if len(value) <= _MAX_ENTITY}


def _with_entities(document: str, entities: dict[str, str]) -> str:
    names = "|".join(map(re.escape, entities))
    return re.sub(rf"&({names});", lambda match: entities[match[1]], document)


def _with_references(document: str, notes: Notes) -> str:
    """Return *document* with HTML's entities as characters and every other bare "&" escaped."""
    pieces, position, repairs = [], 0, 0
    while position < len(document):
        special = _SPECIAL.search(document, position)
        start = special.start() if special else len(document)
        end = _after(document, _SPECIAL_END[special[0]], start) if special else start
        plain, dubious = _plain_references(document[position:start])
        pieces += [plain, document[start:end]]
        position, repairs = end, repairs + dubious
    if repairs:
        notes.add(f"repaired {repairs} ampersands and references")
    return "".join(pieces)


def _plain_references(markup: str) -> tuple[str, int]:
    repairs = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal repairs
        number, name = match[1], match[2]
        if name in _XML_ENTITIES or (number and _is_xml_character(number)):
            return match[0]
        repairs += 1
        if number:
            return "\ufffd"
        character = html5.get(f"{name};", "") if name else ""
        return character if character not in {"", "<", "&"} else f"&amp;{match[0][1:]}"

    return _REFERENCE.sub(replace, markup), repairs


def _is_xml_character(number: str) -> bool:
    code = int(number[1:], 16) if number[0] == "x" else int(number)
    return code <= 0x10FFFF and not _NO_XML.match(chr(code))


def _with_prefixes(document: str, notes: Notes) -> str:
    """Return *document* with every prefix that it uses and never declares declared at its root."""
    used = {*_PREFIX.findall(document), *_ATTRIBUTE_PREFIX.findall(document)}
    declared = {"xml", "xmlns", *_DECLARED_PREFIX.findall(document)}
    missing = sorted(used - declared)[:_MAX_UNDECLARED]
    root = _ROOT.match(document)
    if not missing or not root:
        return document
    notes.add(f"undeclared namespaces: {', '.join(missing)[:100]}")
    declarations = "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"'
        for prefix in missing
    )
    return document[: root.end()] + declarations + document[root.end() :]


def _cut_after_root(document: str, problem: expat.ExpatError, notes: Notes) -> str:
    lines = document.encode("utf-8", "replace").split(b"\n")
    before = b"\n".join([*lines[: problem.lineno - 1], lines[problem.lineno - 1][: problem.offset]])
    notes.add("dropped what follows the feed")
    return before.decode("utf-8", "replace")


def _whole_elements(document: str) -> str:
    """Return *document* without the element that was being written when it broke off.

    A link cut in half would be another address; an element that is whole is worth keeping.
    """
    opened = document.rfind("<![CDATA[")
    if opened >= 0 and document.find("]]>", opened) < 0:
        document = document[:opened]
    ends = [match.end() for match in re.finditer(r"</[^<>]*>|<[^<>]*/>", document)]
    return document[: ends[-1]] if ends else document
