"""Static files named by their content; ours are compressed beforehand.

The API documentation's scripts, megabytes of somebody else's, are named but not compressed:
packing them takes half a minute of every first start, and few people ever open that page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage

UNCOMPRESSED = ("drf_spectacular_sidecar/", "rest_framework/")


class OwnFilesCompressedStorage(CompressedManifestStaticFilesStorage):
    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        yield from super().compress_files(
            path for path in paths if not path.startswith(UNCOMPRESSED)
        )
