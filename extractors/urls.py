"""The one form of an article's address, by which it is known for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, quote, unquote, urljoin, urlsplit

import idna

MAX_URL = 8_000  # longer is no article, and servers refuse it

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_IPV6 = re.compile(r"[0-9a-f:.]+")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_REMEMBERED = 4_096  # addresses: one is asked for at each stage that its article goes through
_SAFE_IN_PATH = "/:@!$&'()*+,;=%"
_SAFE_IN_QUERY = _SAFE_IN_PATH + "?[]|"

# Parameters that say how a reader came, never which article it is. Not here on purpose: id, p,
# cid, page, article, story, uid, keyword and the like, which courlan's list would drop in part.
_TRACKING = re.compile(
    r"""
    (?:utm|mtm|pk|piwik|matomo|hsa|oly|vero|stm|itm|guce)_.*
    | at_(?:medium|campaign|custom\d?|link.*|bbc.*|format|ptr.*)
    | ns_(?:mchannel|campaign|source|linkname|fee)
    | fb_(?:action.*|ref|source|comment_id) | __cft__.* | wt\..*
    | fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|yclid|ysclid|ttclid|srsltid
    | igsh|igshid|li_fat_id|mibextid|sfnsn|__tn__|epik|ef_id|dm_i|wickedid|rb_clickid|vgo_ee
    | mc_[ce]id|mkt_tok|_ga|_gl|_kx|_hsenc|_hsmi|__hs\w+|hsctatracking|__twitter_impression
    | cmp|cmpid|ito|icid|ncid|ocid|smid|smtyp|s_cid|s_kwcid|sc_cid|xtor|intcmp|intcid
    | ref_src|ref_url|referrer|soc_src|soc_trk|tsrc|guccounter|share_id|spm|trk|trkcampaign
    | mod_source|emc|taid|__source
    """,
    re.IGNORECASE | re.VERBOSE,
)
# These do identify articles on some sites, so only a value that names a channel is dropped.
_CHANNEL_PARAMETERS = frozenset(
    {"ref", "source", "src", "from", "origin", "via", "partner", "mod", "feed", "rss", "cid"}
)
_CHANNEL = re.compile(
    r"(?:rss|feeds?|atom|twitter|facebook|fb|email|newsletter|googlenews|google_news|whatsapp"
    r"|social|share|home|homepage|rssfeed|flipboard|apple_?news|reddit|linkedin)"
    r"(?:[-_.:=].*)?",
    re.IGNORECASE,
)

# (host, path, parameters) of pages that only forward to the article named in a parameter.
_REDIRECTS = (
    (re.compile(r"(?:www\.|news\.)?google\.[a-z.]{2,6}"), ("/url", "/news/url"), ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com"), ("/news/apiclick.aspx",), ("url",)),
    (re.compile(r"lm?\.facebook\.com"), ("/l.php",), ("u",)),
)


@lru_cache(maxsize=_REMEMBERED)
def canonical_url(url: str, base: str | None = None) -> str | None:
    """Return the canonical form of *url*, an absolute http(s) address; None for anything else.

    *base* is the address that a relative *url* is relative to. Tracking parameters, the default
    port, credentials and the fragment (but `#!...`) are dropped; redirects of search engines are
    replaced by what they point to. The canonical form of a canonical form is itself. No string
    makes it raise.
    """
    try:
        return _canonical(_absolute(url, base))
    except ValueError:  # urlsplit: a broken IPv6 address or port; idna.IDNAError is one as well
        return None


def absolute_url(url: str, base: str | None = None) -> str | None:
    """Return *url* joined to *base*, redirects of search engines resolved, else as it was written.

    None where it is no http(s) address that could be fetched.
    """
    try:
        absolute = _unwrapped(_absolute(url, base))
    except ValueError:
        return None
    return absolute if canonical_url(absolute) else None


@lru_cache(maxsize=_REMEMBERED)
def host_of(url: str) -> str:
    """Return the host of *url* in lower case, without port and "www."; "" where there is none."""
    canonical = canonical_url(url)
    host = urlsplit(canonical).hostname if canonical else None
    return (host or "").removeprefix("www.")


def _absolute(url: str, base: str | None) -> str:
    text = "".join(char for char in url.strip() if char >= " " and char != "\x7f").strip()
    if not text:
        raise ValueError("empty")
    return urljoin(base, text) if base else text


def _canonical(url: str) -> str | None:
    url = _unwrapped(url)
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    host = _host(parts.hostname)
    port = parts.port
    where = host if port in {None, _DEFAULT_PORTS[scheme]} else f"{host}:{port}"
    query = _query(parts.query)
    fragment = _encoded(parts.fragment, _SAFE_IN_QUERY) if parts.fragment.startswith("!") else ""
    canonical = f"{scheme}://{where}{_path(parts.path)}"
    canonical += (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")
    return canonical if len(canonical) <= MAX_URL else None


def _unwrapped(url: str) -> str:
    if len(url) > MAX_URL * 3:
        raise ValueError("too long")
    while target := _target(urlsplit(url)):
        url = target  # shorter each time, so this ends
    return url


def _target(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").lower()
    for pattern, paths, names in _REDIRECTS:
        if parts.path not in paths or not pattern.fullmatch(host):
            continue
        values = parse_qs(parts.query)
        targets = (value.strip() for name in names for value in values.get(name, ()))
        return next((t for t in targets if t.lower().startswith(("http://", "https://"))), None)
    return None


def _host(raw: str) -> str:
    host = unquote(raw).lower().rstrip(".")
    if ":" in host and _IPV6.fullmatch(host):
        return f"[{host}]"
    if not host.isascii():
        host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
    if len(host) > 253 or not _HOST.fullmatch(host) or ".." in host:
        raise ValueError("not a host")
    return host


def _path(raw: str) -> str:
    path = _encoded(raw, _SAFE_IN_PATH)
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    *segments, last = path.split("/")[1:]
    for segment in segments:
        _step(kept, segment)
    _step(kept, last)
    return "/" + "/".join([*kept, *([""] if last in {".", ".."} else [])])


def _step(kept: list[str], segment: str) -> None:
    if segment == ".." and kept:
        kept.pop()
    elif segment not in {".", ".."}:
        kept.append(segment)


def _query(raw: str) -> str:
    text = _encoded(raw.replace("&amp;", "&"), _SAFE_IN_QUERY)
    return "&".join(pair for pair in text.split("&") if pair and not _is_tracking(pair))


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    if _TRACKING.fullmatch(name):
        return True
    return name in _CHANNEL_PARAMETERS and bool(_CHANNEL.fullmatch(value))


def _encoded(text: str, safe: str) -> str:
    text = _PERCENT.sub(_readable, _BARE_PERCENT.sub("%25", text))
    return quote(text, safe=safe + "~", errors="replace")


def _readable(escape: re.Match[str]) -> str:
    char = chr(int(escape.group(1), 16))
    return char if char in _UNRESERVED else escape.group().upper()
