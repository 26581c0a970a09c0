"""What the demonstration's people say."""

from __future__ import annotations

ANSWERS = (
    "Selamat siang {name}, terima kasih sudah melapor. Datanya sedang kami periksa, kami kabari lagi hari ini.",
    "Halo {name}, mohon maaf atas kendalanya. Laporan Anda sudah kami terima dan sedang kami cek ke tim terkait.",
    "Baik {name}, datanya sudah kami cocokkan. Mohon tunggu sebentar, kami pastikan dulu ke sistem pembayaran.",
    "Terima kasih {name}. Boleh kami minta foto atau tangkapan layar sebagai bukti tambahan?",
)
CUSTOMER_REPLIES = (
    "baik kak, saya tunggu kabarnya ya",
    "sudah saya kirim buktinya tadi, mohon dicek",
    "sampai sekarang belum ada perubahan, mohon dibantu",
    "terima kasih infonya min",
)
CAUSES = (
    "Status pembayaran terlambat diperbarui oleh bank.",
    "Paket tertahan di gudang transit kurir.",
    "Data pada akun tidak sesuai dengan data terdaftar.",
    "Penjual tidak memperbarui status pesanan.",
)
SOLUTIONS = (
    "Status diperbarui dan dana sudah dikembalikan ke saldo pelanggan.",
    "Kurir menyelesaikan pengiriman dan penerimaan sudah dikonfirmasi pelanggan.",
    "Data diperbarui setelah verifikasi dan pelanggan sudah bisa memakai akunnya.",
    "Penjelasan diberikan dan diterima pelanggan.",
)
PLANS = (
    "Kami periksa riwayat transaksi dan log masuk 7 hari terakhir, hasilnya besok siang.",
    "Kami hubungi kedua pihak dan menyiapkan usulan penyelesaian.",
    "Kami cocokkan mutasi rekening dengan tiket dan melapor sebelum akhir hari.",
)
RETURNS = (
    "Pemeriksaan selesai, hasil ada di catatan. Mohon sampaikan ke pelanggan dan tutup tiketnya.",
    "Sudah diputuskan. Mohon regu menyelesaikan sisanya dengan pelanggan.",
)
