"""The official transaction log: drawn as a PDF, signed, and judged."""
