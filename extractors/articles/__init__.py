"""HTML to Article: decode, parse once, strip what surrounds the article, read text and metadata.

    from extractors.articles.read import read_article
    from extractors.articles.canon import canonical_text

Only the version stands here: `canon` stays cheap to import, `read` loads trafilatura.
"""

# Stored beside every article. Change it when the same page could give another article.
EXTRACTOR_VERSION = "2"
