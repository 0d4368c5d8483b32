"""The convention of cotutelle: its facts, its 39 clauses, what it still lacks, and its assembled articles.

The structure stands here once for all languages; each language only words the fragments that the clauses
choose (``templates/documents/clauses/CL-07.fr.md``).
"""
