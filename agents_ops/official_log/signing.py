"""The signature of a document (PAdES, by pyHanko), and whether one holds.

Which key: LOG_SIGNING_KEY and LOG_SIGNING_CERT, PEM files; outside production one is made in VAR_DIR on
first need. pyHanko is loaded when it is needed: it takes a second, and few processes ever do.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from helpdesk.common.errors import WrongState
from helpdesk.common.wording import gettext as _

FIELD = "Tuntas"
DAYS = 3650


@dataclass(frozen=True)
class Verdict:
    """`whole`: not a byte was changed or added; `ours`: signed by the key of this house."""

    whole: bool
    ours: bool
    signed_at: datetime | None

    @property
    def holds(self) -> bool:
        return self.whole and self.ours


def signed(document: bytes, *, reason: str) -> bytes:
    """The PDF with its signature. Raises WrongState (`no_signing_key`)."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    key, cert = _paths()
    secret = settings.LOG_SIGNING["passphrase"].encode() or None
    load: Any = signers.SimpleSigner.load  # its annotations are not whole
    signer = load(str(key), str(cert), key_passphrase=secret)
    if signer is None:
        raise _no_key()
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, name="Tuntas", reason=reason, md_algorithm="sha256"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    made = signers.sign_pdf(writer, about, signer=signer)
    return bytes(made.getvalue())


def verdict_on(document: bytes) -> Verdict:
    """Of any bytes; what is no PDF, or unsigned, holds in no way."""
    from pyhanko import keys
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko_certvalidator import ValidationContext

    _key, cert = _paths()
    load: Any = keys.load_cert_from_pemder
    context = ValidationContext(trust_roots=[load(str(cert))], allow_fetching=False)
    try:
        found = PdfFileReader(io.BytesIO(document)).embedded_signatures
        if len(found) != 1:
            return Verdict(whole=False, ours=False, signed_at=None)
        status = validate_pdf_signature(found[0], context)
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError):
        return Verdict(whole=False, ours=False, signed_at=None)
    covered = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Verdict(
        whole=bool(status.intact and status.valid and covered),
        ours=bool(status.trusted),
        signed_at=status.signer_reported_dt,
    )


def _paths() -> tuple[Path, Path]:
    chosen = settings.LOG_SIGNING
    if chosen["key"]:
        return Path(chosen["key"]), Path(chosen["cert"])
    if settings.PRODUCTION:
        raise _no_key()
    folder = Path(settings.VAR_DIR) / "signing"
    key, cert = folder / "key.pem", folder / "cert.pem"
    if not (key.exists() and cert.exists()):
        _make(folder)
    return key, cert


def _no_key() -> WrongState:
    message = _("No key is set up to sign documents. Tell your administrator.")
    return WrongState(message, code="no_signing_key")


def _make(folder: Path) -> None:
    """A key of one's own for development; the folder appears whole or not at all."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.parent.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    with TemporaryDirectory(dir=folder.parent) as made:
        place = Path(made) / "signing"
        place.mkdir(mode=0o700)
        (place / "key.pem").write_bytes(secret)
        (place / "cert.pem").write_bytes(_certificate(key))
        try:
            place.rename(folder)
        except OSError:  # another process came first
            if not folder.exists():
                raise


def _certificate(key: Any) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tuntas (development)")])
    now = datetime.now(UTC)
    signs = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"),
            *("crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **signs), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM)
